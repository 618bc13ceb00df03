"""Everything that can be asked for by menu, key or button: one table."""

from collections.abc import Callable

from core.layer import Layer
from ui.action_spec import (
    ActionSpec,
    Parts,
    needs_document,
    needs_layer,
    needs_mask,
    needs_object,
    needs_prompt,
    needs_selection,
)
from ui.canvas import View
from ui.editor import Editor
from ui.file_actions import FILE
from ui.object_actions import OBJECTS
from ui.theme import ThemeWish


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


def _remove_background(parts: Parts) -> None:
    def remove() -> None:
        coverage = parts.editor.selection
        if coverage is not None:
            parts.editor.remove_background(coverage)

    if parts.editor.selection is None and not parts.session.is_open:
        parts.session.find_subject(then_remove_background=True)
    else:
        parts.after_commit.run(remove)


def _find_subject(parts: Parts) -> None:
    parts.toolbox.take_pointing()  # what was found is corrected by pointing
    parts.session.find_subject()


def _tool(tool_id: str, text: str, key: str, tip: str) -> ActionSpec:
    return ActionSpec(
        f"tool-{tool_id}",
        text,
        tool_id,
        lambda p: p.toolbox.take(tool_id),
        keys=(key,) if key else (),
        tip=tip,
        is_on=lambda p: p.toolbox.tool.id == tool_id,
        group="tool",
    )


def _view(view: View, text: str) -> ActionSpec:
    return ActionSpec(
        f"view-{view}",
        text,
        f"view-{view.removeprefix('on-')}",
        lambda p: p.canvas.set_view(view),
        needs=needs_document,
        is_on=lambda p: p.canvas.view is view,
        group="view",
    )


def _has_mask_on(editor: Editor) -> bool:
    layer = editor.document.active_layer if editor.document is not None else None
    return layer is not None and layer.mask is not None and layer.is_mask_enabled


def _theme(wish: ThemeWish, text: str, icon_name: str) -> ActionSpec:
    return ActionSpec(
        f"theme-{wish}",
        text,
        icon_name,
        lambda p: p.doors.set_theme(wish),
        is_on=lambda p: p.theme.wish is wish,
        group="theme",
    )


EDIT = (
    ActionSpec("undo", "&Undo", "undo", lambda p: p.undo.undo(), ("Ctrl+Z",), needs=lambda s: s.undo_title is not None),
    ActionSpec(
        "redo",
        "&Redo",
        "redo",
        lambda p: p.undo.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        needs=lambda s: s.redo_title is not None,
    ),
    ActionSpec(
        "copy",
        "&Copy Cutout",
        "copy",
        lambda p: p.files.copy(),
        ("Ctrl+C",),
        tip="Copy the trimmed cutout with its transparency",
        needs=needs_document,
    ),
    ActionSpec("paste", "&Paste", "paste", lambda p: p.files.paste(), ("Ctrl+V",), tip="Paste a picture as a layer"),
)

SELECT = (
    ActionSpec("select-all", "&All", "select-all", lambda p: p.editor.select_all(), ("Ctrl+A",), needs=needs_document),
    ActionSpec(
        "select-none", "&None", "select-none", lambda p: p.editor.select_none(), ("Ctrl+D",), needs=needs_selection
    ),
    ActionSpec(
        "select-invert",
        "&Invert",
        "select-invert",
        lambda p: p.editor.invert_selection(),
        ("Ctrl+Shift+I",),
        needs=needs_document,
    ),
    ActionSpec(
        "select-grow",
        "&Grow",
        "select-grow",
        lambda p: p.editor.grow_selection(p.doors.amount),
        tip="Move the outline outwards",
        needs=needs_selection,
    ),
    ActionSpec(
        "select-shrink",
        "&Shrink",
        "select-shrink",
        lambda p: p.editor.shrink_selection(p.doors.amount),
        tip="Move the outline inwards",
        needs=needs_selection,
    ),
    ActionSpec(
        "select-feather",
        "&Feather",
        "select-feather",
        lambda p: p.editor.feather_selection(p.doors.amount),
        tip="Soften the edge",
        needs=needs_selection,
    ),
)

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

