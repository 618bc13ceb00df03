"""Alpha and colour along the edge of a cutout, for hair, fur, glass and blur.

:func:`refine_alpha` solves closed-form matting on a band along the outline, coarse to fine; above a bounded number of
unknown pixels the finest solution is carried to the photo by its local affine models.
:func:`estimate_foreground` takes the background's colour out of the pixels that the object covers only in part.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, RgbImage, check_coverage, check_rgb
from core.cancel import CancelToken
from core.geometry import Rect, Size
from core.matting_guided import fit_affine_model
from core.matting_laplacian import solve_alpha

Field = NDArray[np.float32]
_MOST_UNKNOWNS = 60_000
_COARSEST_UNKNOWNS = 4_000
_COARSEST_ITERATIONS = 200
_LEVEL_ITERATIONS = (25, 40)
_TILE = 256
_PATCH = 64
_UP_RADIUS = 2
_UP_EPSILON = 1e-5
_WIDE_RADIUS = 90
_WIDE_STEP = 4
_NARROW_RADIUS = 6


def refine_alpha(
    image: RgbImage, coverage: Coverage, band: int | None = None, token: CancelToken | None = None
) -> Coverage:
    """Return the coverage with its edge matted from the photo's colours.

    Closed-form matting (Levin, Lischinski, Weiss 2008) on the pixels within `band` of the outline and on those
    covered in part; every other pixel keeps 0 or 255.

    Parameters
    ----------
    image
        ``(H, W, 3)`` uint8, the photo.
    coverage
        ``(H, W)`` uint8, kept.
    band
        Half the width of the band in pixels; None takes one from the photo's size (about 24 at 12 megapixels).

    Raises
    ------
    ValueError
        If photo and coverage differ in size.
    Cancelled
        If `token` was cancelled; looked at between the steps.
    """
    check_rgb(image)
    check_coverage(coverage)
    if image.shape[:2] != coverage.shape:
        raise ValueError(f"photo {image.shape[:2]} and coverage {coverage.shape} differ in size")
    size = Size.of(coverage)
    band = max(4, round(size.longest / 165)) if band is None else max(1, band)
    rect = Rect.of_mask(coverage).padded(band + 4).clipped(size)
    if rect.width < 3 or rect.height < 3:
        return coverage.copy()
    part = np.ascontiguousarray(coverage[rect.slices])
    unknown = _band_of(part, band)
    result = coverage.copy()
    result[rect.slices] = _matted(image[rect.slices], part, unknown, token or CancelToken())
    return result


def estimate_foreground(image: RgbImage, coverage: Coverage) -> RgbImage:
    """Return the photo with the object's own colour where the object covers a pixel only in part.

    Blur fusion (Forte, Pitié: "Approximate Fast Foreground Colour Estimation", 2021), a wide pass and a narrow one,
    worked in tiles along the edge. Pixels of coverage 0 and 255 keep their colour.

    Parameters
    ----------
    image
        ``(H, W, 3)`` uint8, kept.
    coverage
        ``(H, W)`` uint8, kept.

    Raises
    ------
    ValueError
        If photo and coverage differ in size.
    """
    check_rgb(image)
    check_coverage(coverage)
    if image.shape[:2] != coverage.shape:
        raise ValueError(f"photo {image.shape[:2]} and coverage {coverage.shape} differ in size")
    result = image.copy()
    size = Size.of(coverage)
    for tile in _tiles(Rect.of_size(size), _TILE):
        partial = (coverage[tile.slices] > 0) & (coverage[tile.slices] < 255)
        if not partial.any():
            continue
        halo = tile.padded(_WIDE_RADIUS).clipped(size)
        wide = _wide_sides(image[halo.slices], coverage[halo.slices])
        # An edge fills little of a tile, so only the patches that it runs through are worth the narrow pass.
        for patch in _tiles(tile, _PATCH):
            wanted = partial[patch.moved(-tile.x, -tile.y).slices]
            if wanted.any():
                result[patch.slices][wanted] = _fused(image, coverage, wide, halo, patch)[wanted]
    return result


def _wide_sides(image: RgbImage, coverage: Coverage) -> tuple[Field, Field]:
    """Return the first guess of object and background colours, at a reduced size."""
    step = min(_WIDE_STEP, *coverage.shape)
    small = (coverage.shape[1] // step, coverage.shape[0] // step)
    small_image = _as_field(cv2.resize(image, small, interpolation=cv2.INTER_AREA))
    small_alpha = _as_field(cv2.resize(coverage, small, interpolation=cv2.INTER_AREA))
    return _blurred_sides(small_image, small_image, small_alpha, _WIDE_RADIUS // step)


def _fused(image: RgbImage, coverage: Coverage, wide: tuple[Field, Field], halo: Rect, core: Rect) -> RgbImage:
    """Return the foreground colours of the pixels `core`; `wide` covers the rectangle `halo` of the photo."""
    near = core.padded(_NARROW_RADIUS).intersect(halo)
    front, back = (_enlarged(sides, halo, near) for sides in wide)
    colour, alpha = _as_field(image[near.slices]), _as_field(coverage[near.slices])
    front = _corrected(colour, front, back, alpha)
    narrow_front, narrow_back = _blurred_sides(front, back, alpha, _NARROW_RADIUS)
    fused = _corrected(colour, narrow_front, narrow_back, alpha)[core.moved(-near.x, -near.y).slices]
    return np.rint(fused * 255).astype(np.uint8)


def _enlarged(field: Field, extent: Rect, part: Rect) -> Field:
    """Return `part` of a reduced field that covers `extent`, at full resolution, bilinearly."""
    sx, sy = field.shape[1] / extent.width, field.shape[0] / extent.height
    to_field = np.array([[sx, 0, (part.x - extent.x + 0.5) * sx - 0.5], [0, sy, (part.y - extent.y + 0.5) * sy - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (part.width, part.height)
    return np.asarray(cv2.warpAffine(field, to_field, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _as_field(values: NDArray[np.generic]) -> Field:
    return np.asarray(values, dtype=np.float32) * np.float32(1 / 255)


def _blurred_sides(front: Field, back: Field, alpha: Field, radius: int) -> tuple[Field, Field]:
    """Return the mean colour of object and background around each pixel, weighted by how much each shows."""
    ksize = (2 * radius + 1, 2 * radius + 1)
    weight = cv2.blur(alpha, ksize, borderType=cv2.BORDER_REFLECT)[..., None]
    shown = cv2.blur(front * alpha[..., None], ksize, borderType=cv2.BORDER_REFLECT)
    hidden = cv2.blur(back * (1 - alpha[..., None]), ksize, borderType=cv2.BORDER_REFLECT)
    tiny = np.float32(1e-5)
    return np.asarray(shown / (weight + tiny)), np.asarray(hidden / (1 - weight + tiny))


def _corrected(colour: Field, front: Field, back: Field, alpha: Field) -> Field:
    """Move the foreground so that front and back mix to the colour that is seen."""
    share = alpha[..., None]
    return np.asarray(np.clip(front + share * (colour - share * front - (1 - share) * back), 0, 1), dtype=np.float32)


def _band_of(coverage: Coverage, band: int) -> NDArray[np.bool_]:
    """Return the pixels within `band` of the outline, and those covered in part."""
    inside = (coverage >= 128).astype(np.uint8)
    # Beyond the photo nothing is known of the outline, so the border itself is no edge.
    padded = cv2.copyMakeBorder(inside, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    near = cv2.distanceTransform(padded, cv2.DIST_L2, 3) + cv2.distanceTransform(1 - padded, cv2.DIST_L2, 3)
    return np.asarray((near[1:-1, 1:-1] <= band) | ((coverage > 0) & (coverage < 255)))


@dataclass(frozen=True, eq=False)
class _Level:
    """The matting problem at one resolution: photo, first guess with its known values, and what is unknown."""

    image: RgbImage
    alpha: Field
    unknown: NDArray[np.bool_]


def _matted(image: RgbImage, coverage: Coverage, unknown: NDArray[np.bool_], token: CancelToken) -> Coverage:
    count = int(unknown.sum())
    if count == 0:
        return coverage
    known = np.where(coverage >= 128, np.uint8(255), np.uint8(0))
    guess = np.where(unknown, coverage, known)
    step = max(1.0, np.sqrt(count / _MOST_UNKNOWNS))
    levels = [_level_at(image, guess, unknown, step)]
    while levels[-1].unknown.sum() > _COARSEST_UNKNOWNS and min(levels[-1].unknown.shape) >= 12:
        step *= 2
        levels.append(_level_at(image, guess, unknown, step))
    alpha = _solve_levels(levels, token)
    if levels[0].alpha.shape == coverage.shape:
        return np.where(unknown, np.rint(alpha * 255).astype(np.uint8), known)
    return _carried(levels[0], alpha, image, known, unknown)


def _level_at(image: RgbImage, guess: Coverage, unknown: NDArray[np.bool_], step: float) -> _Level:
    if step == 1:
        return _Level(image, _as_field(guess), unknown)
    height, width = guess.shape
    shape = max(3, round(width / step)), max(3, round(height / step))
    small = cv2.resize(guess, shape, interpolation=cv2.INTER_AREA)
    doubt = cv2.resize(unknown.astype(np.uint8) * np.uint8(255), shape, interpolation=cv2.INTER_AREA)
    photo = np.asarray(cv2.resize(image, shape, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return _Level(photo, _as_field(small), doubt > 0)


def _solve_levels(levels: list[_Level], token: CancelToken) -> Field:
    """Solve from the coarsest level, each the first guess of the next, and return the finest level's alpha."""
    coarse = levels[-1]
    alpha = solve_alpha(coarse.image, coarse.alpha, coarse.unknown, _COARSEST_ITERATIONS, token)
    for number, level in enumerate(reversed(levels[:-1])):
        token.check()
        model = fit_affine_model(coarse.image, alpha, _UP_RADIUS, _UP_EPSILON)
        guess = np.clip(model.applied(level.image, Rect.of_size(Size.of(level.alpha))), 0, 1)
        is_finest = number == len(levels) - 2
        guess = np.where(level.unknown, guess, level.alpha)
        alpha = solve_alpha(level.image, guess, level.unknown, _LEVEL_ITERATIONS[not is_finest], token)
        coarse = level
    return alpha


def _carried(level: _Level, alpha: Field, image: RgbImage, known: Coverage, unknown: NDArray[np.bool_]) -> Coverage:
    """Carry a coarse solution to the photo, tile by tile where pixels are unknown."""
    size = Size.of(known)
    model = fit_affine_model(level.image, alpha, _UP_RADIUS, _UP_EPSILON)
    result = known.copy()
    for rect in _tiles(Rect.of_size(size), _TILE):
        doubt = unknown[rect.slices]
        if doubt.any():
            fine = np.rint(np.clip(model.applied(image, rect), 0, 1) * 255).astype(np.uint8)
            result[rect.slices][doubt] = fine[doubt]
    return result


def _tiles(rect: Rect, side: int) -> list[Rect]:
    return [
        Rect(x, y, side, side).intersect(rect)
        for y in range(rect.y, rect.bottom, side)
        for x in range(rect.x, rect.right, side)
    ]
