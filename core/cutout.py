"""From a photo and what was selected in it to the picture that is saved."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, isfinite
from pathlib import Path
from typing import Self, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, RgbaImage, check_coverage, check_rgba
from core.color import convert_profile
from core.geometry import Rect, Size

_STRIP_PIXELS = 1 << 20
_EDGE_ROWS = 512
# Pixels around an edge that its colours are estimated from.
_REACH = 128
_FINE_SIGMA = 4.0
_MOST_RADIUS = 10_000.0

_Field: TypeAlias = NDArray[np.float32]


class BackgroundKind(StrEnum):
    """What lies behind a cutout."""

    TRANSPARENT = "transparent"
    COLOR = "color"
    IMAGE = "image"
    BLUR = "blur"


@dataclass(frozen=True, slots=True)
class Background:
    """What a person wants behind a cutout.

    `color` is sRGB and counts for ``COLOR``, `path` is a photo and counts for ``IMAGE``, `radius` is in pixels (the
    standard deviation of a Gaussian) and counts for ``BLUR``.
    """

    kind: BackgroundKind = BackgroundKind.TRANSPARENT
    color: tuple[int, int, int] = (255, 255, 255)
    path: Path | None = None
    radius: float = 0.0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the background that ``transparent``, ``#rrggbb``, ``blur:RADIUS`` or the path of a photo means.

        Raises
        ------
        ValueError
            If it is none of these; the message says what can be given.
        """
        if text == "transparent":
            return cls()
        if text.startswith("#"):
            if re.fullmatch(r"#[0-9a-fA-F]{6}", text) is None:
                raise ValueError(f"'{text}' is not a colour: give six hexadecimal digits, such as #ff8000")
            return cls(BackgroundKind.COLOR, color=(int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)))
        if text.startswith("blur:"):
            return cls(BackgroundKind.BLUR, radius=_parse_radius(text))
        if not text:
            raise ValueError("give transparent, #rrggbb, blur:RADIUS or the path of a photo")
        return cls(BackgroundKind.IMAGE, path=Path(text))


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


def place_on(
    cutout: RgbaImage,
    original: RgbaImage,
    background: Background,
    *,
    picture: RgbaImage | None = None,
    icc_profile: bytes | None = None,
) -> RgbaImage:
    """Return the cutout over a background; the cutout itself if that is transparent.

    Parameters
    ----------
    cutout, original
        What :func:`make_cutout` returned, and the photo it was made from. Kept.
    picture
        For an image: its pixels, of any size, in the colour space of `icc_profile`. It is scaled to fill the photo,
        and what sticks out is cut off evenly on both sides.
    icc_profile
        The photo's colour profile, so that a colour looks as it was asked for.
    """
    match background.kind:
        case BackgroundKind.TRANSPARENT:
            return cutout
        case BackgroundKind.COLOR:
            pixel = np.array([[(*background.color, 255)]], np.uint8)
            behind = np.empty_like(original)
            behind[:] = convert_profile(pixel, None, icc_profile)
        case BackgroundKind.IMAGE:
            if picture is None:
                raise ValueError("a background image needs its picture")
            behind = _filling(picture, Size.of(original))
        case BackgroundKind.BLUR:
            behind = _blurred_behind(original, cutout[..., 3], background.radius)
    return _laid_over(cutout, behind)


def trimmed(rgba: RgbaImage) -> tuple[RgbaImage, Rect]:
    """Return the part of an image that is not wholly transparent, and where it was; all of it if nothing is seen."""
    rect = Rect.of_mask(rgba[..., 3])
    if rect.is_empty:
        rect = Rect.of_size(Size.of(rgba))
    return rgba[rect.slices], rect


def _parse_radius(text: str) -> float:
    try:
        radius = float(text.removeprefix("blur:"))
    except ValueError:
        radius = float("nan")
    if not (isfinite(radius) and 0 < radius <= _MOST_RADIUS):
        raise ValueError(f"'{text}' has no radius: give a number of pixels above 0, such as blur:20")
    return radius


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


