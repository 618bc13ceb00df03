"""Lets an open prompt become the selection before something is done with it: nobody has to press Enter first."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from core.errors import AppError
from ui.editor import Editor
from ui.object_session import ObjectSession
from ui.segment_session import SegmentSession


class AfterCommit(QObject):
    """Runs one thing as soon as the document is what the screen shows: nothing to commit, no large edit under way."""

    _closed = Signal()

    def __init__(
        self, editor: Editor, session: SegmentSession, objects: ObjectSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._objects = objects
        self._waiting: Callable[[], object] | None = None
        session.committed.connect(self._on_settled)
        session.prompt_changed.connect(self._on_prompt_changed)
        session.failed.connect(self._on_failed)
        objects.chosen.connect(self._on_settled)
        objects.given_up.connect(self._forget)
        editor.document_replaced.connect(self._forget)
        editor.busy_changed.connect(self._on_settled)
        # Queued: a prompt that closes was committed if that is said in the same breath, and dropped if not.
        self._closed.connect(self._on_closed, Qt.ConnectionType.QueuedConnection)

    @property
    def is_under_way(self) -> bool:
        """Whether something that the person has asked for is on its way to the document."""
        return self._session.is_committing or self._objects.is_choosing or self._editor.is_busy

    def run(self, action: Callable[[], object]) -> None:
        """Do `action` now, or when the open prompt has been committed; never, if that fails or it is dropped."""
        self._waiting = action
        if self._session.is_open:
            self._session.commit()
        else:
            self._on_settled()

    @Slot()
    def _on_settled(self) -> None:
        is_settled = not (self._session.is_open or self._objects.is_choosing or self._editor.is_busy)
        if self._waiting is None or not is_settled:
            return
        waiting, self._waiting = self._waiting, None
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
    def _on_closed(self) -> None:
        if not self._editor.is_busy:
            self._waiting = None

    @Slot()
    def _forget(self) -> None:
        self._waiting = None
