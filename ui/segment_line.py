"""The line to the segment worker: what was asked, what is wanted still, and which answers are let in.

1. Before the first question about a photo and a model, the photo is embedded; that goes on whatever is asked meanwhile.
   Words, which are a detector's, do not wait for that.
2. A new question withdraws the one before, unless that one was kept (its answer will be committed).
3. The worker drops what was withdrawn; answers whose id nobody waits for any more are dropped here, too.
4. While nothing is asked, the photo that probably comes next may be embedded, what is under the pointer may be
   glimpsed at, and the outline of what was committed may be looked at more closely; any question withdraws all three.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import Coverage
from core.cancel import CancelToken
from core.errors import AppError
from core.segment_request import (
    CommitWish,
    DetailWish,
    DetectWish,
    EmbedWish,
    ModelChoice,
    ReplayWish,
    SegmentResult,
    Wish,
)
from workers.segment_worker import ImageSource, SegmentJob
from workers.worker import Worker
from workers.worker_thread import WorkerThread

SHUTDOWN_SECONDS = 3.0
"""How long closing waits for a native call that is under way."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What an embedding is made of."""

    image_key: str
    choice: ModelChoice

    @classmethod
    def of(cls, source: ImageSource, choice: ModelChoice) -> "_Place":
        return cls(source.key, choice.of_any_strictness)


