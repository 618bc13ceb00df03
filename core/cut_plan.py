"""What the points, scribbles and boxes of one command line ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from core.geometry import Box, Size
from core.prompt import PointPrompt, Prompt
from core.scribble import Scribble

_Mark: TypeAlias = PointPrompt | Scribble
_OUTSIDE, _EVERYWHERE = -1, -2
"""In place of a box's number: in none of them, and about every object."""


@dataclass(frozen=True)
class Plan:
    """What is asked about a photo.

    Attributes
    ----------
    prompts
        One for each object that is meant.
    correction
        What is marked right and wrong about the photo's main subject, in the order of the marks; empty if nothing is.
    """

    prompts: tuple[Prompt, ...]
    correction: Prompt = field(default_factory=Prompt)


def plan_prompts(
    points: Sequence[PointPrompt],
    boxes: Sequence[Box],
    size: Size,
    scribbles: Sequence[Scribble] = (),
    *,
    has_subject: bool = False,
) -> Plan:
    """Return what to ask about a photo of `size`; the prompts are checked against it.

    Without boxes, all points and scribbles are about one object. Otherwise each box is one object: what is included
    belongs to the smallest box around it, a scribble to that around its middle; and what is included outside of every
    box is about one more object. What is excluded says something about every object. Where the photo's main subject
    is asked for, that is the object outside of all boxes. Marks keep their order.

    Raises
    ------
    PromptError
        If one of them cannot be answered, see :meth:`core.prompt.Prompt.checked`.
    """
    for scribble in scribbles:
        scribble.check(size)  # where its middle is can be told only of one that lies in the photo
    marks: tuple[_Mark, ...] = (*points, *scribbles)
    homes = [_home(mark, boxes, size) if mark.is_include else _EVERYWHERE for mark in marks]
    placed = list(zip(marks, homes, strict=True))
    prompts = [
        _prompt([mark for mark, home in placed if home in (index, _EVERYWHERE)], box) for index, box in enumerate(boxes)
    ]
    rest = _prompt([mark for mark, home in placed if home in (_OUTSIDE, _EVERYWHERE)])
    if has_subject:
        for point in points:
            point.check(size)  # what is only excluded is no prompt that could be checked
        return Plan(tuple(prompt.checked(size) for prompt in prompts), rest)
    if rest.has_include or (marks and not boxes):
        prompts.append(rest)
    return Plan(tuple(prompt.checked(size) for prompt in prompts))


def _prompt(marks: Sequence[_Mark], box: Box | None = None) -> Prompt:
    points = tuple(mark for mark in marks if isinstance(mark, PointPrompt))
    return Prompt(points, box, scribbles=tuple(mark for mark in marks if isinstance(mark, Scribble)))


def _home(mark: _Mark, boxes: Sequence[Box], size: Size) -> int:
    """Return the number of the smallest box around a mark."""
    x, y = mark.sampled(1, size)[0] if isinstance(mark, Scribble) else (mark.x, mark.y)
    around = [index for index, box in enumerate(boxes) if box.contains(x, y)]
    return min(around, key=lambda index: boxes[index].width * boxes[index].height, default=_OUTSIDE)
