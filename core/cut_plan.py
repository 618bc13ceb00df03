"""Which prompts the points and boxes of one command line make."""

from collections.abc import Sequence

from core.geometry import Box, Size
from core.prompt import PointPrompt, Prompt


def plan_prompts(points: Sequence[PointPrompt], boxes: Sequence[Box], size: Size) -> tuple[Prompt, ...]:
    """Return one prompt for each object that is meant, checked against a photo of `size`.

    Without boxes, all points are about one object. Otherwise each box is one object: an include point belongs to the
    smallest box around it, and include points outside of every box are about one more object. Exclude points say
    something about every object.

    Raises
    ------
    PromptError
        If one of them cannot be answered, see :meth:`core.prompt.Prompt.checked`.
    """
    if not boxes:
        return (Prompt(tuple(points)).checked(size),) if points else ()
    excludes = [p for p in points if not p.is_include]
    by_box: dict[int, list[PointPrompt]] = {index: [] for index in range(len(boxes))}
    outside: list[PointPrompt] = []
    for point in points:
        if point.is_include:
            around = [index for index, box in enumerate(boxes) if box.contains(point.x, point.y)]
            home = min(around, key=lambda index: boxes[index].width * boxes[index].height, default=None)
            (outside if home is None else by_box[home]).append(point)
    prompts = [Prompt((*by_box[index], *excludes), box) for index, box in enumerate(boxes)]
    if outside:
        prompts.append(Prompt((*outside, *excludes)))
    return tuple(prompt.checked(size) for prompt in prompts)
