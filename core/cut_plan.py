"""Which prompts the points, scribbles and boxes of one command line make."""

from collections.abc import Sequence
from typing import TypeAlias

from core.geometry import Box, Size
from core.prompt import PointPrompt, Prompt
from core.scribble import Scribble

_Mark: TypeAlias = PointPrompt | Scribble


def plan_prompts(
    points: Sequence[PointPrompt], boxes: Sequence[Box], size: Size, scribbles: Sequence[Scribble] = ()
) -> tuple[Prompt, ...]:
    """Return one prompt for each object that is meant, checked against a photo of `size`.

    Without boxes, all points and scribbles are about one object. Otherwise each box is one object: what is included
    belongs to the smallest box around it, a scribble to that around its middle; and what is included outside of every
    box is about one more object. What is excluded says something about every object.

    Raises
    ------
    PromptError
        If one of them cannot be answered, see :meth:`core.prompt.Prompt.checked`.
    """
    for scribble in scribbles:
        scribble.check(size)  # where its middle is can be told only of one that lies in the photo
    marks: tuple[_Mark, ...] = (*points, *scribbles)
    if not boxes:
        return (_prompt(marks).checked(size),) if marks else ()
    excludes = [mark for mark in marks if not mark.is_include]
    by_box: dict[int, list[_Mark]] = {index: [] for index in range(len(boxes))}
    outside: list[_Mark] = []
    for mark in marks:
        if mark.is_include:
            home = _home(mark, boxes, size)
            (outside if home is None else by_box[home]).append(mark)
    prompts = [_prompt((*by_box[index], *excludes), box) for index, box in enumerate(boxes)]
    if outside:
        prompts.append(_prompt((*outside, *excludes)))
    return tuple(prompt.checked(size) for prompt in prompts)


def _prompt(marks: Sequence[_Mark], box: Box | None = None) -> Prompt:
    points = tuple(mark for mark in marks if isinstance(mark, PointPrompt))
    return Prompt(points, box, scribbles=tuple(mark for mark in marks if isinstance(mark, Scribble)))


def _home(mark: _Mark, boxes: Sequence[Box], size: Size) -> int | None:
    """Return the number of the smallest box around a mark; None if it lies in none."""
    x, y = mark.sampled(1, size)[0] if isinstance(mark, Scribble) else (mark.x, mark.y)
    around = [index for index, box in enumerate(boxes) if box.contains(x, y)]
    return min(around, key=lambda index: boxes[index].width * boxes[index].height, default=None)