class SegmentLine(QObject):
    """Asks the segment worker; at most one question is open besides those kept."""

    answered = Signal(int, object)  # id, SegmentResult
    failed = Signal(int, object)  # id (0: getting the photo ready), AppError
    drafted = Signal(int, object)  # id, Coverage to show until the answer is there
    reported = Signal(str, object)  # step in words, fraction or None
    changed = Signal()  # what is under way
    glimpsed = Signal(object)  # SegmentResult, or the AppError that came of it
    detail_reported = Signal(float)  # fraction done of looking closer
    detail_withdrawn = Signal()
    detailed = Signal(object)  # SegmentResult, or the AppError that came of looking closer
    encoded = Signal()  # a photo has gone through the encoder, wanted still or not

    def __init__(self, make_worker: Callable[[], Worker], parent: QObject | None = None) -> None:
        super().__init__(parent)
        worker = make_worker()
        worker.succeeded.connect(self._on_succeeded)
        worker.failed.connect(self._on_failed)
        worker.drafted.connect(self._on_drafted)
        worker.reported.connect(self._on_reported)
        self._thread = WorkerThread(worker, "segment worker", SHUTDOWN_SECONDS, self)
        self._last_id = 0
        self._jobs: dict[int, SegmentJob] = {}
        self._newest: int | None = None
        self._ready: _Place | None = None
        self._ahead: SegmentJob | None = None
        self._ended_ahead: _Place | None = None
        self._glimpse: SegmentJob | None = None
        self._detail: SegmentJob | None = None

    @property
    def is_embedding(self) -> bool:
        """Whether a photo is being made ready."""
        return self._embedding is not None

    @property
    def _embedding(self) -> SegmentJob | None:
        return next((job for job in self._jobs.values() if isinstance(job.wish, EmbedWish)), None)

    @property
    def is_asking(self) -> bool:
        """Whether an answer, kept or not, is waited for."""
        return any(not isinstance(job.wish, EmbedWish) for job in self._jobs.values())

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way, not even a photo that is made ready ahead, a glimpse, or a closer look."""
        return not self._jobs and self._ahead is None and self._glimpse is None and self._detail is None

    @property
    def is_committing(self) -> bool:
        """Whether nothing but commits is waited for."""
        wishes = [job.wish for job in self._jobs.values()]
        return bool(wishes) and all(isinstance(wish, CommitWish) for wish in wishes)

    def prepare(self, source: ImageSource, choice: ModelChoice) -> None:
        """Embed the photo, unless that was done or is being done; an embedding of another one is withdrawn."""
        place = _Place.of(source, choice)
        running = self._embedding
        if running is not None and _place_of(running) == place:
            return
        if running is not None:
            self.withdraw(running.id)
        if self._ready != place:
            self._submit(source, choice, EmbedWish())

    @property
    def is_preparing_ahead(self) -> bool:
        """Whether a photo that nobody has asked about yet is being made ready."""
        return self._ahead is not None

    def prepare_ahead(self, source: ImageSource, choice: ModelChoice) -> None:
        """Embed the photo that probably comes next, once, unless something is asked; nothing is said of how it ends."""
        place = _Place.of(source, choice)
        is_busy = self._jobs or self._ahead is not None or self._detail is not None
        if is_busy or self._ended_ahead == place:
            return
        self._last_id += 1
        self._ahead = SegmentJob(self._last_id, source, choice, EmbedWish(), CancelToken(), is_ahead=True)
        self._thread.submit(self._ahead)

    def withdraw_ahead(self) -> None:
        """Let the photo that probably comes next be; what the encoder has begun, it ends, and that is remembered."""
        if self._ahead is not None:
            self._ahead.token.cancel()
            self._ahead = None

    def is_ready(self, source: ImageSource, choice: ModelChoice) -> bool:
        """Whether the photo was made ready for this model, so that an answer takes no more than the answer."""
        return self._ready == _Place.of(source, choice)

    def glimpse(self, source: ImageSource, choice: ModelChoice, wish: Wish) -> bool:
        """Ask on the side; return False if anything else is under way or the photo is not ready.

        Nothing is reported of it, and whatever is asked next withdraws it: :attr:`glimpsed` tells of the others.
        """
        if not self.is_idle or not self.is_ready(source, choice):
            return False
        self._last_id += 1
        self._glimpse = SegmentJob(self._last_id, source, choice, wish, CancelToken())
        self._thread.submit(self._glimpse)
        return True

    def withdraw_glimpse(self) -> None:
        """Let what was asked on the side be."""
        if self._glimpse is not None:
            self._glimpse.token.cancel()
            self._glimpse = None

    def look_closer(self, source: ImageSource, choice: ModelChoice, wish: DetailWish) -> bool:
        """Draw what was just committed more finely, unless anything is asked; whatever is asked next withdraws it.

        Returns whether it was begun. Of how it goes, `detail_reported` and `detailed` tell, and nothing if it is
        withdrawn.
        """
        if self._jobs:
            return False
        self.withdraw_ahead()
        self.withdraw_glimpse()
        self.withdraw_detail()
        self._last_id += 1
        self._detail = SegmentJob(self._last_id, source, choice, wish, CancelToken())
        self._thread.submit(self._detail)
        return True

    @property
    def is_looking_closer(self) -> bool:
        """Whether something that was committed is being drawn more finely."""
        return self._detail is not None

    def withdraw_detail(self) -> None:
        """Leave what was committed as it is."""
        if self._detail is not None:
            self._detail.token.cancel()
            self._detail = None
            self.detail_withdrawn.emit()

    def ask(self, source: ImageSource, choice: ModelChoice, wish: Wish) -> int:
        """Ask; return the id that the answer will have. The question before is withdrawn, unless it was kept."""
        self.withdraw_newest()
        if _needs_embedding(wish):
            self.prepare(source, choice)
        self._newest = self._submit(source, choice, wish)
        return self._newest

    def ask_kept(self, source: ImageSource, choice: ModelChoice, wish: Wish) -> int:
        """Ask, without withdrawing anything, and without being withdrawn by the next question."""
        return self._submit(source, choice, wish)

    def keep(self, request_id: int) -> None:
        """Let newer questions not withdraw this one."""
        if self._newest == request_id:
            self._newest = None

    def is_waiting_for(self, request_id: int) -> bool:
        """Whether the end of a question is still to come."""
        return request_id in self._jobs

    def withdraw(self, request_id: int) -> None:
        """Withdraw a question; its answer will not come."""
        job = self._jobs.pop(request_id, None)
        if job is not None:
            job.token.cancel()
            self.changed.emit()

    def withdraw_newest(self) -> None:
        """Withdraw the open question, if there is one."""
        if self._newest is not None:
            self.withdraw(self._newest)
            self._newest = None

    def withdraw_all(self) -> None:
        """Withdraw everything, also the embedding."""
        for job in self._jobs.values():
            job.token.cancel()
        self.withdraw_ahead()
        self.withdraw_glimpse()
        self.withdraw_detail()
        self._jobs.clear()
        self._newest = None
        self.changed.emit()

    def shutdown(self) -> bool:
        """Withdraw everything and end the thread; return whether it ended within `SHUTDOWN_SECONDS`."""
        self.withdraw_all()
        return self._thread.shutdown()

    def _submit(self, source: ImageSource, choice: ModelChoice, wish: Wish) -> int:
        self.withdraw_ahead()
        self.withdraw_glimpse()
        self.withdraw_detail()
        self._last_id += 1
        job = SegmentJob(self._last_id, source, choice, wish, CancelToken())
        self._jobs[job.id] = job
        self._thread.submit(job)
        self.changed.emit()
        return job.id

    def _let_in(self, job: SegmentJob) -> bool:
        """Whether this job's end is still waited for; it is, once."""
        return self._jobs.pop(job.id, None) is not None

    @Slot(object, object)
    def _on_succeeded(self, job: SegmentJob, result: SegmentResult) -> None:
        self._end_ahead(job)
        self._end_detail(job, result)
        if isinstance(job.wish, EmbedWish):
            self.encoded.emit()
        if self._end_glimpse(job):
            self.glimpsed.emit(result)
        if not self._let_in(job):
            return
        if _needs_embedding(job.wish):
            self._ready = _place_of(job)
        if job.id == self._newest:
            self._newest = None
        self.answered.emit(job.id, result)
        self.changed.emit()

    @Slot(object, object)
    def _on_failed(self, job: SegmentJob, error: AppError) -> None:
        self._end_ahead(job)
        if self._end_glimpse(job):
            self.glimpsed.emit(error)
        self._end_detail(job, error)
        if not self._let_in(job):
            return
        if job.id == self._newest:
            self._newest = None
        if isinstance(job.wish, EmbedWish):
            self._fail_waiting(_place_of(job), error)
        else:
            self.failed.emit(job.id, error)
        self.changed.emit()

    def _end_ahead(self, job: SegmentJob) -> None:
        if job is self._ahead:
            self._ahead, self._ended_ahead = None, _place_of(job)

    def _end_glimpse(self, job: SegmentJob) -> bool:
        is_glimpse = job is self._glimpse
        self._glimpse = None if is_glimpse else self._glimpse
        return is_glimpse

    def _end_detail(self, job: SegmentJob, outcome: SegmentResult | AppError) -> None:
        if job is self._detail:
            self._detail = None
            self.detailed.emit(outcome)

    def _fail_waiting(self, place: _Place, error: AppError) -> None:
        """Without its embedding no mask can be found in a photo: such questions fail with the same error, at once."""
        waiting = [job for job in self._jobs.values() if _needs_embedding(job.wish) and _place_of(job) == place]
        for job in waiting:
            self.withdraw(job.id)
        if self._newest not in self._jobs:
            self._newest = None
        for request_id in [job.id for job in waiting] or [0]:
            self.failed.emit(request_id, error)

    @Slot(object, object)
    def _on_drafted(self, job: SegmentJob, coverage: Coverage) -> None:
        if job.id in self._jobs:
            self.drafted.emit(job.id, coverage)

    @Slot(object, str, object)
    def _on_reported(self, job: SegmentJob, step: str, fraction: float | None) -> None:
        if job.id in self._jobs:
            self.reported.emit(step, fraction)
        elif job is self._detail and fraction is not None:
            self.detail_reported.emit(fraction)


def _needs_embedding(wish: Wish) -> bool:
    """Whether the segmenter of the choice must have seen the photo; words, and a recipe's models, do without it."""
    return not isinstance(wish, DetectWish | ReplayWish)


def _place_of(job: SegmentJob) -> _Place:
    return _Place.of(job.source, job.choice)
