"""Keeps unsaved work where a crash does not reach it: after every commit, and every so often in between."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.errors import AppError, ImageWriteError
from core.project.recovery import RecoverySlot, recovery_folder
from core.texts import tr
from ui.editor import Editor
from ui.file_session import FileSession
from ui.message import Message, MessageKind
from ui.project_flow import ProjectFlow
from ui.remembered import Remembered
from ui.segment_session import SegmentSession


class Autosave(QObject):
    """Watches the open document. One file is written at a time; what changed meanwhile is written after that.

    What is kept is gone as soon as the work is saved, or given up by the person, after a clean end, and when the person
    wants nothing kept any more. `series` returns the photos that were opened together with the present one.
    """

    said = Signal(object)  # Message
    done = Signal()  # what is kept is up to date

    def __init__(
        self,
        editor: Editor,
        session: SegmentSession,
        files: FileSession,
        projects: ProjectFlow,
        remembered: Remembered,
        series: Callable[[], Sequence[Path]] = tuple,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._files = files
        self._projects = projects
        self._remembered = remembered
        self._series = series
        self._slot: RecoverySlot | None = None
        self._is_filled = False
        self._is_writing = self._is_wanted = False
        self._kept_revision: int | None = None
        self._has_warned = self._is_on = False
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.save)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.save)
        session.committed.connect(self._soon.start)
        editor.history_changed.connect(self._on_history_changed)
        editor.document_replaced.connect(self._clear)
        files.autosaved.connect(self._on_autosaved)
        files.autosave_failed.connect(self._on_failed)
        remembered.changed.connect(self._on_settings_changed)
        self._on_settings_changed()

    @Slot()
    def save(self) -> None:
        """Keep what is not saved, if there is any and the person wants it kept, unless it is kept already."""
        document = self._editor.document
        self._later.stop()
        if (
            not self._is_on
            or document is None
            or not self._editor.is_modified
            or document.revision == self._kept_revision
        ):
            return
        if self._is_writing:
            self._is_wanted = True
            return
        try:
            if self._slot is None:
                self._slot = RecoverySlot.claim(recovery_folder())
        except ImageWriteError as error:
            self._on_failed(error)
            return
        self._is_writing = self._is_filled = True
        self._kept_revision = document.revision
        self._files.autosave(document, self._slot, self._projects.path, self._series())

    def adopt(self, slot: RecoverySlot) -> None:
        """Go on with the place of work that was recovered and is open now, unsaved."""
        self._release()
        self._slot, self._is_filled = slot, True

    def shutdown(self) -> None:
        """Stop for good; nothing is kept. Call it when no file is written any more."""
        self._later.stop()
        self._soon.stop()
        if self._slot is not None:
            self._slot.clear()
        self._release()

    def _release(self) -> None:
        if self._slot is not None:
            self._slot.release()
        self._slot, self._kept_revision, self._is_filled = None, None, False

    @Slot()
    def _on_settings_changed(self) -> None:
        interval = 1000 * self._remembered.settings.autosave_seconds
        if interval != self._later.interval():
            self._later.setInterval(interval)  # which begins to count again
        was_on, self._is_on = self._is_on, self._remembered.settings.is_autosaved
        if was_on and not self._is_on:
            self._clear()
        elif self._is_on and self._editor.is_modified and not self._later.isActive():
            self._later.start()

    @Slot()
    def _on_history_changed(self) -> None:
        if not self._editor.is_modified:
            self._clear()
        elif self._is_on and not self._later.isActive():
            self._later.start()

    @Slot()
    def _clear(self) -> None:
        self._later.stop()
        self._kept_revision, self._has_warned = None, False
        if self._slot is not None and self._is_filled:
            self._is_filled = False
            self._files.clear_autosave(self._slot)

    @Slot()
    def _on_autosaved(self) -> None:
        self._is_writing = self._has_warned = False
        if self._is_wanted:
            self._soon.start()
        self._is_wanted = False
        self.done.emit()

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        self._is_writing = False
        self._kept_revision = None
        if self._editor.is_modified and self._is_on:
            self._later.start()
        if not self._has_warned:
            self._has_warned = True
            text = tr(
                "Unsaved work cannot be kept for the case of a crash: {error} Save the project to be safe.", error=error
            )
            self.said.emit(Message(text, MessageKind.ERROR))
