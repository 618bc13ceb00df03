"""Filling an outline that was drawn by hand."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage
from core.geometry import Rect, Size

_STRIP_PIXELS = 500_000
_FAR = 1e7
"""Pixels; nothing further away changes what is seen."""

_Places = NDArray[np.float64]


def fill_polygon(points: Sequence[tuple[float, float]], size: Size) -> Coverage:
    """Return how much of each pixel of an image of `size` a closed outline holds, ``(H, W)``.

    Where the outline crosses itself, what it winds around is inside. Every edge adds to each pixel the signed area
    between itself and the pixel's right side; the sum from the left is the area that the outline holds (the method of
    accumulation buffers, Raph Levien, font-rs).

    Parameters
    ----------
    points
        Corners ``(x, y)`` in image coordinates, at least one; also outside of the image.
    """
    return fill_rings([np.array(points, np.float64)], size, is_even_odd=False)


def fill_rings(rings: Sequence[_Places], size: Size, is_even_odd: bool) -> Coverage:
    """Return how much of each pixel several closed outlines, each ``(N, 2)``, hold together (see :func:`fill_polygon`).

    With `is_even_odd`, what an even number of them winds around is outside.
    """
    closed = [np.vstack([ring, ring[:1]]) for ring in rings]
    corners = np.concatenate(closed)
    if not np.isfinite(corners).all():
        raise ValueError("an outline goes to infinity")
    corners = corners.clip(-_FAR, _FAR)
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    region = Rect(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])).clipped(size)
    coverage = np.zeros(size.shape, np.uint8)
    if region.is_empty:
        return coverage
    corner = region.x, region.y
    pieces = [_pieces(ring.clip(-_FAR, _FAR) - corner, region.width, region.height) for ring in closed]
    _fill(np.concatenate(pieces), coverage[region.slices], is_even_odd)
    return coverage


def _pieces(corners: _Places, width: int, height: int) -> _Places:
    """Return the outline's edges cut at every pixel border inside the region, as rows of x0, y0, x1, y1."""
    cut = [_cut(start, end, width, height) for start, end in pairwise(corners)]
    return np.concatenate([np.hstack([places[:-1], places[1:]]) for places in cut])


def _cut(start: _Places, end: _Places, width: int, height: int) -> _Places:
    """Return the places on a straight line at which it meets a pixel border, with its ends, in order."""
    shares = [np.array([0.0, 1.0])]
    for axis, last in ((0, width), (1, height)):
        a, b = start[axis], end[axis]
        if a != b:
            first, beyond = max(0, np.ceil(min(a, b))), min(last, np.floor(max(a, b)))
            shares.append((np.arange(first, beyond + 1) - a) / (b - a))
    along = np.sort(np.concatenate(shares))[:, np.newaxis]
    return np.asarray(start + (end - start) * along)


def _fill(pieces: _Places, coverage: Coverage, is_even_odd: bool) -> None:
    """Write to `coverage`, ``(H, W)``, what the pieces of an outline hold, some rows at a time."""
    height, width = coverage.shape
    x0, y0, x1, y1 = pieces.T
    rise = np.clip(y1, 0, height) - np.clip(y0, 0, height)  # nothing above and below the region
    rows = np.clip(((y0 + y1) / 2).astype(np.intp), 0, height - 1)
    middle = np.clip((x0 + x1) / 2, 0, width)  # what lies to the left of the region counts in all of its row
    columns = np.minimum(middle.astype(np.intp), width - 1)
    share = middle - columns
    step = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, step):
        here = np.flatnonzero((rows >= top) & (rows < top + step))
        strip = coverage[top : top + step]
        at = (rows[here] - top) * (width + 1) + columns[here]
        areas = np.bincount(at, rise[here] * (1 - share[here]), strip.shape[0] * (width + 1))
        np.add.at(areas, at + 1, rise[here] * share[here])
        held = np.abs(np.cumsum(areas.reshape(strip.shape[0], width + 1), axis=1)[:, :width])
        held = np.abs((held + 1) % 2 - 1) if is_even_odd else np.minimum(held, 1)
        strip[...] = np.rint(held * 255)
