"""What tells two states of coverage apart, kept small: their exclusive or, compressed."""

import zlib
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.arrays import Coverage, freeze
from core.geometry import Rect, Size

_SMALL = 256
"""Bytes up to which nothing is compressed."""


@dataclass(frozen=True, eq=False)
class Difference:
    """Leads from either state to the other.

    Nearly all of it is zeros: a stroke fills little of the rectangle around it, and coverage comes in runs. So it takes
    a few hundredths of the pixels, and compressing it takes about as long as copying both states.

    Attributes
    ----------
    rect
        Where the two states may differ.
    """

    rect: Rect
    _packed: bytes
    _is_compressed: bool

    @classmethod
    def between(cls, old: Coverage | None, new: Coverage | None, rect: Rect) -> Self:
        """Return what tells two arrays of the same shape apart inside `rect`; None counts as zeros."""
        parts = [each[rect.slices] for each in (old, new) if each is not None]
        if len(parts) == 2:
            parts = [np.bitwise_xor(*parts)]
        raw = np.ascontiguousarray(parts[0]).tobytes() if parts else bytes(rect.size.area)
        is_large = len(raw) > _SMALL
        return cls(rect, zlib.compress(raw, 1) if is_large else raw, is_large)

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return len(self._packed)

    def applied_to(self, coverage: Coverage | None, size: Size) -> Coverage:
        """Return the other state as a new read-only array of `size`; None counts as zeros."""
        raw = zlib.decompress(self._packed) if self._is_compressed else self._packed
        block = np.frombuffer(raw, dtype=np.uint8).reshape(self.rect.size.shape)
        other = np.zeros(size.shape, dtype=np.uint8) if coverage is None else coverage.copy()
        other[self.rect.slices] ^= block
        freeze(other)
        return other
