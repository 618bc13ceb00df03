"""Undo and redo as a person sees them: one pair of keys for the open prompt and for the document."""

from PySide6.QtCore import QObject, Signal

from core.texts import tr
from ui.editor import Editor
from ui.segment_session import SegmentSession


class Undo(QObject):
    """Sends undo and redo to the prompt while one is open or was just emptied, else to the document."""

    changed = Signal()

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        session.prompt_changed.connect(self.changed)
        editor.history_changed.connect(self.changed)
        editor.busy_changed.connect(self.changed)

    @property
    def undo_title(self) -> str | None:
        """What undo would take back, in words; None if nothing."""
        if self._session.can_undo_prompt:
            return tr("Change of the Prompt")
        return tr("Change Under Way") if self._editor.is_busy else self._editor.undo_title

    @property
    def redo_title(self) -> str | None:
        """What redo would do again, in words; None if nothing.

        While a prompt is open the document's own redo waits: it would change the photo under the preview.
        """
        if self._session.can_redo_prompt:
            return tr("Change of the Prompt")
        return None if self._session.is_open else self._editor.redo_title

    def undo(self) -> None:
        """Take the last change of the prompt back, or else of the document."""
        if not self._session.undo_prompt():
            self._editor.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        if not self._session.redo_prompt() and not self._session.is_open:
            self._editor.redo()
