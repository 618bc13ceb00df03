"""Draws what lies behind the layers (:mod:`core.background`), for any part of a document.

Everything is derived from the document: nothing is stored in it. What a pixel looks like does not depend on the part
that is asked for. A colour and a gradient are computed as they are asked for; a picture is looked up in halved copies
of itself; what is blurred, the photo and the shadow, is blurred at a fraction of the size where that looks the same.
"""

from collections.abc import Callable
from dataclasses import replace
from math import ceil, cos, hypot, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbaImage
from core.background import Background, BlurFill, Color, ColorFill, Fit, GradientFill, GradientShape, ImageFill, Shadow
from core.color import convert_profile
from core.compositor import composite, composite_layers
from core.content_cache import ContentCache
from core.document import Document
from core.geometry import Rect, Size
from core.layer import Layer, new_layer_id
from core.over import laid_over
from core.reduced_layers import look_key, place_key, reduced_alpha, reduced_colours
from core.resampling import resampled

_Field = NDArray[np.float32]

_SUBJECT = "cutout"
_FINE_BLUR = 8.0
"""Below it, a blur is worked out at full size around the part that is asked for."""

_LOCAL = 1024
"""Up to this side in pixels, a part is blurred by itself: it costs less than all of the document."""

_SIGMAS = 4
"""How far a Gaussian reaches, in standard deviations."""

_cache = ContentCache(192 << 20)


def laid_on_background(document: Document, image: RgbaImage, region: Rect) -> RgbaImage:
    """Return `image`, what the layers of `document` show in `region`, over the document's background."""
    if document.background is None or (image[..., 3] == 255).all():
        return image
    return laid_over(image, _backdrop(document, document.background, region))


def on_background(document: Document, cutout: RgbaImage) -> RgbaImage:
    """Return `cutout`, ``(H, W, 4)`` of the document's size, over the document's background, in place of the layers."""
    if document.background is None:
        return cutout
    hidden = tuple(replace(layer, is_visible=False) for layer in document.layers)
    # The cutout is no part of the photo that is blurred behind it: that are layers of their own.
    subject = Layer(new_layer_id(), "Cutout", cutout, cut_from=(_SUBJECT,))
    return composite(replace(document, layers=(*hidden, subject)), document.rect)


def changed_rect(before: Document, document: Document, rect: Rect) -> Rect:
    """Return the pixels in which `document` looks different from `before`, if the layers that are shown do in `rect`.

    Shadow and blur reach further, also in from layers outside of the canvas, and the photo is blurred also where its
    layers are hidden.
    """
    background = document.background
    if background is None:
        return rect
    is_blurred = isinstance(background.fill, BlurFill)
    if is_blurred and _places(before) != _places(document):
        return document.rect
    if rect.is_empty:
        is_near = (is_blurred or background.shadow is not None) and look_key(before) != look_key(document)
        return document.rect if is_near else rect
    changed = rect
    if isinstance(background.fill, BlurFill):
        changed = rect.padded(_reach(background.fill.radius, document.size))
    if background.shadow is not None:
        shadow = background.shadow
        changed = changed.unite(rect.moved(shadow.dx, shadow.dy).padded(_reach(shadow.blur, document.size)))
    return changed.clipped(document.size)


def with_coarse_background(document: Document) -> Document:
    """Return a document whose background is roughly the same, and quick to draw row by row: for an overview."""
    background = document.background
    if background is None:
        return document
    fill, shadow = background.fill, background.shadow
    if isinstance(fill, BlurFill):
        fill = BlurFill(max(fill.radius, _FINE_BLUR))
    if shadow is not None:
        shadow = replace(shadow, blur=max(shadow.blur, _FINE_BLUR))
    return replace(document, background=Background(fill, shadow))


def _backdrop(document: Document, background: Background, region: Rect) -> RgbaImage:
    behind = _filled(document, background, region)
    if background.shadow is None:
        return behind
    cast = np.empty_like(behind)
    cast[..., :3] = _in_document(background.shadow.color, document)
    cast[..., 3] = _shadow_alpha(document, background.shadow, region)
    return laid_over(cast, behind)


def _filled(document: Document, background: Background, region: Rect) -> RgbaImage:
    image = np.zeros((*region.size.shape, 4), dtype=np.uint8)
    match background.fill:
        case ColorFill(color):
            image[:] = (*_in_document(color, document), 255)
        case GradientFill() as gradient:
            image[..., :3] = _gradient(gradient, document, region)
            image[..., 3] = 255
        case ImageFill() as picture:
            _draw_picture(picture, document.size, region, image)
        case BlurFill(radius):
            _draw_blurred(document, radius, region, image)
    return image


