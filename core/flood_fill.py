"""The magic wand: what has about the colour of one pixel, around it or everywhere."""

from dataclasses import dataclass
from enum import StrEnum
from math import floor

import cv2
import numpy as np

from core.arrays import Coverage, RgbaImage, freeze
from core.color import to_srgb
from core.compositor import composite
from core.document import Document
from core.geometry import Rect, Size
from core.texts import mark

TITLE = mark("Magic wand")

_FIRST_REACH = 256
"""Pixels around the place that are looked at first; four times as many whenever that is not enough."""


class Reach(StrEnum):
    """Where a colour is looked for."""

    CONNECTED = "connected"
    EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Wand:
    """How a colour is told from others.

    Attributes
    ----------
    tolerance
        How far each channel, alpha among them, may be from that of the pixel, 0 to 255.
    reach
        Whether only what hangs together with the pixel counts, across the sides of pixels.
    is_smooth
        Whether the edge is anti-aliased.
    """

    tolerance: int = 32
    reach: Reach = Reach.CONNECTED
    is_smooth: bool = True


def flood(document: Document, x: float, y: float, wand: Wand) -> Coverage | None:
    """Return what of the visible picture has about the colour at a place, ``(H, W)`` read-only; None beside it.

    Colours are compared in sRGB, as they are seen.
    """
    if not document.rect.holds(x, y):
        return None
    coverage = np.zeros(document.size.shape, np.uint8)
    seen, column, row = _Seen(document), floor(x), floor(y)
    reach = _FIRST_REACH if wand.reach is Reach.CONNECTED else document.size.longest
    part = Rect(0, 0, 0, 0)
    while part != document.rect:
        part = Rect(column, row, 1, 1).padded(reach).clipped(document.size)
        found = flood_pixels(seen.read(part), column - part.x, row - part.y, wand)
        if not _may_go_on(found, part, document.size):
            break
        reach *= 4
    coverage[part.slices] = found
    freeze(coverage)
    return coverage


class _Seen:
    """A document's picture in sRGB, made where it is looked at: a large photo takes half a second."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._pixels = np.empty((*document.size.shape, 4), np.uint8)
        self._known = Rect(0, 0, 0, 0)

    def read(self, part: Rect) -> RgbaImage:
        """Return `part`, which holds every part that was read before."""
        if self._document.icc_profile is None:
            return composite(self._document, part)
        for fresh in part.without(self._known):
            pixels = composite(self._document, fresh)
            self._pixels[fresh.slices] = to_srgb(pixels, self._document.icc_profile)
        self._known = part
        return self._pixels[part.slices]


def _may_go_on(found: Coverage, part: Rect, size: Size) -> bool:
    """Whether what was found in a part of the picture reaches a side that is none of the picture's own."""
    left, right = part.x > 0 and found[:, 0].any(), part.right < size.width and found[:, -1].any()
    top, bottom = part.y > 0 and found[0].any(), part.bottom < size.height and found[-1].any()
    return bool(left or right or top or bottom)


def shows_photo_alone(document: Document) -> bool:
    """Whether what is seen is one layer as it is, so that the same photo alone would be flooded alike."""
    shown = document.shown_layers
    return len(shown) == 1 and shown[0].is_plain and shown[0].rect == document.rect


def flood_pixels(pixels: RgbaImage, column: int, row: int, wand: Wand) -> Coverage:
    """Return what of `pixels`, ``(H, W, 4)``, has about the colour of one of them, as a new ``(H, W)`` array.

    All that is as transparent as to be invisible counts as one colour.
    """
    seed = pixels[row, column].astype(int)
    low, high = np.clip(seed - wand.tolerance, 0, 255), np.clip(seed + wand.tolerance, 0, 255)
    if seed[3] == 0:
        low[:3], high[:3] = 0, 255
    coverage = np.asarray(cv2.inRange(pixels, low, high), np.uint8)
    if wand.reach is Reach.CONNECTED:
        # On the one channel of what is alike, the fill compares nothing any more but whether it is.
        size = Size.of(coverage)
        filled = np.zeros((size.height + 2, size.width + 2), np.uint8)
        cv2.floodFill(coverage, filled, (column, row), 0, 0, 0, 4 | cv2.FLOODFILL_MASK_ONLY | (255 << 8))
        coverage = np.ascontiguousarray(filled[1:-1, 1:-1])
    if wand.is_smooth:
        coverage = np.asarray(cv2.GaussianBlur(coverage, (3, 3), 0, borderType=cv2.BORDER_REPLICATE), np.uint8)
    return coverage
