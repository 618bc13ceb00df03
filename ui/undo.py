"""Undo and redo as a person sees them: one pair of keys for the open prompt and for the document."""

from PySide6.QtCore import QObject, Signal, Slot

from ui.editor import Editor
from ui.segment_session import SegmentSession


class Undo(QObject):
    """Sends undo and redo to the prompt while one is open or was just emptied, else to the document."""

    changed = Signal()

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._taken_back = 0  # turns of the prompt that redo brings again
        self._is_turning = False
        session.prompt_changed.connect(self._on_prompt_changed)
        editor.history_changed.connect(self._on_history_changed)
        editor.busy_changed.connect(self.changed)

    @property
    def undo_title(self) -> str | None:
        """What undo would take back, in words; None if nothing."""
        if self._session.is_open:
            return "Change of the Prompt"
        return "Change Under Way" if self._editor.is_busy else self._editor.undo_title

    @property
    def redo_title(self) -> str | None:
        """What redo would do again, in words; None if nothing."""
        return "Change of the Prompt" if self._taken_back else self._editor.redo_title

    def undo(self) -> None:
        """Take the last change of the prompt back, or else of the document."""
        self._is_turning = True
        is_done = self._session.undo_prompt()
        self._is_turning = False
        if is_done:
            self._taken_back += 1
            self.changed.emit()
        else:
            self._editor.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._is_turning = True
        is_done = self._session.redo_prompt()
        self._is_turning = False
        self._taken_back = max(0, self._taken_back - 1) if is_done else 0
        if is_done:
            self.changed.emit()
        else:
            self._editor.redo()

    @Slot()
    def _on_prompt_changed(self) -> None:
        if not self._is_turning:
            self._taken_back = 0
        self.changed.emit()

    @Slot()
    def _on_history_changed(self) -> None:
        if not self._session.is_open:
            self._taken_back = 0
        self.changed.emit()