def _in_document(color: Color, document: Document) -> Color:
    """Return an sRGB colour in the document's colour space."""
    pixel = convert_profile(np.array([[(*color, 255)]], np.uint8), None, document.icc_profile)[0, 0]
    return int(pixel[0]), int(pixel[1]), int(pixel[2])


def _gradient(gradient: GradientFill, document: Document, region: Rect) -> NDArray[np.uint8]:
    width, height = document.size.width, document.size.height
    columns = (np.arange(region.x, region.right) + 0.5 - width / 2)[np.newaxis, :]
    rows = (np.arange(region.y, region.bottom) + 0.5 - height / 2)[:, np.newaxis]
    if gradient.shape is GradientShape.RADIAL:
        share = np.hypot(columns, rows) / (hypot(width, height) / 2)
    else:
        dx, dy = cos(radians(gradient.angle)), sin(radians(gradient.angle))
        # The corners that lie furthest along the line have the colours themselves.
        share = (columns * dx + rows * dy) / (abs(width * dx) + abs(height * dy)) + 0.5
    start, end = (np.array(_in_document(color, document), np.float32) for color in (gradient.start, gradient.end))
    part = share.clip(0, 1).astype(np.float32)[..., np.newaxis]
    mixed: NDArray[np.uint8] = np.rint(start + (end - start) * part).astype(np.uint8)
    return mixed


# --- a picture ---


def _draw_picture(fill: ImageFill, size: Size, region: Rect, image: RgbaImage) -> None:
    """Put the part of the picture that lies in `region` of a document of `size` into `image`, in place."""
    have = Size.of(fill.pixels)
    across, down = size.width / have.width, size.height / have.height
    if fill.fit is not Fit.STRETCH:
        across = down = max(across, down) if fill.fit is Fit.FILL else min(across, down)
    across, down = across * fill.scale, down * fill.scale
    left, top = (size.width - have.width * across) * fill.x, (size.height - have.height * down) * fill.y
    # A pixel belongs to the picture if its middle does.
    x0, y0 = max(region.x, ceil(left - 0.5)), max(region.y, ceil(top - 0.5))
    x1 = min(region.right, ceil(left + have.width * across - 0.5))
    y1 = min(region.bottom, ceil(top + have.height * down - 0.5))
    if x0 >= x1 or y0 >= y1:
        return
    level = 0
    while min(across, down) * 2 ** (level + 1) <= 1 and min(have.width, have.height) >> (level + 1) > 0:
        level += 1
    source = _halved(fill, level)
    columns = (np.arange(x0, x1) + 0.5 - left) * (source.shape[1] / (have.width * across)) - 0.5
    rows = (np.arange(y0, y1) + 0.5 - top) * (source.shape[0] / (have.height * down)) - 0.5
    target = image[Rect(x0, y0, x1 - x0, y1 - y0).moved(-region.x, -region.y).slices]
    target[..., :3] = _sampled(source[..., :3], columns, rows)
    target[..., 3] = 255


