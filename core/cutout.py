"""From a photo and what was selected in it to the picture that is saved."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from core.arrays import Coverage, RgbaImage, check_coverage, check_rgba
from core.geometry import Rect, Size

_STRIP_PIXELS = 1 << 20
_EDGE_ROWS = 512
# Pixels around an edge that its colours are estimated from.
_REACH = 128


def make_cutout(
    pixels: RgbaImage, coverage: Coverage, *, keep_hidden: bool = False, clean_edges: bool = True
) -> RgbaImage:
    """Return the selected part of a photo as a new RGBA image of its size, with straight alpha.

    Parameters
    ----------
    pixels
        The photo. Where it is transparent itself, the cutout is at most as opaque.
    coverage
        How much of each pixel belongs.
    keep_hidden
        Keep the colours of wholly transparent pixels. Otherwise they are black, so that the file does not hold what
        was cut away, and is smaller.
    clean_edges
        Where a pixel belongs in part, save the object's own colour instead of the photo's mixture of object and
        surroundings, which would show as a fringe on another background.
    """
    check_rgba(pixels)
    check_coverage(coverage)
    if coverage.shape != pixels.shape[:2]:
        raise ValueError(f"coverage of {Size.of(coverage)} for a photo of {Size.of(pixels)}")
    alpha = _times(coverage, pixels[..., 3])
    cutout = pixels.copy() if keep_hidden else _zero_where_hidden(pixels, alpha)
    if clean_edges:
        _clean_edges(cutout, pixels, coverage, alpha)
    return np.asarray(cv2.insertChannel(alpha, cutout, 3), dtype=np.uint8)


def trimmed(rgba: RgbaImage) -> tuple[RgbaImage, Rect]:
    """Return the part of an image that is not wholly transparent, and where it was; all of it if nothing is seen."""
    rect = Rect.of_mask(rgba[..., 3])
    if rect.is_empty:
        rect = Rect.of_size(Size.of(rgba))
    return rgba[rect.slices], rect


def _times(coverage: Coverage, alpha: Coverage) -> Coverage:
    """Return coverage x alpha, 255 x 255 = 255, rounded."""
    if alpha.min() == 255:
        return coverage
    product = np.empty_like(coverage)
    for rows in _strips(coverage.shape):
        product[rows] = (coverage[rows].astype(np.uint16) * alpha[rows] + 127) // 255
    return product


def _zero_where_hidden(pixels: RgbaImage, alpha: Coverage) -> RgbaImage:
    return np.asarray(cv2.copyTo(pixels, alpha), dtype=np.uint8)


def _clean_edges(cutout: RgbaImage, pixels: RgbaImage, coverage: Coverage, alpha: Coverage) -> None:
    """Put the object's own colours where `coverage` is soft and `alpha` is not 0, in place."""
    from core.foreground import estimate_foreground

    size = Size.of(coverage)

    def clean(rows: slice) -> None:
        soft = (coverage[rows] > 0) & (coverage[rows] < 255)
        edge = Rect.of_mask(soft).moved(0, rows.start)
        if edge.is_empty:
            return
        crop = edge.padded(_REACH).clipped(size).slices
        photo = np.asarray(cv2.cvtColor(pixels[crop], cv2.COLOR_RGBA2RGB), dtype=np.uint8)
        colours = estimate_foreground(photo, coverage[crop])
        inner = edge.moved(-crop[1].start, -crop[0].start).slices
        wanted = soft[edge.moved(0, -rows.start).slices] & (alpha[edge.slices] > 0)
        cutout[edge.slices][wanted, :3] = colours[inner][wanted]

    parts = [slice(top, min(top + _EDGE_ROWS, size.height)) for top in range(0, size.height, _EDGE_ROWS)]
    # OpenCV and numpy let go of the interpreter's lock, and the parts are independent.
    with ThreadPoolExecutor(2, "edge") as pool:
        for _ in pool.map(clean, parts):
            pass


def _strips(shape: tuple[int, ...], pixels: int = _STRIP_PIXELS) -> Iterator[slice]:
    """Cut an image into slices of rows of about so many `pixels`, so that wide numbers fit in little memory."""
    rows = max(1, pixels // shape[1])
    for top in range(0, shape[0], rows):
        yield slice(top, min(top + rows, shape[0]))
