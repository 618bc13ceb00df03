"""What a person asks a segmenter for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Self

from core.errors import PromptError
from core.geometry import Box, Size
from core.scribble import Scribble
from core.texts import tr

_POINTS_A_SCRIBBLE = 5


@dataclass(frozen=True, slots=True)
class PointPrompt:
    """One click: "this belongs" (include) or "this does not" (exclude)."""

    x: float
    y: float
    is_include: bool = True

    def check(self, size: Size) -> None:
        """Check that the click is on a photo of `size`.

        Raises
        ------
        PromptError
            If a coordinate is no number, or the click lies outside the photo.
        """
        if not (isfinite(self.x) and isfinite(self.y)):
            raise PromptError(tr("A point has a coordinate that is not a number."))
        if not (0 <= self.x < size.width and 0 <= self.y < size.height):
            raise PromptError(
                tr("The point {x:g},{y:g} lies outside the photo ({size} pixels).", x=self.x, y=self.y, size=size)
            )


@dataclass(frozen=True, slots=True)
class Prompt:
    """All points, the box, the text and the scribbles so far, for one object; every change gives a new prompt."""

    points: tuple[PointPrompt, ...] = ()
    box: Box | None = None
    text: str = ""
    scribbles: tuple[Scribble, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been asked yet."""
        return not (self.points or self.scribbles) and self.box is None and not self.text.strip()

    @property
    def include_points(self) -> tuple[PointPrompt, ...]:
        """The points that must belong to the object."""
        return tuple(p for p in self.points if p.is_include)

    @property
    def exclude_points(self) -> tuple[PointPrompt, ...]:
        """The points that must not."""
        return tuple(p for p in self.points if not p.is_include)

    @property
    def has_marks(self) -> bool:
        """Whether it says where: with points, scribbles or a box."""
        return bool(self.points or self.scribbles) or self.box is not None

    @property
    def has_include(self) -> bool:
        """Whether a point, a scribble or a box says what belongs, not only what does not."""
        return self.box is not None or bool(self.include_points) or any(s.is_include for s in self.scribbles)

    def with_point(self, x: float, y: float, is_include: bool = True) -> Self:
        """Return the prompt with one more click, after the others."""
        return replace(self, points=(*self.points, PointPrompt(x, y, is_include)))

    def with_moved_point(self, index: int, x: float, y: float) -> Self:
        """Return the prompt with the point at `index` somewhere else; -1 is the last one."""
        points = list(self.points)
        points[index] = replace(points[index], x=x, y=y)
        return replace(self, points=tuple(points))

    def without_point(self, index: int) -> Self:
        """Return the prompt without the point at `index`; -1 is the last one."""
        points = list(self.points)
        del points[index]
        return replace(self, points=tuple(points))

    def with_box(self, box: Box | None) -> Self:
        """Return the prompt with another box, or with none."""
        return replace(self, box=box)

    def with_scribble(self, scribble: Scribble) -> Self:
        """Return the prompt with one more scribble, after the others."""
        return replace(self, scribbles=(*self.scribbles, scribble))

    def without_scribble(self, index: int) -> Self:
        """Return the prompt without the scribble at `index`; -1 is the last one."""
        scribbles = list(self.scribbles)
        del scribbles[index]
        return replace(self, scribbles=tuple(scribbles))

    def without_mark(self, mark: PointPrompt | Scribble) -> Self:
        """Return the prompt without the last of its points or scribbles that is `mark`.

        Raises
        ------
        ValueError
            If there is none.
        """
        if isinstance(mark, Scribble):
            return self.without_scribble(_last_index(self.scribbles, mark))
        return self.without_point(_last_index(self.points, mark))

    def with_text(self, text: str) -> Self:
        """Return the prompt with other words."""
        return replace(self, text=text)

    def checked(self, size: Size) -> Self:
        """Return the prompt as a segmenter may see it on a photo of `size`: the box clipped to the photo.

        Raises
        ------
        PromptError
            If it asks for nothing, holds a number that is none, a point or a scribble outside the photo, a box that
            holds no pixel of it, or only what does not belong.
        """
        if self.is_empty:
            raise PromptError(tr("Nothing to look for: give a point, a scribble, a box or a word."))
        for point in self.points:
            point.check(size)
        for scribble in self.scribbles:
            scribble.check(size)
        if self.has_marks and not self.has_include:
            if self.scribbles:
                raise PromptError(tr("Exclude marks alone select nothing: add an include point, a scribble or a box."))
            raise PromptError(tr("Exclude points alone select nothing: add an include point or a box."))
        return replace(self, box=_checked_box(self.box, size)) if self.box is not None else self

    def scribbles_as_points(self, size: Size) -> Self:
        """Return the prompt with points along its scribbles in their place, before its own points.

        For segmenters that know no scribbles. The prompt must have passed :meth:`checked` for `size`.
        """
        along = tuple(
            PointPrompt(x, y, scribble.is_include)
            for scribble in self.scribbles
            for x, y in scribble.sampled(_POINTS_A_SCRIBBLE, size)
        )
        return replace(self, points=(*along, *self.points), scribbles=())


def _last_index(marks: Sequence[object], mark: object) -> int:
    return len(marks) - 1 - marks[::-1].index(mark)


def _checked_box(box: Box, size: Size) -> Box:
    if not box.is_finite:
        raise PromptError(tr("The box has a coordinate that is not a number."))
    clipped = box.clipped(size)
    if clipped.width < 1 or clipped.height < 1:
        raise PromptError(
            tr(
                "The box {x0:g},{y0:g},{x1:g},{y1:g} holds no pixel of the photo ({size} pixels).",
                x0=box.x0,
                y0=box.y0,
                x1=box.x1,
                y1=box.y1,
                size=size,
            )
        )
    return clipped
