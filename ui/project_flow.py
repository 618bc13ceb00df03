"""From "save" to a project file: which one it is, what is asked first, and what the person is told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from ui.after_commit import AfterCommit
from ui.editor import Editor
from ui.export_flow import AskExport, saved_message
from ui.export_wish import ExportKind, ExportWish, suggested_project
from ui.file_session import FileSession
from ui.remembered import Remembered


@dataclass(frozen=True, slots=True)
class _Save:
    """A document on its way to its file: its revision, and what is to be done when it is there."""

    revision: int
    then: Callable[[], object] | None = field(default=None, repr=False)


class ProjectFlow(QObject):
    """Knows the project file of the open document, if it has one, and saves to it."""

    said = Signal(object)  # Message
    changed = Signal()  # which file it is

    def __init__(
        self,
        editor: Editor,
        files: FileSession,
        after_commit: AfterCommit,
        remembered: Remembered,
        ask_export: AskExport,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._files = files
        self._after_commit = after_commit
        self._remembered = remembered
        self._ask = ask_export
        self._path: Path | None = None
        self._saving: list[_Save] = []
        files.project_saved.connect(self._on_saved)
        files.save_failed.connect(self._on_save_failed)
        editor.document_replaced.connect(self._on_document_replaced)

    @property
    def path(self) -> Path | None:
        """The project file of the open document; None if it has none yet."""
        return self._path

    @property
    def title(self) -> str:
        """What the open document is called; empty if there is none."""
        document = self._editor.document
        if document is None or self._path is not None:
            return "" if self._path is None else self._path.name
        return document.name

    def belong_to(self, path: Path | None) -> None:
        """Take `path` for the open document's project file."""
        if path != self._path:
            self._path = path
            self.changed.emit()

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save to the project file, or ask where if there is none; do `then` when it is there, never if it fails."""
        self._after_commit.run(lambda: self._ask_path(then) if self._path is None else self._write(self._path, then))

    def save_as(self) -> None:
        """Ask where to save, and save there from now on."""
        self._after_commit.run(lambda: self._ask_path(None))

    def _ask_path(self, then: Callable[[], object] | None) -> None:
        document = self._editor.document
        if document is None:
            return
        own = self._path
        path = own if own is not None else suggested_project(document, self._remembered.settings.export_folder)
        original = None if document.path == own else document.path
        wish = ExportWish(ExportKind.PROJECT, path, photo=original)
        self._ask(wish, lambda answer: self._write(answer.path, then))

    def _write(self, path: Path, then: Callable[[], object] | None) -> None:
        document = self._editor.document
        if document is not None:
            self._saving.append(_Save(document.revision, then))
            self._files.save_project(document, path)

    @Slot(object)
    def _on_saved(self, path: Path) -> None:
        self._remembered.become(self._remembered.settings.with_recent(path))
        self.said.emit(saved_message(path, path.name))
        if not self._saving:
            return  # of a document that is not open any more
        save, document = self._saving.pop(0), self._editor.document
        self.belong_to(path)
        if document is not None and document.revision == save.revision:
            self._editor.mark_saved()
            if save.then is not None:
                save.then()

    @Slot()
    def _on_save_failed(self) -> None:
        if self._saving:
            self._saving.pop(0)

    @Slot()
    def _on_document_replaced(self) -> None:
        self._saving.clear()
        self.belong_to(None)
