"""From "save that as a picture" to PNG files and the clipboard, and what the person is told."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from core.errors import AppError
from core.export.png import ClipboardPicture, is_nothing_cut_out, recipe_of_cutout
from core.geometry import Size
from core.texts import tr, tr_n
from ui.after_commit import AfterCommit
from ui.clipboard import to_mime
from ui.editor import Editor
from ui.export_wish import ExportKind, ExportWish, suggested_path
from ui.file_session import FileSession
from ui.message import Message, MessageAction, MessageKind
from ui.remembered import Remembered

AskExport = Callable[[ExportWish, Callable[[ExportWish], object]], None]
"""Asks the person where to save what, and gives the second argument the answer."""


class ExportFlow(QObject):
    """Exports and copies the open document.

    Parameters
    ----------
    has_project
        Whether the document has a project file. If it has none, what was exported counts as saved: who came for one
        cutout has it, and is asked nothing when leaving. Who has a project expects it to hold the latest state, which
        an export does not see to.
    """

    said = Signal(object)  # Message
    changed = Signal()  # whether there is an export to do again

    def __init__(
        self,
        editor: Editor,
        files: FileSession,
        after_commit: AfterCommit,
        remembered: Remembered,
        ask_export: AskExport,
        has_project: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._files = files
        self._after_commit = after_commit
        self._remembered = remembered
        self._ask = ask_export
        self._has_project = has_project
        self._last_export: ExportWish | None = None
        self._exporting: list[tuple[int, ExportWish]] = []  # revisions of the documents on their way to files
        files.exported.connect(self._on_exported)
        files.labels_exported.connect(self._say_saved)
        files.copied.connect(self._on_copied)
        files.failed.connect(self._on_failed)
        editor.document_replaced.connect(self._on_document_replaced)

    @property
    def can_export_again(self) -> bool:
        """Whether this document was exported before."""
        return self._last_export is not None

    def export(self, kind: ExportKind) -> None:
        """Ask where to save, and save."""
        self._after_commit.run(lambda: self._ask_export(kind))

    def export_again(self) -> None:
        """Save as the last time, in place of that file."""
        wish = self._last_export
        if wish is not None:
            self._after_commit.run(lambda: self._write(wish))

    def copy(self) -> None:
        """Put the cutout on the clipboard."""
        self._after_commit.run(self._copy)

    def _ask_export(self, kind: ExportKind) -> None:
        document = self._editor.document
        if document is None:
            return
        if kind is ExportKind.CUTOUT and is_nothing_cut_out(document):
            kind = ExportKind.PICTURE
        settings, last = self._remembered.settings, self._last_export
        path = suggested_path(kind, document, settings.export_folder)
        if last is not None and last.kind is kind:
            path = last.path
        has_recipe = kind is ExportKind.CUTOUT and recipe_of_cutout(document) is not None
        look = settings.is_export_trimmed, document.path, has_recipe, settings.is_recipe_exported
        self._ask(ExportWish(kind, path, *look), self._write)

    def _write(self, wish: ExportWish) -> None:
        document = self._editor.document
        if document is None:
            return
        if wish.kind is ExportKind.CUTOUT:
            self._remembered.change(is_export_trimmed=wish.is_trimmed, is_recipe_exported=wish.with_recipe)
            recipe = recipe_of_cutout(document) if wish.with_recipe else None
            self._files.export_cutout(document, wish.path, trim=wish.is_trimmed, recipe=recipe)
        elif wish.kind is ExportKind.PICTURE:
            self._files.export_cutout(document, wish.path, trim=False, recipe=None)
        elif wish.kind is ExportKind.MASK:
            self._files.export_mask(document, wish.path)
        else:
            self._files.export_layers(document, wish.path)
        self._exporting.append((document.revision, wish))

    def _copy(self) -> None:
        if self._editor.document is not None:
            self._files.copy_cutout(self._editor.document)

    @Slot(object)
    def _on_exported(self, written: Path | tuple[Path, ...]) -> None:
        paths = written if isinstance(written, tuple) else (written,)
        document = self._editor.document
        if self._exporting:
            revision, wish = self._exporting.pop(0)
            self._remembered.change(export_folder=str(wish.path.parent))
            self._last_export = wish
            self.changed.emit()
            if document is not None and document.revision == revision and not self._has_project():
                self._editor.mark_saved()
        self._say_saved(paths[0], paths[0].name if len(paths) == 1 else tr_n("{n} layer", "{n} layers", len(paths)))

    @Slot(object)
    def _say_saved(self, path: Path, what: str = "") -> None:
        self.said.emit(saved_message(path, what or path.name))

    @Slot(object)
    def _on_copied(self, picture: ClipboardPicture) -> None:
        QGuiApplication.clipboard().setMimeData(to_mime(picture))
        size = Size.of(picture.pixels)
        sides = {"width": size.width, "height": size.height}
        if picture.pixels[..., 3].min() == 255:
            text = tr("Copied the picture, {width} × {height} px.", **sides)
        else:
            text = tr("Copied the cutout, {width} × {height} px, transparency included.", **sides)
        self.said.emit(Message(text, MessageKind.SUCCESS))

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        del error
        self._exporting.clear()

    @Slot()
    def _on_document_replaced(self) -> None:
        self._last_export = None
        self._exporting.clear()
        self.changed.emit()


def saved_message(path: Path, what: str) -> Message:
    """Return the good news that `what` was saved at `path`."""
    folder = path.parent
    show = MessageAction(tr("Show in folder"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
    return Message(tr("Saved {what} in {folder}.", what=what, folder=folder), MessageKind.SUCCESS, show)
