"""The terminal's job as a recipe, and from a recipe."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from core.arrays import Coverage, RgbImage
from core.byte_progress import silent
from core.cancel import CancelToken
from core.correction import steps_of
from core.cut_plan import Plan
from core.cut_request import CandidateSummary, CutRequest
from core.device import CPU_ONLY, DeviceChoice
from core.document import Document
from core.geometry import Size
from core.image_io import Photo
from core.loaded_models import LoadedModels
from core.mask_ops import SelectionMode
from core.object_map import DrawnObjects
from core.prompt import Prompt
from core.recipe import PromptStep, Question, Recipe, Words
from core.recipe_json import read_recipe
from core.recipe_replay import Replay
from core.segment_request import Answer, ModelChoice, SegmentRequest, Wish
from core.segment_service import SegmentService
from core.stopwatch import Stopwatch


@dataclass(frozen=True, eq=False)
class Drawn:
    """What was cut out, and how it was found (attributes as :class:`core.cut_request.CutResult`)."""

    coverage: Coverage = field(repr=False)
    model: str
    device_choice: DeviceChoice
    candidates: tuple[CandidateSummary, ...] = ()
    chosen: int | None = None
    notes: tuple[str, ...] = ()
    objects: DrawnObjects | None = None
    recipe: Recipe | None = None


_MORE_THAN_A_PHOTO = (
    "The recipe was made on more than this photo as it is: on several layers, or after it was cropped, turned or "
    "resized. It was done on the photo alone, so the result may be another one."
)


class RecipeCut:
    """Does the recipe of a request on its photo."""

    def __init__(self, request: CutRequest, photo: Photo) -> None:
        if request.recipe is None:
            raise ValueError("the request has no recipe")
        self._request, self._photo = request, photo
        self._recipe = read_recipe(request.recipe).fitted(photo.size)
        self._device_choice: DeviceChoice | None = None
        self._model = ""

    def draw(self, image: RgbImage, models: LoadedModels, token: CancelToken, stopwatch: Stopwatch) -> Drawn:
        """Return what the recipe selects; `image` is the photo in sRGB.

        Raises
        ------
        AppError, Cancelled
            As :meth:`core.recipe_replay.Replay.selection`.
        """
        service = SegmentService(models)

        def ask(choice: ModelChoice, wish: Wish) -> Answer:
            result = service.answer(SegmentRequest(0, "photo", image, choice, wish, token), silent)
            if result.model:
                self._model, self._device_choice = result.model, result.device_choice
            return result.answer

        replay = Replay(ask, self._request.choice, self._request.detector, token)
        with stopwatch.measure("decode"):
            coverage = replay.selection(self._recipe, Document.from_photo(self._photo))
        model, device_choice = self._model or "no model", self._device_choice or CPU_ONLY
        notes = () if self._recipe.is_of_photo else (_MORE_THAN_A_PHOTO,)
        return Drawn(coverage, model, device_choice, notes=notes, recipe=self._recipe)


def recipe_of(request: CutRequest, plan: Plan, size: Size, model: str) -> Recipe:
    """Return the recipe of what a request asks about a photo of `size`, but for everything at once, from `model`."""
    modes = SelectionMode.NEW, SelectionMode.ADD
    drawn = request.edge, model, request.choice.strictness, request.is_edge_detailed
    steps = tuple(
        PromptStep(questions, modes[min(index, 1)], *drawn) for index, questions in enumerate(_questions(request, plan))
    )
    return Recipe(size, steps)


def _questions(request: CutRequest, plan: Plan) -> Iterator[tuple[Question, ...]]:
    """Yield the questions of each thing that is meant, in the order in which they are asked."""
    candidate = None if request.candidate is None else request.candidate - 1
    words = Words(request.threshold, request.detector.name)
    for text in request.texts:
        yield (Question(Prompt(text=text), candidate, words),)
    for prompt in plan.prompts:
        yield (Question(prompt, candidate),)
    if request.is_subject:
        questions = (Question(), *(Question(prompt) for prompt in steps_of(plan.correction)))
        yield (*questions[:-1], replace(questions[-1], candidate=candidate))
