"""A cutout as data: what was done, step by step, to come to a selection. It holds no pixels and names no files.

The terminal does the same steps on the same photo, or on another of its shape (:mod:`core.recipe_replay`), and a layer
that remembers its recipe can be asked again with its points elsewhere.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Self, TypeAlias

from core.detectors.filtering import DEFAULT_THRESHOLD
from core.errors import AppError
from core.flood_fill import Wand
from core.geometry import Box, Size
from core.mask_ops import SelectionMode
from core.prompt import Prompt
from core.reshaping import Reshape
from core.segment_request import Edge
from core.segmenter import Strictness
from core.texts import tr

if TYPE_CHECKING:
    from core.document import Document

Place: TypeAlias = tuple[float, float]


class RecipeError(AppError):
    """A recipe that cannot be read, or cannot be replayed on this photo."""


_GAINS = (SelectionMode.NEW, SelectionMode.ADD)


@dataclass(frozen=True, slots=True)
class Words:
    """How the words of a prompt are taken.

    Attributes
    ----------
    threshold
        Score in [0, 1] from which a box that they find counts.
    detector
        Which model finds them, by its name; empty for the best that is there.
    off
        Which of the boxes that count were ticked off, counted from the best.
    """

    threshold: float = DEFAULT_THRESHOLD
    detector: str = ""
    off: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a segmenter was asked once, and which answer was looked at.

    Attributes
    ----------
    prompt
        Marks, or only words. Marks of a later question refine the answer to the one before. Empty for the subject.
    candidate
        Which reading was chosen, from the smallest; None for the model's own choice.
    words
        Not None exactly if `prompt` is made of words.
    object_number
        The place of an object among all that were found, if it was one of them that was chosen; else None.
    """

    prompt: Prompt = field(default_factory=Prompt)
    candidate: int | None = None
    words: Words | None = None
    object_number: int | None = None

    @property
    def is_subject(self) -> bool:
        """Whether the photo's main subject was asked for."""
        return self.prompt.is_empty and self.object_number is None

    def scaled(self, by: float) -> Self:
        """Return the question about a photo that is `by` times as large."""
        prompt, box = self.prompt, self.prompt.box
        return replace(
            self,
            prompt=replace(
                prompt,
                points=tuple(replace(p, x=p.x * by, y=p.y * by) for p in prompt.points),
                box=None if box is None else Box(box.x0 * by, box.y0 * by, box.x1 * by, box.y1 * by),
                scribbles=tuple(replace(s, path=_scaled(s.path, by), width=s.width * by) for s in prompt.scribbles),
            ),
        )


@dataclass(frozen=True, slots=True)
class PromptStep:
    """A prompt that was committed.

    Attributes
    ----------
    questions
        At least one; each refines the answer to the one before.
    model
        Who answered, by its name in the model list; empty for the best that is there.
    is_detailed
        Whether the outline was looked at closely (:mod:`core.two_scale`).
    """

    questions: tuple[Question, ...]
    mode: SelectionMode = SelectionMode.NEW
    edge: Edge = Edge.SOFT
    model: str = ""
    strictness: Strictness = field(default_factory=Strictness)
    is_detailed: bool = False

    def scaled(self, by: float) -> Self:
        """Return the step on a photo that is `by` times as large."""
        return replace(self, questions=tuple(question.scaled(by) for question in self.questions))


@dataclass(frozen=True, slots=True)
class LassoStep:
    """An outline that was drawn, from corner to corner; what it winds around is inside."""

    corners: tuple[Place, ...]
    mode: SelectionMode = SelectionMode.NEW

    def scaled(self, by: float) -> Self:
        """Return the step on a photo that is `by` times as large."""
        return replace(self, corners=_scaled(self.corners, by))


@dataclass(frozen=True, slots=True)
class WandStep:
    """A click with the magic wand (see :class:`core.flood_fill.Wand`)."""

    x: float
    y: float
    wand: Wand
    mode: SelectionMode = SelectionMode.NEW

    def scaled(self, by: float) -> Self:
        """Return the step on a photo that is `by` times as large."""
        return replace(self, x=self.x * by, y=self.y * by)


@dataclass(frozen=True, slots=True)
class StrokeStep:
    """A stroke of the brush or the eraser (see :class:`core.brush.CurvedStroke`).

    Attributes
    ----------
    pressures
        How hard it was pressed at each place of the path, in [0, 1]; none if everywhere in full.
    """

    path: tuple[Place, ...]
    diameter: float
    hardness: float
    is_erase: bool = False
    opacity: float = 1.0
    pressures: tuple[float, ...] = ()

    def scaled(self, by: float) -> Self:
        """Return the step on a photo that is `by` times as large."""
        return replace(self, path=_scaled(self.path, by), diameter=self.diameter * by)


@dataclass(frozen=True, slots=True)
class HairStep:
    """A stroke of the hair brush (see :class:`core.hair_brush.HairStroke`)."""

    path: tuple[Place, ...]
    width: float

    def scaled(self, by: float) -> Self:
        """Return the step on a photo that is `by` times as large."""
        return replace(self, path=_scaled(self.path, by), width=self.width * by)


@dataclass(frozen=True, slots=True)
class EdgeStep:
    """An edge that was drawn anew (see :class:`core.edge_edits.EdgeStyle`)."""

    edge: Edge
    band: int

    def scaled(self, by: float) -> Self:
        """Return the step on a photo that is `by` times as large."""
        return replace(self, band=max(1, round(self.band * by)))


