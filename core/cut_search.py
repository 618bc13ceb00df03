"""The middle of the terminal's job: from a photo and prompts to the masks that are meant."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from core.arrays import Coverage, RgbImage, to_mask
from core.byte_progress import Report
from core.cancel import CancelToken
from core.correction import correcting, steps_of
from core.cut_plan import Plan
from core.cut_request import CandidateSummary, CutRequest
from core.detectors.phrases import split_phrases
from core.device import DeviceChoice
from core.edges import compute_coverage
from core.errors import NothingFoundError
from core.loaded_models import LoadedModels
from core.object_layers import draw_objects
from core.object_map import DrawnObjects, ObjectMap
from core.prompt import Prompt
from core.segment_request import Edge
from core.segment_service import Step
from core.segmenter import Candidate, Embedding, Prediction, Segmenter
from core.stopwatch import Stopwatch

if TYPE_CHECKING:
    from core.detectors.detector import Detection

_Question: TypeAlias = "Callable[[Scene], Found]"


@dataclass(frozen=True, eq=False)
class Scene:
    """A photo as models see it, with the segmenter and what it made of the photo."""

    image: RgbImage
    segmenter: Segmenter
    embedding: Embedding
    device_choice: DeviceChoice


@dataclass(frozen=True, eq=False)
class Found:
    """The masks on offer, and the indices of those that are taken; several are united.

    `everything` are all objects of the photo, if they were asked for. `misses` says, for the person, which of several
    questions were answered with nothing.
    """

    candidates: tuple[Candidate, ...]
    taken: tuple[int, ...]
    everything: tuple[Candidate, ...] = ()
    misses: tuple[str, ...] = ()

    @property
    def chosen(self) -> int | None:
        """Number, from 1, of the one that was taken; None if all were."""
        return self.taken[0] + 1 if len(self.taken) == 1 else None


class Search:
    """Looks for everything that a request means in one photo."""

    def __init__(
        self, request: CutRequest, models: LoadedModels, token: CancelToken, stopwatch: Stopwatch, report: Report
    ) -> None:
        self._request, self._models, self._token = request, models, token
        self._stopwatch, self._report = stopwatch, report

    def find(self, image: RgbImage, plan: Plan) -> tuple[Scene, Found]:
        """Return what was found for the plan and for the request's words, subject or everything.

        What finds nothing is told in the answer, as long as something else is found.

        Raises
        ------
        NothingFoundError
            If nothing at all is found, or not as many candidates as the request counts on.
        AppError, Cancelled
            As the models raise them.
        """
        misses: list[NothingFoundError] = []
        # Words come first: if their detector is missing, the segmenter's encoder need not run.
        questions = self._questions_from_words(image, misses)
        questions += [partial(self._ask, prompt=prompt) for prompt in plan.prompts]
        if self._request.is_subject:
            questions.append(partial(self._find_subject, correction=plan.correction))
        if self._request.is_everything:
            questions.append(self._find_everything)
        if not questions:
            raise misses[0]
        scene = self._scene(image)
        answers: list[Found] = []
        for question in questions:
            try:
                with self._stopwatch.measure("decode"):
                    answers.append(question(scene))
            except NothingFoundError as miss:
                misses.append(miss)
        if not answers:
            raise misses[0]
        return scene, replace(_joined(answers), misses=tuple(str(miss) for miss in misses))

    def draw(self, scene: Scene, found: Found) -> tuple[Coverage, tuple[CandidateSummary, ...]]:
        """Return the union of the taken candidates at full resolution, and a summary of every candidate."""
        union: Coverage | None = None
        summaries = []
        for index, candidate in enumerate(found.candidates):
            self._token.check()
            self._report(Step.REFINING, index / len(found.candidates))
            if index in found.taken:
                coverage = self._coverage_of(scene, candidate)
                union = coverage if union is None else np.maximum(union, coverage)
                mask = to_mask(coverage)
            else:
                mask = scene.segmenter.to_mask(scene.embedding, candidate)
            summaries.append(CandidateSummary(candidate.score, int(np.count_nonzero(mask))))
        if union is None:
            raise ValueError("no candidate was taken")
        return union, tuple(summaries)

    def _coverage_of(self, scene: Scene, candidate: Candidate) -> Coverage:
        what = scene.segmenter, scene.embedding, candidate, scene.image, self._request.edge, self._token
        if self._request.is_edge_detailed:
            from core.two_scale import compute_detail

            detail = compute_detail(*what, partial(self._report, Step.DETAILING))
            if detail is not None:
                return detail
        return compute_coverage(*what)

    def draw_objects(self, scene: Scene, found: Found) -> DrawnObjects:
        """Return all objects of the photo as disjoint layers with hard edges; none if none were found."""
        objects = ObjectMap.of(found.everything, scene.embedding.image_size)
        return draw_objects(
            objects, scene.segmenter, scene.embedding, Edge.HARD, self._token, partial(self._report, Step.DRAWING)
        )

    def _scene(self, image: RgbImage) -> Scene:
        with self._stopwatch.measure("load"):
            loaded = self._models.segmenter(self._request.choice, nullcontext)
        segmenter = loaded.predictor.segmenter
        with self._stopwatch.measure("encode"):
            embedding = segmenter.embed(image, self._token)
        return Scene(image, segmenter, embedding, loaded.device_choice)

    def _questions_from_words(self, image: RgbImage, misses: list[NothingFoundError]) -> list[_Question]:
        if not self._request.texts:
            return []
        from core.detectors.text_masks import find_detections

        for text in self._request.texts:
            split_phrases(text)  # words that no detector can be asked are refused before anything slow
        with self._stopwatch.measure("load"):
            detector = self._models.detector(self._request.detector, nullcontext).detector
        with self._stopwatch.measure("encode"):
            seen = detector.embed(image, self._token)
        questions: list[_Question] = []
        for text in self._request.texts:
            try:
                with self._stopwatch.measure("decode"):
                    detections = find_detections(detector, seen, text, self._request.threshold, self._token)
            except NothingFoundError as miss:
                misses.append(miss)
            else:
                questions.append(partial(self._mask_words, detections=detections))
        return questions

    def _mask_words(self, scene: Scene, detections: "Sequence[Detection]") -> Found:
        from core.detectors.text_masks import predict_text

        return self._pick(predict_text(scene.segmenter, scene.embedding, detections, self._token))

    def _ask(self, scene: Scene, prompt: Prompt) -> Found:
        self._token.check()
        return self._pick(scene.segmenter.predict(scene.embedding, prompt))

    def _find_subject(self, scene: Scene, correction: Prompt) -> Found:
        from core.subject import find_subject

        prediction = find_subject(scene.segmenter, scene.embedding, scene.image, self._token)
        size = scene.embedding.image_size
        for prompt in steps_of(correction):
            self._token.check()
            shown = prediction.best
            prediction = scene.segmenter.predict(scene.embedding, correcting(prompt, shown, size), shown)
        return self._pick(prediction)

    def _find_everything(self, scene: Scene) -> Found:
        from core.everything import find_everything

        candidates = find_everything(
            scene.segmenter, scene.embedding, self._token, partial(self._report, Step.EVERYTHING)
        )
        if self._request.candidate is None:
            return Found(candidates, tuple(range(len(candidates))), candidates)
        return replace(self._pick(Prediction(candidates)), everything=candidates)

    def _pick(self, prediction: Prediction) -> Found:
        count, wanted = len(prediction.candidates), self._request.candidate
        if wanted is None:
            return Found(prediction.candidates, (prediction.best_index,))
        if wanted > count:
            offered = "only one was" if count == 1 else f"only {count} were"
            raise NothingFoundError(f"There is no candidate {wanted}: {offered} found.")
        return Found(prediction.candidates, (wanted - 1,))


def _joined(answers: Sequence[Found]) -> Found:
    if len(answers) == 1:
        return answers[0]
    taken = tuple(answer.candidates[index] for answer in answers for index in answer.taken)
    everything = tuple(candidate for answer in answers for candidate in answer.everything)
    return Found(taken, tuple(range(len(taken))), everything)
