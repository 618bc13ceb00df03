"""What a person works on, and looks into: no change of the picture, and no undo step."""

from dataclasses import replace

from core.document import Document
from core.errors import LockedError
from core.layer import Layer
from core.texts import tr


def choose_layer(document: Document, layer_id: str) -> Document:
    """Return the document with another active layer; what is painted on is the selection."""
    return document.with_layers(document.layers, layer_id, is_mask_target=False)


def choose_group(document: Document, group_id: str) -> Document:
    """Return the document with a group active as a whole; its active layer is the topmost, unless one in it was."""
    members = document.members(group_id)
    is_within = any(layer.id == document.active_layer_id for layer in members)
    layer_id = document.active_layer_id if is_within else members[-1].id
    return document.with_layers(document.layers, layer_id, active_group_id=group_id, is_mask_target=False)


def target_mask(document: Document, layer_id: str) -> Document:
    """Return the document with the mask of a layer, which becomes the active one, in the selection's place.

    Raises
    ------
    LockedError
        If the layer is locked.
    ValueError
        If it has no mask.
    """
    check_unlocked(document.layer(layer_id))
    return document.with_layers(document.layers, layer_id, is_mask_target=True)


def target_selection(document: Document) -> Document:
    """Return the document with the selection as what is painted on."""
    return replace(document, is_mask_target=False)


def open_group(document: Document, group_id: str, is_open: bool) -> Document:
    """Return the document with a group's members listed, or not."""
    groups = (replace(group, is_open=is_open) if group.id == group_id else group for group in document.groups)
    return replace(document, groups=tuple(groups))


def check_unlocked(*layers: Layer) -> None:
    """Raise :class:`LockedError` if any of the layers is locked."""
    for layer in layers:
        if layer.is_locked:
            raise LockedError(tr("The layer {name} is locked. Unlock it to change it.", name=quoted(layer.name)))


def quoted(name: str) -> str:
    """Return a layer's name for a sentence."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"
