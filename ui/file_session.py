"""Opening and exporting files without stopping the window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal, Slot

from core.cancel import CancelToken
from core.document import Document
from core.document_reading import OpenedDocument, ReadAhead, read_document
from core.errors import AppError
from core.export import png
from core.export.format import Progress
from core.export.job import Exported, ExportJob, run_export
from core.export.preview import Preview, PreviewRequest, make_preview
from core.export.source import ExportSource
from core.export.web_outline import WebOutline, outline_text
from core.geometry import Size
from core.mask_reading import read_selection
from core.project.encoded import EncodedPictures
from core.project.reader import ReadProject, read_project
from core.project.recovery import RecoverySlot
from core.project.writer import write_project
from core.recipe import Recipe
from ui.photo_series import photos_beside
from workers.file_worker import FileJob, FileWorker
from workers.worker import Worker
from workers.worker_thread import WorkerThread


class FileKind(StrEnum):
    """What is done with a file."""

    OPEN = "open"
    EXPORT = "export"
    COPY = "copy"
    COPY_TEXT = "copy text"
    SAVE = "save"
    AUTOSAVE = "autosave"
    CLEAR = "clear"
    RECOVER = "recover"
    FILES = "files"
    PREVIEW = "preview"
    SELECTION = "selection"


_QUIET = (FileKind.AUTOSAVE, FileKind.CLEAR, FileKind.PREVIEW)


class FileSession(QObject):
    """What is read and written, in the order in which it was asked for; nothing is dropped.

    Files are written beside their target and moved into place, so that closing, which waits for them, and even a
    crash leave whole files.
    """

    opened = Signal(object, object)  # OpenedDocument, tuple of the paths of its folder's photos
    exported = Signal(object)  # Path, or a tuple of them
    copied = Signal(object)  # ClipboardPicture
    text_copied = Signal(str)
    selection_read = Signal(object, object)  # Coverage, notes
    files_exported = Signal(object)  # Exported
    export_progressed = Signal(float)  # fraction done of what `export_files` was asked for
    previewed = Signal(object, object)  # PreviewRequest, Preview
    preview_failed = Signal(object, object)  # PreviewRequest, AppError
    withdrawn = Signal()  # an export that nobody wanted any more
    project_saved = Signal(object)  # Path
    save_failed = Signal()  # after `failed`
    recovered = Signal(object, object)  # ReadProject, paths of the photos beside its own
    recovery_failed = Signal()  # after `failed`
    autosaved = Signal()
    autosave_failed = Signal(object)  # AppError; `failed` says nothing of it
    failed = Signal(object)  # AppError
    busy_changed = Signal(bool)

    def __init__(self, worker_factory: Callable[[], Worker] = FileWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        worker = worker_factory()
        worker.succeeded.connect(self._on_succeeded)
        worker.failed.connect(self._on_failed)
        worker.dropped.connect(self._on_dropped)
        self._thread = WorkerThread(worker, "file worker", None, self)
        self._running: list[FileJob] = []
        self._encoded = EncodedPictures()  # used in the worker's thread

    @property
    def is_busy(self) -> bool:
        """Whether anything is read or written."""
        return bool(self._running)

    @property
    def is_writing(self) -> bool:
        """Whether a file is written, or about to be."""
        return any(job.is_writing for job in self._running)

    def open_photo(self, path: Path, selection: Path | None = None, ahead: ReadAhead | None = None) -> None:
        """Read a photo, and the mask of what is selected in it, if any; `opened` or `failed` tells the end.

        What was read `ahead` is taken if the file is still the same.
        """
        self._submit(FileKind.OPEN, partial(_read, path, selection, ahead), is_writing=False)

    def read_selection(self, path: Path, size: Size) -> None:
        """Read what a mask's file selects; `selection_read` or `failed` tells the end."""
        self._submit(FileKind.SELECTION, partial(read_selection, path, size), is_writing=False)

    def export_cutout(self, document: Document, path: Path, *, trim: bool, recipe: Recipe | None = None) -> None:
        """Write the cutout as it is now, and perhaps its recipe beside it; `exported` or `failed` tells the end."""
        self._submit(FileKind.EXPORT, partial(png.export_cutout, document, path, trim, recipe))

    def export_mask(self, document: Document, path: Path) -> None:
        """Write the mask as it is now; `exported` or `failed` tells the end."""
        self._submit(FileKind.EXPORT, partial(png.export_mask, document, path))

    def export_layers(self, document: Document, folder: Path) -> None:
        """Write every layer as it is now; `exported` or `failed` tells the end."""
        self._submit(FileKind.EXPORT, partial(png.export_layers, document, folder))

    def export_files(self, source: ExportSource, job: ExportJob, token: CancelToken) -> None:
        """Write to any format; `files_exported`, `failed` or, if `token` was cancelled, `withdrawn` tells the end."""
        self._submit(FileKind.FILES, partial(self._export, source, job, token))

    def preview(self, request: PreviewRequest) -> None:
        """Show what an export would write; `previewed`, `preview_failed` or, if it was withdrawn, nothing tells."""
        self._submit_quietly(FileKind.PREVIEW, partial(_preview, request))

    def copy_cutout(self, document: Document) -> None:
        """Make the trimmed cutout for the clipboard; `copied` or `failed` tells the end."""
        self._submit(FileKind.COPY, partial(png.clipboard_picture_of, document), is_writing=False)

    def copy_outline(self, document: Document, kind: WebOutline) -> None:
        """Make the outline's text for the clipboard; `text_copied` or `failed` tells the end."""
        self._submit(FileKind.COPY_TEXT, partial(outline_text, document, kind), is_writing=False)

    def save_project(self, document: Document, path: Path) -> None:
        """Write a project as the document is now; `project_saved` or `failed` tells the end."""
        self._submit(FileKind.SAVE, partial(write_project, document, path, self._encoded))

    def autosave(
        self, document: Document, slot: RecoverySlot, project: Path | None, series: Sequence[Path] = ()
    ) -> None:
        """Keep unsaved work without a word; `autosaved` or `autosave_failed` tells the end."""
        self._submit_quietly(FileKind.AUTOSAVE, partial(slot.write, document, project, self._encoded, series))

    def clear_autosave(self, slot: RecoverySlot) -> None:
        """Keep no unsaved work any more, after what is on its way there."""
        self._submit_quietly(FileKind.CLEAR, slot.clear)

    def open_recovery(self, path: Path, photo: Path | None) -> None:
        """Read unsaved work, and list the photos beside `photo`; `recovered` or `failed` tells the end."""
        self._submit(FileKind.RECOVER, partial(_recover, path, photo), is_writing=False)

    def shutdown(self) -> None:
        """Wait until everything is written, however long it takes, tell how it ended, and stop for good."""
        self._thread.shutdown()
        # The answers lie in this thread's event queue; an export that failed must be heard of before the window goes.
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def _submit(self, kind: FileKind, operation: Callable[[], object], is_writing: bool = True) -> None:
        job = FileJob(kind, operation, is_writing)
        self._running.append(job)
        self._thread.submit(job)
        if len(self._running) == 1:
            self.busy_changed.emit(True)

    def _submit_quietly(self, kind: FileKind, operation: Callable[[], object]) -> None:
        """Submit what nobody needs to know of: it makes nothing busy, and closing throws it away."""
        self._thread.submit(FileJob(kind, operation, is_writing=False))

    def _end(self, job: FileJob) -> None:
        self._running.remove(job)
        if not self._running:
            self.busy_changed.emit(False)

    @Slot(object, object)
    def _on_succeeded(self, job: FileJob, result: object) -> None:
        if job.kind in _QUIET:
            if job.kind == FileKind.AUTOSAVE:
                self.autosaved.emit()
            elif isinstance(result, _Previewed):
                self._tell_preview(result)
            return
        self._end(job)
        signal = {
            FileKind.EXPORT: self.exported,
            FileKind.FILES: self.files_exported,
            FileKind.SAVE: self.project_saved,
            FileKind.COPY: self.copied,
            FileKind.COPY_TEXT: self.text_copied,
        }
        of_two = {
            FileKind.OPEN: self.opened,
            FileKind.RECOVER: self.recovered,
            FileKind.SELECTION: self.selection_read,
        }
        if job.kind in of_two and isinstance(result, tuple):
            of_two[FileKind(job.kind)].emit(*result)
        else:
            signal[FileKind(job.kind)].emit(result)

    @Slot(object)
    def _on_dropped(self, job: FileJob) -> None:
        if job.kind in _QUIET:
            return
        self._end(job)
        self.withdrawn.emit()

    @Slot(object, object)
    def _on_failed(self, job: FileJob, error: AppError) -> None:
        if job.kind in _QUIET:
            self.autosave_failed.emit(error)
            return
        self._end(job)
        self.failed.emit(error)
        if job.kind == FileKind.SAVE:
            self.save_failed.emit()
        elif job.kind == FileKind.RECOVER:
            self.recovery_failed.emit()

    def _tell_preview(self, result: "_Previewed") -> None:
        if isinstance(result.answer, Preview):
            self.previewed.emit(result.request, result.answer)
        else:
            self.preview_failed.emit(result.request, result.answer)

    def _export(self, source: ExportSource, job: ExportJob, token: CancelToken) -> Exported:
        told = 0

        def tell(fraction: float) -> None:
            nonlocal told
            percent = int(100 * fraction)
            if percent > told:
                told = percent
                self.export_progressed.emit(fraction)

        return run_export(source, job, Progress(token, tell))


@dataclass(frozen=True, eq=False)
class _Previewed:
    """A preview, or why there is none."""

    request: PreviewRequest
    answer: Preview | AppError


def _preview(request: PreviewRequest) -> _Previewed:
    try:
        return _Previewed(request, make_preview(request))
    except AppError as error:
        return _Previewed(request, error.with_traceback(None))


def _recover(path: Path, photo: Path | None) -> tuple[ReadProject, tuple[Path, ...]]:
    return read_project(path), () if photo is None else photos_beside(photo)


def _read(path: Path, selection: Path | None, ahead: ReadAhead | None) -> tuple[OpenedDocument, tuple[Path, ...]]:
    return read_document(path, selection, ahead), photos_beside(path)
