"""What a person does to layers: a function for each gesture makes its command, or None if it would change nothing.

What takes long is apart, as a function of a snapshot: it may run in another thread while the document goes on changing.
"""

from dataclasses import replace

import numpy as np

from core.arrays import Coverage, RgbaImage
from core.color import convert_profile
from core.commands import ChangeSelection, Command, Together
from core.cut_source import CutSource, is_cut_in_place, scaled_coverage
from core.document import Document
from core.geometry import Rect
from core.layer import Layer, new_layer_id
from core.layer_change import ChangeLayers
from core.layer_choice import check_unlocked
from core.mask_change import ChangeMask
from core.recipe import Recipe
from core.texts import mark, tr

EDGE_CONTEXT = 96
"""Pixels around an object that its edge colours are estimated from."""

REMOVE_BACKGROUND = mark("Remove background")
"""What undo calls the step of :func:`remove_background`."""


def cut_layer(document: Document) -> Layer | None:
    """Return what is selected as a trimmed layer in place; None if nothing visible is selected. Slow when large."""
    if document.selection is None or not document.has_visible_layer:
        return None
    source = CutSource.of(document)
    region = Rect.of_mask(document.selection).padded(EDGE_CONTEXT).clipped(document.size)
    cutout, name = source.cut(document.selection, region), unused_name(document, tr("Object"))
    return trimmed_layer(source, cutout, region, name, document.selection_recipe)


def trimmed_layer(
    source: CutSource, cutout: RgbaImage, region: Rect, name: str, recipe: Recipe | None = None
) -> Layer | None:
    """Return the part of `cutout`, of `region` of `source`, that shows anything as a layer in place; None if none.

    `recipe` is how it was selected, if that is known.
    """
    rect = Rect.of_mask(cutout[..., 3])
    if rect.is_empty:
        return None
    pixels = cutout[rect.slices].copy()  # else the layer keeps the margin around it alive
    return Layer(
        new_layer_id(),
        name,
        pixels,
        region.x + rect.x,
        region.y + rect.y,
        cut_from=tuple(part.pixels_key for part in source.layers),
        recipe=recipe,
        deep=source.deep_of_photo(pixels, rect.moved(region.x, region.y)),
    )


def insert_cutout(document: Document, layer: Layer) -> Command:
    """Put what :func:`cut_layer` made above the active layer."""
    named = replace(layer, name=unused_name(document, tr("Object")))
    return insertion(tr("Layer from selection"), document, named)


def remove_background(document: Document, coverage: Coverage, recipe: Recipe | None = None) -> Command | None:
    """Hide everything outside of `coverage`, ``(H, W)`` of the document's size, with a layer mask, and deselect.

    It is the active layer that is masked, or the photo that the active layer was cut out of. What a mask hid already
    stays hidden. The pixels stay untouched. `recipe` is how `coverage` was selected, if that is known.
    """
    layer = removal_target(document)
    if layer is None:
        return None
    check_unlocked(layer)
    mask = coverage_on(layer, coverage, document)
    if layer.shown_mask is not None:
        mask, recipe = scaled_coverage(mask, layer.shown_mask), None
    masked = with_layer(document, layer.with_mask(mask, recipe))
    title = tr(REMOVE_BACKGROUND)
    hide = ChangeLayers.between(title, document, masked)
    if document.selection is None:
        return hide
    return Together(title, (hide, ChangeSelection.between(title, document, None)))


def remove_background_closely(
    document: Document, layer_id: str, mask_before: Coverage | None, coverage: Coverage
) -> Command | None:
    """Hide the same background as :func:`remove_background` did, along an outline that was looked at closely.

    `mask_before` is what the layer's mask showed until then, over its own pixels; None for everything.
    """
    layer = document.layer(layer_id)
    mask = coverage_on(layer, coverage, document)
    if mask_before is not None:
        mask = scaled_coverage(mask, mask_before)
    command = ChangeMask.between(tr(REMOVE_BACKGROUND), document, layer_id, mask)
    if command is None or layer.recipe is None:
        return command
    return replace(command, recipes=(layer.recipe, layer.recipe.looked_at_closely()))


def add_layer(document: Document, pixels: RgbaImage, name: str, icc_profile: bytes | None = None) -> Command:
    """Put `pixels`, in the space of `icc_profile` (None: sRGB), in a layer above the active one, centred."""
    pixels = convert_profile(pixels, icc_profile, document.icc_profile)
    height, width = pixels.shape[:2]
    x, y = (document.size.width - width) // 2, (document.size.height - height) // 2
    return insertion(tr("Add layer"), document, Layer(new_layer_id(), name, pixels, x, y))


def unused_name(document: Document, stem: str) -> str:
    """Return "`stem` N" with the smallest N that no layer and no group has."""
    names = {layer.name for layer in document.layers} | {group.name for group in document.groups}
    return next(name for number in range(1, len(names) + 2) if (name := f"{stem} {number}") not in names)


def insertion(title: str, document: Document, layer: Layer) -> ChangeLayers:
    """Return the command that puts a layer above the active one, into its group, and makes it the active one."""
    active = document.active_layer
    index = len(document.layers) if active is None else document.index_of(active.id) + 1
    placed = replace(layer, group_id=None if active is None else active.group_id)
    layers = (*document.layers[:index], placed, *document.layers[index:])
    return ChangeLayers.between(title, document, layers, layer.id)


def with_layer(document: Document, layer: Layer) -> tuple[Layer, ...]:
    """Return the document's layers with another value of one of them."""
    return tuple(layer if layer.id == old.id else old for old in document.layers)


def removal_target(document: Document) -> Layer | None:
    """Return the layer that :func:`remove_background` masks: the active one, or the topmost that it was cut out of."""
    layer = document.active_layer
    visible = document.shown_layers
    if layer is None or not is_cut_in_place(layer, visible):
        return layer
    return next(other for other in reversed(visible) if other.pixels_key in layer.cut_from and not other.cut_from)


def coverage_on(layer: Layer, coverage: Coverage, document: Document) -> Coverage:
    """Return `coverage` of the document over a layer's own pixels, 0 outside of the document; do not write on it."""
    if layer.rect == document.rect:
        return coverage
    local = np.zeros(layer.pixels.shape[:2], dtype=np.uint8)
    seen = layer.rect.intersect(document.rect)
    local[seen.moved(-layer.x, -layer.y).slices] = coverage[seen.slices]
    return local
