"""Clicks and brush strokes drawn pixel by pixel, and candidates that keep to them at every size.

A pixel lies under a stroke if its middle lies under the round brush; a brush is at least as wide as a pixel's diagonal,
so that the finest stroke covers every pixel it passes through. Of strokes that cross, the later one counts, and a click
counts more than any stroke.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

from core.arrays import Logits
from core.geometry import Box, Rect, Size
from core.prompt import PointPrompt, Prompt
from core.scribble import Scribble
from core.segmenter import Candidate

Signs = NDArray[np.int8]
Spans = tuple[NDArray[np.float64], NDArray[np.float64]]
PIN = 5.0
"""The logit of what a click or a stroke says, either way: beyond all doubt."""
_THINNEST = sqrt(0.5)
_FARTHEST = 1e12
_SEGMENTS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Marks:
    """What a prompt says about single pixels of a photo of `size`."""

    points: tuple[PointPrompt, ...]
    scribbles: tuple[Scribble, ...]
    size: Size

    @classmethod
    def of(cls, prompt: Prompt, size: Size) -> "Marks":
        """Return the marks of a prompt that has passed :meth:`Prompt.checked` for a photo of `size`."""
        return cls(prompt.points, prompt.scribbles, size)

    def drawn(self, size: Size, region: Rect | None = None) -> Signs:
        """Return 1 where something is included, -1 where excluded, else 0, ``(h, w)``, on the photo drawn at `size`.

        `region` is the part of it that is asked for, None for all of it.
        """
        region = region or Rect.of_size(size)
        scale = (size.width / self.size.width, size.height / self.size.height)
        return self._drawn(scale, (0, 0), region)

    def drawn_part(self, scale: tuple[float, float], corner: tuple[float, float], size: Size) -> Signs:
        """Return the same on `size` pixels, their upper left corner at `corner` of the photo drawn `scale` large."""
        return self._drawn(scale, corner, Rect.of_size(size))

    def _drawn(self, scale: tuple[float, float], corner: tuple[float, float], region: Rect) -> Signs:
        """Return the signs of the pixels of `region`, whose numbers count from `corner`."""
        signs = np.zeros((max(0, region.height), max(0, region.width)), dtype=np.int8)
        if signs.size == 0:
            return signs
        to_part = np.array(scale)
        for scribble in self.scribbles:
            path = np.clip(np.array(scribble.path, dtype=np.float64), -_FARTHEST, _FARTHEST) * to_part - corner
            radius = scribble.width / 2 * sqrt(scale[0] * scale[1])
            _draw_stroke(signs, region, path, radius, scribble.is_include)
        for point in self.points:
            column, row = floor(int(point.x) * scale[0] - corner[0]), floor(int(point.y) * scale[1] - corner[1])
            if region.x <= column < region.right and region.y <= row < region.bottom:
                signs[row - region.y, column - region.x] = 1 if point.is_include else -1
        return signs

    def bounds(self) -> Iterator[Box]:
        """Yield for each mark the part of the photo that it covers."""
        for point in self.points:
            yield Box(point.x, point.y, point.x, point.y).clipped(self.size)
        for scribble in self.scribbles:
            x, y = np.array(scribble.path).T
            half = scribble.width / 2
            yield Box(x.min() - half, y.min() - half, x.max() + half, y.max() + half).clipped(self.size)


@dataclass(frozen=True, eq=False)
class MarkedCandidate(Candidate):
    """A candidate that keeps to strokes pixel by pixel, however much finer than its grid it is drawn."""

    marks: Marks = field(kw_only=True)

    def logits_at(self, size: Size, region: Rect | None = None) -> Logits:
        """Return the logits resampled as :meth:`Candidate.logits_at` does, and what the marks say drawn over them."""
        return held(super().logits_at(size, region), self.marks.drawn(size, region))


def held(logits: Logits, signs: Signs) -> Logits:
    """Return logits with the sign that marks of the same shape say, at least `PIN` far from zero there."""
    held_up = np.where(signs > 0, np.maximum(logits, np.float32(PIN)), logits)
    return np.asarray(np.where(signs < 0, np.minimum(held_up, np.float32(-PIN)), held_up), dtype=np.float32)


def _draw_stroke(signs: Signs, region: Rect, path: NDArray[np.float64], radius: float, is_include: bool) -> None:
    """Draw a stroke in pixels of the picture over what is there, the signs of `region`.

    The numbers of the pixels do not depend on the region, so that its last digits are those of the whole.
    """
    radius = max(radius, _THINNEST)
    starts, ends = (path, path) if len(path) == 1 else (path[:-1], path[1:])
    low, high = np.minimum(starts, ends) - radius, np.maximum(starts, ends) + radius
    is_near = (high > (region.x, region.y)).all(axis=1) & (low < (region.right, region.bottom)).all(axis=1)
    starts, ends = starts[is_near], ends[is_near]
    if not len(starts):
        return
    top = max(region.y, floor(low[is_near, 1].min()))
    bottom = min(region.bottom, int(np.ceil(high[is_near, 1].max())) + 1)
    changes = np.zeros((bottom - top, region.width + 1), dtype=np.int32)
    middles = np.arange(top, bottom) + 0.5
    for first in range(0, len(starts), _SEGMENTS_AT_ONCE):
        part = slice(first, first + _SEGMENTS_AT_ONCE)
        left, right = _spans(starts[part], ends[part], radius, middles)
        # The first and the last pixel of a row whose middles lie in the span.
        begin = np.clip(np.ceil(left - 0.5) - region.x, 0, region.width)
        finish = np.clip(np.floor(right - 0.5) + 1 - region.x, 0, region.width)
        numbers, rows = np.nonzero(begin < finish)
        np.add.at(changes, (rows, begin[numbers, rows].astype(np.intp)), 1)
        np.add.at(changes, (rows, finish[numbers, rows].astype(np.intp)), -1)
    covered = np.cumsum(changes, axis=1, out=changes)[:, :-1] > 0
    signs[top - region.y : bottom - region.y][covered] = 1 if is_include else -1


def _spans(starts: NDArray[np.float64], ends: NDArray[np.float64], radius: float, rows: NDArray[np.float64]) -> Spans:
    """Return where each segment's surroundings begin and end on each row, two ``(n, h)``; inf, -inf where nowhere.

    Within `radius` of a segment is a disc around either end and the rectangle between, together convex: one span.
    """
    first, last = _disc_spans(starts, radius, rows), _disc_spans(ends, radius, rows)
    middle = _band_spans(starts, ends, radius, rows)
    left = np.minimum(np.minimum(first[0], last[0]), middle[0])
    right = np.maximum(np.maximum(first[1], last[1]), middle[1])
    return left, right


def _disc_spans(middles: NDArray[np.float64], radius: float, rows: NDArray[np.float64]) -> Spans:
    away = rows - middles[:, 1:]
    half = np.sqrt(np.maximum(radius * radius - away * away, 0))
    is_met = np.abs(away) <= radius
    x = middles[:, :1]
    return np.where(is_met, x - half, np.inf), np.where(is_met, x + half, -np.inf)


def _band_spans(
    starts: NDArray[np.float64], ends: NDArray[np.float64], radius: float, rows: NDArray[np.float64]
) -> Spans:
    """Return the spans of the rectangles along segments, `radius` to either side: where two strips cross."""
    course = ends - starts
    length = np.hypot(course[:, 0], course[:, 1])[:, None]
    ux, uy = course[:, :1] / np.maximum(length, 1e-9), course[:, 1:] / np.maximum(length, 1e-9)
    away = rows - starts[:, 1:]
    along = _strip(ux, away * uy, np.zeros_like(length), length)
    beside = _strip(-uy, away * ux, np.full_like(length, -radius), np.full_like(length, radius))
    left, right = np.maximum(along[0], beside[0]), np.minimum(along[1], beside[1])
    is_met = (left <= right) & (length > 0)
    x = starts[:, :1]
    return np.where(is_met, x + left, np.inf), np.where(is_met, x + right, -np.inf)


def _strip(
    slope: NDArray[np.float64], offset: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> Spans:
    """Return for which t ``low <= slope * t + offset <= high``; all or no t where the slope is none."""
    is_flat = np.abs(slope) < 1e-12
    safe = np.where(is_flat, 1.0, slope)
    one, other = (low - offset) / safe, (high - offset) / safe
    is_all = is_flat & (offset >= low) & (offset <= high)
    left = np.where(is_flat, np.where(is_all, -np.inf, np.inf), np.minimum(one, other))
    right = np.where(is_flat, np.where(is_all, np.inf, -np.inf), np.maximum(one, other))
    return left, right
