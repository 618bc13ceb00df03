"""Offers unsaved work that an earlier run of the program left behind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from core.file_presence import is_file
from core.project.reader import ReadProject
from core.project.recovery import LeftBehind, RecoveryNote, left_behind, recovery_folder
from core.texts import tr
from ui.autosave import Autosave
from ui.editor import Editor
from ui.file_flow import FileFlow
from ui.file_session import FileSession
from ui.message import Message
from ui.photo_series import PhotoSeries

RecoveryAnswer = Callable[[bool], object]
"""Told True to open the work, False to throw it away; not told at all when the person decides another time."""


class RecoveryQuestions(Protocol):
    """What a person is asked about unsaved work."""

    def ask_recovery(self, work: LeftBehind, answer: RecoveryAnswer, later: Callable[[], object]) -> None:
        """Ask what to do with unsaved work; `later` is called if that is not decided now."""


class RecoveryFlow(QObject):
    """Goes through what was left behind, the latest first, until the person opens one."""

    said = Signal(object)  # Message

    def __init__(
        self,
        editor: Editor,
        files: FileSession,
        file_flow: FileFlow,
        autosave: Autosave,
        questions: RecoveryQuestions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._files = files
        self._file_flow = file_flow
        self._autosave = autosave
        self._questions = questions
        self._waiting: list[LeftBehind] = []
        self._opening: LeftBehind | None = None
        files.recovered.connect(self._on_recovered)
        files.recovery_failed.connect(self._on_failed)

    @Slot()
    def offer(self) -> None:
        """Ask about what was left behind, if there is anything."""
        self._waiting = left_behind(recovery_folder())
        self._ask_next()

    def shutdown(self) -> None:
        """Leave what was not decided about to the next start."""
        for work in (*self._waiting, *([self._opening] if self._opening is not None else [])):
            work.slot.release()
        self._waiting, self._opening = [], None

    def _ask_next(self) -> None:
        if not self._waiting:
            return
        work = self._waiting[0]
        self._questions.ask_recovery(work, lambda is_wanted: self._decide(work, is_wanted), self.shutdown)

    def _decide(self, work: LeftBehind, is_wanted: bool) -> None:
        if work not in self._waiting:
            return
        self._waiting.remove(work)
        if is_wanted:
            self._file_flow.unless_unsaved(lambda: self._open(work))
            self._leave_others()
        else:
            work.slot.clear()
            work.slot.release()
            self._ask_next()

    def _leave_others(self) -> None:
        for work in self._waiting:
            work.slot.release()
        self._waiting = []

    def _open(self, work: LeftBehind) -> None:
        self._opening = work
        self._files.open_recovery(work.slot.path, _existing(work.note.photo))

    @Slot(object, object)
    def _on_recovered(self, read: ReadProject, beside: tuple[Path, ...]) -> None:
        work, self._opening = self._opening, None
        if work is None:
            return
        project, photo = (_existing(path) for path in (work.note.project, work.note.photo))
        series = _series_of(photo, work.note, beside)
        self._file_flow.show_recovered(replace(read.document, path=photo or project), project, series)
        self._autosave.adopt(work.slot)
        self._editor.mark_saved(False)
        self.said.emit(
            Message(tr("The unsaved work on “{name}” is open again. Save it to keep it.", name=work.note.name))
        )

    @Slot()
    def _on_failed(self) -> None:
        work, self._opening = self._opening, None
        if work is not None:
            work.slot.release()


def _series_of(photo: Path | None, note: RecoveryNote, beside: tuple[Path, ...]) -> PhotoSeries | None:
    """Return the photos to go through beside `photo`: those that were opened together with it, or its folder's."""
    if photo is None:
        return None
    together = tuple(path for path in map(_existing, note.series) if path is not None)
    return PhotoSeries.of_files(together).at(photo) if photo in together else PhotoSeries.of_folder(beside, photo)


def _existing(path: str | None) -> Path | None:
    return Path(path) if path is not None and is_file(Path(path)) else None
