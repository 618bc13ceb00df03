"""A first guess for hair painted where nothing around it says what is object, or what background."""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, Mask, RgbImage
from core.cancel import CancelToken
from core.geometry import Rect, Size

_SURE = 250
_RING = 2
_ENOUGH = 200
_FIRST_MARGIN = 16
_MOST_SAMPLES = 20_000
_RIDGE = 1e-3


def guess_by_colour(image: RgbImage, coverage: Coverage, hair: Mask, token: CancelToken) -> Coverage | None:
    """Return the coverage with the painted pixels guessed from their colours alone; None if that is not needed.

    It is needed where the painted pixels touch no object, or no background, that is known: matting spreads what is
    known from pixel to pixel and would find one of the two only. The guess is affine in the colour, fitted to known
    pixels in a growing window around the painted ones. None, too, if the whole photo shows one of the two only.

    Parameters
    ----------
    image, coverage, hair
        ``(H, W, 3)`` uint8, ``(H, W)`` uint8 and ``(H, W)`` bool, the whole photo's; some of `hair` is True.

    Raises
    ------
    Cancelled
        If `token` was cancelled; looked at for every window.
    """
    rect = Rect.of_mask(hair)
    size = Size.of(coverage)
    around = rect.padded(_RING + 1).clipped(size)
    kernel = np.ones((2 * _RING + 1, 2 * _RING + 1), np.uint8)
    ring = (cv2.dilate(hair[around.slices].astype(np.uint8), kernel) > 0) & ~hair[around.slices]
    nearby = coverage[around.slices][ring]
    if (nearby >= _SURE).any() and (nearby <= 255 - _SURE).any():
        return None
    margin = _FIRST_MARGIN
    while True:
        token.check()
        window = rect.padded(margin).clipped(size)
        known = ~hair[window.slices]
        is_object = known & (coverage[window.slices] >= _SURE)
        is_background = known & (coverage[window.slices] <= 255 - _SURE)
        counts = np.count_nonzero(is_object), np.count_nonzero(is_background)
        if min(counts) >= _ENOUGH or window == Rect.of_size(size):
            break
        margin *= 2
    if min(counts) == 0:
        return None
    token.check()
    slopes, offset = _discriminant(
        _samples(image[window.slices], is_object), _samples(image[window.slices], is_background)
    )
    guess = coverage.copy()
    guess[hair] = np.rint(np.clip(image[hair] @ slopes + offset, 0, 1) * 255).astype(np.uint8)
    return guess


def _samples(image: RgbImage, chosen: Mask) -> NDArray[np.float64]:
    colours = image[chosen]
    return colours[:: max(1, len(colours) // _MOST_SAMPLES)].astype(np.float64)


def _discriminant(front: NDArray[np.float64], back: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return the affine function of colour that is 1 at the front's mean, 0 at the back's, and varies least in each.

    Fisher's linear discriminant; `front` and `back` are ``(n, 3)`` in [0, 255].
    """
    difference = front.mean(axis=0) - back.mean(axis=0)
    spread = sum((side - side.mean(axis=0)).T @ (side - side.mean(axis=0)) / len(side) for side in (front, back))
    direction = np.linalg.solve(spread + np.eye(3) * (1 + _RIDGE), difference)
    reach = float(direction @ difference)
    # Where the two look alike, colour says nothing: one half.
    if reach < _RIDGE:
        return np.zeros(3), 0.5
    slopes = direction / reach
    return slopes, float(-slopes @ back.mean(axis=0))
