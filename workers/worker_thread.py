"""One thread with one worker, and how it ends.

A running native call (a model that encodes, a codec that writes) cannot be interrupted. Closing therefore goes in
stages: tokens are cancelled by who holds them, a last job that ends the thread is queued behind all others, and the
thread is waited for. A thread that is still busy after that is left alone, kept alive, and :func:`leave` ends the
process without waiting for it. No thread is ever killed, and no QThread destroyed while it runs.
"""

import logging
import os
import sys
from time import monotonic

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QObject, QThread, Signal, Slot

from workers.worker import Worker

logger = logging.getLogger(__name__)

_left_running: list[tuple[QThread, Worker]] = []


class WorkerThread(QObject):
    """A thread for one kind of work. Jobs are done one at a time, in the order in which they were submitted.

    The thread starts with the first job. It is shut down when the application quits, at the latest.

    Parameters
    ----------
    patience_seconds
        How long :meth:`shutdown` waits for the jobs that are queued; None for as long as it takes.
    """

    _submitted = Signal(object)
    _finishing = Signal()

    def __init__(
        self, worker: Worker, name: str, patience_seconds: float | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._patience_seconds = patience_seconds
        self._worker: Worker | None = worker
        self._thread = QThread()
        self._thread.setObjectName(name)
        worker.moveToThread(self._thread)
        self._submitted.connect(worker.run)
        self._finishing.connect(worker.finish)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._on_about_to_quit)

    @property
    def is_running(self) -> bool:
        """Whether the thread has started and not ended."""
        return self._thread.isRunning()

    def submit(self, job: object) -> None:
        """Queue a job; after :meth:`shutdown` it is ignored."""
        if self._worker is None:
            return
        if not self._thread.isRunning():
            self._thread.start()
        self._submitted.emit(job)

    def shutdown(self) -> bool:
        """End the thread after the jobs that are queued, and wait for it; return whether it ended in time.

        May be called again.
        """
        worker, self._worker = self._worker, None
        if worker is None or not self._thread.isRunning():
            return not self._thread.isRunning()
        self._finishing.emit()
        deadline = QDeadlineTimer(QDeadlineTimer.ForeverConstant.Forever)
        if self._patience_seconds is not None:
            deadline = QDeadlineTimer(int(self._patience_seconds * 1000))
        if self._thread.wait(deadline):
            return True
        logger.warning("%s is still busy and is left behind", self._thread.objectName())
        _left_running.append((self._thread, worker))
        return False

    @Slot()
    def _on_about_to_quit(self) -> None:
        self.shutdown()


def leave(exit_code: int, patience_seconds: float = 0.0) -> int:
    """Return `exit_code` when no thread was left behind; otherwise end the process with it, here and now.

    The last call of a program: a thread deep in a native call would make the interpreter's own shutdown crash or hang.
    Files are safe, as those who write them are waited for without limit. `patience_seconds` is how long to go on
    waiting for threads that were left behind.
    """
    end = monotonic() + patience_seconds
    while _left_running and _left_running[-1][0].wait(max(0, int((end - monotonic()) * 1000))):
        _left_running.pop()
    if not _left_running:
        return exit_code
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)
