"""What a person does to a selection: combine, grow, shrink, feather, smooth, outline, fill holes, remove islands.

Every function takes and returns Coverage, leaves its input as it is, and works only where the selection is, so its
cost follows the selection and not the photo. The photo's border is no edge: a selection that touches it stays there.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from math import sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, check_coverage
from core.geometry import Rect, Size

_DISC = 5
_LARGEST_EXACT_SIGMA = 6.0
_STRIP_PIXELS = 1 << 20


class SelectionMode(StrEnum):
    """How a new area meets the selection that stands."""

    NEW = "new"
    ADD = "add"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"


def combine(current: Coverage, other: Coverage, mode: SelectionMode) -> Coverage:
    """Return `current` and `other`, both ``(H, W)``, joined as `mode` says, as a new array.

    Adding takes the larger coverage, intersecting the smaller, subtracting what `other` leaves free. Adding is
    monotone: no pixel loses coverage.

    Raises
    ------
    ValueError
        If the two differ in shape.
    """
    check_coverage(current)
    check_coverage(other)
    if current.shape != other.shape:
        raise ValueError(f"coverage: cannot combine {current.shape} with {other.shape}")
    if mode is SelectionMode.ADD:
        return np.maximum(current, other)
    if mode is SelectionMode.SUBTRACT:
        return np.minimum(current, ~other)
    if mode is SelectionMode.INTERSECT:
        return np.minimum(current, other)
    return other.copy()


def invert(coverage: Coverage) -> Coverage:
    """Return ``255 - coverage``."""
    check_coverage(coverage)
    return ~coverage


def grow(coverage: Coverage, pixels: int) -> Coverage:
    """Return the selection grown by `pixels` on every side; a soft edge moves outwards as it is.

    A grey dilation with a disc. A large disc is the Minkowski sum of small ones, a polygon of sixteen sides that
    deviates from the circle by at most 2 %.

    Raises
    ------
    ValueError
        If `pixels` is negative.
    """
    _check_pixels(pixels)
    return _on_selection(coverage, pixels, lambda part: _with_discs(part, pixels, cv2.dilate))


def shrink(coverage: Coverage, pixels: int) -> Coverage:
    """Return the selection shrunk by `pixels` on every side but the photo's border (errors as :func:`grow`)."""
    _check_pixels(pixels)
    return _on_selection(coverage, 1, lambda part: _with_discs(part, pixels, cv2.erode))


def feather(coverage: Coverage, pixels: float) -> Coverage:
    """Return the selection with its edge blurred over about `pixels` to either side (errors as :func:`grow`).

    A Gaussian of sigma ``pixels / 2``.
    """
    _check_pixels(pixels)
    sigma = pixels / 2
    return _on_selection(coverage, _reach(sigma), lambda part: _blur(part, sigma).astype(np.uint8))


def smooth(coverage: Coverage, pixels: float) -> Coverage:
    """Return the selection with bumps and notches smaller than about `pixels` evened out (errors as :func:`grow`).

    The selection is blurred and its contrast raised again, so that a straight edge stays where and as sharp as it is.
    """
    _check_pixels(pixels)
    if pixels == 0:
        return coverage.copy()
    sigma = pixels / 2

    def evened(part: Coverage) -> Coverage:
        blurred = _blur(part.astype(np.uint16) * np.uint16(257), sigma)
        gain = max(1.0, sigma * sqrt(2 * np.pi) / 1.5)
        raised = (blurred.astype(np.float32) / 257 - 127.5) * np.float32(gain) + 127.5
        return np.rint(np.clip(raised, 0, 255)).astype(np.uint8)

    return _on_selection(coverage, _reach(sigma), evened)


def border(coverage: Coverage, pixels: int) -> Coverage:
    """Return a band along the outline, `pixels` wide in all (errors as :func:`grow`)."""
    _check_pixels(pixels)
    outer = (pixels + 1) // 2
    return np.minimum(grow(coverage, outer), ~shrink(coverage, pixels - outer))


def fill_holes(coverage: Coverage, largest: float | None = None) -> Coverage:
    """Return the selection with its enclosed holes selected.

    A hole is a patch of less than half covered pixels that does not reach the photo's border; pixels count as
    neighbours across a side. With `largest`, only holes of at most so many pixels are filled.
    """

    def filled(part: Coverage) -> Coverage:
        count, labels, stats, _ = cv2.connectedComponentsWithStats((part < 128).astype(np.uint8), connectivity=4)
        is_hole = np.ones(count, dtype=bool)
        is_hole[0] = False
        rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
        is_hole[rim] = False
        if largest is not None:
            is_hole &= stats[:, cv2.CC_STAT_AREA] <= largest
        holes = _looked_up(np.where(is_hole, np.uint8(255), np.uint8(0)), labels)
        # The soft inner edge of a hole goes with it, else a faint ring would stay.
        around = np.asarray(cv2.dilate(holes, np.ones((3, 3), np.uint8)), np.uint8)
        around *= part >= 128
        return np.maximum(part, np.maximum(around, holes))

    return _on_selection(coverage, 1, filled)


