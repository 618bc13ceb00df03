"""Layers dragged elsewhere."""

from collections.abc import Collection
from dataclasses import replace

from core.commands import Command
from core.document import Document
from core.item_edits import active_item
from core.layer import Layer
from core.layer_change import ChangeLayers
from core.layer_choice import check_unlocked
from core.texts import tr


def moved_layers(document: Document) -> tuple[Layer, ...]:
    """Return the layers that are moved together: the active group's, or the active layer.

    Raises
    ------
    LockedError
        If one of them is locked.
    """
    group, layer = document.active_group, document.active_layer
    layers = document.members(group.id) if group is not None else (layer,) if layer is not None else ()
    check_unlocked(*layers)
    return layers


def move_pixels(document: Document, dx: int, dy: int, gesture: str) -> Command | None:
    """Move the active layer or group by whole pixels; what has the same `gesture` is one undo step.

    A cutout that no longer lies over what it was cut from is a layer of its own from then on (`Layer.cut_from`).

    Raises
    ------
    LockedError
        If one of the layers is locked.
    """
    moving = {layer.id for layer in moved_layers(document)}
    if not moving or (dx, dy) == (0, 0):
        return None
    shifted = _sources(document, moving)
    still = _sources(document, {layer.id for layer in document.layers} - moving)
    layers = []
    for layer in document.layers:
        if layer.id in moving:
            is_along = set(layer.cut_from) <= shifted
            cut_from = layer.cut_from if is_along else ()
            layers.append(replace(layer, x=layer.x + dx, y=layer.y + dy, cut_from=cut_from))
        else:
            is_left = shifted - still and set(layer.cut_from) & (shifted - still)
            layers.append(replace(layer, cut_from=()) if is_left else layer)
    title = tr("Move pixels") if document.active_group_id is None else tr("Move pixels of group")
    return ChangeLayers.between(title, document, tuple(layers), merge_key=(f"move {active_item(document)}", gesture))


def _sources(document: Document, layer_ids: Collection[str]) -> set[str]:
    """Return the names of the pixels that others may have been cut from, of these layers."""
    return {layer.pixels_key for layer in document.layers if layer.id in layer_ids and not layer.cut_from}
