"""Looking after the models that are here without stopping the window: checking, removing, measuring."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from core.cancel import CancelToken
from core.device import Precision
from core.errors import AppError
from core.model_list import ModelSpec
from core.model_store import Integrity, ModelStore
from core.segmenters.registry import find_weights
from core.self_test import Measurement, SelfTestResult, run_self_test
from workers.model_worker import ModelJob, ModelWorker
from workers.worker_thread import WorkerThread

SHUTDOWN_SECONDS = 3.0


class Care(StrEnum):
    """What can be done."""

    VERIFY = "verify"
    REMOVE = "remove"
    TEST = "test"


class ModelCare(QObject):
    """What was asked is done in turn; a model is known by its name in the model list, empty for a test of all.

    What checking a model told is remembered in :attr:`known` until its files change.
    """

    started = Signal(object, str)  # Care, name
    progressed = Signal(object, str, str, object)  # Care, name, step in words, fraction or None
    verified = Signal(str, object)  # name, Integrity
    removed = Signal(str)  # name
    measured = Signal(object)  # Measurement
    tested = Signal(object)  # SelfTestResult
    failed = Signal(object, str, object)  # Care, name, AppError
    stopped = Signal(object, str)  # Care, name

    def __init__(self, store: ModelStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        worker = ModelWorker()
        worker.succeeded.connect(self._on_succeeded)
        worker.failed.connect(self._on_failed)
        worker.dropped.connect(self._on_dropped)
        worker.reported.connect(self._on_reported)
        worker.found.connect(self._on_found)
        self._thread = WorkerThread(worker, "model worker", SHUTDOWN_SECONDS, self)
        self._jobs: dict[tuple[Care, str], ModelJob] = {}
        self.known: dict[str, Integrity] = {}
        self.measurements: dict[str, list[Measurement]] = {}
        self.test_result: SelfTestResult | None = None

    @property
    def is_testing(self) -> bool:
        """Whether the models are being measured."""
        return (Care.TEST, "") in self._jobs

    def is_doing(self, care: Care, name: str) -> bool:
        """Whether this is under way, or waits for its turn."""
        return (care, name) in self._jobs

    def verify(self, spec: ModelSpec) -> None:
        """Compare the model's files with what is known of them."""
        self._submit(
            Care.VERIFY,
            spec.name,
            lambda report, _found, token: self._store.verify(spec, token, report, find_weights(spec, self._store)),
        )

    def remove(self, spec: ModelSpec) -> None:
        """Delete the model's files."""
        self._submit(Care.REMOVE, spec.name, lambda _report, _found, _token: self._store.remove(spec))

    def test(self, precision: Precision) -> None:
        """Measure all models that are here."""
        self.measurements.clear()
        self.test_result = None
        self._submit(
            Care.TEST,
            "",
            lambda report, found, token: run_self_test(self._store, report, token, precision=precision, told=found),
        )

    def cancel(self, care: Care, name: str = "") -> None:
        """Stop something soon."""
        if (care, name) in self._jobs:
            self._jobs[care, name].token.cancel()

    def forget(self, name: str) -> None:
        """Know nothing any more of a model whose files have changed."""
        self.known.pop(name, None)
        self.measurements.pop(name, None)

    def shutdown(self) -> bool:
        """Stop everything for good; return whether the thread ended in time (see `workers.worker_thread.leave`)."""
        for job in self._jobs.values():
            job.token.cancel()
        return self._thread.shutdown()

    def _submit(self, care: Care, name: str, compute: Callable[..., object]) -> None:
        if (care, name) in self._jobs:
            return
        job = ModelJob(care, name, compute, CancelToken())
        self._jobs[care, name] = job
        self.started.emit(care, name)  # before the worker begins: what it changes can still be looked at
        self._thread.submit(job)

    def _end(self, job: ModelJob) -> Care:
        care = Care(job.kind)
        del self._jobs[care, job.name]
        return care

    @Slot(object, object)
    def _on_succeeded(self, job: ModelJob, answer: object) -> None:
        care = self._end(job)
        if isinstance(answer, Integrity):
            self.known[job.name] = answer
            self.verified.emit(job.name, answer)
        elif isinstance(answer, SelfTestResult):
            self.test_result = answer
            self.tested.emit(answer)
        elif care is Care.REMOVE:
            self.forget(job.name)
            self.removed.emit(job.name)

    @Slot(object, object)
    def _on_failed(self, job: ModelJob, error: AppError) -> None:
        self.failed.emit(self._end(job), job.name, error)

    @Slot(object)
    def _on_dropped(self, job: ModelJob) -> None:
        self.stopped.emit(self._end(job), job.name)

    @Slot(object, str, object)
    def _on_reported(self, job: ModelJob, step: str, fraction: float | None) -> None:
        if not job.token.is_cancelled:
            self.progressed.emit(Care(job.kind), job.name, step, fraction)

    @Slot(object, object)
    def _on_found(self, job: ModelJob, part: object) -> None:
        if isinstance(part, Measurement) and not job.token.is_cancelled:
            self.measurements.setdefault(part.name, []).append(part)
            self.measured.emit(part)
