"""What a stack of layers looks like: source-over compositing in straight alpha.

Layers are blended in the document's own colour space, 8 or 16 bits a channel at the door and 32-bit floats within,
and rounded once at the end. T. Porter and T. Duff, "Compositing digital images", SIGGRAPH 1984: the operator "over".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.arrays import DeepImage, RgbaImage
from core.deep import to_deep
from core.document import Document
from core.geometry import Rect
from core.layer import Layer
from core.layer_group import LayerGroup, enclosing

_Channel = TypeVar("_Channel", np.uint8, np.uint16)
_STRIP_PIXELS = 1 << 17
"""Pixels blended at a time: the float copies stay in the processor's cache and the memory stays bounded."""


_Faded = tuple[Layer, tuple[LayerGroup, ...]]
"""A layer, and the groups around it that are not opaque, the outermost first."""


@dataclass(frozen=True, eq=False)
class _Isolated:
    """What a group that is not opaque shows."""

    opacity: float
    items: tuple["_Item", ...]
    rect: Rect = field(init=False)

    def __post_init__(self) -> None:
        rect = Rect(0, 0, 0, 0)
        for item in self.items:
            rect = rect.unite(item.rect)
        object.__setattr__(self, "rect", rect)

    def drawn(self, part: Rect, is_deep: bool) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return premultiplied colour in [0, 255] and alpha in [0, 1] of the pixels of `part`."""
        colour = np.zeros((*part.size.shape, 3), np.float32)
        alpha = np.zeros((*part.size.shape, 1), np.float32)
        _put_over(colour, alpha, self.items, part, is_deep)
        colour *= np.float32(self.opacity)
        alpha *= np.float32(self.opacity)
        return colour, alpha


_Item = Layer | _Isolated


def composite(document: Document, region: Rect) -> RgbaImage:
    """Return the document's pixels in `region`, ``(region.height, region.width, 4)`` uint8 with straight alpha.

    Where one unmasked layer shows alone, the answer is a read-only view of its pixels and costs nothing; otherwise
    it is a new array. Pixels outside of every layer show the document's background, or are transparent black.
    """
    shown = composite_layers(document.layers, region, document.groups)
    return shown if document.background is None else _on_background(document, shown, region)


def composite_layers(layers: Sequence[Layer], region: Rect, groups: Sequence[LayerGroup] = ()) -> RgbaImage:
    """Return what `layers`, bottom first, show in `region` (see :func:`composite`).

    `groups` are those that the layers lie in. A group is composited by itself, and the result put over what lies below
    with the group's opacity. Where that is 1, it is the same as its members one after the other: "over" is associative.
    """
    stack = _visible_stack(layers, region, groups)
    if not stack:
        return np.zeros((region.height, region.width, 4), dtype=np.uint8)
    base, *above = stack
    is_kept = isinstance(base, Layer) and (base.is_plain or not above)
    image = _alone(base, region) if isinstance(base, Layer) else np.zeros((*region.size.shape, 4), dtype=np.uint8)
    if is_kept and not above:
        return image
    if not image.flags.writeable:
        image = image.copy()
    blended = Rect(0, 0, 0, 0)
    for item in above if is_kept else stack:
        blended = blended.unite(item.rect.intersect(region))
    for strip in _strips(blended):
        part = image[strip.moved(-region.x, -region.y).slices]
        if is_kept:
            _blend(part, above, strip)
        else:
            part[:] = 0  # a base that was rounded already would be rounded twice
            _blend(part, stack, strip)
    return image


def composite_deep(document: Document, region: Rect) -> DeepImage:
    """Return what :func:`composite` does with 16 bits a channel, as a new array; backgrounds have 8 of them."""
    behind = None
    if document.background is not None:
        behind = _on_background(document, np.zeros((*region.size.shape, 4), np.uint8), region)
    return composite_layers_deep(document.layers, region, document.groups, behind)


def composite_layers_deep(
    layers: Sequence[Layer], region: Rect, groups: Sequence[LayerGroup] = (), behind: RgbaImage | None = None
) -> DeepImage:
    """Return what :func:`composite_layers` does with 16 bits a channel, as a new array; `behind` lies below them."""
    stack = _visible_stack(layers, region, groups)
    if len(stack) == 1 and behind is None:
        (layer,) = stack
        if isinstance(layer, Layer) and layer.is_plain and _covers(layer, region):
            pixels = _cut(layer.pixels, layer, region)
            return to_deep(pixels) if layer.deep is None else _cut(layer.deep, layer, region).copy()
    image = np.zeros((*region.size.shape, 4), np.uint16)
    for strip in _strips(region):
        where = strip.moved(-region.x, -region.y).slices
        below = np.zeros((*strip.size.shape, 4), np.float32) if behind is None else behind[where].astype(np.float32)
        alpha = below[..., 3:] / np.float32(255)
        colour = below[..., :3] * alpha
        _put_over(colour, alpha, stack, strip, is_deep=True)
        colour *= np.float32(257)
        colour /= np.maximum(alpha, np.float32(1e-6))
        image[where][..., :3] = np.minimum(np.rint(colour), 65535)
        image[where][..., 3:] = np.rint(alpha * np.float32(65535))
    return image


def _on_background(document: Document, shown: RgbaImage, region: Rect) -> RgbaImage:
    from core.backdrop import laid_on_background  # which composites layers itself

    return laid_on_background(document, shown, region)


def _alone(layer: Layer, region: Rect) -> RgbaImage:
    """Return what `layer` shows in `region` without any other: a read-only view if possible."""
    if layer.is_plain and _covers(layer, region):
        return _cut(layer.pixels, layer, region)
    image = np.zeros((region.height, region.width, 4), dtype=np.uint8)
    part = layer.rect.intersect(region)
    shown = image[part.moved(-region.x, -region.y).slices]
    shown[:] = _cut(layer.pixels, layer, part)
    for strip in _strips(part) if not layer.is_plain else ():
        alpha = _layer_alpha(layer, strip, is_deep=False)
        shown[strip.moved(-part.x, -part.y).slices][..., 3:] = np.rint(alpha * np.float32(255))
    return image


def hides_background(document: Document) -> bool:
    """Return whether one opaque layer covers the whole picture, so that nothing behind the layers is seen."""
    stack = _visible_stack(document.layers, document.rect, document.groups)
    return any(isinstance(item, Layer) and _hides_all_below(item, document.rect) for item in stack)


def _visible_stack(layers: Sequence[Layer], region: Rect, groups: Sequence[LayerGroup]) -> list["_Item"]:
    """Return what shows in `region`, bottom first, without what lies under an opaque layer."""
    shown = []
    for layer in layers:
        around = enclosing(layer.group_id, groups)
        is_shown = layer.is_visible and all(group.is_visible for group in around)
        if is_shown and layer.opacity > 0 and not layer.rect.intersect(region).is_empty:
            shown.append((layer, tuple(group for group in around if group.opacity < 1)))
    stack = _nested(shown, 0)
    for index in range(len(stack) - 1, 0, -1):
        item = stack[index]
        if isinstance(item, Layer) and _hides_all_below(item, region):
            return stack[index:]
    return stack


def _nested(shown: "Sequence[_Faded]", depth: int) -> list["_Item"]:
    """Return layers with those of their groups that are not opaque, of which `depth` are known, as a tree."""
    items: list[_Item] = []
    for group, members in groupby(shown, lambda each: each[1][depth] if len(each[1]) > depth else None):
        if group is None:
            items.extend(layer for layer, _ in members)
        elif group.opacity > 0:
            items.append(_Isolated(group.opacity, tuple(_nested(tuple(members), depth + 1))))
    return items


def _hides_all_below(layer: Layer, region: Rect) -> bool:
    if not (layer.is_plain and _covers(layer, region)):
        return False
    return bool((_cut(layer.pixels, layer, region)[..., 3] == 255).all())


def _covers(layer: Layer, region: Rect) -> bool:
    return layer.rect.intersect(region) == region


def _cut(array: NDArray[_Channel], layer: Layer, region: Rect) -> NDArray[_Channel]:
    """Return the part of one of the layer's arrays that lies in `region`, which the layer covers."""
    return array[region.moved(-layer.x, -layer.y).slices]


