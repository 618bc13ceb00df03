"""The rows of the table of actions that are about layers and groups."""

from collections.abc import Callable
from functools import partial

from core import group_edits, item_edits, layer_choice, mask_edits
from core.commands import Command
from core.document import Document
from core.texts import tr
from ui.action_spec import ActionSpec, Parts, needs_layer, needs_object
from ui.editor import Editor


def _on_active(make: Callable[[Document, str], Command | None]) -> Callable[[Parts], object]:
    """Return what changes the document as `make` says for it and its active layer or group."""

    def run(parts: Parts) -> None:
        document = parts.editor.document
        item_id = None if document is None else item_edits.active_item(document)
        if item_id is not None:
            parts.editor.change(lambda now: make(now, item_id))

    return run


def _on_marked(make: Callable[[Document, tuple[str, ...]], Command | None]) -> Callable[[Parts], object]:
    """Return what changes the document as `make` says for it and all layers and groups marked in the list."""

    def run(parts: Parts) -> None:
        document = parts.editor.document
        active = None if document is None else item_edits.active_item(document)
        marked = parts.doors.marked_layers
        ids = marked if active in marked or active is None else (active,)
        parts.editor.change(lambda now: make(now, ids))

    return run


def after_selecting(act: Callable[[Editor], object]) -> Callable[[Parts], object]:
    """Return what does `act` when an open prompt has become the selection, and not a mask in its place."""

    def run(parts: Parts) -> None:
        if parts.session.is_open:
            parts.editor.choose(layer_choice.target_selection)
        parts.after_commit.run(lambda: act(parts.editor))

    return run


def _ungroup(document: Document, item_id: str) -> Command | None:
    del item_id
    layer = document.active_layer
    group_id = document.active_group_id or (None if layer is None else layer.group_id)
    return None if group_id is None else group_edits.ungroup(document, group_id)


def _toggle_lock(document: Document, item_id: str) -> Command | None:
    return item_edits.lock_item(document, item_id, not _is_locked(document))


def _is_locked(document: Document | None) -> bool:
    if document is None or document.active_layer is None:
        return False
    group = document.active_group
    layers = (document.active_layer,) if group is None else document.members(group.id)
    return all(layer.is_locked for layer in layers)


LAYER = (
    ActionSpec(
        "layer-from-selection",
        tr("Layer from &Selection"),
        "layer-from-selection",
        after_selecting(lambda editor: editor.layer_from_selection()),
        ("Ctrl+J",),
        tip=tr("Cut what is selected out into a layer of its own"),
        needs=needs_object,
    ),
    ActionSpec(
        "layer-masked",
        tr("Layer with &Mask from Selection"),
        "layer-masked",
        after_selecting(lambda editor: editor.change(mask_edits.masked_layer)),
        ("Ctrl+Shift+J",),
        tip=tr("Keep all pixels on a layer of their own, and hide with a mask what is not selected"),
        needs=needs_object,
    ),
    ActionSpec(
        "layer-duplicate", tr("D&uplicate"), "layer-duplicate", _on_active(item_edits.duplicate_item), needs=needs_layer
    ),
    ActionSpec(
        "layer-edit-cutout",
        tr("Edit Cutout"),
        "edit-cutout",
        lambda p: p.live.open(p.editor.document.active_layer_id or "") if p.editor.document is not None else None,
        tip=tr("Open the clicks again that the layer was cut out with; a double-click on the layer does the same"),
        needs=lambda s: s.has_recipe,
    ),
    ActionSpec("layer-rename", tr("&Rename"), "rename", lambda p: p.doors.rename_layer(), ("F2",), needs=needs_layer),
    ActionSpec("layer-delete", tr("&Delete"), "trash", _on_marked(group_edits.delete_items), needs=needs_layer),
    ActionSpec(
        "layer-group",
        tr("&Group"),
        "layer-group",
        _on_marked(group_edits.group_items),
        ("Ctrl+G",),
        tip=tr("Put the layers that are marked in the list into a group"),
        needs=needs_layer,
    ),
    ActionSpec(
        "layer-ungroup",
        tr("U&ngroup"),
        "layer-ungroup",
        _on_active(_ungroup),
        ("Ctrl+Shift+G",),
        tip=tr("Put the members of the group in its place"),
        needs=lambda s: s.has_group,
    ),
    ActionSpec(
        "layer-lock",
        tr("&Lock"),
        "layer-lock",
        _on_active(_toggle_lock),
        tip=tr("Keep pixels, mask and place from being changed, and the layer from being deleted"),
        needs=needs_layer,
        is_on=lambda p: _is_locked(p.editor.document),
    ),
    ActionSpec(
        "layer-up",
        tr("Move U&p"),
        "layer-up",
        _on_active(partial(item_edits.step_item, step=1)),
        ("Ctrl+]",),
        needs=lambda s: s.can_raise,
    ),
    ActionSpec(
        "layer-down",
        tr("Move Do&wn"),
        "layer-down",
        _on_active(partial(item_edits.step_item, step=-1)),
        ("Ctrl+[",),
        needs=lambda s: s.can_lower,
    ),
)
