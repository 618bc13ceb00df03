"""What a person does to layers: a function for each gesture makes its command, or None if it would change nothing.

What takes long is apart, as a function of a snapshot: it may run in another thread while the document goes on changing.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.arrays import Coverage, RgbaImage
from core.color import convert_profile
from core.commands import ChangeSelection, Command, Together
from core.cut_source import CutSource, is_cut_in_place, scaled_coverage
from core.cutout import make_cutout
from core.document import Document
from core.geometry import Rect
from core.layer import Layer, new_layer_id
from core.layer_change import ChangeLayers

EDGE_CONTEXT = 96
"""Pixels around an object that its edge colours are estimated from."""

REMOVE_BACKGROUND = "Remove background"
"""What undo calls the step of :func:`remove_background`."""


def cut_layer(document: Document) -> Layer | None:
    """Return what is selected as a trimmed layer in place; None if nothing visible is selected. Slow when large."""
    if document.selection is None or not document.has_visible_layer:
        return None
    source = CutSource.of(document)
    region = Rect.of_mask(document.selection).padded(EDGE_CONTEXT).clipped(document.size)
    return trimmed_layer(source, source.cut(document.selection, region), region, unused_name(document, "Object"))


def trimmed_layer(source: CutSource, cutout: RgbaImage, region: Rect, name: str) -> Layer | None:
    """Return the part of `cutout`, of `region` of `source`, that shows anything as a layer in place; None if none."""
    rect = Rect.of_mask(cutout[..., 3])
    if rect.is_empty:
        return None
    return Layer(
        new_layer_id(),
        name,
        cutout[rect.slices].copy(),  # else the layer keeps the margin around it alive
        region.x + rect.x,
        region.y + rect.y,
        cut_from=tuple(part.pixels_key for part in source.layers),
    )


def insert_cutout(document: Document, layer: Layer) -> Command:
    """Put what :func:`cut_layer` made above the active layer."""
    named = replace(layer, name=unused_name(document, "Object"))
    return _insertion("Layer from selection", document, named)


def remove_background(document: Document, coverage: Coverage) -> Command | None:
    """Hide everything outside of `coverage`, ``(H, W)`` of the document's size, with a layer mask, and deselect.

    It is the active layer that is masked, or the photo that the active layer was cut out of. What a mask hid already
    stays hidden. The pixels stay untouched.
    """
    layer = _background_layer(document)
    if layer is None:
        return None
    mask = _on_layer(coverage, layer, document)
    if layer.shown_mask is not None:
        mask = scaled_coverage(mask, layer.shown_mask)
    masked = _with_layer(document, layer.with_mask(mask))
    hide = ChangeLayers.between(REMOVE_BACKGROUND, document, masked)
    if document.selection is None:
        return hide
    return Together(REMOVE_BACKGROUND, (hide, ChangeSelection.between(REMOVE_BACKGROUND, document, None)))


def add_layer(document: Document, pixels: RgbaImage, name: str, icc_profile: bytes | None = None) -> Command:
    """Put `pixels`, in the space of `icc_profile` (None: sRGB), in a layer above the active one, centred."""
    pixels = convert_profile(pixels, icc_profile, document.icc_profile)
    height, width = pixels.shape[:2]
    x, y = (document.size.width - width) // 2, (document.size.height - height) // 2
    return _insertion("Add layer", document, Layer(new_layer_id(), name, pixels, x, y))


def duplicate_layer(document: Document, layer_id: str) -> Command:
    """Put a copy of a layer above it."""
    layer = document.layer(layer_id)
    copy = replace(
        layer, id=new_layer_id(), name=unused_name(document, layer.name), cut_from=layer.cut_from or (layer.pixels_key,)
    )
    index = document.index_of(layer_id) + 1
    layers = (*document.layers[:index], copy, *document.layers[index:])
    return ChangeLayers.between("Duplicate layer", document, layers, copy.id)


def delete_layer(document: Document, layer_id: str) -> Command:
    """Take a layer away."""
    index = document.index_of(layer_id)
    layers = (*document.layers[:index], *document.layers[index + 1 :])
    return ChangeLayers.between("Delete layer", document, layers)


def move_layer(document: Document, layer_id: str, index: int) -> Command | None:
    """Move a layer to another place, counted from the bottom; a place beyond the ends is the nearest end."""
    others = [layer for layer in document.layers if layer.id != layer_id]
    index = max(0, min(index, len(others)))
    if index == document.index_of(layer_id):
        return None
    others.insert(index, replace(document.layer(layer_id), group_id=_group_at(document, others, index)))
    return ChangeLayers.between("Move layer", document, tuple(others))


def show_layer(document: Document, layer_id: str, is_visible: bool) -> Command | None:
    """Show or hide a layer."""
    title = "Show layer" if is_visible else "Hide layer"
    return _changed(title, document, layer_id, lambda layer: replace(layer, is_visible=is_visible))


def set_opacity(document: Document, layer_id: str, opacity: float) -> Command | None:
    """Set a layer's opacity, in [0, 1]; every step of a slider goes into one undo step."""
    layer = replace(document.layer(layer_id), opacity=opacity)
    if layer.opacity == document.layer(layer_id).opacity:
        return None
    layers = _with_layer(document, layer)
    return ChangeLayers.between("Layer opacity", document, layers, merge_key=("opacity", layer_id))


