"""Every object of a photo, without a prompt: the segmenter's own way, or a grid of clicks sorted out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from core.arrays import Mask
from core.cancel import CancelToken
from core.errors import NothingFoundError
from core.geometry import Size
from core.prompt import Prompt
from core.segmenter import Candidate, Embedding, FindsEverything, Segmenter
from core.texts import tr

_CLICKS = 8
"""Along the longer side."""

_LENGTH = 256
"""Longest side of the grid on which answers are compared."""

_SAME = 0.7
"""Answers that overlap by so much of their union are one object."""

_SMALLEST_SHARE, _LARGEST_SHARE = 0.0005, 0.9
"""Of the photo: less is a speck, and more is what lies behind all objects."""

_LOWEST_SCORE = 0.4
"""Of an answer that counts, by the segmenter's own estimate."""


@dataclass(frozen=True, eq=False)
class _Found:
    candidate: Candidate
    mask: Mask = field(repr=False)
    area: int


def find_everything(
    segmenter: Segmenter,
    embedding: Embedding,
    token: CancelToken,
    report: Callable[[float], None] | None = None,
) -> tuple[Candidate, ...]:
    """Return one candidate for each object, the largest first.

    A segmenter with a way of its own takes that; others are asked a grid of clicks.

    Parameters
    ----------
    segmenter, embedding
        The segmenter and what it made of the photo.
    report
        Called with the fraction done, in [0, 1].

    Raises
    ------
    Cancelled
        If `token` was cancelled.
    NothingFoundError
        If no object is found.
    """
    search = segmenter.find_everything if isinstance(segmenter, FindsEverything) else partial(find_by_clicks, segmenter)
    found = search(embedding, token, report)
    if not found:
        raise NothingFoundError(tr("No object found in this photo. Say where one is, with a point or a box."))
    return found


def find_by_clicks(
    segmenter: Segmenter,
    embedding: Embedding,
    token: CancelToken,
    report: Callable[[float], None] | None = None,
) -> tuple[Candidate, ...]:
    """Return what a grid of include clicks finds, the largest first; may be empty.

    Candidates are taken by falling score; one that overlaps a taken one by 70 % of their union is the same object.
    Specks and what fills nearly the whole photo are left out. Parameters and errors as :func:`find_everything`;
    `token` is looked at, and `report` called, at each click.
    """
    size = embedding.image_size.fitted(_LENGTH)
    found: list[_Found] = []
    prompts = list(_grid_of(embedding.image_size))
    for number, prompt in enumerate(prompts, start=1):
        token.check()
        found.extend(_answers_to(segmenter, embedding, prompt, size))
        if report is not None:
            report(number / len(prompts))
    return tuple(each.candidate for each in sorted(_distinct(found), key=lambda each: -each.area))


def _grid_of(size: Size) -> Iterator[Prompt]:
    """Yield clicks on a grid as close as eight along the longer side, at least one either way."""
    step = size.longest / _CLICKS
    columns, rows = max(1, round(size.width / step)), max(1, round(size.height / step))
    for row in range(rows):
        for column in range(columns):
            yield Prompt().with_point((column + 0.5) * size.width / columns, (row + 0.5) * size.height / rows)


def _answers_to(segmenter: Segmenter, embedding: Embedding, prompt: Prompt, size: Size) -> Iterator[_Found]:
    try:
        prediction = segmenter.predict(embedding, prompt)
    except NothingFoundError:
        return
    for candidate in prediction.candidates:
        mask = candidate.preview(size)
        area = int(mask.sum())
        if _SMALLEST_SHARE <= area / size.area <= _LARGEST_SHARE and candidate.score >= _LOWEST_SCORE:
            yield _Found(candidate, mask, area)


def _distinct(found: list[_Found]) -> list[_Found]:
    """Return the best-scored of those that are the same; equal scores are settled by the order of the clicks."""
    kept: list[_Found] = []
    for each in sorted(found, key=lambda each: -each.candidate.score):
        if all(_overlap(each, other) < _SAME for other in kept):
            kept.append(each)
    return kept


def _overlap(one: _Found, other: _Found) -> float:
    if min(one.area, other.area) < _SAME * max(one.area, other.area):
        return 0.0
    common = int(np.count_nonzero(one.mask & other.mask))
    return common / (one.area + other.area - common)
