"""A round brush that paints or erases coverage."""

from math import ceil, floor, hypot

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage
from core.commands import NOWHERE
from core.geometry import Rect, Size

_LONGEST_PIECE = 64.0
"""A long diagonal piece would make a large block of pixels out of a thin line."""


class BrushStroke:
    """One stroke on `coverage`, which is painted in place.

    The brush is swept along straight pieces from point to point, as if it were stamped without gaps: a pixel gets
    the most that the brush covers it anywhere on the way, so a soft edge does not build up where stamps overlap.

    Parameters
    ----------
    coverage
        ``(H, W)`` uint8, writable.
    is_erase
        Whether the brush takes coverage away.
    diameter
        In pixels, at least 1.
    hardness
        In [0, 1]: the part of the radius that is fully covered. At 1 the edge is one pixel wide, anti-aliased.
    """

    def __init__(self, coverage: Coverage, is_erase: bool, diameter: float, hardness: float) -> None:
        radius = max(1.0, diameter) / 2
        self._coverage = coverage
        self._is_erase = is_erase
        self._outer = radius + 0.5
        self._inner = min(radius * min(max(hardness, 0.0), 1.0), radius - 0.5)
        self._last: tuple[float, float] | None = None
        self.rect = NOWHERE
        """All pixels that may have changed so far."""

    def move_to(self, x: float, y: float) -> Rect:
        """Sweep the brush to a point in image pixels, also outside; return what may have changed."""
        x0, y0 = self._last or (x, y)
        self._last = (x, y)
        pieces = max(1, ceil(hypot(x - x0, y - y0) / max(_LONGEST_PIECE, 2 * self._outer)))
        changed = NOWHERE
        for piece in range(pieces):
            start, end = piece / pieces, (piece + 1) / pieces
            changed = changed.unite(
                self._sweep(x0 + (x - x0) * start, y0 + (y - y0) * start, x0 + (x - x0) * end, y0 + (y - y0) * end)
            )
        self.rect = self.rect.unite(changed)
        return changed

    def _sweep(self, x0: float, y0: float, x1: float, y1: float) -> Rect:
        left, top = floor(min(x0, x1) - self._outer), floor(min(y0, y1) - self._outer)
        right, bottom = ceil(max(x0, x1) + self._outer), ceil(max(y0, y1) + self._outer)
        rect = Rect(left, top, right - left, bottom - top).clipped(Size.of(self._coverage))
        if rect.is_empty:
            return rect
        covered = self._covered(rect, (x0, y0), (x1, y1))
        part = self._coverage[rect.slices]
        if self._is_erase:
            np.minimum(part, ~covered, out=part)
        else:
            np.maximum(part, covered, out=part)
        return rect

    def _covered(self, rect: Rect, start: tuple[float, float], end: tuple[float, float]) -> NDArray[np.uint8]:
        """Return how much the brush covers each pixel of `rect` on its way from `start` to `end`."""
        across = np.arange(rect.x, rect.right, dtype=np.float32) + np.float32(0.5 - start[0])
        down = (np.arange(rect.y, rect.bottom, dtype=np.float32) + np.float32(0.5 - start[1]))[:, np.newaxis]
        dx, dy = np.float32(end[0] - start[0]), np.float32(end[1] - start[1])
        length2 = max(float(dx * dx + dy * dy), 1e-12)
        along = across * (dx / np.float32(length2)) + down * (dy / np.float32(length2))
        np.clip(along, 0, 1, out=along)
        distance = np.hypot(across - along * dx, down - along * dy)
        distance -= np.float32(self._inner)
        distance /= np.float32(self._outer - self._inner)
        fade = np.clip(distance, 0, 1, out=distance)
        smooth = fade * fade * (3 - 2 * fade)
        covered: NDArray[np.uint8] = np.rint((1 - smooth) * 255).astype(np.uint8)
        return covered
