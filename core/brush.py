"""A round brush that paints or erases coverage, and the curve on which it is led through the places of a stroke."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil, floor, hypot, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage
from core.commands import NOWHERE
from core.geometry import Rect, Size

_LONGEST_PIECE = 64.0
"""A long diagonal piece would make a large block of pixels out of a thin line."""

_MOST_PIECES = 24
_DEVIATION = 0.01
"""How far a curve may be from what is drawn of it, as a share of the brush's width: nobody sees it."""

_SMALLEST_DEVIATION = 0.2


@dataclass(frozen=True, slots=True)
class BrushPlace:
    """Where a brush is, in pixels, and how hard it is pressed, in [0, 1]: its width there, as a share of the whole."""

    x: float
    y: float
    pressure: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class _Patch:
    """A block of a stroke as it was."""

    rect: Rect
    coverage: Coverage = field(repr=False)
    painted: Coverage | None = field(repr=False)
    last: BrushPlace | None


class BrushStroke:
    """One stroke on `coverage`, which is painted in place.

    The brush is swept along straight pieces from place to place, as if it were stamped without gaps: a pixel gets
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
    opacity
        In [0, 1]: how much of what is missing one stroke adds, or of what is there it takes.
    """

    def __init__(
        self, coverage: Coverage, is_erase: bool, diameter: float, hardness: float, opacity: float = 1.0
    ) -> None:
        self._coverage = coverage
        self._is_erase = is_erase
        self._radius = max(1.0, diameter) / 2
        self._hardness = min(max(hardness, 0.0), 1.0)
        self._opacity = min(max(opacity, 0.0), 1.0)
        self._before = coverage.copy() if opacity < 1 else None
        self._painted = np.zeros_like(coverage) if opacity < 1 else None
        self._last: BrushPlace | None = None
        self.rect = NOWHERE
        """All pixels that may have changed so far."""

    @property
    def diameter(self) -> float:
        """The brush's full width."""
        return 2 * self._radius

    def move_to(self, x: float, y: float, pressure: float = 1.0) -> Rect:
        """Sweep the brush to a place in image pixels, also outside; return what may have changed."""
        end = BrushPlace(x, y, pressure)
        start, self._last = self._last or end, end
        length = hypot(x - start.x, y - start.y)
        count = max(1, ceil(length / max(_LONGEST_PIECE, self.diameter)))
        changed = NOWHERE
        for piece in range(count):
            changed = changed.unite(
                self._sweep(_between(start, end, piece / count), _between(start, end, (piece + 1) / count))
            )
        self.rect = self.rect.unite(changed)
        return changed

    def patch(self, *places: BrushPlace) -> "_Patch":
        """Return a copy of all that a way by these places could change, for :meth:`restore`."""
        ways = [place for place in (self._last, *places) if place is not None]
        rect = NOWHERE
        for start, end in zip(ways, ways[1:] or ways, strict=False):
            rect = rect.unite(self._rect_of(start, end))
        painted = None if self._painted is None else self._painted[rect.slices].copy()
        return _Patch(rect, self._coverage[rect.slices].copy(), painted, self._last)

    def restore(self, patch: "_Patch") -> None:
        """Take back what was painted since a patch was made, all of which must lie in it."""
        self._coverage[patch.rect.slices] = patch.coverage
        if self._painted is not None and patch.painted is not None:
            self._painted[patch.rect.slices] = patch.painted
        self._last = patch.last

    def _radius_at(self, place: BrushPlace) -> float:
        return max(0.5, self._radius * min(max(place.pressure, 0.0), 1.0))

    def _rect_of(self, start: BrushPlace, end: BrushPlace) -> Rect:
        reach = max(self._radius_at(start), self._radius_at(end)) + 0.5
        left, top = floor(min(start.x, end.x) - reach), floor(min(start.y, end.y) - reach)
        right, bottom = ceil(max(start.x, end.x) + reach), ceil(max(start.y, end.y) + reach)
        return Rect(left, top, right - left, bottom - top).clipped(Size.of(self._coverage))

    def _sweep(self, start: BrushPlace, end: BrushPlace) -> Rect:
        rect = self._rect_of(start, end)
        if rect.is_empty:
            return rect
        covered = self._covered(rect, start, end)
        part = self._coverage[rect.slices]
        if self._before is not None and self._painted is not None:
            painted = self._painted[rect.slices]
            np.maximum(painted, covered, out=painted)
            before = self._before[rect.slices].astype(np.float32)
            goal = np.float32(0 if self._is_erase else 255)
            part[:] = np.rint(before + (goal - before) * (painted * np.float32(self._opacity / 255)))
        elif self._is_erase:
            np.minimum(part, ~covered, out=part)
        else:
            np.maximum(part, covered, out=part)
        return rect

    def _covered(self, rect: Rect, start: BrushPlace, end: BrushPlace) -> NDArray[np.uint8]:
        """Return how much the brush covers each pixel of `rect` on its way from `start` to `end`."""
        across = np.arange(rect.x, rect.right, dtype=np.float32) + np.float32(0.5 - start.x)
        down = (np.arange(rect.y, rect.bottom, dtype=np.float32) + np.float32(0.5 - start.y))[:, np.newaxis]
        dx, dy = np.float32(end.x - start.x), np.float32(end.y - start.y)
        length2 = max(float(dx * dx + dy * dy), 1e-12)
        along = across * (dx / np.float32(length2)) + down * (dy / np.float32(length2))
        np.clip(along, 0, 1, out=along)
        off_x, off_y = along * np.float32(-dx), along * np.float32(-dy)
        off_x += across
        off_y += down
        distance = np.asarray(cv2.magnitude(off_x, off_y), np.float32)
        first, last = self._radius_at(start), self._radius_at(end)
        radius = np.float32(first) if first == last else first + along * np.float32(last - first)
        inner = np.minimum(radius * np.float32(self._hardness), radius - np.float32(0.5))
        distance -= inner
        distance /= radius + np.float32(0.5) - inner
        fade = np.clip(distance, 0, 1, out=distance)
        smooth = fade * fade
        fade *= -2
        fade += 3
        smooth *= fade
        return np.asarray(cv2.convertScaleAbs(smooth, alpha=-255, beta=255), np.uint8)