@dataclass(frozen=True, slots=True)
class OutlineStep:
    """A change of the outline by an amount (see :class:`core.reshaping.Reshaping`).

    `keep` is the place whose island stays in any case, if there is one.
    """

    kind: Reshape
    amount: int
    keep: Place | None = None

    def scaled(self, by: float) -> Self:
        """Return the step on a photo that is `by` times as large."""
        amount = round(self.amount * (by * by if self.kind.is_area else by))
        return replace(self, amount=amount, keep=None if self.keep is None else (self.keep[0] * by, self.keep[1] * by))


class Whole(StrEnum):
    """What needs no place: to select everything, or everything but what is selected."""

    ALL = "all"
    INVERT = "invert"


@dataclass(frozen=True, slots=True)
class WholeStep:
    """A change of the selection as a whole."""

    kind: Whole

    def scaled(self, by: float) -> Self:
        """Return the step itself."""
        del by
        return self


Step: TypeAlias = PromptStep | LassoStep | WandStep | StrokeStep | HairStep | EdgeStep | OutlineStep | WholeStep


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps from nothing selected to a selection, in the order in which they were done.

    Attributes
    ----------
    size
        Of the photo that the steps are about.
    is_of_photo
        Whether they are about the photo as its file holds it; else about a picture of several layers, or about a
        photo that was cropped, turned or resized.
    """

    size: Size
    steps: tuple[Step, ...] = ()
    is_of_photo: bool = True

    def then(self, step: Step) -> Self:
        """Return the recipe with one more step; what came before one that begins anew is left out."""
        return replace(self, steps=(step,) if begins_anew(step) else (*self.steps, step))

    @property
    def last_prompt(self) -> int | None:
        """The index of the last step that is a prompt; None if there is none."""
        return next((i for i in reversed(range(len(self.steps))) if isinstance(self.steps[i], PromptStep)), None)

    @property
    def first_place(self) -> Place | None:
        """The first place of what is selected that was pointed at; None if nothing was."""
        gains = (step for step in self.steps if isinstance(step, PromptStep) and step.mode in _GAINS)
        points = (point for step in gains for question in step.questions for point in question.prompt.points)
        return next(((point.x, point.y) for point in points if point.is_include), None)

    def with_step(self, index: int, step: Step) -> Self:
        """Return the recipe with another step in the place of the one at `index`."""
        return replace(self, steps=(*self.steps[:index], step, *self.steps[index + 1 :]))

    def looked_at_closely(self) -> Self:
        """Return the recipe with the outline of its last step, which is a prompt, drawn more closely.

        Raises
        ------
        ValueError
            If the last step is no prompt.
        """
        last = self.steps[-1] if self.steps else None
        if not isinstance(last, PromptStep):
            raise ValueError("only the outline of a prompt can be looked at closely")
        return self.with_step(len(self.steps) - 1, replace(last, is_detailed=True))

    def fitted(self, size: Size) -> Self:
        """Return the recipe for a photo of `size`.

        Raises
        ------
        RecipeError
            If a photo of that size does not have the shape of the one that the recipe is about.
        """
        if size == self.size:
            return self
        by = size.width / self.size.width
        if abs(self.size.height * by - size.height) > max(1.0, by):
            raise RecipeError(
                tr(
                    "The recipe is about a photo of {size} pixels, and this one has {photo_size}: take a "
                    "photo of the same shape.",
                    size=self.size,
                    photo_size=size,
                )
            )
        return replace(self, size=size, steps=tuple(step.scaled(by) for step in self.steps))


def begins_anew(step: Step) -> bool:
    """Whether what was selected before makes no difference to what is selected after `step`."""
    if isinstance(step, WholeStep):
        return step.kind is Whole.ALL
    return isinstance(step, PromptStep | LassoStep | WandStep) and step.mode is SelectionMode.NEW


def recipe_after(document: "Document", step: Step | None) -> Recipe | None:
    """Return the recipe of what is selected after `step` is done in `document`; None if that is not known."""
    before = Recipe(document.size) if document.selection is None else document.selection_recipe
    return extended(before, step, document)


def extended(before: Recipe | None, step: Step | None, document: "Document") -> Recipe | None:
    """Return the recipe of what `step` makes, in `document`, of what `before` led to; None if not known."""
    if step is None:
        return None
    is_of_photo = _is_about_photo(step, document)
    if begins_anew(step):
        return Recipe(document.size, (step,), is_of_photo)
    if before is None or before.size != document.size:
        return None
    return replace(before.then(step), is_of_photo=before.is_of_photo and is_of_photo)


def _is_about_photo(step: Step, document: "Document") -> bool:
    """Whether `step` would do in the photo alone what it does in `document`."""
    if document.frame_key:
        return False
    looks = isinstance(step, PromptStep | WandStep | HairStep) or (
        isinstance(step, EdgeStep) and step.edge is Edge.MATTE
    )
    if not looks or not document.has_visible_layer:
        return True
    from core.cut_source import CutSource  # which is made of documents, and they of recipes

    photo = CutSource.of(document).photo
    return photo is not None and photo.rect == document.rect


def _scaled(path: tuple[Place, ...], by: float) -> tuple[Place, ...]:
    return tuple((x * by, y * by) for x, y in path)
