"""What tells two states of coverage apart, kept small: their exclusive or, compressed."""

import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Self
from weakref import ref

import numpy as np

from core.arrays import Coverage, freeze
from core.geometry import Rect, Size

_SMALL = 256
"""Bytes up to which nothing is compressed."""


class _Pixels:
    """A block of coverage, which another thread compresses as soon as it can: a stroke's end cannot wait for it."""

    def __init__(self, block: Coverage) -> None:
        self._shape = block.shape
        self._block: Coverage | None = block
        self._packed = b""
        if block.size > _SMALL:
            _packers().submit(self._pack, block)

    @property
    def nbytes(self) -> int:
        block = self._block
        return len(self._packed) if block is None else block.nbytes

    def read(self) -> Coverage:
        block = self._block
        if block is None:
            block = np.frombuffer(zlib.decompress(self._packed), dtype=np.uint8).reshape(self._shape)
        return block

    def _pack(self, block: Coverage) -> None:
        self._packed = zlib.compress(np.ascontiguousarray(block).data, 1)
        self._block = None  # last: whoever finds it gone finds the packed one


@dataclass(frozen=True, eq=False)
class Difference:
    """Leads from either state to the other.

    Nearly all of it is zeros: a stroke fills little of the rectangle around it, and coverage comes in runs. So it takes
    a few hundredths of the pixels, once it is compressed.

    Attributes
    ----------
    rect
        Where the two states may differ.
    """

    rect: Rect
    _pixels: _Pixels
    _states: "tuple[ref[Coverage], ref[Coverage]] | None"
    """Both, while somebody else keeps them: what is there need not be made again."""

    @classmethod
    def between(cls, old: Coverage | None, new: Coverage | None, rect: Rect) -> Self:
        """Return what tells two arrays of the same shape apart inside `rect`; None counts as zeros.

        A read-only array may be given out again by :meth:`applied_to`.
        """
        parts = [each[rect.slices] for each in (old, new) if each is not None]
        if len(parts) == 2:
            block = np.bitwise_xor(*parts)
        else:
            block = parts[0].copy() if parts else np.zeros(rect.size.shape, np.uint8)
        states = None
        if old is not None and new is not None and not old.flags.writeable and not new.flags.writeable:
            states = ref(old), ref(new)
        return cls(rect, _Pixels(block), states)

    @property
    def nbytes(self) -> int:
        """Bytes that it takes; many until it is compressed (:func:`finish_compressing`)."""
        return self._pixels.nbytes

    def applied_to(self, coverage: Coverage | None, size: Size) -> Coverage:
        """Return the other state, read-only, as an array of `size`; None counts as zeros."""
        if self._states is not None and coverage is not None:
            old, new = (state() for state in self._states)
            known = new if coverage is old else old if coverage is new else None
            if known is not None:
                return known
        other = np.zeros(size.shape, dtype=np.uint8) if coverage is None else coverage.copy()
        other[self.rect.slices] ^= self._pixels.read()
        freeze(other)
        return other


def finish_compressing() -> None:
    """Wait until every difference takes as little as it ever will."""
    _packers().submit(lambda: None).result()


@cache
def _packers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "difference")
