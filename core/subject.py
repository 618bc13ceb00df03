"""The photo's main subject, without a prompt from a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask, RgbImage
from core.cancel import CancelToken
from core.errors import NothingFoundError
from core.geometry import Box, Rect, Size
from core.prompt import Prompt
from core.saliency import SalientPicture, deepest_point
from core.segmenter import (
    Candidate,
    DrawsPatches,
    Embedding,
    FindsEverything,
    FollowsStrictness,
    Prediction,
    Segmenter,
)
from core.subject_cut import Sighting, cut_subjects
from core.subject_score import overlap
from core.texts import tr

Field = NDArray[np.float32]
_GRID = (0.25, 0.5, 0.75)
_MARGIN = 0.04
_STABLE_OFFSET = 1.0
_SAME = 0.88
_MOST_CANDIDATES = 3
_NEARLY_AS_FIT = 0.04
_HELD = 0.9
_LARGEST_SHARE = 0.7


@dataclass(frozen=True, eq=False)
class _Answer:
    """A prediction, one candidate of it, that candidate's mask on the small picture, and how well it fits."""

    prediction: Prediction
    index: int
    mask: Mask
    fitness: float


def find_subject(segmenter: Segmenter, embedding: Embedding, image: RgbImage, token: CancelToken) -> Prediction:
    """Find what the photo is mainly of, with any segmenter.

    Colours alone give the likeliest patch (:func:`core.subject_cut.cut_subjects`). For a segmenter that
    knows nothing but colours, that patch and the next ones are the answer. Learned segmenters are asked about it with
    a box and a point, and at a small grid of points; of one that finds all objects in one pass, those objects are
    taken. What they answer is ranked by the segmenter's own score, by how stable the outline is, by size and
    centrality, and by how well it agrees with what stands out; of answers that fit nearly as well, the one that holds
    the others is preferred, as a person is to a coat.

    Parameters
    ----------
    segmenter, embedding
        The segmenter and what it made of the photo.
    image
        ``(H, W, 3)`` uint8, the photo.

    Raises
    ------
    Cancelled
        If `token` was cancelled; looked at before each step.
    NothingFoundError
        If nothing was found.
    """
    token.check()
    picture = SalientPicture.of(image)
    token.check()
    sightings = cut_subjects(picture)
    token.check()
    if sightings and isinstance(segmenter, DrawsPatches):
        return _from_colours(segmenter, embedding, sightings)
    part = sightings[0].mask if sightings else np.ones(picture.saliency.shape, dtype=bool)
    if isinstance(segmenter, FindsEverything) and isinstance(segmenter, FollowsStrictness):
        answers = _found_at_once(segmenter, embedding, token, picture.saliency, part)
    else:
        has_grid = not isinstance(segmenter, DrawsPatches)
        prompts = _prompts_for(part, embedding.image_size, has_grid=has_grid)
        answers = _asked(segmenter, embedding, prompts, token, picture.saliency, part)
    if not answers:
        raise NothingFoundError(tr("No main subject found: click on it or drag a box around it."))
    best = _preferred(answers)
    return replace(best.prediction, preferred_index=best.index)


def _from_colours(segmenter: DrawsPatches, embedding: Embedding, sightings: Sequence[Sighting]) -> Prediction:
    """Return the patches that differ from likelier ones, from small to large, as the segmenter draws them."""
    kept: list[Sighting] = []
    for sighting in sightings:
        if all(overlap(sighting.mask, other.mask) < _SAME for other in kept):
            kept.append(sighting)
    rising = sorted(kept[:_MOST_CANDIDATES], key=lambda each: int(each.mask.sum()))
    candidates = segmenter.draw_patches(embedding, [(each.mask, each.score) for each in rising])
    return Prediction(candidates, rising.index(kept[0]))


def _prompts_for(part: Mask, size: Size, *, has_grid: bool) -> Iterator[Prompt]:
    """Yield prompts in photo pixels: the likeliest part's box, its deepest point, and a grid for learned segmenters."""
    sx, sy = size.width / part.shape[1], size.height / part.shape[0]
    rect = Rect.of_mask(part)
    x, y = deepest_point(part)
    point = min(x * sx, size.width - 0.5), min(y * sy, size.height - 0.5)
    margin_x, margin_y = _MARGIN * rect.width, _MARGIN * rect.height
    box = Box(
        (rect.x - margin_x) * sx, (rect.y - margin_y) * sy, (rect.right + margin_x) * sx, (rect.bottom + margin_y) * sy
    ).clipped(size)
    box = box if box.width >= 1 and box.height >= 1 else Box(0, 0, size.width, size.height)
    yield Prompt(box=box)
    if not has_grid:
        return
    yield Prompt().with_point(*point)
    for row in _GRID:
        for column in _GRID:
            yield Prompt().with_point(column * size.width, row * size.height)


