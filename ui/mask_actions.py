"""The rows of the table of actions that are about the mask of the active layer."""

from collections.abc import Callable

from core import layer_choice, mask_edits
from core.commands import Command
from core.document import Document
from core.texts import tr
from ui.action_spec import ActionSpec, Parts, needs_layer, needs_mask, needs_object
from ui.editor import Editor
from ui.layer_actions import after_selecting
from ui.mask_edit import apply_mask


def _change_mask(editor: Editor, make: Callable[[Document, str], Command | None]) -> None:
    layer_id = editor.document.active_layer_id if editor.document is not None else None
    if layer_id is not None:
        editor.change(lambda document: make(document, layer_id))


def _on_mask(make: Callable[[Document, str], Command | None]) -> Callable[[Parts], object]:
    """Return what changes the document as `make` says for it and its active layer."""
    return lambda parts: _change_mask(parts.editor, make)


def _toggle_mask(document: Document, layer_id: str) -> Command | None:
    return mask_edits.enable_mask(document, layer_id, not document.layer(layer_id).is_mask_enabled)


def _apply(parts: Parts) -> None:
    document = parts.editor.document
    if document is not None and document.active_layer_id is not None:
        apply_mask(parts.editor, document.active_layer_id)


def _toggle_target(parts: Parts) -> None:
    document = parts.editor.document
    layer_id = None if document is None else document.active_layer_id
    if document is None or layer_id is None:
        return
    if document.is_mask_target:
        parts.editor.choose(layer_choice.target_selection)
    else:
        parts.editor.choose(lambda now: layer_choice.target_mask(now, layer_id))


def _has_mask_on(editor: Editor) -> bool:
    layer = editor.document.active_layer if editor.document is not None else None
    return layer is not None and layer.mask is not None and layer.is_mask_enabled


def _is_target(editor: Editor) -> bool:
    return editor.document is not None and editor.document.is_mask_target


MASK = (
    ActionSpec(
        "mask-add",
        tr("Add Empt&y Mask"),
        "mask-add",
        _on_mask(mask_edits.add_mask),
        tip=tr("Give the layer a mask that hides nothing yet, to paint on"),
        needs=lambda s: s.has_layer and not s.has_mask,
    ),
    ActionSpec(
        "mask-from-selection",
        tr("Mask from Sele&ction"),
        "mask-from-selection",
        after_selecting(lambda editor: _change_mask(editor, mask_edits.mask_from_selection)),
        tip=tr("Hide all of the layer that is not selected"),
        needs=lambda s: needs_layer(s) and needs_object(s),
    ),
    ActionSpec(
        "mask-target",
        tr("&Edit Mask"),
        "mask-target",
        _toggle_target,
        ("Ctrl+M",),
        tip=tr("Paint and select on the layer's mask instead of the selection"),
        needs=needs_mask,
        is_on=lambda p: _is_target(p.editor),
    ),
    ActionSpec(
        "mask-toggle",
        tr("Use Mas&k"),
        "mask-toggle",
        _on_mask(_toggle_mask),
        tip=tr("Switch the layer's mask on or off"),
        needs=needs_mask,
        is_on=lambda p: _has_mask_on(p.editor),
    ),
    ActionSpec(
        "mask-invert",
        tr("&Invert Mask"),
        "mask-invert",
        _on_mask(mask_edits.invert_mask),
        tip=tr("Show what the mask hides, and hide what it shows"),
        needs=needs_mask,
    ),
    ActionSpec(
        "selection-from-mask",
        tr("Selecti&on from Mask"),
        "selection-from-mask",
        _on_mask(mask_edits.selection_from_mask),
        tip=tr("Select what the mask shows"),
        needs=needs_mask,
    ),
    ActionSpec(
        "mask-apply",
        tr("&Apply Mask"),
        "mask-apply",
        _apply,
        tip=tr("Make what the mask hides transparent for good"),
        needs=needs_mask,
    ),
    ActionSpec(
        "mask-delete",
        tr("Dele&te Mask"),
        "mask-delete",
        _on_mask(mask_edits.delete_mask),
        tip=tr("Show all of the layer again"),
        needs=needs_mask,
    ),
)
