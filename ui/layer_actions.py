"""The rows of the table of actions that are about layers and their masks."""

from collections.abc import Callable

from core import item_edits, mask_edits
from core.commands import Command
from core.document import Document
from core.layer import Layer
from ui.action_spec import ActionSpec, Parts, needs_layer, needs_mask, needs_object
from ui.editor import Editor
from ui.mask_edit import apply_mask


def _on_layer(act: Callable[[Editor, Layer], object]) -> Callable[[Parts], object]:
    def run(parts: Parts) -> None:
        document = parts.editor.document
        if document is not None and document.active_layer is not None:
            act(parts.editor, document.active_layer)

    return run


def _change_layer(make: Callable[[Document, Layer], Command | None]) -> Callable[[Parts], object]:
    """Return what changes the document as `make` says for it and its active layer."""
    return _on_layer(lambda editor, layer: editor.change(lambda document: make(document, layer)))


def _move_layer(step: int) -> Callable[[Parts], object]:
    return _change_layer(lambda d, layer: item_edits.move_item(d, layer.id, None, d.index_of(layer.id) + step))


def _has_mask_on(editor: Editor) -> bool:
    layer = editor.document.active_layer if editor.document is not None else None
    return layer is not None and layer.mask is not None and layer.is_mask_enabled


LAYER = (
    ActionSpec(
        "layer-from-selection",
        "Layer from &Selection",
        "layer-from-selection",
        lambda p: p.after_commit.run(p.editor.layer_from_selection),
        ("Ctrl+J",),
        tip="Cut what is selected out into a layer of its own",
        needs=needs_object,
    ),
    ActionSpec(
        "layer-duplicate",
        "D&uplicate",
        "layer-duplicate",
        _change_layer(lambda d, layer: item_edits.duplicate_item(d, layer.id)),
        needs=needs_layer,
    ),
    ActionSpec("layer-rename", "&Rename", "rename", lambda p: p.doors.rename_layer(), ("F2",), needs=needs_layer),
    ActionSpec(
        "layer-delete",
        "&Delete",
        "trash",
        _change_layer(lambda d, layer: item_edits.delete_item(d, layer.id)),
        needs=needs_layer,
    ),
    ActionSpec(
        "layer-up",
        "Move U&p",
        "layer-up",
        _move_layer(1),
        ("Ctrl+]",),
        needs=lambda s: s.has_layer and not s.is_top_layer,
    ),
    ActionSpec(
        "layer-down",
        "Move Do&wn",
        "layer-down",
        _move_layer(-1),
        ("Ctrl+[",),
        needs=lambda s: s.has_layer and not s.is_bottom_layer,
    ),
    ActionSpec(
        "mask-toggle",
        "Use &Mask",
        "mask-toggle",
        _change_layer(lambda d, layer: mask_edits.enable_mask(d, layer.id, not layer.is_mask_enabled)),
        tip="Switch the layer's mask on or off",
        needs=needs_mask,
        is_on=lambda p: _has_mask_on(p.editor),
    ),
    ActionSpec(
        "mask-apply",
        "&Apply Mask",
        "mask-apply",
        _on_layer(lambda e, layer: apply_mask(e, layer.id)),
        tip="Make what the mask hides transparent for good",
        needs=needs_mask,
    ),
    ActionSpec(
        "mask-delete",
        "Delete Mas&k",
        "mask-delete",
        _change_layer(lambda d, layer: mask_edits.delete_mask(d, layer.id)),
        tip="Show all of the layer again",
        needs=needs_mask,
    ),
)
