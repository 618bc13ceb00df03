"""Alpha along the edge of a cutout, for hair, fur, glass and blur: closed-form matting on a band of unknown pixels.

Levin, Lischinski, Weiss: "A Closed-Form Solution to Natural Image Matting" (2008), solved coarse to fine.
"""

from collections.abc import Callable

import cv2
import numpy as np

from core.arrays import Coverage, Mask, RgbImage, check_coverage, check_rgb
from core.cancel import CancelToken
from core.geometry import Rect, Size
from core.matting_hair import guess_by_colour
from core.matting_levels import carry_up, reduced, solve_levels

_SMALLEST_BAND = 4
_BANDS_A_SIDE = 165
_MARGIN = 4
_PREVIEW_PIXELS = 400_000
_PREVIEW_EPSILON = 1e-4


def usual_band(size: Size) -> int:
    """Return to how many pixels on either side of an outline a matte is worked out on a photo of `size`.

    1/165 of the longer side, 24 pixels at 12 megapixels, with which synthetic hair of 40 pixels came out best of bands
    from 6 to 40.
    """
    return max(_SMALLEST_BAND, round(size.longest / _BANDS_A_SIDE))


def refine_alpha(
    image: RgbImage,
    coverage: Coverage,
    band: int | None = None,
    token: CancelToken | None = None,
    hair: Mask | None = None,
    report: Callable[[float], None] = lambda _fraction: None,
) -> Coverage:
    """Return the coverage with its edge matted from the photo's colours.

    Unknown are the pixels within `band` of the outline, those covered in part and those of `hair`; every other pixel
    is 0 or 255, as it is.

    Parameters
    ----------
    image
        ``(H, W, 3)`` uint8, the photo.
    coverage
        ``(H, W)`` uint8, kept.
    band
        Half the width of the band in pixels, at least 1; None for :func:`usual_band`.
    hair
        ``(H, W)`` bool: where a person says that hair is.
    report
        Called with the fraction done, in [0, 1].

    Raises
    ------
    ValueError
        If photo, coverage and hair differ in size.
    Cancelled
        If `token` was cancelled; looked at between the steps.
    """
    _check_sizes(image, coverage, hair)
    band = _band_width(coverage, band)
    rect = _reach(coverage, hair, band)
    if rect.width < 3 or rect.height < 3:
        return coverage.copy()
    unknown = _unknown_in(coverage, hair, rect, band)
    guess = _hardened(coverage[rect.slices], unknown)
    result = coverage.copy()
    token = token or CancelToken()
    result[rect.slices] = solve_levels(image[rect.slices], guess, unknown, token, report=report)
    return result


def refine_hair(image: RgbImage, coverage: Coverage, hair: Mask, token: CancelToken | None = None) -> Coverage:
    """Return the coverage with the pixels of `hair` matted from the photo's colours.

    Every other pixel stays as it is, those covered in part too, and is what the painted ones are matted from. If they
    touch no object or no background, the colours of the nearest known ones say what they are drawn to.

    Parameters
    ----------
    image
        ``(H, W, 3)`` uint8, the photo.
    coverage
        ``(H, W)`` uint8, kept.
    hair
        ``(H, W)`` bool: what a person painted over.

    Raises
    ------
    ValueError
        If photo, coverage and hair differ in size.
    Cancelled
        If `token` was cancelled; looked at between the steps.
    """
    _check_sizes(image, coverage, hair)
    rect = Rect.of_mask(hair).padded(_MARGIN).clipped(Size.of(coverage))
    if rect.width < 3 or rect.height < 3:
        return coverage.copy()
    token = token or CancelToken()
    guess = guess_by_colour(image, coverage, hair, token)
    result = coverage.copy()
    result[rect.slices] = solve_levels(
        image[rect.slices],
        (coverage if guess is None else guess)[rect.slices],
        hair[rect.slices],
        token,
        trusts_guess=guess is not None,
    )
    return result


def preview_alpha(image: RgbImage, coverage: Coverage, band: int | None = None, hair: Mask | None = None) -> Coverage:
    """Return about what :func:`refine_alpha` will, at once: the coverage smoothed along the photo's colours.

    A guided filter (He, Sun, Tang 2013) at a reduced size, carried to the photo where pixels are unknown. It follows
    edges, but not single hairs. Parameters and errors as :func:`refine_alpha`.
    """
    _check_sizes(image, coverage, hair)
    band = _band_width(coverage, band)
    rect = _reach(coverage, hair, band)
    if rect.width < 3 or rect.height < 3:
        return coverage.copy()
    part, unknown = coverage[rect.slices], _unknown_in(coverage, hair, rect, band)
    known = _hardened(part, unknown)
    step = max(1.0, np.sqrt(rect.width * rect.height / _PREVIEW_PIXELS))
    small = reduced(image[rect.slices], step)
    field = np.asarray(reduced(part, step), np.float32) * np.float32(1 / 255)
    result = coverage.copy()
    radius = max(2, round(band / step))
    result[rect.slices] = carry_up(small, field, image[rect.slices], known, unknown, radius, _PREVIEW_EPSILON)
    return result


def matted_reach(coverage: Coverage, band: int) -> Rect:
    """Return the pixels beyond which matting the outline of `coverage` looks at nothing and changes nothing."""
    return _reach(coverage, None, band)


def _check_sizes(image: RgbImage, coverage: Coverage, hair: Mask | None) -> None:
    check_rgb(image)
    check_coverage(coverage)
    if image.shape[:2] != coverage.shape:
        raise ValueError(f"photo {image.shape[:2]} and coverage {coverage.shape} differ in size")
    if hair is not None and hair.shape != coverage.shape:
        raise ValueError(f"hair {hair.shape} and coverage {coverage.shape} differ in size")


def _band_width(coverage: Coverage, band: int | None) -> int:
    return usual_band(Size.of(coverage)) if band is None else max(1, band)


def _hardened(coverage: Coverage, unknown: Mask) -> Coverage:
    """Return the coverage with 0 or 255 wherever it is known."""
    return np.where(unknown, coverage, np.where(coverage >= 128, np.uint8(255), np.uint8(0)))


def _reach(coverage: Coverage, hair: Mask | None, band: int) -> Rect:
    """Return the pixels that matting looks at."""
    rect = Rect.of_mask(coverage).padded(band + _MARGIN)
    if hair is not None:
        rect = rect.unite(Rect.of_mask(hair).padded(_MARGIN))
    return rect.clipped(Size.of(coverage))


def _unknown_in(coverage: Coverage, hair: Mask | None, rect: Rect, band: int) -> Mask:
    """Return the unknown pixels of `rect`: within `band` of the outline, covered in part, or painted as hair."""
    part = coverage[rect.slices]
    inside = (part >= 128).astype(np.uint8)
    # Beyond the photo nothing is known of the outline, so the border itself is no edge.
    padded = cv2.copyMakeBorder(inside, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    near = cv2.distanceTransform(padded, cv2.DIST_L2, 3) + cv2.distanceTransform(1 - padded, cv2.DIST_L2, 3)
    unknown = np.asarray((near[1:-1, 1:-1] <= band) | ((part > 0) & (part < 255)))
    if hair is not None:
        unknown |= hair[rect.slices]
    return unknown
