"""What a stack of layers looks like: source-over compositing in straight alpha.

Layers are blended in the document's own colour space, 8 bits a channel at the door and 32-bit floats within, and
rounded once at the end. T. Porter and T. Duff, "Compositing digital images", SIGGRAPH 1984: the operator "over".
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbaImage
from core.document import Document
from core.geometry import Rect
from core.layer import Layer

_STRIP_PIXELS = 1 << 17
"""Pixels blended at a time: the float copies stay in the processor's cache and the memory stays bounded."""


def composite(document: Document, region: Rect) -> RgbaImage:
    """Return the document's pixels in `region`, ``(region.height, region.width, 4)`` uint8 with straight alpha.

    Where one unmasked layer shows alone, the answer is a read-only view of its pixels and costs nothing; otherwise
    it is a new array. Pixels outside of every layer are transparent black.
    """
    return composite_layers(document.layers, region)


def composite_layers(layers: Sequence[Layer], region: Rect) -> RgbaImage:
    """Return what `layers`, bottom first, show in `region` (see :func:`composite`)."""
    stack = _visible_stack(layers, region)
    if not stack:
        return np.zeros((region.height, region.width, 4), dtype=np.uint8)
    base, *above = stack
    image = _alone(base, region)
    if not above:
        return image
    if not image.flags.writeable:
        image = image.copy()
    blended = Rect(0, 0, 0, 0)
    for layer in above:
        blended = blended.unite(layer.rect.intersect(region))
    for strip in _strips(blended):
        part = image[strip.moved(-region.x, -region.y).slices]
        if base.is_plain:
            _blend(part, above, strip)
        else:
            part[:] = 0  # a base that was rounded already would be rounded twice
            _blend(part, stack, strip)
    return image


def _alone(layer: Layer, region: Rect) -> RgbaImage:
    """Return what `layer` shows in `region` without any other: a read-only view if possible."""
    if layer.is_plain and _covers(layer, region):
        return _cut(layer.pixels, layer, region)
    image = np.zeros((region.height, region.width, 4), dtype=np.uint8)
    part = layer.rect.intersect(region)
    shown = image[part.moved(-region.x, -region.y).slices]
    shown[:] = _cut(layer.pixels, layer, part)
    for strip in _strips(part) if not layer.is_plain else ():
        alpha = _layer_alpha(layer, strip)
        shown[strip.moved(-part.x, -part.y).slices][..., 3:] = np.rint(alpha * np.float32(255))
    return image


def _visible_stack(layers: Sequence[Layer], region: Rect) -> list[Layer]:
    """Return the layers that show in `region`, bottom first, without those under an opaque one."""
    shown = [
        layer
        for layer in layers
        if layer.is_visible and layer.opacity > 0 and not layer.rect.intersect(region).is_empty
    ]
    for index in range(len(shown) - 1, 0, -1):
        if _hides_all_below(shown[index], region):
            return shown[index:]
    return shown


def _hides_all_below(layer: Layer, region: Rect) -> bool:
    if not (layer.is_plain and _covers(layer, region)):
        return False
    return bool((_cut(layer.pixels, layer, region)[..., 3] == 255).all())


def _covers(layer: Layer, region: Rect) -> bool:
    return layer.rect.intersect(region) == region


def _cut(array: NDArray[np.uint8], layer: Layer, region: Rect) -> NDArray[np.uint8]:
    """Return the part of one of the layer's arrays that lies in `region`, which the layer covers."""
    return array[region.moved(-layer.x, -layer.y).slices]


def _strips(rect: Rect) -> Iterator[Rect]:
    if rect.is_empty:
        return
    rows = max(1, _STRIP_PIXELS // rect.width)
    for top in range(rect.y, rect.bottom, rows):
        yield Rect(rect.x, top, rect.width, min(rows, rect.bottom - top))


def _blend(image: RgbaImage, layers: Sequence[Layer], strip: Rect) -> None:
    """Put `layers`, bottom first, over `image`, the pixels of `strip`, in place."""
    alpha = image[..., 3:].astype(np.float32) / np.float32(255)
    colour = image[..., :3].astype(np.float32) * alpha  # premultiplied while it adds up
    for layer in layers:
        part = layer.rect.intersect(strip)
        if part.is_empty:
            continue
        where = part.moved(-strip.x, -strip.y).slices
        over = _layer_alpha(layer, part)
        rest = 1 - over
        colour[where] *= rest
        colour[where] += _cut(layer.pixels, layer, part)[..., :3] * over
        alpha[where] *= rest
        alpha[where] += over
    colour /= np.maximum(alpha, np.float32(1e-6))
    np.rint(colour, out=colour)
    image[..., :3] = np.minimum(colour, 255, out=colour)
    image[..., 3:] = np.rint(alpha * np.float32(255))


def _layer_alpha(layer: Layer, part: Rect) -> NDArray[np.float32]:
    """Return how much of each pixel of `part` the layer hides, ``(h, w, 1)`` float32 in [0, 1]."""
    alpha = _cut(layer.pixels, layer, part)[..., 3:].astype(np.float32)
    scale = np.float32(layer.opacity / 255)
    mask = layer.shown_mask
    if mask is None:
        alpha *= scale
    else:
        alpha *= _cut(mask, layer, part)[..., np.newaxis]
        alpha *= scale / np.float32(255)
    return alpha
