"""Layers at a fraction of their size, for what is blurred anyway: it looks the same and costs little.

Each layer is reduced once for each content, so that a stroke on one mask reduces that mask alone.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from core.arrays import Coverage, RgbaImage
from core.compositor import composite_layers
from core.content_cache import ContentCache
from core.document import Document
from core.geometry import Rect
from core.layer import Layer
from core.layer_group import LayerGroup

_STRIP_PIXELS = 1 << 20
_cache = ContentCache(96 << 20)


def reduced_alpha(document: Document, factor: int, rect: Rect) -> Coverage:
    """Return how much the layers hide in `rect`, given in cells of `factor` x `factor` pixels, ``(h, w)`` uint8."""
    layers = document.shown_layers if factor == 1 else [_alpha_only(layer, factor) for layer in document.shown_layers]
    return np.ascontiguousarray(composite_layers(layers, rect, document.groups)[..., 3])


def reduced_colours(layers: Sequence[Layer], factor: int, rect: Rect) -> RgbaImage:
    """Return what unmasked `layers`, of no group, show in `rect`, in cells as :func:`reduced_alpha`."""
    return composite_layers(layers if factor == 1 else [_reduced(layer, factor) for layer in layers], rect)


def look_key(document: Document) -> tuple[object, ...]:
    """Return a name of exactly what the layers look like."""
    return tuple(_layer_look(layer, document.groups_of(layer)) for layer in document.layers if document.is_shown(layer))


def place_key(layer: Layer) -> tuple[object, ...]:
    """Return a name of exactly the layer's pixels and their place."""
    return layer.pixels_key, layer.x, layer.y


def _layer_look(layer: Layer, groups: tuple[LayerGroup, ...]) -> tuple[object, ...]:
    mask_key = None if layer.shown_mask is None else layer.mask_key
    return *place_key(layer), mask_key, layer.opacity, tuple((group.id, group.opacity) for group in groups)


def _reduced(layer: Layer, factor: int) -> Layer:
    cells = _cells(layer.rect, factor)

    def make() -> RgbaImage:
        return _area_mean(_padded(layer.pixels, layer.rect, cells, factor), factor)

    pixels = _cache.get(("colours", place_key(layer), factor), make)
    return replace(layer, pixels=pixels, x=cells.x, y=cells.y, mask=None, deep=None)


def _alpha_only(layer: Layer, factor: int) -> Layer:
    mask_key = None if layer.shown_mask is None else layer.mask_key
    cells = _cells(layer.rect, factor)

    def make() -> RgbaImage:
        coverage = _padded(_coverage(layer), layer.rect, cells, factor)
        pixels = np.zeros((*cells.size.shape, 4), dtype=np.uint8)
        pixels[..., 3] = cv2.resize(coverage, (cells.width, cells.height), interpolation=cv2.INTER_AREA)
        return pixels

    pixels = _cache.get(("alpha", place_key(layer), mask_key, factor), make)
    return replace(layer, pixels=pixels, x=cells.x, y=cells.y, mask=None, deep=None)


def _coverage(layer: Layer) -> Coverage:
    mask = layer.shown_mask
    is_opaque = _cache.get(("opaque", layer.pixels_key), lambda: np.array([layer.pixels[..., 3].min() == 255]))
    if mask is not None and is_opaque[0]:
        return mask
    alpha = np.asarray(cv2.extractChannel(layer.pixels, 3), dtype=np.uint8)
    return alpha if mask is None else np.asarray(cv2.multiply(alpha, mask, scale=1 / 255), dtype=np.uint8)


def _cells(rect: Rect, factor: int) -> Rect:
    """Return the cells that hold any pixel of `rect`."""
    x, y = rect.x // factor, rect.y // factor
    return Rect(x, y, -(-rect.right // factor) - x, -(-rect.bottom // factor) - y)


def _padded(array: RgbaImage, rect: Rect, cells: Rect, factor: int) -> RgbaImage:
    """Return an image of `rect` with transparent pixels around it, so that it fills `cells`."""
    left, top = rect.x - cells.x * factor, rect.y - cells.y * factor
    right, bottom = cells.right * factor - rect.right, cells.bottom * factor - rect.bottom
    if not (left or top or right or bottom):
        return array
    none = (0, 0, 0, 0)
    return np.asarray(cv2.copyMakeBorder(array, top, bottom, left, right, cv2.BORDER_CONSTANT, value=none), np.uint8)


def _area_mean(pixels: RgbaImage, factor: int) -> RgbaImage:
    """Return the mean of cells in straight alpha: colours count by how opaque they are."""
    height, width = pixels.shape[0] // factor, pixels.shape[1] // factor
    result = np.empty((height, width, 4), dtype=np.uint8)
    rows = max(1, _STRIP_PIXELS // (pixels.shape[1] * factor))
    for top in range(0, height, rows):
        part = pixels[top * factor : (top + rows) * factor]
        shape = width, min(rows, height - top)
        if part[..., 3].min() == 255:
            result[top : top + rows] = cv2.resize(part, shape, interpolation=cv2.INTER_AREA)
            continue
        wide = part.astype(np.float32)
        wide[..., :3] *= wide[..., 3:] / np.float32(255)
        mean = np.asarray(cv2.resize(wide, shape, interpolation=cv2.INTER_AREA), dtype=np.float32)
        mean[..., :3] *= 255 / np.maximum(mean[..., 3:], np.float32(1e-3))
        result[top : top + rows] = np.rint(mean).clip(0, 255)
    return result
