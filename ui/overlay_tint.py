"""How the selection and a candidate tint the photo: tables of screen words, outlines, marching ants.

A tint is a table of 256 premultiplied screen words ``0xAARRGGBB``, one for every coverage; looking a block of
coverage up gives the pixels to draw over the photo.
"""

from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage
from core.geometry import Size
from core.mask_ops import SelectionMode, combine


class View(StrEnum):
    """How the canvas shows the selection."""

    OVERLAY = "overlay"
    ON_BLACK = "on-black"
    ON_WHITE = "on-white"
    ON_CHECKER = "on-checker"
    MASK = "mask"
    ORIGINAL = "original"


Tint = NDArray[np.uint32]

_CANDIDATE_OPACITY = 0.42
_GHOST_OPACITY = 0.2
_CANDIDATE_COLORS = {
    SelectionMode.NEW: (38, 132, 255),
    SelectionMode.ADD: (38, 132, 255),
    SelectionMode.SUBTRACT: (255, 92, 56),
    SelectionMode.INTERSECT: (168, 92, 255),
}

_INNER_LINE = 0xFFFFFFFF
_OUTER_LINE = 0xFF14305C
_INNER_GHOST_LINE, _OUTER_GHOST_LINE = 0xB0B0B0B0, 0x70091528
ANT_PERIOD = 8
"""Length of a light and a dark piece of the marching outline together, in logical pixels."""


def fading_tint(color: tuple[int, int, int], at_none: float, at_all: float) -> Tint:
    """Return the table that lays `color` (RGB) over the photo with an opacity going from `at_none` to `at_all`."""
    opacity = np.linspace(at_none, at_all, 256)
    red, green, blue = (np.rint(channel * opacity).astype(np.uint32) for channel in color)
    alpha = np.rint(255 * opacity).astype(np.uint32)
    return np.asarray((alpha << 24) | (red << 16) | (green << 8) | blue, dtype=np.uint32)


def candidate_tint(mode: SelectionMode) -> Tint:
    """Return the tint for :func:`outlined` of a candidate that will meet the selection as `mode` says."""
    tint = fading_tint(_CANDIDATE_COLORS[mode], 0.0, _CANDIDATE_OPACITY)
    tint[-2:] = _OUTER_LINE, _INNER_LINE
    return tint


def ghost_tint(mode: SelectionMode) -> Tint:
    """Return the light tint for :func:`outlined` of what a click would find, and then do as `mode` says."""
    tint = fading_tint(_CANDIDATE_COLORS[mode], 0.0, _GHOST_OPACITY)
    tint[-2:] = _OUTER_GHOST_LINE, _INNER_GHOST_LINE
    return tint


def outlined(mask: NDArray[np.uint8], thickness: int) -> NDArray[np.uint8]:
    """Return what :func:`candidate_tint` shows of a mask of 0 and 255; the array's own border is no edge.

    The mask is softened, with 255 on a line along its inside and 254 on a line around it.
    """
    body = np.minimum(np.asarray(cv2.blur(mask, (3, 3)), dtype=np.uint8), np.uint8(253))
    around = np.minimum(outer_edge(mask, thickness), np.uint8(254))
    return np.maximum(np.maximum(body, around), inner_edge(mask, thickness))


VIEW_TINTS = {
    View.ON_BLACK: fading_tint((0, 0, 0), 1.0, 0.0),
    View.ON_WHITE: fading_tint((255, 255, 255), 1.0, 0.0),
    View.MASK: np.uint32(0xFF000000) | (np.arange(256, dtype=np.uint32) * np.uint32(0x010101)),
}


def tinted(coverage: Coverage, tint: Tint) -> NDArray[np.uint8]:
    """Return the screen pixels, ``(H, W, 4)`` premultiplied, that `tint` lays over the photo."""
    words = np.asarray(cv2.LUT(coverage, tint.view(np.int32)))  # eight times as fast as numpy's take
    return words.view(np.uint8).reshape(*coverage.shape, 4)


def faded(pixels: NDArray[np.uint8], coverage: Coverage) -> NDArray[np.uint8]:
    """Return opaque screen pixels, ``(H, W, 4)``, made premultiplied ones that are as opaque as `coverage` is low."""
    share = cv2.merge([np.asarray(cv2.bitwise_not(coverage), np.uint8)] * 4)
    return np.asarray(cv2.multiply(pixels, share, scale=1 / 255), dtype=np.uint8)


def joined(selection: Coverage | None, candidate: Coverage | None, mode: SelectionMode) -> Coverage | None:
    """Return what would be selected if `candidate` were committed; None for nothing selected and nothing offered."""
    if candidate is None:
        return selection
    if selection is not None:
        return combine(selection, candidate, mode)
    return candidate if mode in (SelectionMode.NEW, SelectionMode.ADD) else np.zeros_like(candidate)


def inner_edge(mask: NDArray[np.uint8], thickness: int) -> NDArray[np.uint8]:
    """Return 255 on the outermost `thickness` pixels of a mask of 0 and 255; the array's own border is no edge."""
    return np.asarray(cv2.subtract(mask, cv2.erode(mask, _CROSS, iterations=thickness)), dtype=np.uint8)


def outer_edge(mask: NDArray[np.uint8], thickness: int) -> NDArray[np.uint8]:
    """Return 255 on the `thickness` pixels around a mask of 0 and 255."""
    return np.asarray(cv2.subtract(cv2.dilate(mask, _CROSS, iterations=thickness), mask), dtype=np.uint8)


def ant_pattern(size: Size, period: int) -> NDArray[np.uint8]:
    """Return light and dark diagonal stripes, ``(height, width + period, 4)`` opaque screen pixels.

    Cut out from a column p on, p below `period`, they are the stripes after they moved by p pixels.
    """
    diagonal = np.arange(size.width + period) + np.arange(size.height)[:, np.newaxis]
    words = np.where(diagonal % period < period // 2, np.uint32(0xFFFFFFFF), np.uint32(0xFF000000))
    return words.view(np.uint8).reshape(*words.shape, 4)


_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
