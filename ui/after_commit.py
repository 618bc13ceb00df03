"""Lets an open prompt become the selection before something is done with it: nobody has to press Enter first."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from core.errors import AppError
from ui.editor import Editor
from ui.segment_session import SegmentSession


class AfterCommit(QObject):
    """Runs one thing as soon as the selection is what the screen shows."""

    _closed = Signal()

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: Callable[[], object] | None = None
        session.committed.connect(self._on_committed)
        session.prompt_changed.connect(self._on_prompt_changed)
        session.failed.connect(self._on_failed)
        editor.document_replaced.connect(self._forget)
        # Queued: a prompt that closes was committed if that is said in the same breath, and dropped if not.
        self._closed.connect(self._forget, Qt.ConnectionType.QueuedConnection)

    def run(self, action: Callable[[], object]) -> None:
        """Do `action` now, or when the open prompt has been committed; never, if that fails or it is dropped."""
        self._waiting = None
        if not self._session.is_open:
            action()
            return
        self._waiting = action
        self._session.commit()

    @Slot()
    def _on_committed(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting()

    @Slot()
    def _on_prompt_changed(self) -> None:
        if self._waiting is not None and not self._session.is_open:
            self._closed.emit()

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        del error
        self._waiting = None

    @Slot()
    def _forget(self) -> None:
        self._waiting = None
