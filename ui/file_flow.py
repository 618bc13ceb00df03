"""From "open this" to a document: what is asked first, what happens after, and what the person is told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from core.arrays import RgbaImage
from core.document import Document
from core.document_reading import OpenedDocument
from core.errors import AppError
from core.export.job import ExportJob
from core.texts import tr
from ui.after_commit import AfterCommit
from ui.clipboard import files_of, picture_of
from ui.editor import Editor
from ui.export_flow import ExportFlow
from ui.export_question import ExportQuestion
from ui.export_wish import ExportWish
from ui.file_session import FileSession
from ui.look_ahead import LookAhead
from ui.message import Message, MessageAction, MessageKind
from ui.photo_series import PhotoSeries
from ui.project_flow import ProjectFlow
from ui.remembered import Remembered
from ui.selection_file import SelectionFile

UnsavedAnswer = Callable[[bool], object]
"""Told True to save first, False to go on without; not told at all when the person thinks again."""


class FileQuestions(Protocol):
    """What a person is asked about files. None of these waits; `answer` is called when there is one."""

    def ask_photo(self, folder: str, answer: Callable[[Path], object]) -> None:
        """Ask which photo or project to open."""

    def ask_mask(self, folder: str, answer: Callable[[Path], object]) -> None:
        """Ask which file says what to select."""

    def ask_export(self, wish: ExportWish, answer: Callable[[ExportWish], object]) -> None:
        """Ask where to save what; a project too."""

    def ask_export_as(self, question: ExportQuestion, answer: Callable[[ExportJob], object]) -> None:
        """Ask which format to export to, and where."""

    def ask_unsaved(self, name: str, answer: UnsavedAnswer) -> None:
        """Ask whether what was done to the document called `name` is to be saved."""


class FileFlow(QObject):
    """Opens and pastes, one step after the other; there is one document at a time.

    `projects` and `exports` save it, `masks` select in it.

    Photos that were opened together, or those of the folder of the one that was opened, are a series to go through.
    """

    said = Signal(object)  # Message
    other_wanted = Signal()  # another document, or none: what was said until now is not about that one
    series_changed = Signal()  # whether there is a photo before or after

    def __init__(
        self,
        editor: Editor,
        files: FileSession,
        look_ahead: LookAhead,
        after_commit: AfterCommit,
        remembered: Remembered,
        questions: FileQuestions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        saving = editor, files, after_commit, remembered, questions.ask_export
        self.projects = ProjectFlow(*saving, self)
        self.exports = ExportFlow(*saving, questions.ask_export_as, lambda: self.projects.path is not None, self)
        self.masks = SelectionFile(editor, files, after_commit, remembered, questions, self)
        for flow in (self.projects, self.exports, self.masks):
            flow.said.connect(self.said)
        self._editor = editor
        self._after_commit = after_commit
        self._files = files
        self._look_ahead = look_ahead
        self._remembered = remembered
        self._questions = questions
        self._series: PhotoSeries | None = None
        self._step = 1  # the way that the person goes
        self._sample: Path | None = None  # the program's own photo, while it is being opened
        self._left: Document | None = None  # what was open when the person agreed to open another one
        self._opened = editor.document  # as it was before anything was done to it
        files.opened.connect(self._on_opened)
        files.failed.connect(self._on_failed)
        editor.failed.connect(self._on_edit_failed)
        editor.document_replaced.connect(self._on_document_replaced)

    @property
    def place(self) -> str:
        """Which photo of how many is open, in words; empty if it is the only one."""
        document = self._editor.document
        return "" if document is None or self._series is None else self._series.place_of(document.path)

    @property
    def series(self) -> PhotoSeries | None:
        """The photos to go through; None without a document, or if it has no file."""
        return self._series

    @property
    def opened_together(self) -> tuple[Path, ...]:
        """The photos to go through, if the person chose them; none where they are those of a folder, or only one."""
        series = self._series
        return () if series is None or series.is_folder or len(series.paths) < 2 else series.paths

    def has_photo(self, step: int) -> bool:
        """Whether there is a photo `step` places further in the series."""
        return self._series is not None and self._series.has(step)

    # --- opening ---

    def ask_open(self) -> None:
        """Let the person choose a photo."""
        self.unless_unsaved(lambda: self._questions.ask_photo(self._remembered.settings.open_folder, self._read))

    def open_files(self, paths: Sequence[Path], selection: Path | None = None) -> None:
        """Open the first of some files, and let the others follow.

        Parameters
        ----------
        selection
            A mask of what is selected in the first.
        """
        files = PhotoSeries.of_files(paths)
        if len(files.paths) == 1:
            self.unless_unsaved(lambda: self._read(files.current, selection))
        elif files.paths:
            self.unless_unsaved(lambda: self._go_to(files, selection))

    def open_further(self, step: int) -> None:
        """Open the photo `step` places further in the series, if there is one."""
        if self._series is not None and self._series.has(step):
            self._step = step
            further = self._series.moved(step)
            self.unless_unsaved(lambda: self._go_to(further))

    def open_sample(self) -> None:
        """Open the photo that comes with the program."""
        from core.demo_photo import find_demo_photo

        try:
            path = find_demo_photo().path
        except AppError as error:
            self.say(str(error), MessageKind.ERROR)
        else:
            self._sample = path
            self.open_files([path])

    def take(self, mime: QMimeData, as_new: bool = False) -> None:
        """Take what is pasted or dropped: a file is opened, a picture becomes a layer, or a document of its own."""
        paths = files_of(mime)
        picture = None if paths else picture_of(mime)
        if paths:
            self.open_files(paths)
        elif picture is None:
            self.say(tr("There is no picture in what was pasted or dropped."))
        elif as_new or self._editor.document is None:
            self.unless_unsaved(lambda: self._show_pasted(picture))
        else:
            self._editor.add_layer(picture, tr("Pasted layer"))

    def paste(self, as_new: bool = False) -> None:
        """Paste the clipboard's picture."""
        self.take(QGuiApplication.clipboard().mimeData(), as_new)

    def show_recovered(self, document: Document, project: Path | None, series: PhotoSeries | None) -> None:
        """Show unsaved work that was found, which belongs to `project`, if it has one, among the photos of `series`."""
        self._set_series(series)
        self._editor.set_document(document)
        self._opened = None  # in no file is it as it is now
        self.projects.belong_to(project)

    def close_document(self) -> None:
        """Close the photo, unless the person wants to keep what was done."""
        self.unless_unsaved(self._show_none)

    def unless_unsaved(self, then: Callable[[], object]) -> None:
        """Do `then` if nothing would be lost, or when the person has decided; a prompt in the making is no loss."""
        self.other_wanted.emit()
        self._unless_unsaved(then)

    def _unless_unsaved(self, then: Callable[[], object]) -> None:
        document = self._editor.document
        if document is None or not (self._after_commit.is_under_way or self._has_unsaved_work(document)):
            then()
            return

        def answer(is_saved_first: bool) -> None:
            if is_saved_first:
                self.projects.save(then)
            else:
                then()

        self._questions.ask_unsaved(document.name, answer)

    def _has_unsaved_work(self, document: Document) -> bool:
        """Whether closing loses anything; a photo as it was opened, with nothing selected, is in its file."""
        opened = self._opened
        is_photo_alone = (
            opened is not None
            and document.selection is None
            and (document.size, document.layers, document.background) == (opened.size, opened.layers, opened.background)
        )
        return self._editor.is_modified and not is_photo_alone

    # --- within ---

    def say(self, text: str, kind: MessageKind = MessageKind.INFO, action: MessageAction | None = None) -> None:
        """Tell the person something."""
        self.said.emit(Message(text, kind, action))

    def _read(self, path: Path, selection: Path | None = None) -> None:
        if self._series is not None and path in self._series.paths:
            self._go_to(self._series.at(path), selection)
        else:
            self._left = self._editor.document
            self._files.open_photo(path, selection)

    def _go_to(self, series: PhotoSeries, selection: Path | None = None) -> None:
        ahead = self._look_ahead.take(series.current)
        # Also if the photo cannot be read: the next one lies behind it.
        self._set_series(series)
        self._left = self._editor.document
        self._files.open_photo(series.current, selection, ahead)

    def _set_series(self, series: PhotoSeries | None) -> None:
        self._series = series
        has_next = series is not None and series.has(self._step)
        self._look_ahead.follow(series.moved(self._step).current if series is not None and has_next else None)
        self.series_changed.emit()

    def _show_none(self) -> None:
        self._set_series(None)
        self._editor.set_document(None)

    def _show_pasted(self, picture: RgbaImage) -> None:
        from core.image_io import photo_from_rgba

        self._set_series(None)
        self._editor.set_document(Document.from_photo(photo_from_rgba(picture, tr("Pasted image"))))

    @Slot(object, object)
    def _on_opened(self, opened: OpenedDocument, beside: tuple[Path, ...]) -> None:
        if self._editor.document is self._left:
            self._show_opened(opened, beside)
        else:
            # Reading took its time, and the person may have worked on.
            self._unless_unsaved(lambda: self._show_opened(opened, beside))

    def _show_opened(self, opened: OpenedDocument, beside: tuple[Path, ...]) -> None:
        path, document = opened.path, opened.document
        if path == self._sample:
            # Its folder is the program's: not where the person keeps photos, nor where anything is to be saved.
            document, self._sample = replace(document, path=None), None
            self._set_series(None)
        else:
            settings = self._remembered.settings.with_recent(path)
            self._remembered.become(replace(settings, open_folder=str(path.absolute().parent)))
            self._set_series(_series_around(path, self._series, beside))
        self._editor.set_document(document)
        self.projects.belong_to(path if opened.is_project else None)
        if opened.notes:
            self.say(" ".join((f"{path.name} is open.", *opened.notes)))

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        self.say(str(error), MessageKind.ERROR)

    @Slot(object)
    def _on_edit_failed(self, error: AppError) -> None:
        self.say(str(error), MessageKind.ERROR)

    @Slot()
    def _on_document_replaced(self) -> None:
        self._opened = self._editor.document


def _series_around(path: Path, series: PhotoSeries | None, beside: tuple[Path, ...]) -> PhotoSeries:
    """Return the series once the photo `path` is there, whose folder holds the photos `beside`."""
    if series is None or path not in series.paths:
        return PhotoSeries.of_folder(beside, path)
    if not series.is_folder:
        return series
    # The folder as it is now; who leafs quickly may have asked for a later photo already.
    return PhotoSeries.of_folder(beside, series.current if series.current in beside else path)
