"""What a file says is selected: a grey picture, one with transparency, or the shapes of an SVG."""

from pathlib import Path

import cv2
import numpy as np

from core.arrays import Coverage, freeze
from core.errors import ImageReadError
from core.geometry import Size
from core.image_io import read_photo
from core.svg_shapes import SvgError, is_svg, svg_coverage
from core.texts import tr

MASK_SUFFIXES: tuple[str, ...] = (".svg", ".png", ".tif", ".tiff", ".webp", ".jpg", ".jpeg", ".bmp", ".gif", ".pgm")
"""How the names of masks usually end; what a file holds decides, not its name."""

_SNIFFED_BYTES = 4096
_SAME_PROPORTIONS = 0.01


def read_selection(path: Path, size: Size) -> tuple[Coverage, tuple[str, ...]]:
    """Return what a file selects of a photo of `size`, ``(H, W)`` and read-only, and what was done to fit it.

    Of a grey picture white is selected, of one with transparency what is opaque, of an SVG what its shapes cover.
    Another size with the same proportions is stretched.

    Raises
    ------
    ImageReadError
        If it cannot be read, is in colour, has other proportions, or selects nothing.
    """
    data = _svg_in(path)
    if data is not None:
        try:
            coverage = svg_coverage(data, size)
        except SvgError as error:
            raise ImageReadError(f"{path} {error}.") from error
        freeze(coverage)
        return coverage, ()
    coverage, notes = _picture(path, size)
    if not coverage.any():
        raise ImageReadError(tr("{path} selects nothing: it is all black or transparent.", path=path))
    freeze(coverage)
    return coverage, notes


def _svg_in(path: Path) -> bytes | None:
    """Return the content of an SVG; None if it is something else, or cannot be read, which reading it then says."""
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFFED_BYTES)
            return start + file.read() if is_svg(start) else None
    except OSError:
        return None


def _picture(path: Path, size: Size) -> tuple[Coverage, tuple[str, ...]]:
    photo = read_photo(path)
    if photo.has_alpha:
        coverage = np.ascontiguousarray(photo.pixels[..., 3])
    else:
        coverage = np.ascontiguousarray(photo.pixels[..., 0])
        if (photo.pixels[..., 1:3] != coverage[..., None]).any():
            raise ImageReadError(tr("{path} is in colour; a mask is grey, or transparent where it hides.", path=path))
    if photo.size == size:
        return coverage, ()
    across, down = size.width / photo.size.width, size.height / photo.size.height
    if abs(across / down - 1) > _SAME_PROPORTIONS:
        raise ImageReadError(
            tr("{path} has {size} pixels, and the photo {photo_size}.", path=path, size=photo.size, photo_size=size)
        )
    way = cv2.INTER_AREA if across < 1 else cv2.INTER_LINEAR
    fitted = cv2.resize(coverage, (size.width, size.height), interpolation=way)
    note = tr("It has {size} pixels and was stretched to {photo_size}.", size=photo.size, photo_size=size)
    return np.asarray(fitted, np.uint8), (note,)
