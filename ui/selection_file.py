"""Selecting what a mask's file says."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import Coverage
from core.document import Document
from core.texts import tr
from ui.after_commit import AfterCommit
from ui.editor import Editor
from ui.file_session import FileSession
from ui.message import Message
from ui.remembered import Remembered


class MaskQuestion(Protocol):
    """Who asks for a mask's file."""

    def ask_mask(self, folder: str, answer: Callable[[Path], object]) -> None:
        """Ask which file says what to select; does not wait."""


class SelectionFile(QObject):
    """Asks for a mask's file, reads it, and selects what it says, as one step."""

    said = Signal(object)  # Message

    def __init__(
        self,
        editor: Editor,
        files: FileSession,
        after_commit: AfterCommit,
        remembered: Remembered,
        question: MaskQuestion,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._files = files
        self._after_commit = after_commit
        self._remembered = remembered
        self._question = question
        self._asked: Document | None = None
        files.selection_read.connect(self._on_read)

    def ask(self) -> None:
        """Let the person choose a file."""
        self._after_commit.run(
            lambda: self._question.ask_mask(self._remembered.settings.open_folder, self._read),
        )

    def _read(self, path: Path) -> None:
        document = self._editor.document
        if document is not None:
            self._asked = document
            self._files.read_selection(path, document.size)

    @Slot(object, object)
    def _on_read(self, coverage: Coverage, notes: tuple[str, ...]) -> None:
        asked, document = self._asked, self._editor.document
        if asked is None or document is None or (document.size, document.path) != (asked.size, asked.path):
            return  # another photo is open by now
        self._editor.set_selection(coverage, title=tr("Selection from file"))
        if notes:
            self.said.emit(Message(" ".join(notes)))