class CurvedStroke:
    """Leads a brush on a curve through the places of a stroke, so that a fast one has no corners.

    A centripetal Catmull-Rom curve: it goes through every place and does not loop where they lie unevenly (C. Yuksel,
    S. Schaefer, J. Keyser, "Parameterization and applications of Catmull-Rom curves", 2011). How it goes on from the
    last place is not known before the next one, so the last stretch is painted for now, and anew with the next place.
    """

    def __init__(self, brush: BrushStroke) -> None:
        self._brush = brush
        self._places: list[BrushPlace] = []
        self._tail: _Patch | None = None

    @property
    def rect(self) -> Rect:
        """All pixels that may have changed so far."""
        return self._brush.rect

    def move_to(self, x: float, y: float, pressure: float = 1.0) -> Rect:
        """Lead the brush to a place in image pixels, also outside; return what may have changed."""
        place = BrushPlace(x, y, pressure)
        if self._places and (self._places[-1].x, self._places[-1].y) == (x, y):
            return NOWHERE
        changed = NOWHERE
        if self._tail is not None:
            self._brush.restore(self._tail)
            changed, self._tail = self._tail.rect, None
        self._places = [*self._places[-3:], place]
        if len(self._places) > 2:
            changed = changed.unite(self._lead(*self._stretch(-1)))
        if len(self._places) > 1:
            way = [*self._stretch(0)]
            self._tail = self._brush.patch(*way)
            return changed.unite(self._lead(*way))
        return changed.unite(self._lead(place))

    def _lead(self, *places: BrushPlace) -> Rect:
        changed = NOWHERE
        for place in places:
            changed = changed.unite(self._brush.move_to(place.x, place.y, place.pressure))
        return changed

    def _stretch(self, last: int) -> Iterator[BrushPlace]:
        """Return the places after the start of a stretch of the curve; it ends `last` before the newest place."""
        end = len(self._places) - 1 + last
        start, goal = self._places[end - 1], self._places[end]
        before = self._places[end - 2] if end > 1 else start
        after = self._places[end + 1] if end + 1 < len(self._places) else goal
        return _curve(before, start, goal, after, max(_SMALLEST_DEVIATION, self._brush.diameter * _DEVIATION))


def _between(start: BrushPlace, end: BrushPlace, share: float) -> BrushPlace:
    return BrushPlace(
        start.x + (end.x - start.x) * share,
        start.y + (end.y - start.y) * share,
        start.pressure + (end.pressure - start.pressure) * share,
    )


def _curve(a: BrushPlace, b: BrushPlace, c: BrushPlace, d: BrushPlace, deviation: float) -> Iterator[BrushPlace]:
    """Return places on the curve from `b` (without it) to `c`, as far apart as `deviation` allows."""
    (bx, by), (cx, cy) = _control(a, b, c), _control(d, c, b)
    bend = max(hypot(b.x - 2 * bx + cx, b.y - 2 * by + cy), hypot(bx - 2 * cx + c.x, by - 2 * cy + c.y))
    # A cubic curve strays from n chords by at most 3/4 of that, divided by n squared.
    count = min(_MOST_PIECES, max(1, ceil(sqrt(0.75 * bend / deviation))))
    for piece in range(1, count):
        t = piece / count
        u = 1 - t
        weights = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        x = sum(w * v for w, v in zip(weights, (b.x, bx, cx, c.x), strict=True))
        y = sum(w * v for w, v in zip(weights, (b.y, by, cy, c.y), strict=True))
        yield BrushPlace(x, y, b.pressure + (c.pressure - b.pressure) * t)
    yield c


def _control(before: BrushPlace, place: BrushPlace, after: BrushPlace) -> tuple[float, float]:
    """Return the Bezier control point beside `place` on the side of `after`."""
    d1 = sqrt(hypot(place.x - before.x, place.y - before.y))
    d2 = sqrt(hypot(after.x - place.x, after.y - place.y))
    if d1 == 0 or d2 == 0:
        return place.x, place.y
    own, scale = 2 * d1 * d1 + 3 * d1 * d2 + d2 * d2, 3 * d1 * (d1 + d2)
    x = (d1 * d1 * after.x - d2 * d2 * before.x + own * place.x) / scale
    y = (d1 * d1 * after.y - d2 * d2 * before.y + own * place.y) / scale
    return x, y
