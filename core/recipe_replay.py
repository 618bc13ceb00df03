"""Doing a recipe's steps again: each is the change that a gesture makes, on a photo that may be another one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import repeat
from typing import TypeAlias

import numpy as np

from core import selection_edits
from core.arrays import Coverage, RgbImage
from core.brush import BrushStroke, CurvedStroke
from core.cancel import CancelToken
from core.commands import Command
from core.correction import correcting
from core.coverage_target import paintable, painted
from core.detectors.filtering import at_least
from core.detectors.text_masks import nothing_found
from core.document import Document
from core.edge_edits import EdgeStyle, redraw, take_redrawn
from core.errors import NothingFoundError, PromptError
from core.flood_fill import flood
from core.geometry import Size
from core.hair_brush import HairStroke, solve_hair
from core.layer import Layer, new_layer_id
from core.object_map import ObjectMap
from core.recipe import (
    EdgeStep,
    HairStep,
    LassoStep,
    OutlineStep,
    PromptStep,
    Question,
    Recipe,
    Step,
    StrokeStep,
    WandStep,
    Whole,
    WholeStep,
)
from core.reshaping import Reshaping
from core.segment_request import (
    Answer,
    BoxesWish,
    CommitWish,
    DetailWish,
    Detections,
    DetectWish,
    EverythingWish,
    ModelChoice,
    PredictWish,
    SubjectWish,
    Wish,
)
from core.segmenter import Candidate, Prediction
from core.texts import tr

Ask: TypeAlias = Callable[[ModelChoice, Wish], Answer]
"""Asks a model about the photo; raises what :meth:`core.segment_service.SegmentService.answer` does."""


@dataclass(frozen=True)
class Replay:
    """How a recipe is done again.

    Attributes
    ----------
    choice
        Who answers prompts: its own model if it names one or a file, else each prompt's; and on which device.
    detector
        The same for words.
    report
        Called with the fraction of the steps that are done, in [0, 1].
    """

    ask: Ask
    choice: ModelChoice
    detector: ModelChoice
    token: CancelToken
    report: Callable[[float], None] = lambda _fraction: None

    def selection(self, recipe: Recipe, picture: Document) -> Coverage:
        """Return what the recipe selects in `picture`, ``(H, W)`` read-only.

        `picture` shows the photo; what is selected in it makes no difference. A recipe for a photo of another size
        is fitted first.

        Raises
        ------
        RecipeError
            If the photo has another shape.
        NothingFoundError
            If a model finds nothing, or nothing is selected in the end.
        AppError, Cancelled
            As the models raise them.
        """
        document = replace(picture.with_selection(None), is_mask_target=False)
        steps = recipe.fitted(picture.size).steps
        for number, step in enumerate(steps):
            self.token.check()
            self.report(number / len(steps))
            command = self._command(document, step)
            if command is not None:
                document, _ = command.apply(document)
        if document.selection is None:
            raise NothingFoundError(tr("The recipe selects nothing in this photo."))
        return document.selection

    def prediction(self, questions: tuple[Question, ...], size: Size) -> Prediction:
        """Return the answer to the last of some questions about a photo of `size` (errors as :meth:`selection`)."""
        return self._answered(questions, self.choice, size)[0]

    def _answered(
        self, questions: tuple[Question, ...], choice: ModelChoice, size: Size
    ) -> tuple[Prediction, Candidate]:
        prediction, chosen = self._answer(questions[0], None, choice, size)
        for question in questions[1:]:
            self.token.check()
            prediction, chosen = self._answer(question, chosen, choice, size)
        return prediction, chosen

    def _answer(
        self, question: Question, previous: Candidate | None, choice: ModelChoice, size: Size
    ) -> tuple[Prediction, Candidate]:
        answer = self.ask(choice, self._wish(question, previous, choice, size))
        if isinstance(answer, ObjectMap):
            return _object_of(answer, question.object_number or 0)
        if not isinstance(answer, Prediction):
            raise TypeError(f"{type(answer).__name__} is no answer to a prompt")
        index = answer.best_index if question.candidate is None else question.candidate
        if index >= len(answer.candidates):
            raise NothingFoundError(
                tr(
                    "There is no candidate {number} here: {count} were found.",
                    number=index + 1,
                    count=len(answer.candidates),
                )
            )
        return answer, answer.candidates[index]

    def _wish(self, question: Question, previous: Candidate | None, choice: ModelChoice, size: Size) -> Wish:
        prompt = question.prompt
        if question.object_number is not None:
            return EverythingWish()
        if question.words is not None:
            return self._boxes(question, choice)
        if prompt.has_include:
            return PredictWish(prompt, previous)
        if prompt.has_marks:
            if previous is None:
                raise PromptError(tr("The recipe only excludes: there is nothing to exclude it from."))
            return PredictWish(correcting(prompt, previous, size), previous)
        return SubjectWish()

    def _boxes(self, question: Question, choice: ModelChoice) -> BoxesWish:
        words, text = question.words, question.prompt.text
        if words is None:
            raise TypeError("the question is not made of words")
        detector = self.detector if _is_named(self.detector) else replace(self.detector, name=words.detector)
        answer = self.ask(choice, DetectWish(text, detector))
        detections = answer.detections if isinstance(answer, Detections) else ()
        found = at_least(detections, words.threshold)
        ticked = tuple(box for index, box in enumerate(found) if index not in words.off)
        if not ticked:
            raise nothing_found(text, detections, words.threshold)
        return BoxesWish(ticked)

    def _command(self, document: Document, step: Step) -> Command | None:
        match step:
            case PromptStep():
                return self._commit(document, step)
            case LassoStep(corners, mode):
                return selection_edits.select_outline(document, corners, mode, tr("Lasso"))
            case WandStep(x, y, wand, mode):
                return selection_edits.select(document, flood(document, x, y, wand), mode, step=step)
            case StrokeStep():
                return _paint(document, step)
            case HairStep(path, width):
                return solve_hair(document, HairStroke(path, width), self.token)
            case EdgeStep(edge, band):
                redrawn = redraw(document, EdgeStyle(edge, band), self.token)
                return None if redrawn is None else take_redrawn(document, redrawn)
            case OutlineStep(kind, amount, keep):
                apply = partial(Reshaping(kind, amount).apply, keep=keep)
                return selection_edits.reshape(document, apply, kind.value, step)
            case WholeStep(kind):
                change = selection_edits.select_all if kind is Whole.ALL else selection_edits.invert
                return change(document)

    def _commit(self, document: Document, step: PromptStep) -> Command | None:
        choice = choice_for(step, self.choice)
        _, candidate = self._answered(step.questions, choice, document.size)
        coverage = self.ask(choice, DetailWish(candidate, step.edge)) if step.is_detailed else None
        if coverage is None:  # there may be nothing more to see
            coverage = self.ask(choice, CommitWish(candidate, step.edge))
        if not isinstance(coverage, np.ndarray):
            raise TypeError("a commit is answered with coverage")
        return selection_edits.select(document, coverage, step.mode, step=step)


def picture_of(image: RgbImage) -> Document:
    """Return a document that shows `image`, ``(H, W, 3)`` in sRGB."""
    pixels = np.dstack([image, np.full(image.shape[:2], 255, np.uint8)])
    layer = Layer(new_layer_id(), tr("Photo"), pixels)
    return Document(Size.of(pixels), (layer,), layer.id)


def choice_for(step: PromptStep, choice: ModelChoice) -> ModelChoice:
    """Return who answers `step`: `choice` if it names a model, else that of the step on the device of `choice`."""
    return choice if _is_named(choice) else replace(choice, name=step.model, strictness=step.strictness)


def _is_named(choice: ModelChoice) -> bool:
    return bool(choice.name) or choice.weights is not None


def _object_of(found: ObjectMap, number: int) -> tuple[Prediction, Candidate]:
    if number >= len(found.objects):
        raise NothingFoundError(
            tr("There is no object {number} here: {count} were found.", number=number + 1, count=len(found.objects))
        )
    candidate = found.objects[number].candidate
    return Prediction((candidate,)), candidate


def _paint(document: Document, step: StrokeStep) -> Command | None:
    coverage, _ = paintable(document)
    stroke = CurvedStroke(BrushStroke(coverage, step.is_erase, step.diameter, step.hardness, step.opacity))
    for (x, y), pressure in zip(step.path, step.pressures or repeat(1.0), strict=False):
        stroke.move_to(x, y, pressure)
    return painted(document, coverage, stroke.rect, step.is_erase, step)
