"""Undo and redo as a person sees them: one pair of keys for a gesture, the open prompt and the document."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal

from core.texts import tr
from ui.editor import Editor
from ui.segment_session import SegmentSession


class Hand(Protocol):
    """What is being done with the pointer and is not in the document yet."""

    @property
    def undo_title(self) -> str:
        """What :meth:`undo` would take back, in words; empty if nothing."""

    def undo(self) -> bool:
        """Take the last part back; return whether there was one."""


class Undo(QObject):
    """Sends undo and redo to the prompt while one is open or was just emptied, else to the document.

    A gesture that is under way comes first: undo takes it back, and redo waits for its end.
    """

    changed = Signal()

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self.hand: Hand | None = None
        """Whose gestures are taken back first."""
        session.prompt_changed.connect(self.changed)
        editor.history_changed.connect(self.changed)
        editor.busy_changed.connect(self.changed)

    @property
    def undo_title(self) -> str | None:
        """What undo would take back, in words; None if nothing."""
        if self.hand is not None and self.hand.undo_title:
            return self.hand.undo_title
        if self._session.can_undo_prompt:
            return tr("Change of the Prompt")
        return tr("Change Under Way") if self._editor.is_busy else self._editor.undo_title

    @property
    def redo_title(self) -> str | None:
        """What redo would do again, in words; None if nothing.

        While a prompt is open the document's own redo waits: it would change the photo under the preview; and both
        wait for a gesture.
        """
        if self.hand is not None and self.hand.undo_title:
            return None
        if self._session.can_redo_prompt:
            return tr("Change of the Prompt")
        return None if self._session.is_open else self._editor.redo_title

    def undo(self) -> None:
        """Take back what was done last of the gesture, of the prompt, or else of the document."""
        is_done = self.hand is not None and self.hand.undo()
        if not is_done and not self._session.undo_prompt():
            self._editor.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self.hand is not None and self.hand.undo_title:
            return
        if not self._session.redo_prompt() and not self._session.is_open:
            self._editor.redo()
