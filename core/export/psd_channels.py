"""How a PSD stores one channel: rows of one plane after another, packed a strip at a time.

RLE is Apple's PackBits, row by row, by the codec of psd-tools. ZIP is one zlib stream; with 8 bits a pixel is stored as
its difference from the one to its left, which halves the file. With 16 bits that prediction is left out: Krita 5 reads
it wrong. https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from core.deep import to_deep

Plane = NDArray[np.uint8] | NDArray[np.uint16]
"""``(rows, columns)``, as many bits as the file has."""

_STRIP_PIXELS = 1 << 20
_ZIP_LEVEL = 1


class Compression(StrEnum):
    """How the pixels of layers are packed."""

    RLE = "rle"
    ZIP = "zip"


@dataclass(frozen=True, eq=False)
class Channel:
    """One channel of a layer.

    Attributes
    ----------
    id
        What the format calls it: 0 to 2 for red to blue, -1 for transparency, -2 for the user mask.
    image
        ``(H, W, 4)`` or, of a mask, ``(H, W)``, uint8 or uint16.
    index
        Which part of an image's pixels it is.
    """

    id: int
    image: NDArray[Any] = field(repr=False)
    index: int = 0

    def strip(self, top: int, bottom: int, is_deep: bool) -> Plane:
        """Return rows of the channel, with 16 bits if the file `is_deep`, else 8."""
        rows = self.image[top:bottom]
        plane = rows if rows.ndim == 2 else cv2.extractChannel(rows, self.index)
        return to_deep(np.asarray(plane, np.uint8)) if is_deep and plane.dtype == np.uint8 else np.asarray(plane)


class Packing(Protocol):
    """What packs a plane strip by strip."""

    @property
    def code(self) -> int:
        """The number that the format has for this compression."""

    def add(self, strip: Plane) -> None:
        """Pack the next rows."""

    def parts(self) -> list[bytes]:
        """Return all that is stored, in order; nothing may be added afterwards."""


class RleRows:
    """Packed rows of a plane, and their lengths, which the format stores before them."""

    code = 1

    def __init__(self) -> None:
        self.lengths: list[bytes] = []
        self.rows: list[bytes] = []

    def add(self, strip: Plane) -> None:
        """Pack the next rows."""
        from psd_tools.compression import encode_rle

        height, width = strip.shape
        packed = encode_rle(_big_endian(strip), width, height, 8 * strip.itemsize, version=1)
        self.lengths.append(packed[: 2 * height])
        self.rows.append(packed[2 * height :])

    def parts(self) -> list[bytes]:
        """Return the lengths of all rows, then the rows."""
        return self.lengths + self.rows


class ZipStream:
    """A zlib stream of a plane."""

    def __init__(self, is_deep: bool) -> None:
        self.code = 2 if is_deep else 3
        self._stream = zlib.compressobj(_ZIP_LEVEL)
        self._parts: list[bytes] = []

    def add(self, strip: Plane) -> None:
        """Pack the next rows."""
        if strip.dtype == np.uint8:
            strip = _differences(strip)
        self._parts.append(self._stream.compress(_big_endian(strip)))

    def parts(self) -> list[bytes]:
        """Return the stream."""
        return [*self._parts, self._stream.flush()]


def packed(channel: Channel, compression: Compression, check: Callable[[], None], is_deep: bool = False) -> Packing:
    """Return a packed channel; `check` is called before each strip and may raise."""
    packing: Packing = RleRows() if compression is Compression.RLE else ZipStream(is_deep)
    height, width = channel.image.shape[:2]
    for top, bottom in strips(height, width):
        check()
        packing.add(channel.strip(top, bottom, is_deep))
    return packing


def strips(height: int, width: int) -> Iterator[tuple[int, int]]:
    """Return the first and the last row but one of each strip of about a million pixels."""
    rows = max(1, _STRIP_PIXELS // width)
    return ((top, min(top + rows, height)) for top in range(0, height, rows))


def _differences(plane: Plane) -> Plane:
    """Return each pixel less the one to its left, modulo 256."""
    differences = plane.copy()
    differences[:, 1:] -= plane[:, :-1]
    return differences


def _big_endian(plane: Plane) -> bytes:
    return plane.tobytes() if plane.dtype == np.uint8 else plane.astype(">u2").tobytes()
