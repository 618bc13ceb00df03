"""A selection in words: for people who cannot see it, and for those who want to be sure."""

import cv2
import numpy as np

from core.arrays import Coverage, Mask, check_coverage
from core.geometry import Rect, Size
from core.texts import mark, tr, tr_n

_COUNTED_PIXELS = 1 << 20
"""Pixels on which parts and holes are counted: finer ones than a thousandth of the photo's side say nothing."""

_SPECK = 16
_SOFT = 0.2

_PLACES = (
    (mark("at the upper left"), mark("in the upper middle"), mark("at the upper right")),
    (mark("at the left"), mark("in the middle"), mark("at the right")),
    (mark("at the lower left"), mark("in the lower middle"), mark("at the lower right")),
)
"""Where the middle of what is selected lies, by thirds of the photo."""


def describe(coverage: Coverage | None) -> str:
    """Return one or two sentences on what is selected: how large, where, in how many parts, with what edge.

    Parameters
    ----------
    coverage
        ``(H, W)`` uint8 over the whole photo; None for nothing.
    """
    if coverage is None:
        return tr("Nothing is selected.")
    check_coverage(coverage)
    rect = Rect.of_mask(coverage)
    if rect.is_empty:
        return tr("Nothing is selected.")
    size = Size.of(coverage)
    part = coverage[rect.slices]
    share = float(part.mean(dtype=float)) / 255 * rect.size.area / size.area
    if share == 1.0:
        return tr("The whole photo is selected, {width} × {height} pixels.", width=size.width, height=size.height)
    parts, holes = _counts(part, size)
    what = tr_n("One part", "{n} parts", parts)
    if holes:
        what = tr("{parts}, with {holes}", parts=what, holes=tr_n("one hole", "{n} holes", holes))
    where = tr(
        "{what}: {width} × {height} pixels {place}, {percent} of the photo.",
        what=what,
        width=rect.width,
        height=rect.height,
        place=_place(rect, size),
        percent=_percent(share),
    )
    return f"{where} {_edge(part)}"


def _counts(part: Coverage, size: Size) -> tuple[int, int]:
    """Return the number of parts and of holes; specks are neither."""
    scale = min(1.0, float(np.sqrt(_COUNTED_PIXELS / size.area)))
    width, height = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA) if scale < 1 else part
    inside = np.pad(np.asarray(small) >= 128, 1)
    parts = _patches(inside, connectivity=8)
    holes = _patches(~inside, connectivity=4) - 1  # what lies around is no hole
    return max(1, parts), max(0, holes)


def _patches(mask: Mask, connectivity: int) -> int:
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=connectivity)
    return int((stats[1:count, cv2.CC_STAT_AREA] >= _SPECK).sum())


def _place(rect: Rect, size: Size) -> str:
    column = _third(rect.x + rect.width / 2, size.width)
    row = _third(rect.y + rect.height / 2, size.height)
    return tr(_PLACES[row][column])


def _third(at: float, length: int) -> int:
    return min(2, int(3 * at / length))


def _percent(share: float) -> str:
    percent = 100 * share
    if percent < 1:
        return tr("under 1 %")
    return f"{min(99, round(percent))} %"


def _edge(part: Coverage) -> str:
    """Return what the outline is like, judged by how many pixels are partly covered."""
    soft = np.count_nonzero((part > 0) & (part < 255))
    if soft == 0:
        return tr("Its edge is hard.")
    if soft > _SOFT * np.count_nonzero(part):
        return tr("Much of it is half transparent.")
    return tr("Its edge is soft.")
