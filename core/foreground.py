"""The object's own colours where it covers a pixel only in part: a cutout shows no halo of its old background."""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, RgbImage, check_coverage, check_rgb
from core.geometry import Rect, Size

Field = NDArray[np.float32]
_TILE = 256
_PATCH = 64
_WIDE_RADIUS = 90
_WIDE_STEP = 4
_NARROW_RADIUS = 6


def estimate_foreground(image: RgbImage, coverage: Coverage, within: Rect | None = None) -> RgbImage:
    """Return the photo with the object's own colour where the object covers a pixel only in part.

    Blur fusion (Forte, Pitié: "Approximate Fast Foreground Colour Estimation", 2021), a wide pass and a narrow one,
    worked in tiles along the edge. Pixels of coverage 0 and 255 keep their colour.

    Parameters
    ----------
    image
        ``(H, W, 3)`` uint8, kept.
    coverage
        ``(H, W)`` uint8, kept.
    within
        Pixels outside of it keep their colour; None for the whole photo.

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
    for tile in (within or Rect.of_size(size)).tiles(_TILE):
        partial = (coverage[tile.slices] > 0) & (coverage[tile.slices] < 255)
        if not partial.any():
            continue
        halo = tile.padded(_WIDE_RADIUS).clipped(size)
        wide = _wide_sides(image[halo.slices], coverage[halo.slices])
        # An edge fills little of a tile, so only the patches that it runs through are worth the narrow pass.
        for patch in tile.tiles(_PATCH):
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