def _asked(
    segmenter: Segmenter,
    embedding: Embedding,
    prompts: Iterator[Prompt],
    token: CancelToken,
    saliency: Field,
    part: Mask,
) -> list[_Answer]:
    """Return the answers to all prompts; what one of them does not find, others may."""
    answers: list[_Answer] = []
    for prompt in prompts:
        token.check()
        try:
            prediction = segmenter.predict(embedding, prompt)
        except NothingFoundError:
            continue
        for index, candidate in enumerate(prediction.candidates):
            answers.append(_judged(prediction, index, candidate, saliency, part))
    return [answer for answer in answers if answer.mask.any()]


def _found_at_once(
    segmenter: FindsEverything, embedding: Embedding, token: CancelToken, saliency: Field, part: Mask
) -> list[_Answer]:
    """Return every object that the segmenter finds, the fittest one beside the two next fittest."""
    objects = segmenter.find_everything(embedding, token)
    judged = []
    for candidate in objects:
        token.check()
        judged.append(_judged(Prediction((candidate,)), 0, candidate, saliency, part))
    judged = [answer for answer in judged if answer.mask.any()]
    if not judged:
        return []
    best = _preferred(judged)
    others = sorted((each for each in judged if each is not best), key=lambda each: -each.fitness)
    offered = sorted([best, *others[: _MOST_CANDIDATES - 1]], key=lambda each: int(each.mask.sum()))
    prediction = Prediction(tuple(each.prediction.candidates[0] for each in offered))
    return [replace(best, prediction=prediction, index=offered.index(best))]


def _preferred(answers: Sequence[_Answer]) -> _Answer:
    """Return the fittest answer, or the largest one that holds it and fits nearly as well."""
    best = max(answers, key=lambda answer: answer.fitness)
    area = int(best.mask.sum())
    wholes = [
        answer
        for answer in answers
        if answer.fitness >= best.fitness - _NEARLY_AS_FIT
        and answer.mask.mean() <= _LARGEST_SHARE
        and int((answer.mask & best.mask).sum()) >= _HELD * area
    ]
    return max([best, *wholes], key=lambda answer: int(answer.mask.sum()))


def _judged(prediction: Prediction, index: int, candidate: Candidate, saliency: Field, part: Mask) -> _Answer:
    """Return a candidate with how likely it is the main subject, about 0 to 1."""
    logits = candidate.logits_at(Size.of(part))
    mask = logits > 0
    area = float(mask.mean())
    if area == 0:
        return _Answer(prediction, index, mask, 0.0)
    contrast = float(saliency[mask].mean() - saliency[~mask].mean()) if area < 1 else 0.0
    fitness = (
        0.35 * candidate.score
        + 0.1 * _stability(logits)
        + 0.25 * overlap(mask, part)
        + 0.15 * contrast
        + 0.15 * _shape_fitness(mask, area)
    )
    return _Answer(prediction, index, mask, fitness)


def _stability(logits: Field) -> float:
    """Return how little the mask changes with the threshold, in [0, 1]."""
    wide = float((logits > -_STABLE_OFFSET).sum())
    return float((logits > _STABLE_OFFSET).sum()) / wide if wide else 0.0


def _shape_fitness(mask: Mask, area: float) -> float:
    """Return how well size and place suit a main subject: not tiny, not everything, in the middle, off the border."""
    sized = min(1.0, area / 0.08) * min(1.0, max(0.0, (0.95 - area) / 0.25))
    moments = cv2.moments(mask.astype(np.uint8), binaryImage=True)
    height, width = mask.shape
    dx = (moments["m10"] / moments["m00"] + 0.5) / width - 0.5
    dy = (moments["m01"] / moments["m00"] + 0.5) / height - 0.5
    central = max(0.0, 1 - 2 * float(np.hypot(dx, dy)))
    # A standing subject is often cut off below, so that the lower border tells nothing.
    rim = np.concatenate([mask[0], mask[:, 0], mask[:, -1]])
    return (sized + central + 1 - float(rim.mean())) / 3
