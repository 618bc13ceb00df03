"""What all workers share: one job at a time, one ending for each, and progress that does not flood the window."""

import logging
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from core.cancel import Cancelled
from core.errors import AppError
from core.texts import tr

logger = logging.getLogger(__name__)

REPORT_INTERVAL_SECONDS = 0.05


class UnexpectedError(AppError):
    """A failure that nobody foresaw; its cause is in the log."""


class Worker(QObject):
    """Does jobs in the thread that it lives in. A kind of work is a subclass with its own :meth:`work`.

    Of `succeeded`, `failed` and `dropped` exactly one is emitted for every job. Connect them only to bound slots of
    objects of the thread that should hear of it: a free function would run in the worker's thread.
    """

    succeeded = Signal(object, object)  # job, result
    failed = Signal(object, object)  # job, AppError
    dropped = Signal(object)  # job that was withdrawn
    drafted = Signal(object, object)  # job, a rough result to show until the result is there
    reported = Signal(object, str, object)  # job, step in words, fraction done or None

    def __init__(self) -> None:
        super().__init__()
        self._last_report = ("", float("-inf"))

    def work(self, job: Any) -> object:
        """Do one job and return its result; raise :class:`Cancelled` if it was withdrawn."""
        raise NotImplementedError

    def release(self) -> None:
        """Let go of what the worker holds, in its own thread, before the thread ends."""

    def report(self, job: object, step: str, fraction: float | None) -> None:
        """Tell how far a job is; at most every 50 ms, except for a new step and the end of one."""
        last_step, last_time = self._last_report
        now = monotonic()
        is_end = fraction is not None and fraction >= 1
        if step != last_step or is_end or now - last_time >= REPORT_INTERVAL_SECONDS:
            self._last_report = (step, now)
            self.reported.emit(job, step, fraction)

    @Slot(object)
    def run(self, job: object) -> None:
        """Do one job; whatever happens, say how it ended."""
        self._last_report = ("", float("-inf"))
        try:
            result = self.work(job)
        except Cancelled:
            self.dropped.emit(job)
        except AppError as error:
            self.failed.emit(job, error.with_traceback(None))
        except Exception as error:
            logger.exception("job failed: %r", job)
            self.failed.emit(job, _to_app_error(error))
        else:
            self.succeeded.emit(job, result)

    @Slot()
    def finish(self) -> None:
        """End the thread, after all jobs that were queued before."""
        try:
            self.release()
        finally:
            self.thread().quit()


def _to_app_error(error: Exception) -> AppError:
    """Return what the person is told; the traceback, whose frames hold photos, stays behind in the log."""
    if isinstance(error, MemoryError):
        return UnexpectedError(tr("There is not enough memory for this. Close other programs or use a smaller photo."))
    return UnexpectedError(
        tr(
            "Something unexpected went wrong ({name}: {error}). The log has the details.",
            name=type(error).__name__,
            error=error,
        )
    )