def _laid_over(top: RgbaImage, bottom: RgbaImage) -> RgbaImage:
    """Return straight-alpha `top` over straight-alpha `bottom`; hidden colours of the result are black."""
    result = _zero_where_hidden(bottom, bottom[..., 3])
    for rows in _strips(top.shape):
        above, below = top[rows], result[rows]
        alpha = above[..., 3]
        cv2.copyTo(above, np.equal(alpha, 255).astype(np.uint8), below)
        # Few pixels are neither in front nor behind, so only they are worth wide numbers.
        soft = (alpha > 0) & (alpha < 255)
        below[soft] = _mixed(above[soft].astype(np.float32), below[soft].astype(np.float32))
    return result


def _mixed(above: _Field, below: _Field) -> RgbaImage:
    """Return ``(N, 4)`` straight-alpha pixels over others; those above are not wholly transparent."""
    share = above[:, 3:] / 255
    rest = below[:, 3:] / 255 * (1 - share)
    alpha = share + rest
    colours = (above[:, :3] * share + below[:, :3] * rest) / alpha
    return np.rint(np.hstack([colours, alpha * 255])).astype(np.uint8)


def _filling(picture: RgbaImage, size: Size) -> RgbaImage:
    """Return a picture scaled, in proportion, to fill `size`; its transparent parts show white."""
    have = Size.of(picture)
    scale = max(size.width / have.width, size.height / have.height)
    width, height = min(have.width, size.width / scale), min(have.height, size.height / scale)
    x, y = (have.width - width) / 2, (have.height - height) / 2
    cut = Rect(int(x), int(y), max(1, round(width)), max(1, round(height))).clipped(have)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    opaque = picture[cut.slices]
    if opaque[..., 3].min() < 255:
        opaque = _laid_over(opaque, np.full_like(opaque, 255))
    return np.asarray(cv2.resize(opaque, (size.width, size.height), interpolation=method), dtype=np.uint8)


def _blurred_behind(original: RgbaImage, alpha: Coverage, radius: float) -> RgbaImage:
    """Return the photo blurred as if the cutout were not in it, so that its colours do not glow into the blur.

    A normalised convolution: colours count by how little of the cutout covers them. A wide blur is computed at a
    reduced size, where it looks the same.
    """
    size = Size.of(original)
    shrink = max(1.0, radius / _FINE_SIGMA)
    small = Size(max(1, round(size.width / shrink)), max(1, round(size.height / shrink)))
    sums = np.empty((*small.shape, 4), np.float32)
    for rows in _strips(small.shape, int(_STRIP_PIXELS / shrink**2)):
        sums[rows] = _weighted_part(original, alpha, small, rows)
    # Deep inside the cutout nothing else counts: there a trace of the photo itself keeps the quotient defined.
    cv2.GaussianBlur(sums, (0, 0), radius / shrink, dst=sums, borderType=cv2.BORDER_REPLICATE)
    colours = np.rint(sums[..., :3] / np.maximum(sums[..., 3:], 1e-6)).clip(0, 255).astype(np.uint8)
    result = np.empty_like(original)
    result[..., 3] = original[..., 3]
    result[..., :3] = cv2.resize(colours, (size.width, size.height), interpolation=cv2.INTER_LINEAR)
    return result


def _weighted_part(original: RgbaImage, alpha: Coverage, small: Size, rows: slice) -> _Field:
    """Return rows of the reduced photo: colours times weight, and the weight, ``(h, small.width, 4)`` float32."""
    factor = original.shape[0] / small.height
    top, bottom = int(rows.start * factor), min(original.shape[0], ceil(rows.stop * factor))
    part = original[top:bottom].astype(np.float32)
    weight = (255.0 - alpha[top:bottom, :, np.newaxis]) * part[..., 3:] / 65025 + 1e-3
    part[..., :3] *= weight
    part[..., 3:] = weight
    shape = small.width, rows.stop - rows.start
    return np.asarray(cv2.resize(part, shape, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _strips(shape: tuple[int, ...], pixels: int = _STRIP_PIXELS) -> Iterator[slice]:
    """Cut an image into slices of rows of about so many `pixels`, so that wide numbers fit in little memory."""
    rows = max(1, pixels // shape[1])
    for top in range(0, shape[0], rows):
        yield slice(top, min(top + rows, shape[0]))
