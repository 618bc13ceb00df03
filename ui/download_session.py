"""Getting models without stopping the window: from their servers, or from files that the person has."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.cancel import CancelToken
from core.errors import AppError
from core.model_list import ModelSpec
from core.model_store import ModelStore
from core.texts import tr
from workers.download_worker import DownloadJob, DownloadWorker, Fetch
from workers.worker import Worker
from workers.worker_thread import WorkerThread

SHUTDOWN_SECONDS = 3.0
"""How long closing waits for a server that does not answer."""


class DownloadSession(QObject):
    """The models on their way to the store, one after the other, each named by its name in the model list."""

    progressed = Signal(str, str, object)  # name, step in words, fraction or None
    finished = Signal(str, object)  # name, Path
    cancelled = Signal(str)  # name
    failed = Signal(str, object)  # name, AppError
    busy_changed = Signal(bool)
    moved = Signal(str, bool, object)  # what is under way in words, whether it still is, fraction; for a status bar

    def __init__(
        self,
        store: ModelStore | None = None,
        worker_factory: Callable[[], Worker] = DownloadWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store or ModelStore()
        worker = worker_factory()
        worker.succeeded.connect(self._on_succeeded)
        worker.failed.connect(self._on_failed)
        worker.dropped.connect(self._on_dropped)
        worker.reported.connect(self._on_reported)
        self._thread = WorkerThread(worker, "download worker", SHUTDOWN_SECONDS, self)
        self._jobs: dict[str, DownloadJob] = {}
        self._words: dict[str, str] = {}

    @property
    def is_busy(self) -> bool:
        """Whether any model is on its way."""
        return bool(self._jobs)

    def is_getting(self, name: str) -> bool:
        """Whether this model is on its way, or waits for its turn."""
        return name in self._jobs

    def download(self, spec: ModelSpec) -> None:
        """Get a model from its server; nothing happens if it is on its way already."""
        self._submit(spec, self._store.download, tr("Downloading {model}", model=spec.title))

    def add(self, spec: ModelSpec, source: Path) -> None:
        """Take a model from a file or folder that the person has; nothing happens if it is on its way already."""

        def fetch(spec: ModelSpec, report: Callable[[str, float | None], None], token: CancelToken) -> Path:
            return self._store.add(spec, source, token, report)

        self._submit(spec, fetch, tr("Adding {model}", model=spec.title))

    def cancel(self, name: str) -> None:
        """Stop a download soon; what has come already is kept for the next try."""
        if name in self._jobs:
            self._jobs[name].token.cancel()

    def cancel_all(self) -> None:
        """Stop everything that is on its way or waits for its turn."""
        for job in self._jobs.values():
            job.token.cancel()

    def shutdown(self) -> bool:
        """Stop everything for good; return whether the thread ended in time (see `workers.worker_thread.leave`)."""
        self.cancel_all()
        return self._thread.shutdown()

    def _submit(self, spec: ModelSpec, fetch: Fetch, words: str) -> None:
        if spec.name in self._jobs:
            return
        self._words[spec.name] = words
        self.moved.emit(words, True, 0.0)
        job = DownloadJob(spec, fetch)
        self._jobs[spec.name] = job
        self._thread.submit(job)
        if len(self._jobs) == 1:
            self.busy_changed.emit(True)

    def _end(self, job: DownloadJob) -> None:
        del self._jobs[job.spec.name]
        self.moved.emit(self._words.pop(job.spec.name), False, None)
        if not self._jobs:
            self.busy_changed.emit(False)

    @Slot(object, object)
    def _on_succeeded(self, job: DownloadJob, path: Path) -> None:
        self._end(job)
        self.finished.emit(job.spec.name, path)

    @Slot(object, object)
    def _on_failed(self, job: DownloadJob, error: AppError) -> None:
        self._end(job)
        self.failed.emit(job.spec.name, error)

    @Slot(object)
    def _on_dropped(self, job: DownloadJob) -> None:
        self._end(job)
        self.cancelled.emit(job.spec.name)

    @Slot(object, str, object)
    def _on_reported(self, job: DownloadJob, step: str, fraction: float | None) -> None:
        if not job.token.is_cancelled:
            self.progressed.emit(job.spec.name, step, fraction)
            self.moved.emit(self._words[job.spec.name], True, fraction or 0.0)