def _halved(fill: ImageFill, level: int) -> RgbaImage:
    """Return the picture halved `level` times."""
    if level == 0:
        return fill.pixels

    def make() -> RgbaImage:
        finer = _halved(fill, level - 1)
        width, height = max(1, finer.shape[1] // 2), max(1, finer.shape[0] // 2)
        return np.asarray(cv2.resize(finer, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)

    return _cache.get(("halved", fill.key, level), make)


def _sampled(source: NDArray[np.generic], columns: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return channels of an image at places between its pixels, rounded, ``(rows, columns, channels)``."""
    spans = []
    for places, count in ((rows, source.shape[0]), (columns, source.shape[1])):
        first = min(max(0, int(places[0]) - 1), count - 1)
        spans.append((first, max(first + 1, min(count, ceil(places[-1]) + 2))))
    (top, bottom), (left, right) = spans
    part = source[top:bottom, left:right]
    result = np.empty((len(rows), len(columns), part.shape[2]), dtype=np.uint8)
    for channel in range(part.shape[2]):
        values = part[..., channel].astype(np.float32)
        result[..., channel] = np.rint(resampled(values, columns - left, rows - top)).clip(0, 255)
    return result


# --- blurs ---


def _factor(sigma: float, size: Size) -> int:
    """Return by how much everything is reduced before it is blurred: a power of two."""
    factor = 1
    while sigma >= _FINE_BLUR and sigma / factor >= 4 and (size.longest / factor >= 512 or sigma / factor > 40):
        factor *= 2
    return factor


def _reach(sigma: float, size: Size) -> int:
    return ceil(_SIGMAS * sigma) + 2 * _factor(sigma, size) + 1


def _blurred_at(
    document: Document,
    sigma: float,
    region: Rect,
    whole: Rect,
    name: tuple[object, ...],
    draw: Callable[[int, Rect], _Field],
    finish: Callable[[_Field], _Field] = lambda blurred: blurred,
) -> tuple[_Field, NDArray[np.float64], NDArray[np.float64]]:
    """Return a blurred field, and where the columns and rows of `region` lie in it, in cells.

    `draw` returns the field itself in a block of cells of so many pixels, `finish` what is wanted of the blurred one,
    and `name` names that. For a long strip, the coarse field of the `whole` that strips lie in is made and kept: many
    of them will be asked for.
    """
    factor = _factor(sigma, document.size)
    reach = _reach(sigma, document.size)
    is_local = sigma < _FINE_BLUR or max(region.width, region.height) <= _LOCAL
    around = (region if is_local else whole).padded(reach)
    x, y = around.x // factor, around.y // factor
    cells = Rect(x, y, -(-around.right // factor) - x, -(-around.bottom // factor) - y)

    def make() -> _Field:
        drawn = draw(factor, cells)
        if sigma > 0:
            side = 2 * ceil(_SIGMAS * sigma / factor) + 1
            cv2.GaussianBlur(drawn, (side, side), sigma / factor, dst=drawn, borderType=cv2.BORDER_CONSTANT)
        return finish(drawn)

    field = make() if is_local else _cache.get((*name, sigma, factor, cells), make)
    columns = (np.arange(region.x, region.right) + 0.5) / factor - 0.5 - cells.x
    rows = (np.arange(region.y, region.bottom) + 0.5) / factor - 0.5 - cells.y
    return field, columns, rows


def _shadow_alpha(document: Document, shadow: Shadow, region: Rect) -> NDArray[np.uint8]:
    def draw(factor: int, cells: Rect) -> _Field:
        return reduced_alpha(document, factor, cells).astype(np.float32)

    cast_by, whole = (rect.moved(-shadow.dx, -shadow.dy) for rect in (region, document.rect))
    field, columns, rows = _blurred_at(document, shadow.blur, cast_by, whole, ("shadow", look_key(document)), draw)
    alpha: NDArray[np.uint8] = np.rint(resampled(field, columns, rows) * shadow.opacity).astype(np.uint8)
    return alpha


def _draw_blurred(document: Document, radius: float, region: Rect, image: RgbaImage) -> None:
    """Blur the photo as if the subject were not in it, so that its colours do not glow into the blur.

    A normalised convolution: colours count by how little of the subject covers them. In cells that the subject's
    outline crosses its colours are mixed in, so those count for little.
    """
    photo = _photo_layers(document)

    def draw(factor: int, cells: Rect) -> _Field:
        sums = reduced_colours(photo, factor, cells).astype(np.float32)
        clear = 1 - reduced_alpha(document, factor, cells).astype(np.float32) / 255
        if factor > 1:
            clear **= 8
        # Deep inside the subject nothing else counts: there a trace of the photo itself keeps the quotient defined.
        weight = (clear + np.float32(1e-3)) * (sums[..., 3] / 255)
        sums[..., :3] *= weight[..., np.newaxis]
        sums[..., 3] = weight
        return sums

    def finish(sums: _Field) -> _Field:
        sums[..., :3] /= np.maximum(sums[..., 3:], np.float32(1e-9))
        return sums[..., :3]

    name = "blur", _places(document), look_key(document)
    colours, columns, rows = _blurred_at(document, radius, region, document.rect, name, draw, finish)
    image[..., :3] = _sampled(colours, columns, rows)
    image[..., 3] = composite_layers(photo, region)[..., 3]


def _places(document: Document) -> tuple[tuple[object, ...], ...]:
    """Return a name of exactly what is blurred."""
    return tuple(place_key(layer) for layer in _photo_layers(document))


def _photo_layers(document: Document) -> tuple[Layer, ...]:
    """Return what was photographed: layers that were not cut out of others, hidden ones too, as they are unmasked."""
    own = tuple(layer for layer in document.layers if not layer.cut_from) or document.layers
    return tuple(replace(layer, mask=None, opacity=1.0, is_visible=True, group_id=None) for layer in own)
