"""What the terminal's ``cut`` asks for, and what it tells afterwards. Values only."""

from dataclasses import dataclass, field
from pathlib import Path

from core.background_wish import BackgroundWish
from core.detectors.filtering import DEFAULT_THRESHOLD
from core.device import DeviceChoice
from core.geometry import Box, Rect
from core.prompt import PointPrompt
from core.scribble import Scribble
from core.segment_request import Edge, ModelChoice


@dataclass(frozen=True)
class CutRequest:
    """A cutout as it is asked for on the command line.

    Attributes
    ----------
    image, output, mask_output, labels_output
        The photo to read, and the PNG files to write; no mask and no label map is written for None. The label map
        of everything has its legend beside it (:func:`core.export.label_map.legend_path`).
    recipe, recipe_output
        A file with steps to do, in place of everything below that says what is meant, its edge and, unless it is
        named in `choice`, its model; and the file to write such steps to.
    points, scribbles, boxes, texts, is_subject, is_everything
        What is meant; all of it is united. See :func:`core.cut_plan.plan_prompts` for points, scribbles and boxes; both
        keep their order, as later ones correct earlier ones.
    candidate
        Which of a model's readings is taken, from 1; None for the one with the highest score. Of everything, it is
        the n-th largest object, and None takes them all.
    is_edge_detailed
        Look closely at the outlines of a model that sees large photos reduced (:mod:`core.two_scale`).
    is_cropped
        Save only the part of the photo that the cutout fills.
    """

    image: Path
    output: Path
    points: tuple[PointPrompt, ...] = ()
    scribbles: tuple[Scribble, ...] = ()
    boxes: tuple[Box, ...] = ()
    texts: tuple[str, ...] = ()
    is_subject: bool = False
    is_everything: bool = False
    choice: ModelChoice = field(default_factory=ModelChoice)
    detector: ModelChoice = field(default_factory=ModelChoice)
    threshold: float = DEFAULT_THRESHOLD
    candidate: int | None = None
    mask_output: Path | None = None
    labels_output: Path | None = None
    recipe: Path | None = None
    recipe_output: Path | None = None
    background: BackgroundWish = field(default_factory=BackgroundWish)
    edge: Edge = Edge.SOFT
    is_edge_detailed: bool = False
    is_cropped: bool = False


@dataclass(frozen=True, slots=True)
class CandidateSummary:
    """One mask that was on offer: the model's own estimate of how right it is, and its pixels."""

    score: float
    area: int


@dataclass(frozen=True)
class CutResult:
    """What a finished job did.

    Attributes
    ----------
    chosen
        Number, from 1, of the candidate that was taken; None if all of them were united.
    mask_area, box
        Pixels of the mask in the photo, and the rectangle around them.
    seconds
        Time spent: ``load`` (photo and model), ``encode``, ``decode``, ``refine``, ``write``.
    notes
        Sentences for the person: about the photo, and about which of several wishes found nothing.
    """

    model: str
    device_choice: DeviceChoice
    candidates: tuple[CandidateSummary, ...]
    chosen: int | None
    mask_area: int
    box: Rect
    seconds: dict[str, float]
    notes: tuple[str, ...]
