"""What the editor asks the segment worker for, and what comes back. Values only; safe to hand between threads."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from core.arrays import Coverage, RgbImage
from core.cancel import CancelToken
from core.detectors.detector import Detection
from core.device import Device, DeviceChoice, Precision
from core.prompt import Prompt
from core.segmenter import Candidate, Prediction, Strictness

if TYPE_CHECKING:
    from core.object_map import DrawnObjects, ObjectMap
    from core.recipe import Question, Recipe


class Edge(StrEnum):
    """How the outline of a cutout is drawn."""

    HARD = "hard"
    SOFT = "soft"
    MATTE = "matte"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Which model a person wants, from which file, on which device. An empty name means the best that is there.

    `strictness` is for segmenters that find every object in one pass; others do not look at it.
    """

    name: str = ""
    weights: Path | None = None
    device: Device = Device.AUTO
    precision: Precision = Precision.AUTO
    strictness: Strictness = field(default_factory=Strictness)

    @property
    def of_any_strictness(self) -> "ModelChoice":
        """The choice as far as loading and embedding go: strictness has no part in them."""
        return replace(self, strictness=Strictness())


@dataclass(frozen=True, slots=True)
class EmbedWish:
    """Get ready for prompts on this photo."""


@dataclass(frozen=True, slots=True)
class PredictWish:
    """Answer a prompt. `previous` is the candidate that was on the screen when the prompt was refined."""

    prompt: Prompt
    previous: Candidate | None = None


@dataclass(frozen=True, slots=True)
class DetectWish:
    """Find boxes of what the words name: every one that any threshold could show. The segmenter is not needed."""

    text: str
    detector: ModelChoice


@dataclass(frozen=True, slots=True)
class BoxesWish:
    """Turn boxes, at least one, that words found into their masks, united."""

    detections: tuple[Detection, ...]


@dataclass(frozen=True, slots=True)
class SubjectWish:
    """Find the photo's main subject without a prompt."""


@dataclass(frozen=True, slots=True)
class CommitWish:
    """Turn a candidate into coverage at the photo's full resolution."""

    candidate: Candidate
    edge: Edge


@dataclass(frozen=True, slots=True)
class DetailWish:
    """Draw a candidate that was committed once more, with its outline looked at closely (:mod:`core.two_scale`)."""

    candidate: Candidate
    edge: Edge


@dataclass(frozen=True, slots=True)
class EverythingWish:
    """Find every object of the photo without a prompt."""


@dataclass(frozen=True, eq=False, slots=True)
class DrawObjectsWish:
    """Draw every object of a map at the photo's full resolution, as disjoint layers.

    `edge` is hard or soft; hard is for label maps. A matte is drawn soft.
    """

    objects: "ObjectMap"
    edge: Edge


@dataclass(frozen=True, slots=True)
class QuestionsWish:
    """Answer questions that refine one another; the answer is that to the last. `detector` finds words."""

    questions: "tuple[Question, ...]"
    detector: ModelChoice


@dataclass(frozen=True, slots=True)
class ReplayWish:
    """Do the steps of a recipe again. Prompts are answered by their own models where the request names none."""

    recipe: "Recipe"
    detector: ModelChoice


Wish: TypeAlias = (
    EmbedWish
    | PredictWish
    | DetectWish
    | BoxesWish
    | SubjectWish
    | CommitWish
    | DetailWish
    | EverythingWish
    | DrawObjectsWish
    | QuestionsWish
    | ReplayWish
)


@dataclass(frozen=True, eq=False, slots=True)
class Detections:
    """What words found, best first, each thing once; empty if nothing looks like them at all."""

    detections: tuple[Detection, ...] = field(repr=False)


Answer: TypeAlias = "Prediction | Detections | ObjectMap | DrawnObjects | Coverage | None"


@dataclass(frozen=True, eq=False, slots=True)
class SegmentRequest:
    """One wish about one photo.

    `image` is the photo in sRGB, read-only; `image_key` names exactly these pixels. `id` rises with every request.
    """

    id: int
    image_key: str
    image: RgbImage = field(repr=False)
    choice: ModelChoice
    wish: Wish
    token: CancelToken = field(default_factory=CancelToken, repr=False)


@dataclass(frozen=True, eq=False, slots=True)
class SegmentResult:
    """The answer to the request of the same `id`.

    `answer` is a prediction for a prompt, boxes or the subject, detections for words, an object map for everything,
    layers for drawing it, coverage for a commit and for its detail (or None if there is none), and None for an
    embedding.
    `device_choice` is the segmenter's, or the detector's for words.
    `model` is the name of who answered: the segmenter, or the detector for words.
    `seconds` holds what was spent: ``load``, ``encode``, ``decode``, ``refine``, ``detail``, and ``detect`` on all
    that a detector did; what was not needed is not in it.
    """

    id: int
    image_key: str
    answer: Answer = field(repr=False)
    device_choice: DeviceChoice
    seconds: dict[str, float]
    model: str = ""