def rename_layer(document: Document, layer_id: str, name: str) -> Command | None:
    """Give a layer another name; an empty one changes nothing."""
    name = name.strip()
    if not name:
        return None
    return _changed("Rename layer", document, layer_id, lambda layer: replace(layer, name=name))


def enable_mask(document: Document, layer_id: str, is_enabled: bool) -> Command | None:
    """Switch a layer's mask on or off."""
    title = "Switch mask on" if is_enabled else "Switch mask off"
    return _changed(title, document, layer_id, lambda layer: replace(layer, is_mask_enabled=is_enabled))


def delete_mask(document: Document, layer_id: str) -> Command | None:
    """Take a layer's mask away, so that all of the layer shows again."""
    return _changed(
        "Delete mask", document, layer_id, lambda layer: layer.with_mask(None) if layer.mask is not None else layer
    )


def masked_pixels(layer: Layer) -> RgbaImage:
    """Return a layer's pixels, transparent where its mask hides them, with cleaned edge colours. Slow when large."""
    if layer.mask is None:
        return layer.pixels
    return make_cutout(layer.pixels, layer.mask)


def apply_mask(document: Document, layer_id: str, pixels: RgbaImage) -> Command:
    """Give a layer the `pixels` that :func:`masked_pixels` made of it, and take its mask away."""
    layer = document.layer(layer_id)
    applied = layer.with_pixels(pixels, layer.x, layer.y)
    return ChangeLayers.between("Apply mask", document, _with_layer(document, applied))


def unused_name(document: Document, stem: str) -> str:
    """Return "`stem` N" with the smallest N that no layer has."""
    names = {layer.name for layer in document.layers}
    return next(name for number in range(1, len(names) + 2) if (name := f"{stem} {number}") not in names)


def _insertion(title: str, document: Document, layer: Layer) -> ChangeLayers:
    active = document.active_layer
    index = len(document.layers) if active is None else document.index_of(active.id) + 1
    placed = replace(layer, group_id=None if active is None else active.group_id)
    layers = (*document.layers[:index], placed, *document.layers[index:])
    return ChangeLayers.between(title, document, layers, layer.id)


def _group_at(document: Document, layers: list[Layer], index: int) -> str | None:
    """Return the innermost group that reaches from below place `index` of `layers` to above it."""
    if not 0 < index < len(layers):
        return None
    below, above = (document.groups_of(layer) for layer in (layers[index - 1], layers[index]))
    return next((group.id for group in reversed(below) if group in above), None)


def _changed(title: str, document: Document, layer_id: str, change: Callable[[Layer], Layer]) -> Command | None:
    before = document.layer(layer_id)
    after = change(before)
    fields = ("name", "is_visible", "is_mask_enabled", "mask_key")
    if all(getattr(before, name) == getattr(after, name) for name in fields):
        return None
    return ChangeLayers.between(title, document, _with_layer(document, after))


def _with_layer(document: Document, layer: Layer) -> tuple[Layer, ...]:
    return tuple(layer if layer.id == old.id else old for old in document.layers)


def _background_layer(document: Document) -> Layer | None:
    """Return the layer whose background is removed: the active one, or the topmost that it was cut out of."""
    layer = document.active_layer
    visible = document.shown_layers
    if layer is None or not is_cut_in_place(layer, visible):
        return layer
    return next(other for other in reversed(visible) if other.pixels_key in layer.cut_from and not other.cut_from)


def _on_layer(coverage: Coverage, layer: Layer, document: Document) -> Coverage:
    """Return `coverage` over the layer's own pixels, 0 outside of the document, as a new array."""
    local = np.zeros(layer.pixels.shape[:2], dtype=np.uint8)
    seen = layer.rect.intersect(document.rect)
    local[seen.moved(-layer.x, -layer.y).slices] = coverage[seen.slices]
    return local
