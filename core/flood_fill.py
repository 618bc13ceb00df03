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
from core.geometry import Size
from core.texts import mark

TITLE = mark("Magic wand")


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
    pixels = to_srgb(composite(document, document.rect), document.icc_profile)
    coverage = flood_pixels(pixels, floor(x), floor(y), wand)
    freeze(coverage)
    return coverage


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