def _strips(rect: Rect) -> Iterator[Rect]:
    if rect.is_empty:
        return
    rows = max(1, _STRIP_PIXELS // rect.width)
    for top in range(rect.y, rect.bottom, rows):
        yield Rect(rect.x, top, rect.width, min(rows, rect.bottom - top))


def _blend(image: RgbaImage, items: "Sequence[_Item]", strip: Rect) -> None:
    """Put `items`, bottom first, over `image`, the pixels of `strip`, in place."""
    alpha = image[..., 3:].astype(np.float32) / np.float32(255)
    colour = image[..., :3].astype(np.float32) * alpha  # premultiplied while it adds up
    _put_over(colour, alpha, items, strip, is_deep=False)
    colour /= np.maximum(alpha, np.float32(1e-6))
    np.rint(colour, out=colour)
    image[..., :3] = np.minimum(colour, 255, out=colour)
    image[..., 3:] = np.rint(alpha * np.float32(255))


def _put_over(
    colour: NDArray[np.float32], alpha: NDArray[np.float32], items: "Sequence[_Item]", strip: Rect, is_deep: bool
) -> None:
    """Put `items` over `colour`, premultiplied in [0, 255], and `alpha`, in [0, 1], the pixels of `strip`, in place."""
    for item in items:
        part = item.rect.intersect(strip)
        if part.is_empty:
            continue
        where = part.moved(-strip.x, -strip.y).slices
        if isinstance(item, Layer):
            over = _layer_alpha(item, part, is_deep)
            light = _values(item, part, slice(3), is_deep) * over
        else:
            light, over = item.drawn(part, is_deep)
        rest = 1 - over
        colour[where] *= rest
        colour[where] += light
        alpha[where] *= rest
        alpha[where] += over


def _values(layer: Layer, part: Rect, channels: slice, is_deep: bool) -> NDArray[np.uint8] | NDArray[np.float32]:
    """Return some channels of the layer's pixels in `part`, in [0, 255]; with `is_deep` as finely as they are known."""
    if is_deep and layer.deep is not None:
        return _cut(layer.deep, layer, part)[..., channels].astype(np.float32) / np.float32(257)
    return _cut(layer.pixels, layer, part)[..., channels]


def _layer_alpha(layer: Layer, part: Rect, is_deep: bool) -> NDArray[np.float32]:
    """Return how much of each pixel of `part` the layer hides, ``(h, w, 1)`` float32 in [0, 1]."""
    alpha = _values(layer, part, slice(3, 4), is_deep).astype(np.float32)
    scale = np.float32(layer.opacity / 255)
    mask = layer.shown_mask
    if mask is None:
        alpha *= scale
    else:
        alpha *= _cut(mask, layer, part)[..., np.newaxis]
        alpha *= scale / np.float32(255)
    return alpha
