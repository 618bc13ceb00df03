"""The rows of the table of actions that are about files."""

from ui.action_spec import ActionSpec, needs_document
from ui.export_wish import ExportKind

FILE = (
    ActionSpec("open", "&Open…", "open", lambda p: p.files.ask_open(), ("Ctrl+O",), tip="Open a photo"),
    ActionSpec(
        "photo-next",
        "Ne&xt Photo",
        "photo-next",
        lambda p: p.files.open_further(1),
        ("PgDown",),
        tip="Open the next of the photos that were opened together, or of the folder",
        needs=lambda s: s.has_next_photo,
    ),
    ActionSpec(
        "photo-previous",
        "Pre&vious Photo",
        "photo-previous",
        lambda p: p.files.open_further(-1),
        ("PgUp",),
        tip="Open the photo before this one",
        needs=lambda s: s.has_previous_photo,
    ),
    ActionSpec("paste-new", "Paste as &New", "paste-new", lambda p: p.files.paste(as_new=True), ("Ctrl+Shift+V",)),
    ActionSpec(
        "export",
        "&Export Cutout…",
        "export",
        lambda p: p.files.export(ExportKind.CUTOUT),
        ("Ctrl+Shift+E",),
        tip="Save what is cut out as a PNG with transparency",
        needs=needs_document,
    ),
    ActionSpec(
        "export-again",
        "Export A&gain",
        "export-again",
        lambda p: p.files.export_again(),
        ("Ctrl+E",),
        tip="Save to the same file as the last time",
        needs=lambda s: s.can_export_again,
    ),
    ActionSpec(
        "export-mask",
        "Export &Mask…",
        "export-mask",
        lambda p: p.files.export(ExportKind.MASK),
        tip="Save the selection as a grey PNG",
        needs=needs_document,
    ),
    ActionSpec(
        "export-layers",
        "Export &Layers…",
        "export-layers",
        lambda p: p.files.export(ExportKind.LAYERS),
        tip="Save every layer as a PNG of its own",
        needs=needs_document,
    ),
    ActionSpec("close", "&Close", "close", lambda p: p.files.close_document(), ("Ctrl+W",), needs=needs_document),
    ActionSpec("quit", "&Quit", "quit", lambda p: p.doors.quit(), ("Ctrl+Q",)),
)
