"""The rows of the table of actions that are about what was done, the clipboard and the selection."""

from core.export.web_outline import WebOutline
from core.mask_words import describe
from core.reshaping import Reshape
from core.texts import tr
from ui.action_spec import ActionSpec, Parts, needs_coverage, needs_document, needs_selection

EDIT = (
    ActionSpec(
        "undo", tr("&Undo"), "undo", lambda p: p.undo.undo(), ("Ctrl+Z",), needs=lambda s: s.undo_title is not None
    ),
    ActionSpec(
        "redo",
        tr("&Redo"),
        "redo",
        lambda p: p.undo.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        needs=lambda s: s.redo_title is not None,
    ),
    ActionSpec(
        "copy",
        tr("&Copy Cutout"),
        "copy",
        lambda p: p.files.exports.copy(),
        ("Ctrl+C",),
        tip=tr("Copy the trimmed cutout with its transparency"),
        needs=needs_document,
    ),
    ActionSpec(
        "copy-css",
        tr("Copy as C&SS"),
        "copy",
        lambda p: p.files.exports.copy_outline(WebOutline.CSS),
        tip=tr("Copy the outline as a CSS clip-path for an element of the photo's size"),
        needs=needs_document,
    ),
    ActionSpec(
        "copy-html",
        tr("Copy as &HTML"),
        "copy",
        lambda p: p.files.exports.copy_outline(WebOutline.HTML),
        tip=tr("Copy HTML that shows the photo cut out, at any size"),
        needs=needs_document,
    ),
    ActionSpec(
        "paste", tr("&Paste"), "paste", lambda p: p.files.paste(), ("Ctrl+V",), tip=tr("Paste a picture as a layer")
    ),
    ActionSpec(
        "preferences",
        tr("Pre&ferences…"),
        "preferences",
        lambda p: p.doors.show_preferences(),
        ("Ctrl+,",),
        tip=tr("Choose models, device, colours and more"),
    ),
)


def _reshape(kind: Reshape, text: str, tip: str) -> ActionSpec:
    def run(parts: Parts) -> None:
        if parts.reshaper.kind is kind:
            parts.reshaper.cancel()
        else:
            parts.doors.show_panels(True)
            parts.after_commit.run(lambda: parts.reshaper.open(kind))

    return ActionSpec(
        f"select-{kind.value}",
        text,
        f"select-{kind.value}",
        run,
        tip=tip,
        needs=needs_coverage,
        is_on=lambda parts: parts.reshaper.kind is kind,
    )


SELECT = (
    ActionSpec(
        "select-all", tr("&All"), "select-all", lambda p: p.editor.select_all(), ("Ctrl+A",), needs=needs_document
    ),
    ActionSpec(
        "select-none", tr("&None"), "select-none", lambda p: p.editor.select_none(), ("Ctrl+D",), needs=needs_selection
    ),
    ActionSpec(
        "select-invert",
        tr("&Invert"),
        "select-invert",
        lambda p: p.editor.invert_selection(),
        ("Ctrl+Shift+I",),
        needs=needs_document,
    ),
    ActionSpec(
        "select-file",
        tr("From File…"),
        "open",
        lambda p: p.files.masks.ask(),
        tip=tr("Select what a grey picture, a transparent one or an SVG's shapes say"),
        needs=needs_document,
    ),
    _reshape(Reshape.GROW, tr("&Grow…"), tr("Move the outline outwards")),
    _reshape(Reshape.SHRINK, tr("&Shrink…"), tr("Move the outline inwards")),
    _reshape(Reshape.BORDER, tr("&Border…"), tr("Select a band along the outline")),
    _reshape(Reshape.SMOOTH, tr("S&mooth…"), tr("Even out bumps and notches")),
    _reshape(Reshape.FEATHER, tr("&Feather…"), tr("Soften the edge")),
    _reshape(Reshape.ISLANDS, tr("&Remove Islands…"), tr("Take small separate parts out of the selection")),
    _reshape(Reshape.HOLES, tr("Fill &Holes…"), tr("Select small holes in the selection")),
    ActionSpec(
        "select-describe",
        tr("Describe in &Words"),
        "info",
        lambda p: p.files.say(describe(p.editor.selection)),
        ("Ctrl+I",),
        tip=tr("Say how large the selection is, where it lies and of how many parts"),
        needs=needs_document,
    ),
)
