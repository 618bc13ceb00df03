"""The rows of the table of actions that are about what was done, the clipboard and the selection."""

from ui.action_spec import ActionSpec, needs_document, needs_selection

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
