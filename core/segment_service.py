"""Answers segment requests: every kind of wish, from the models that are kept loaded.

Lives in one thread. Knows what to do in which order, and nothing of any model.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from core.arrays import Coverage, freeze
from core.byte_progress import Report
from core.detectors.phrases import split_phrases
from core.device import DeviceChoice, DeviceMemoryError
from core.edges import compute_coverage
from core.errors import NothingFoundError
from core.geometry import Size
from core.loaded_models import LoadedDetector, LoadedModels, LoadedSegmenter
from core.segment_request import (
    Answer,
    BoxesWish,
    CommitWish,
    DetailWish,
    Detections,
    DetectWish,
    DrawObjectsWish,
    EmbedWish,
    EverythingWish,
    ModelChoice,
    PredictWish,
    QuestionsWish,
    ReplayWish,
    SegmentRequest,
    SegmentResult,
    SubjectWish,
    Wish,
)
from core.segmenter import Embedding, Prediction
from core.texts import mark

if TYPE_CHECKING:
    from core.detectors.detector import DetectorEmbedding
    from core.object_map import DrawnObjects, ObjectMap


class Step(StrEnum):
    """What the service is busy with, in words for the person."""

    LOADING = mark("Loading the model")
    ENCODING = mark("Looking at the photo")
    DETECTING = mark("Looking for what the words name")
    DECODING = mark("Finding the object")
    CUTTING = mark("Finding the outlines in the boxes")
    EVERYTHING = mark("Finding every object")
    REFINING = mark("Drawing the edge")
    MATTING = mark("Working out the edge; this is a first look at it")
    DETAILING = mark("Looking closer at the outline")
    DRAWING = mark("Drawing every object")
    REPLAYING = mark("Doing the steps of the cutout again")
    RETRYING = mark("The graphics card ran out of memory: trying again on the processor")


class SegmentService:
    """Answers one request after the other, and keeps loaded what the next one is likely to need."""

    def __init__(self, models: LoadedModels | None = None) -> None:
        self._models = models or LoadedModels()

    def answer(
        self,
        request: SegmentRequest,
        report: Report,
        report_draft: Callable[[Coverage], None] | None = None,
    ) -> SegmentResult:
        """Do what `request` wishes, and report which :class:`Step` it is at.

        Before an edge that takes long to draw is there, `report_draft` is called with a rough one, read-only, if the
        request was not withdrawn.

        What does not fit on the graphics card is done again on the processor, once; the result's ``device_choice``
        says so, and it stays so until another model is chosen.

        Raises
        ------
        Cancelled
            If the request was withdrawn; the last check is right before the answer.
        AppError
            If a model is not available, fails, cannot answer the prompt or finds nothing. What is loaded stays.
        """
        job = _Job(self._models, request, report, report_draft)
        answer = self._try(job)
        if answer is None:
            # Outside of the handler: the error's traceback would keep the tensors on the card alive.
            report(Step.RETRYING, None)
            answer = job.work()
        request.token.check()
        return answer

    def unload(self) -> None:
        """Let go of every model and embedding, and give their memory back."""
        self._models.unload()

    def _try(self, job: "_Job") -> SegmentResult | None:
        """Return the result, or None if the card was too small and everything has moved to the processor."""
        try:
            return job.work()
        except DeviceMemoryError:
            if not job.move_to_processor():
                raise
            return None


@dataclass(eq=False)
class _Job:
    """One request on its way, and where its time goes."""

    models: LoadedModels
    request: SegmentRequest
    report: Report
    report_draft: Callable[[Coverage], None] | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    inner: "_Job | None" = None
    """What was asked last to fulfil a wish that needs several answers."""

    def work(self) -> SegmentResult:
        self.request.token.check()
        answer = self._fulfil()
        if isinstance(answer, np.ndarray):
            freeze(answer)
        model, device_choice = self._answerer()
        return SegmentResult(self.request.id, self.request.image_key, answer, device_choice, self.seconds, model)

    def move_to_processor(self) -> bool:
        if self.inner is not None:
            return self.inner.move_to_processor()
        wish = self.request.wish
        if isinstance(wish, DetectWish):
            return self.models.move_to_processor(None, wish.detector)
        return self.models.move_to_processor(self.request.choice, None)

    def _answerer(self) -> tuple[str, DeviceChoice]:
        """Return who answered, and where."""
        if self.inner is not None:
            return self.inner._answerer()
        wish = self.request.wish
        if isinstance(wish, DetectWish):
            detector = self.models.detector(wish.detector, self._loading).detector
            return detector.name, detector.device_choice
        loaded = self._segmenter()
        return loaded.predictor.segmenter.name, loaded.device_choice

    def _fulfil(self) -> Answer:
        match self.request.wish:
            case EmbedWish():
                self._embedding()
                return None
            case PredictWish() as wish:
                return self._answer_prompt(wish)
            case DetectWish() as wish:
                return self._find_words(wish)
            case BoxesWish() as wish:
                return self._fill_boxes(wish)
            case SubjectWish():
                return self._find_subject()
            case CommitWish() as wish:
                return self._draw(wish)
            case DetailWish() as wish:
                return self._look_closer(wish)
            case EverythingWish() | DrawObjectsWish() as wish:
                return self._find_everything() if isinstance(wish, EverythingWish) else self._draw_objects(wish)
            case QuestionsWish() | ReplayWish() as wish:
                return self._replay(wish)

    def _replay(self, wish: QuestionsWish | ReplayWish) -> Answer:
        from core.recipe_replay import Replay, picture_of

        def report(fraction: float) -> None:
            self.report(Step.REPLAYING, fraction)

        replay = Replay(self._ask, self.request.choice, wish.detector, self.request.token, report)
        if isinstance(wish, QuestionsWish):
            return replay.prediction(wish.questions, Size.of(self.request.image))
        return replay.selection(wish.recipe, picture_of(self.request.image))

    def _ask(self, choice: ModelChoice, wish: Wish) -> Answer:
        request = replace(self.request, choice=choice, wish=wish)
        self.inner = replace(self, request=request, report_draft=None, inner=None)
        return self.inner._fulfil()

    def _answer_prompt(self, wish: PredictWish) -> Prediction:
        embedding = self._embedding()
        with self._timed("decode", Step.DECODING):
            return self._segmenter().predictor.segmenter.predict(embedding, wish.prompt, wish.previous)

    def _find_words(self, wish: DetectWish) -> Detections:
        from core.detectors.text_masks import find_all

        split_phrases(wish.text)  # words that no detector can be asked are refused before anything slow
        loaded = self.models.detector(wish.detector, self._loading)
        seen = self._seen(loaded)
        with self._timed("detect", Step.DETECTING):
            return Detections(find_all(loaded.detector, seen, wish.text, self.request.token))

    def _fill_boxes(self, wish: BoxesWish) -> Prediction:
        from core.detectors.text_masks import predict_text

        embedding = self._embedding()
        with self._timed("decode", Step.CUTTING):
            return predict_text(
                self._segmenter().predictor.segmenter,
                embedding,
                wish.detections,
                self.request.token,
                lambda fraction: self.report(Step.CUTTING, fraction),
            )

    def _find_subject(self) -> Prediction:
        from core.subject import find_subject

        embedding = self._embedding()
        with self._timed("decode", Step.DECODING):
            segmenter = self._segmenter().predictor.segmenter
            return find_subject(segmenter, embedding, self.request.image, self.request.token)

    def _find_everything(self) -> "ObjectMap":
        from core.everything import find_everything
        from core.object_map import ObjectMap

        embedding = self._embedding()
        with self._timed("decode", Step.EVERYTHING):
            segmenter = self._segmenter().predictor.segmenter
            token, size = self.request.token, embedding.image_size

            def report(fraction: float) -> None:
                self.report(Step.EVERYTHING, fraction)

            try:
                found = find_everything(segmenter, embedding, token, report)
            except NothingFoundError:
                return ObjectMap.of((), size)  # nothing went wrong: a photo may hold no object
            return ObjectMap.of(found, size)

    def _draw(self, wish: CommitWish) -> Coverage:
        embedding = self._embedding()
        with self._timed("refine", Step.REFINING):
            segmenter = self._segmenter().predictor.segmenter
            image, token = self.request.image, self.request.token
            hand_over = None if self.report_draft is None else self._hand_over
            return compute_coverage(segmenter, embedding, wish.candidate, image, wish.edge, token, hand_over)

    def _look_closer(self, wish: DetailWish) -> Coverage | None:
        from core.two_scale import compute_detail

        embedding = self._embedding()
        with self._timed("detail", Step.DETAILING):
            segmenter = self._segmenter().predictor.segmenter
            image, token = self.request.image, self.request.token

            def report(fraction: float) -> None:
                self.report(Step.DETAILING, fraction)

            return compute_detail(segmenter, embedding, wish.candidate, image, wish.edge, token, report)

    def _hand_over(self, draft: Coverage) -> None:
        freeze(draft)
        self.request.token.check()
        self.report(Step.MATTING, None)
        if self.report_draft is not None:
            self.report_draft(draft)

    def _draw_objects(self, wish: DrawObjectsWish) -> "DrawnObjects":
        from core.object_layers import draw_objects

        embedding = self._embedding()
        with self._timed("refine", Step.DRAWING):
            segmenter = self._segmenter().predictor.segmenter
            return draw_objects(
                wish.objects,
                segmenter,
                embedding,
                wish.edge,
                self.request.token,
                lambda fraction: self.report(Step.DRAWING, fraction),
            )

    def _embedding(self) -> Embedding:
        predictor = self._segmenter().predictor
        key, image, token = self.request.image_key, self.request.image, self.request.token
        token.check()
        return predictor.embedding(key, image, token, lambda: self._timed("encode", Step.ENCODING))

    def _seen(self, loaded: LoadedDetector) -> "DetectorEmbedding":
        key, image, token = self.request.image_key, self.request.image, self.request.token
        token.check()
        if key not in loaded.embeddings:
            with self._timed("detect", Step.DETECTING):
                loaded.embeddings.get(key, lambda: loaded.detector.embed(image, token))
            token.check()
        return loaded.embeddings.get(key, lambda: loaded.detector.embed(image, token))

    def _segmenter(self) -> LoadedSegmenter:
        return self.models.segmenter(self.request.choice, self._loading)

    def _loading(self) -> AbstractContextManager[None]:
        return self._timed("load", Step.LOADING)

    @contextmanager
    def _timed(self, name: str, step: Step) -> Iterator[None]:
        """Announce a step, and add what it takes to the seconds called `name`."""
        self.report(step, None)
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - start
