"""The rows of the table of actions that are about files."""

from core.texts import tr
from ui.action_spec import ActionSpec, needs_document
from ui.export_wish import ExportKind

FILE = (
    ActionSpec(
        "open", tr("&Open…"), "open", lambda p: p.files.ask_open(), ("Ctrl+O",), tip=tr("Open a photo or a project")
    ),
    ActionSpec(
        "photo-next",
        tr("Ne&xt Photo"),
        "photo-next",
        lambda p: p.files.open_further(1),
        ("PgDown",),
        tip=tr("Open the next of the photos that were opened together, or of the folder"),
        needs=lambda s: s.has_next_photo,
    ),
    ActionSpec(
        "photo-previous",
        tr("Pre&vious Photo"),
        "photo-previous",
        lambda p: p.files.open_further(-1),
        ("PgUp",),
        tip=tr("Open the photo before this one"),
        needs=lambda s: s.has_previous_photo,
    ),
    ActionSpec("paste-new", tr("Paste as &New"), "paste-new", lambda p: p.files.paste(as_new=True), ("Ctrl+Shift+V",)),
    ActionSpec(
        "save",
        tr("&Save Project"),
        "save",
        lambda p: p.files.projects.save(),
        ("Ctrl+S",),
        tip=tr("Save everything so that it stays editable"),
        needs=needs_document,
    ),
    ActionSpec(
        "save-as",
        tr("Save Project &As…"),
        "save-as",
        lambda p: p.files.projects.save_as(),
        ("Ctrl+Shift+S",),
        tip=tr("Save to another project file from now on"),
        needs=needs_document,
    ),
    ActionSpec(
        "export",
        tr("&Export Cutout…"),
        "export",
        lambda p: p.files.exports.export(ExportKind.CUTOUT),
        ("Ctrl+Shift+E",),
        tip=tr("Save what is cut out as a PNG with transparency"),
        needs=needs_document,
    ),
    ActionSpec(
        "export-as",
        tr("Expor&t As…"),
        "export",
        lambda p: p.files.exports.export_as(),
        ("Ctrl+Alt+E",),
        tip=tr("Save for other programs: PSD, OpenRaster, TIFF, WebP, SVG, datasets…"),
        needs=needs_document,
    ),
    ActionSpec(
        "export-again",
        tr("Export A&gain"),
        "export-again",
        lambda p: p.files.exports.export_again(),
        ("Ctrl+E",),
        tip=tr("Save to the same file as the last time"),
        needs=lambda s: s.can_export_again,
    ),
    ActionSpec(
        "export-mask",
        tr("Export &Mask…"),
        "export-mask",
        lambda p: p.files.exports.export(ExportKind.MASK),
        tip=tr("Save the selection as a grey PNG"),
        needs=needs_document,
    ),
    ActionSpec(
        "export-layers",
        tr("Export &Layers…"),
        "export-layers",
        lambda p: p.files.exports.export(ExportKind.LAYERS),
        tip=tr("Save every layer as a PNG of its own"),
        needs=needs_document,
    ),
    ActionSpec("close", tr("&Close"), "close", lambda p: p.files.close_document(), ("Ctrl+W",), needs=needs_document),
    ActionSpec("quit", tr("&Quit"), "quit", lambda p: p.doors.quit(), ("Ctrl+Q",)),
)