OBJECT = (
    ActionSpec(
        "find-text",
        "Find by &Words",
        "search",
        lambda p: p.doors.focus_text(),
        ("T",),
        tip="Type what to find",
        needs=needs_document,
    ),
    ActionSpec(
        "find-subject",
        "Find Main &Subject",
        "subject",
        _find_subject,
        tip="Find what the photo is about, without a click",
        needs=needs_document,
    ),
    ActionSpec(
        "remove-background",
        "Remove &Background",
        "remove-background",
        _remove_background,
        tip="Hide everything outside of the selection, or of the main subject if nothing is selected",
        needs=needs_document,
    ),
    ActionSpec(
        "keep",
        "&Keep Object",
        "keep",
        lambda p: p.session.accept(),
        canvas_key="Enter",
        tip="Make what is shown the selection, or cut out the boxes that are ticked",
        needs=needs_prompt,
    ),
    ActionSpec("drop", "&Drop Object", "close", lambda p: p.session.drop(), canvas_key="Esc", needs=needs_prompt),
    ActionSpec(
        "candidate-next",
        "&Next Candidate",
        "candidate-next",
        lambda p: p.session.cycle_candidate(1),
        canvas_key="Tab",
        tip="Look at another reading of the same click",
        needs=lambda s: s.candidates > 1,
    ),
    ActionSpec(
        "candidate-previous",
        "&Previous Candidate",
        "candidate-previous",
        lambda p: p.session.cycle_candidate(-1),
        canvas_key="Shift+Tab",
        needs=lambda s: s.candidates > 1,
    ),
    ActionSpec(
        "point-undo",
        "&Take Back Last Mark",
        "point-undo",
        lambda p: p.session.remove_last_mark(),
        canvas_key="Backspace",
        tip="Take the last point or stroke of the prompt away, or else its box",
        needs=lambda s: s.has_marks,
    ),
)

VIEW = (
    ActionSpec(
        "zoom-in", "Zoom &In", "zoom-in", lambda p: p.canvas.zoom_in(), ("Ctrl++", "Ctrl+="), needs=needs_document
    ),
    ActionSpec("zoom-out", "Zoom &Out", "zoom-out", lambda p: p.canvas.zoom_out(), ("Ctrl+-",), needs=needs_document),
    ActionSpec(
        "zoom-fit",
        "&Fit",
        "zoom-fit",
        lambda p: p.canvas.fit(),
        ("Ctrl+0",),
        tip="Show the whole photo",
        needs=needs_document,
    ),
    ActionSpec(
        "zoom-actual",
        "&100 %",
        "zoom-actual",
        lambda p: p.canvas.set_zoom(1.0),
        ("Ctrl+1",),
        tip="One photo pixel on one screen pixel",
        needs=needs_document,
    ),
    _view(View.OVERLAY, "O&verlay"),
    _view(View.ON_BLACK, "On &Black"),
    _view(View.ON_WHITE, "On &White"),
    _view(View.MASK, "&Mask"),
    _view(View.ORIGINAL, "Ori&ginal"),
    ActionSpec("view-next", "&Next View", "view-next", lambda p: p.canvas.cycle_view(), ("F",), needs=needs_document),
    _theme(ThemeWish.SYSTEM, "As the &System", "theme"),
    _theme(ThemeWish.LIGHT, "&Light", "theme-light"),
    _theme(ThemeWish.DARK, "&Dark", "theme-dark"),
    ActionSpec(
        "panels",
        "Side &Panels",
        "panel",
        lambda p: p.doors.show_panels(not p.doors.are_panels_shown()),
        ("F4",),
        tip="Show the selection and the layers at the right",
        is_on=lambda p: p.doors.are_panels_shown(),
    ),
    ActionSpec(
        "full-screen",
        "F&ull Screen",
        "full-screen",
        lambda p: p.doors.show_full_screen(not p.doors.is_full_screen()),
        ("F11",),
        is_on=lambda p: p.doors.is_full_screen(),
    ),
)

TOOLS = (
    _tool("object", "&Object", "W", "Click what you mean, or drag a box around it"),
    _tool("box", "&Box", "", "Drag a box around what you mean; clicks do nothing"),
    _tool("scribble", "&Scribble", "S", "Paint roughly over what you mean, and over what you do not"),
    _tool("everything", "E&very Object", "G", "See all objects of the photo at once, and click the ones you want"),
    _tool("brush", "B&rush", "B", "Paint on the selection"),
    _tool("eraser", "&Eraser", "E", "Erase from the selection"),
    _tool("hair", "Ha&ir Brush", "R", "Paint over hair, fur or a soft edge to work out how much of it belongs"),
    _tool("lasso", "&Lasso", "L", "Draw around what you mean by hand"),
    _tool("hand", "&Hand", "H", "Move the photo"),
)

MODELS = (
    ActionSpec(
        "models",
        "&Models…",
        "model",
        lambda p: p.doors.show_models(),
        tip="Download, check, remove and measure the models",
    ),
)

HELP = (
    ActionSpec("shortcuts", "&Keys and Gestures", "keyboard", lambda p: p.doors.show_shortcuts(), ("F1",)),
    ActionSpec("about", "&About Clickcut", "info", lambda p: p.doors.show_about()),
)

ACTIONS = (*FILE, *EDIT, *SELECT, *LAYER, *OBJECT, *OBJECTS, *TOOLS, *MODELS, *VIEW, *HELP)
"""All of them; ids and keys are unique."""
