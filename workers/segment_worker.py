"""Carries wishes to the segment service and answers back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from core.arrays import Coverage, RgbImage
from core.cancel import CancelToken
from core.embedding_store import EmbeddingStore
from core.segment_request import ModelChoice, SegmentRequest, SegmentResult, Wish
from core.texts import tr
from workers.worker import Worker


class ImageSource(Protocol):
    """A photo that is turned into what models see only when it is needed, in the worker's thread."""

    @property
    def key(self) -> str:
        """Name of exactly these pixels."""

    def to_model_image(self) -> RgbImage:
        """Return them in sRGB, read-only. Slow."""


class Service(Protocol):
    """Who answers requests; used in one thread."""

    def answer(
        self,
        request: SegmentRequest,
        report: Callable[[str, float | None], None],
        report_draft: Callable[[Coverage], None],
    ) -> SegmentResult:
        """Answer one request, or raise an AppError, or Cancelled; a read-only draft may be handed over before."""


@dataclass(frozen=True, eq=False, slots=True)
class SegmentJob:
    """A segment request whose photo is still to be prepared.

    `is_ahead` says that the photo is not the one that is worked on, but probably the next one.
    """

    id: int
    source: ImageSource = field(repr=False)
    choice: ModelChoice
    wish: Wish
    token: CancelToken = field(default_factory=CancelToken, repr=False)
    is_ahead: bool = False


class SegmentWorker(Worker):
    """Answers segment jobs. Withdrawn ones are dropped before, between and after the slow steps.

    Parameters
    ----------
    make_service
        Makes the service; called in the worker's thread with the first job, so that the window is up before.
    """

    def __init__(self, make_service: Callable[[], Service]) -> None:
        super().__init__()
        self._make_service = make_service
        self._service: Service | None = None
        self._images: dict[str, RgbImage] = {}
        self._present = ""  # key of the photo that is worked on

    def work(self, job: SegmentJob) -> SegmentResult:
        """Return the answer to `job`."""
        job.token.check()
        if self._service is None:
            self._service = self._make_service()
        image = self._prepared(job)
        job.token.check()
        request = SegmentRequest(job.id, job.source.key, image, job.choice, job.wish, job.token)
        result = self._service.answer(
            request,
            lambda step, fraction: self.report(job, step, fraction),
            lambda coverage: self.drafted.emit(job, coverage),
        )
        job.token.check()
        return result

    def release(self) -> None:
        """Free the models and the photos."""
        self._service = None
        self._images = {}

    def _prepared(self, job: SegmentJob) -> RgbImage:
        key = job.source.key
        if not job.is_ahead and key != self._present:
            self._present = key
            self._forget_all_but(key)
        if key not in self._images:
            self._forget_all_but(self._present)  # at most one is held besides the present photo
            self.report(job, tr("Preparing the photo"), None)
            self._images[key] = job.source.to_model_image()
        return self._images[key]

    def _forget_all_but(self, key: str) -> None:
        self._images = {name: image for name, image in self._images.items() if name == key}


def make_segment_worker(kept: EmbeddingStore | None = None) -> SegmentWorker:
    """Return a worker with the real segment service, which also keeps embeddings in `kept`, if given."""
    return SegmentWorker(partial(_make_service, kept))


def _make_service(kept: EmbeddingStore | None) -> Service:
    from core.loaded_models import LoadedModels
    from core.segment_service import SegmentService

    return SegmentService(LoadedModels(kept=kept))
