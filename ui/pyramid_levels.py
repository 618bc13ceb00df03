"""An image at 1, 1/2, 1/4 ... of its size: level k holds ``ceil(size / 2**k)`` pixels.

Pixel i of level k stands for the photo pixels ``[i * 2**k, (i + 1) * 2**k)`` exactly, also where the photo's side is
odd: there the last pixel stands for what is left of it. So a level never drifts against the photo.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage
from core.geometry import Rect, Size

LEVELS = 5
"""The coarsest level, 1/32: the smallest zoom, 2 %, samples it at two thirds."""


def level_size(size: Size, level: int) -> Size:
    """Return the size of a level of an image of `size`."""
    return Size(-(-size.width >> level), -(-size.height >> level))


def level_rect(rect: Rect, level: int) -> Rect:
    """Return the smallest block of a level's pixels that stands for all photo pixels of `rect`."""
    x, y = rect.x >> level, rect.y >> level
    return Rect(x, y, -(-rect.right >> level) - x, -(-rect.bottom >> level) - y)


def halve(source: NDArray[np.uint8], target: NDArray[np.uint8]) -> None:
    """Write the mean of every 2 x 2 pixels of `source` to `target`; the last of an odd number is averaged alone.

    Parameters
    ----------
    source
        ``(H, W)`` or ``(H, W, 4)`` uint8.
    target
        The same with ``ceil(H / 2)`` rows and ``ceil(W / 2)`` columns; overwritten.
    """
    height, width = source.shape[:2]
    rows, columns = height // 2, width // 2
    if rows and columns:
        _shrink(source[: 2 * rows, : 2 * columns], target[:rows, :columns])
    if width % 2 and rows:
        _shrink(source[: 2 * rows, -1:], target[:rows, -1:])
    if height % 2 and columns:
        _shrink(source[-1:, : 2 * columns], target[-1:, :columns])
    if height % 2 and width % 2:
        target[-1, -1] = source[-1, -1]


def _shrink(source: NDArray[np.uint8], target: NDArray[np.uint8]) -> None:
    size = target.shape[1], target.shape[0]
    shrunk = cv2.resize(source, size, interpolation=cv2.INTER_AREA)
    target[...] = np.asarray(shrunk).reshape(target.shape)


class CoveragePyramid:
    """The selection at every level, kept up to date rectangle by rectangle."""

    def __init__(self, coverage: Coverage) -> None:
        self._levels: list[Coverage] = [coverage]
        size = Size.of(coverage)
        for level in range(1, LEVELS + 1):
            self._levels.append(np.empty(level_size(size, level).shape, dtype=np.uint8))
        self._reduce(Rect.of_size(size))

    @property
    def size(self) -> Size:
        """The photo's size."""
        return Size.of(self._levels[0])

    def update(self, coverage: Coverage, rect: Rect) -> None:
        """Take over `coverage`, of the same size as before, which differs from what was there only inside `rect`."""
        self._levels[0] = coverage
        self._reduce(rect.clipped(self.size))

    def read(self, level: int, region: Rect) -> Coverage:
        """Return a view of a block of a level's pixels."""
        return self._levels[level][region.slices]

    def _reduce(self, rect: Rect) -> None:
        if rect.is_empty:
            return
        for level in range(1, LEVELS + 1):
            target = level_rect(rect, level)
            source = Rect(2 * target.x, 2 * target.y, 2 * target.width, 2 * target.height)
            finer = self._levels[level - 1]
            halve(finer[source.clipped(Size.of(finer)).slices], self._levels[level][target.slices])