def remove_islands(
    coverage: Coverage, smallest: float | None = None, keep: tuple[float, float] | None = None
) -> Coverage:
    """Return the selection without its small separate parts.

    Parts are patches of at all covered pixels, neighbours across sides and corners; their size is their coverage in
    whole pixels. Parts below `smallest` go; without it, all of them. The largest part, and the one under the point
    `keep` (``(x, y)`` in pixels), always stay.
    """
    check_coverage(coverage)
    rect = Rect.of_mask(coverage)
    if rect.is_empty:
        return coverage.copy()
    part = coverage[rect.slices]
    count, labels = cv2.connectedComponents((part > 0).astype(np.uint8), connectivity=8)
    areas = np.zeros(count)
    for strip in _strips(part):
        areas += np.bincount(labels[strip].ravel(), weights=part[strip].ravel(), minlength=count) / 255
    is_kept = np.arange(count) == np.argmax(areas)
    if smallest is not None:
        is_kept |= areas >= smallest
    if keep is not None and Rect(int(keep[0]), int(keep[1]), 1, 1).intersect(rect) != Rect(0, 0, 0, 0):
        is_kept[labels[int(keep[1]) - rect.y, int(keep[0]) - rect.x]] = True
    is_kept[0] = False
    result = np.zeros_like(coverage)
    kept = _looked_up(np.where(is_kept, np.uint8(255), np.uint8(0)), labels)
    result[rect.slices] = np.minimum(part, kept)
    return result


def _looked_up(table: NDArray[np.uint8], labels: cv2.typing.MatLike) -> NDArray[np.uint8]:
    """Return ``table[labels]``."""
    result = np.empty(labels.shape, np.uint8)
    for strip in _strips(result):
        result[strip] = table[labels[strip]]
    return result


def _strips(array: NDArray[np.generic]) -> Iterator[slice]:
    """Yield rows to work on at a stretch: numpy holds the interpreter's lock meanwhile, and the window waits."""
    rows = max(1, _STRIP_PIXELS // max(1, array.shape[1]))
    for top in range(0, len(array), rows):
        yield slice(top, top + rows)


def _check_pixels(pixels: float) -> None:
    if pixels < 0:
        raise ValueError(f"a number of pixels must not be negative: {pixels}")


def _on_selection(coverage: Coverage, margin: int, change: Callable[[Coverage], Coverage]) -> Coverage:
    """Apply `change` to the selection's bounding box and `margin` pixels around it; nothing is selected elsewhere."""
    check_coverage(coverage)
    rect = Rect.of_mask(coverage)
    result = np.zeros_like(coverage)
    if rect.is_empty:
        return result
    rect = rect.padded(margin).clipped(Size.of(coverage))
    result[rect.slices] = change(np.ascontiguousarray(coverage[rect.slices]))
    return result


def _with_discs(part: Coverage, pixels: int, morph: Callable[..., NDArray[np.generic]]) -> Coverage:
    whole, rest = divmod(pixels, _DISC)
    for radius in [_DISC] * whole + ([rest] if rest else []):
        part = np.asarray(morph(part, _disc(radius)), dtype=np.uint8)
    return part


def _disc(radius: int) -> NDArray[np.uint8]:
    steps = np.arange(-radius, radius + 1)
    # Half a pixel more than the radius: without it the disc is a diamond at small sizes.
    return (steps[:, None] ** 2 + steps**2 <= (radius + 0.1) ** 2 + 0.1).astype(np.uint8)


def _reach(sigma: float) -> int:
    return int(3 * sigma) + 2


def _blur(part: NDArray[np.integer], sigma: float) -> NDArray[np.integer]:
    """Gaussian blur; a wide one as three box blurs, whose cost does not depend on the width."""
    if sigma < 0.1:
        return part
    if sigma <= _LARGEST_EXACT_SIGMA:
        blurred = cv2.GaussianBlur(part, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        return np.asarray(blurred, dtype=part.dtype)
    width = 2 * round((sqrt(4 * sigma * sigma + 1) - 1) / 2) + 1
    for _ in range(3):
        part = np.asarray(cv2.blur(part, (width, width), borderType=cv2.BORDER_REPLICATE), dtype=part.dtype)
    return part
