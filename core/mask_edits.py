"""What a person does to layer masks: a function for each gesture makes its command, or None if it changes nothing.

A locked layer refuses with :class:`LockedError`.
"""

from dataclasses import replace

import numpy as np

from core import mask_ops
from core.arrays import Coverage, RgbaImage
from core.commands import ChangeSelection, Command
from core.cut_source import CutSource, scaled_coverage
from core.cutout import make_cutout
from core.deep import carried
from core.document import Document
from core.geometry import Rect
from core.layer import Layer, new_layer_id
from core.layer_change import ChangeLayers
from core.layer_choice import check_unlocked
from core.layer_edits import coverage_on, insertion, unused_name, with_layer
from core.mask_change import ChangeMask
from core.recipe import Recipe
from core.texts import tr


def add_mask(document: Document, layer_id: str) -> Command | None:
    """Give a layer without a mask one that hides nothing, and make it the target."""
    layer = document.layer(layer_id)
    if layer.mask is not None:
        return None
    return _masked(tr("Add mask"), document, layer, np.full(layer.rect.size.shape, 255, np.uint8))


def mask_from_selection(document: Document, layer_id: str) -> Command | None:
    """Hide all of a layer that is not selected, with a mask in place of the one that it has, and make it the target."""
    layer = document.layer(layer_id)
    if document.selection is None:
        return None
    mask = coverage_on(layer, document.selection, document)
    return _masked(tr("Mask from selection"), document, layer, mask, document.selection_recipe)


def invert_mask(document: Document, layer_id: str) -> Command | None:
    """Show what a layer's mask hides, and hide what it shows."""
    layer = document.layer(layer_id)
    check_unlocked(layer)
    return (
        None
        if layer.mask is None
        else ChangeMask.between(tr("Invert mask"), document, layer_id, mask_ops.invert(layer.mask))
    )


def selection_from_mask(document: Document, layer_id: str) -> Command | None:
    """Select what a layer's mask shows."""
    layer = document.layer(layer_id)
    if layer.mask is None:
        return None
    selection = np.zeros(document.size.shape, np.uint8)
    seen = layer.rect.intersect(document.rect)
    selection[seen.slices] = layer.mask[seen.moved(-layer.x, -layer.y).slices]
    command = ChangeSelection.between(tr("Selection from mask"), document, selection)
    return None if command.rect.is_empty else command


def masked_layer(document: Document) -> Command | None:
    """Put what is selected above the active layer: the untouched pixels of the picture, and a mask that can be edited.

    A photo that is the whole picture lends its pixels, so that the mask may grow to any part of it; of several layers
    the new one gets what they show around the selection. None if nothing visible is selected.
    """
    if document.selection is None or not document.has_visible_layer:
        return None
    source, name = CutSource.of(document), unused_name(document, tr("Object"))
    cut_from, photo = tuple(layer.pixels_key for layer in source.layers), source.photo
    if photo is not None:
        mask, recipe = coverage_on(photo, document.selection, document), document.selection_recipe
        if photo.shown_mask is not None:
            mask, recipe = scaled_coverage(mask, photo.shown_mask), None
        layer = replace(
            photo.with_mask(mask, recipe),
            id=new_layer_id(),
            name=name,
            opacity=document.opacity_of(photo),
            is_locked=False,
            cut_from=cut_from,
        )
    else:
        rect = Rect.of_mask(document.selection)
        pixels, mask = source.composite(rect), document.selection[rect.slices].copy()
        layer = Layer(new_layer_id(), name, pixels.copy(), rect.x, rect.y, mask, cut_from=cut_from)
    return insertion(tr("Masked layer from selection"), document, layer) if _shows(layer) else None


def enable_mask(document: Document, layer_id: str, is_enabled: bool) -> Command | None:
    """Switch a layer's mask on or off."""
    title = tr("Switch mask on") if is_enabled else tr("Switch mask off")
    layer = document.layer(layer_id)
    if layer.is_mask_enabled == is_enabled:
        return None
    return ChangeLayers.between(title, document, with_layer(document, replace(layer, is_mask_enabled=is_enabled)))


def delete_mask(document: Document, layer_id: str) -> Command | None:
    """Take a layer's mask away, so that all of the layer shows again."""
    layer = document.layer(layer_id)
    check_unlocked(layer)
    if layer.mask is None:
        return None
    return ChangeLayers.between(tr("Delete mask"), document, with_layer(document, layer.with_mask(None)))


def masked_pixels(layer: Layer) -> RgbaImage:
    """Return a layer's pixels, transparent where its mask hides them, with cleaned edge colours. Slow when large."""
    if layer.mask is None:
        return layer.pixels
    return make_cutout(layer.pixels, layer.mask)


def apply_mask(document: Document, layer_id: str, pixels: RgbaImage) -> Command:
    """Give a layer the `pixels` that :func:`masked_pixels` made of it, and take its mask away."""
    layer = document.layer(layer_id)
    check_unlocked(layer)
    deep = None if layer.deep is None else carried(pixels, layer.pixels, layer.deep)
    applied = layer.with_pixels(pixels, layer.x, layer.y, deep)
    return ChangeLayers.between(tr("Apply mask"), document, with_layer(document, applied))


def _masked(title: str, document: Document, layer: Layer, mask: Coverage, recipe: Recipe | None = None) -> Command:
    check_unlocked(layer)
    layers = with_layer(document, layer.with_mask(mask, recipe))
    return ChangeLayers.between(title, document, layers, layer.id, is_mask_target=True)


def _shows(layer: Layer) -> bool:
    return layer.mask is not None and bool((np.minimum(layer.mask, layer.pixels[..., 3]) > 0).any())
