"""Edits whose pixels take longer to compute than a window may stand still."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from core.cancel import CancelToken
from core.commands import Command
from core.document import Document
from core.errors import AppError
from core.texts import tr
from workers.edit_worker import Compute, Draft, EditJob, EditWorker
from workers.worker_thread import WorkerThread

SHUTDOWN_SECONDS = 3.0
"""How long closing waits for an edit that is under way."""


@dataclass(frozen=True, eq=False)
class SlowEdit:
    """An edit in two parts.

    Attributes
    ----------
    compute
        The slow one: from a snapshot of the document to a result. Runs in the worker's thread. See :func:`at_once`.
    finish
        The quick one: from the document as it is by then, and the result, to the command; None if nothing changes.
    is_current
        Whether a result for the first document still holds for the second; otherwise it is computed again.
    draft
        A quick function from the snapshot to roughly what `compute` will return, to be shown meanwhile; it may return
        None for nothing to show.
    words
        What is being done, for the status bar.
    """

    compute: Compute
    finish: Callable[[Document, Any], Command | None]
    is_current: Callable[[Document, Document], bool]
    draft: Draft | None = None
    words: str = tr("Changing the picture")

    def command_for(self, document: Document) -> Command | None:
        """Do both parts here and now."""
        return self.finish(document, self.compute(document, CancelToken(), lambda _fraction: None))


def at_once(compute: Callable[[Document], Any]) -> Compute:
    """Return a function of a document as one for :class:`SlowEdit` that neither stops nor tells how far it is."""
    return lambda document, _token, _report: compute(document)


class SlowEdits(QObject):
    """Does slow edits one after the other, each on the document as the one before left it.

    Parameters
    ----------
    current_document
        Returns the document as it is now; None when there is none.
    """

    finished = Signal(object)  # Command, or None
    failed = Signal(object)  # AppError
    busy_changed = Signal(bool)
    progressed = Signal(float)  # fraction done of the edit under way
    drafted = Signal(object, object, object)  # the edit under way, the document that it is about, its draft
    changed = Signal()  # which edits are on their way

    def __init__(self, current_document: Callable[[], Document | None], parent: QObject) -> None:
        super().__init__(parent)
        self._current_document = current_document
        worker = EditWorker()
        worker.succeeded.connect(self._on_succeeded)
        worker.failed.connect(self._on_failed)
        worker.drafted.connect(self._on_drafted)
        worker.reported.connect(self._on_reported)
        self._thread = WorkerThread(worker, "edit worker", SHUTDOWN_SECONDS, self)
        self._edits: deque[SlowEdit] = deque()
        self._job: EditJob | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an edit is on its way."""
        return bool(self._edits)

    @property
    def edits(self) -> tuple[SlowEdit, ...]:
        """Those on their way; the first is under way."""
        return tuple(self._edits)

    def submit(self, edit: SlowEdit) -> None:
        """Do `edit` after those that are on their way."""
        self._edits.append(edit)
        if len(self._edits) == 1:
            self._start()
            self.busy_changed.emit(True)
        self.changed.emit()

    def take_back(self) -> None:
        """Withdraw the newest edit."""
        self._edits.pop()
        if not self._edits:
            self._stop()
        self.changed.emit()

    def clear(self) -> None:
        """Withdraw all edits."""
        if self._edits:
            self._edits.clear()
            self._stop()
            self.changed.emit()

    def shutdown(self) -> bool:
        """Withdraw all edits and end the thread; return whether it ended in time."""
        self.clear()
        return self._thread.shutdown()

    def _start(self) -> None:
        document = self._current_document()
        if document is not None:
            self._job = EditJob(document, self._edits[0].compute, self._edits[0].draft)
            self._thread.submit(self._job)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.token.cancel()
            self._job = None
        self.busy_changed.emit(False)

    def _go_on(self) -> None:
        self._edits.popleft()
        self._job = None
        if self._edits:
            self._start()
        else:
            self.busy_changed.emit(False)
        self.changed.emit()

    @Slot(object, object)
    def _on_succeeded(self, job: EditJob, result: object) -> None:
        document = self._current_document()
        if job is not self._job or document is None:
            return
        edit = self._edits[0]
        if not edit.is_current(job.document, document):
            self._start()
            return
        try:
            self.finished.emit(edit.finish(document, result))
        finally:
            # A mistake in one edit must not leave the editor busy for good.
            self._go_on()

    @Slot(object, object)
    def _on_failed(self, job: EditJob, error: AppError) -> None:
        if job is self._job:
            self._go_on()
            self.failed.emit(error)

    @Slot(object, object)
    def _on_drafted(self, job: EditJob, draft: object) -> None:
        if job is self._job:
            self.drafted.emit(self._edits[0], job.document, draft)

    @Slot(object, str, object)
    def _on_reported(self, job: EditJob, _step: str, fraction: float) -> None:
        if job is self._job:
            self.progressed.emit(fraction)
