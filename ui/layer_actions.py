"""The rows of the table of actions that are about layers and their masks."""

from collections.abc import Callable

from core.layer import Layer
from ui.action_spec import ActionSpec, Parts, needs_layer, needs_mask, needs_object
from ui.editor import Editor


def _on_layer(act: Callable[[Editor, Layer], object]) -> Callable[[Parts], object]:
    def run(parts: Parts) -> None:
        document = parts.editor.document
        if document is not None and document.active_layer is not None:
            act(parts.editor, document.active_layer)

    return run


def _move_layer(step: int) -> Callable[[Parts], object]:
    def move(editor: Editor, layer: Layer) -> None:
        document = editor.document
        if document is not None:
            editor.move_layer(layer.id, document.index_of(layer.id) + step)

    return _on_layer(move)


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
        _on_layer(lambda e, layer: e.duplicate_layer(layer.id)),
        needs=needs_layer,
    ),
    ActionSpec("layer-rename", "&Rename", "rename", lambda p: p.doors.rename_layer(), ("F2",), needs=needs_layer),
    ActionSpec(
        "layer-delete", "&Delete", "trash", _on_layer(lambda e, layer: e.delete_layer(layer.id)), needs=needs_layer
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
        _on_layer(lambda e, layer: e.set_layer_mask_enabled(layer.id, not layer.is_mask_enabled)),
        tip="Switch the layer's mask on or off",
        needs=needs_mask,
        is_on=lambda p: _has_mask_on(p.editor),
    ),
    ActionSpec(
        "mask-apply",
        "&Apply Mask",
        "mask-apply",
        _on_layer(lambda e, layer: e.apply_layer_mask(layer.id)),
        tip="Make what the mask hides transparent for good",
        needs=needs_mask,
    ),
    ActionSpec(
        "mask-delete",
        "Delete Mas&k",
        "mask-delete",
        _on_layer(lambda e, layer: e.delete_layer_mask(layer.id)),
        tip="Show all of the layer again",
        needs=needs_mask,
    ),
)
