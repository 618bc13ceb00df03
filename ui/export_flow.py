"""From "save that as a picture" to PNG files and the clipboard, and what the person is told."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from core.cancel import CancelToken
from core.errors import AppError
from core.export.job import Exported, ExportJob, Scope
from core.export.options import ExportError
from core.export.png import ClipboardPicture, is_nothing_cut_out, recipe_of_cutout
from core.export.presets import Preset
from core.export.registry import FORMATS, format_of
from core.export.source import ExportSource
from core.export.web_outline import WebOutline
from core.geometry import Size
from core.object_map import DrawnObjects
from core.texts import number, tr, tr_n
from ui.after_commit import AfterCommit
from ui.clipboard import to_mime
from ui.editor import Editor
from ui.export_question import ExportQuestion, with_format
from ui.export_wish import ExportKind, ExportWish, suggested_path
from ui.file_session import FileSession
from ui.message import Message, MessageAction, MessageKind
from ui.other_programs import program_for
from ui.remembered import Remembered

AskExport = Callable[[ExportWish, Callable[[ExportWish], object]], None]
"""Asks the person where to save what, and gives the second argument the answer."""

AskExportAs = Callable[[ExportQuestion, Callable[[ExportJob], object]], None]
"""Asks the person which format to export to, and gives the second argument the answer."""


@dataclass(frozen=True, slots=True)
class _Writing:
    """An export on its way to its files."""

    revision: int
    job: ExportJob
    token: CancelToken
    is_of_objects: bool
    """Whether it is of what a segmenter found, and so neither saves the document nor can be done again."""


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
        ask_export_as: AskExportAs,
        has_project: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._files = files
        self._after_commit = after_commit
        self._remembered = remembered
        self._ask = ask_export
        self._ask_as = ask_export_as
        self._writing: list[_Writing] = []
        self._again: Callable[[], object] | None = None
        self._has_project = has_project
        self._last_export: ExportWish | None = None
        self._exporting: list[tuple[int, ExportWish]] = []  # revisions of the documents on their way to files
        files.exported.connect(self._on_exported)
        files.files_exported.connect(self._on_files_exported)
        files.export_progressed.connect(self._on_progressed)
        files.withdrawn.connect(self._on_withdrawn)
        files.copied.connect(self._on_copied)
        files.text_copied.connect(self._on_text_copied)
        files.failed.connect(self._on_failed)
        editor.document_replaced.connect(self._on_document_replaced)

    @property
    def can_export_again(self) -> bool:
        """Whether this document was exported before."""
        return self._again is not None

    def export(self, kind: ExportKind) -> None:
        """Ask where to save, and save."""
        self._after_commit.run(lambda: self._ask_export(kind))

    def export_again(self) -> None:
        """Save as the last time, in place of that file."""
        again = self._again
        if again is not None:
            self._after_commit.run(again)

    def export_as(self) -> None:
        """Ask which format to save in, and where, and save."""
        self._after_commit.run(self._ask_export_as)

    def export_objects(self, drawn: DrawnObjects) -> None:
        """Ask which format to save the objects in that a segmenter found, and where, and save them."""
        document = self._editor.document
        if document is None:
            return
        source = ExportSource(document, drawn)
        first = format_of("labels")
        path = suggested_path(ExportKind.OBJECTS, document, self._remembered.settings.export_folder)
        job = ExportJob(first.id, first.options_type(), path)
        self._ask_as(ExportQuestion(source, job), lambda chosen: self._write_job(source, chosen))

    def copy(self) -> None:
        """Put the cutout on the clipboard."""
        self._after_commit.run(self._copy)

    def copy_outline(self, kind: WebOutline) -> None:
        """Put the outline of what is cut out on the clipboard, as text for a web page."""

        def copy() -> None:
            if self._editor.document is not None:
                self._files.copy_outline(self._editor.document, kind)

        self._after_commit.run(copy)

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

    def _ask_export_as(self) -> None:
        document = self._editor.document
        if document is None:
            return
        first = FORMATS[0]
        path = suggested_path(ExportKind.CUTOUT, document, self._remembered.settings.export_folder)
        job = ExportJob(first.id, first.options_type(), path)
        last = remembered_export(self._remembered.settings.last_export)
        if last is not None:
            # How it was done is kept from document to document, and layers may not be there.
            path = with_format(path, first.id, last.format_id)
            job = ExportJob(last.format_id, last.options, path, Scope.WHOLE, last.template)
        self._ask_as(ExportQuestion(ExportSource(document), job), self._write_document)

    def _write_document(self, job: ExportJob) -> None:
        document = self._editor.document
        if document is not None:
            last = Preset("last", job.format_id, job.options, job.scope, job.template)
            self._remembered.change(last_export=json.dumps(last.to_plain()))
            self._write_job(ExportSource(document), job)

    def _write_job(self, source: ExportSource, job: ExportJob) -> None:
        token = CancelToken()
        self._writing.append(_Writing(source.document.revision, job, token, source.drawn is not None))
        self._files.export_files(source, job, token)
        self.said.emit(_exporting(tr("Exporting {name}…", name=job.path.name), token))

    @Slot(float)
    def _on_progressed(self, fraction: float) -> None:
        if self._writing and not self._writing[0].token.is_cancelled:
            first = self._writing[0]
            text = tr("Exporting {name}… {percent} %", name=first.job.path.name, percent=int(100 * fraction))
            self.said.emit(_exporting(text, first.token))

    @Slot(object)
    def _on_files_exported(self, done: Exported) -> None:
        if not self._writing:
            return  # of a document that has gone meanwhile
        written = self._writing.pop(0)
        job = written.job
        self._remembered.change(export_folder=str(job.path.parent))
        if not written.is_of_objects:
            self._again = lambda: self._write_document(job)
            self.changed.emit()
            self._count_as_saved(written.revision)
        what = job.path.name if job.scope is Scope.WHOLE else tr_n("{n} file", "{n} files", len(done.paths))
        said = saved_message(done.paths[0], what)
        other = self._opening(job, done.paths[0])
        self.said.emit(replace(said, text=" ".join((said.text, *done.notes)), other=other))

    def _count_as_saved(self, revision: int) -> None:
        document = self._editor.document
        if document is not None and document.revision == revision and not self._has_project():
            self._editor.mark_saved()

    def _opening(self, job: ExportJob, path: Path) -> MessageAction | None:
        """Return what opens a file that was exported in another program, if there is one for it."""
        program = program_for(job.format_id)
        if program is None or job.scope is not Scope.WHOLE:
            return None

        def open_it() -> None:
            if not program.open(path):
                text = tr("{program} could not be started.", program=program.name)
                self.said.emit(Message(text, MessageKind.ERROR))

        return MessageAction(tr("Open in {program}", program=program.name), open_it)

    @Slot()
    def _on_withdrawn(self) -> None:
        if self._writing:
            self._writing.pop(0)
        self.said.emit(Message(tr("The export was cancelled; nothing was written.")))

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
        if self._exporting:
            revision, wish = self._exporting.pop(0)
            self._remembered.change(export_folder=str(wish.path.parent))
            self._last_export = wish
            self._again = lambda: self._write(wish)
            self.changed.emit()
            self._count_as_saved(revision)
        what = paths[0].name if len(paths) == 1 else tr_n("{n} layer", "{n} layers", len(paths))
        self.said.emit(saved_message(paths[0], what))

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

    @Slot(str)
    def _on_text_copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        said = tr("Copied the outline as text, {size} kB.", size=number(len(text) / 1000, 1))
        self.said.emit(Message(said, MessageKind.SUCCESS))

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        del error
        self._exporting.clear()
        self._writing.clear()

    @Slot()
    def _on_document_replaced(self) -> None:
        self._last_export = None
        self._again = None
        self._exporting.clear()
        self.changed.emit()


def remembered_export(text: str) -> Preset | None:
    """Return how the last export was done, from what the settings keep of it; None if that is nothing of use."""
    try:
        return Preset.from_plain(json.loads(text))
    except (ValueError, RecursionError, ExportError):
        return None


def _exporting(text: str, token: CancelToken) -> Message:
    return Message(text, action=MessageAction(tr("Cancel"), token.cancel))


def saved_message(path: Path, what: str) -> Message:
    """Return the good news that `what` was saved at `path`."""
    folder = path.parent
    show = MessageAction(tr("Show in folder"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
    return Message(tr("Saved {what} in {folder}.", what=what, folder=folder), MessageKind.SUCCESS, show)
