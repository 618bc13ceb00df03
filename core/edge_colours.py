"""What layers show where they are soft: the object's own colours, as an exported cutout has them."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from core.arrays import Coverage, Mask, RgbaImage
from core.backdrop import laid_on_background
from core.compositor import composite_layers
from core.document import Document
from core.foreground import estimate_foreground
from core.geometry import Rect, Size
from core.layer import Layer
from core.layer_group import LayerGroup

REACH = 96
"""Pixels around a soft edge that its colours are estimated from."""


def composite_with_clean_edges(document: Document, region: Rect, selection: Coverage | None = None) -> RgbaImage | None:
    """Return :func:`core.compositor.composite` of `region` with the objects' own colours along soft edges.

    None if no edge in `region` is soft. Slow; for a worker.

    Parameters
    ----------
    selection
        Coverage of the document's size, whose soft edge is cleaned, too; None for none.
    """
    soft = None if selection is None else _soft(selection[region.slices])
    layers = [_cleaned(layer, region) for layer in document.layers]
    if soft is None and all(clean is layer for clean, layer in zip(layers, document.layers, strict=True)):
        return None
    shown = composite_layers(layers, region, document.groups)
    if soft is not None and selection is not None:
        around = region.padded(REACH).clipped(document.size)
        seen = composite_layers(document.layers, around, document.groups)
        shown = _recoloured(shown, soft, seen, selection[around.slices], region.moved(-around.x, -around.y))
    return laid_on_background(document, shown, region)


def layers_with_clean_edges(layers: Sequence[Layer], region: Rect, groups: Sequence[LayerGroup] = ()) -> RgbaImage:
    """Return :func:`core.compositor.composite_layers` with the objects' own colours along soft masks."""
    return composite_layers([_cleaned(layer, region) for layer in layers], region, groups)


def _cleaned(layer: Layer, region: Rect) -> Layer:
    """Return what a layer shows in `region`, with other colours where its mask is soft; itself where it is not."""
    part, mask = layer.rect.intersect(region), layer.shown_mask
    if mask is None or part.is_empty or not layer.is_visible:
        return layer
    local = part.moved(-layer.x, -layer.y)
    soft = _soft(mask[local.slices])
    if soft is None:
        return layer
    around = local.padded(REACH).clipped(Size.of(mask))
    inner = local.moved(-around.x, -around.y)
    pixels = _recoloured(layer.pixels[local.slices], soft, layer.pixels[around.slices], mask[around.slices], inner)
    return replace(layer, pixels=pixels, x=part.x, y=part.y, mask=mask[local.slices].copy(), deep=None)


def _soft(coverage: Coverage) -> Mask | None:
    """Return where pixels belong in part; None if they do nowhere."""
    soft = np.asarray((coverage > 0) & (coverage < 255))
    return soft if soft.any() else None


def _recoloured(pixels: RgbaImage, soft: Mask, around: RgbaImage, coverage: Coverage, inner: Rect) -> RgbaImage:
    """Return `pixels`, which lie at `inner` of `around` and `coverage`, with the object's own colours where soft."""
    colours = np.asarray(cv2.cvtColor(np.ascontiguousarray(around), cv2.COLOR_RGBA2RGB), np.uint8)
    estimated = estimate_foreground(colours, np.ascontiguousarray(coverage), inner)[inner.slices]
    result = pixels.copy()
    result[..., :3][soft] = estimated[soft]
    return result
