"""Marks that correct an answer which did not come from marks: the subject, or what words found."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil, floor

from core.edges import reach_of
from core.geometry import Box, Rect, Size
from core.prompt import Prompt
from core.segmenter import Candidate

_OUTLINE_LONGEST = 512
"""A candidate's bounding box is looked for in a preview of this size."""


def correcting(prompt: Prompt, previous: Candidate, size: Size) -> Prompt:
    """Return a prompt of marks as a segmenter can be asked it about `previous` on a photo of `size`.

    Where only what does not belong is marked, `previous` lends its bounding box.
    """
    return prompt if prompt.has_include else prompt.with_box(_box_of(previous, size))


def steps_of(prompt: Prompt) -> Iterator[Prompt]:
    """Yield the prompts that lead to this one of marks, each with one mark more: scribbles come before points."""
    for count in range(1, len(prompt.scribbles) + 1):
        yield replace(prompt, scribbles=prompt.scribbles[:count], points=())
    for count in range(1, len(prompt.points) + 1):
        yield replace(prompt, points=prompt.points[:count])


def _box_of(candidate: Candidate, size: Size) -> Box:
    small = size.fitted(_OUTLINE_LONGEST)
    rect = Rect.of_mask(candidate.preview(small))
    if rect.is_empty:  # too small to be seen there
        reach = reach_of(candidate, size)
        return Box(reach.x, reach.y, reach.right, reach.bottom)
    sx, sy = size.width / small.width, size.height / small.height
    return Box(floor(rect.x * sx), floor(rect.y * sy), ceil(rect.right * sx), ceil(rect.bottom * sy)).clipped(size)
