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
from core.saliency import compute_saliency, deepest_point, salient_part
from core.segmenter import Candidate, Embedding, Prediction, Segmenter

Field = NDArray[np.float32]
_WITHOUT_MODEL = "classic"
_GRID = (0.25, 0.5, 0.75)
_MARGIN = 0.04
_STABLE_OFFSET = 1.0


@dataclass(frozen=True, eq=False)
class _Answer:
    """One prompt's prediction, the candidate of it that fits best, and how well."""

    prediction: Prediction
    index: int
    fitness: float


def find_subject(segmenter: Segmenter, embedding: Embedding, image: RgbImage, token: CancelToken) -> Prediction:
    """Find what the photo is mainly of, with any segmenter.

    What stands out in the photo gives a box and a point. A learned segmenter is asked a small grid of points besides.
    All answers are ranked by the segmenter's own score, by how stable their outline is, by size and centrality and by
    how well they agree with what stands out; the prediction of the best one is returned, with that one preferred.

    Parameters
    ----------
    segmenter, embedding
        The segmenter and what it made of the photo.
    image
        ``(H, W, 3)`` uint8, the photo.

    Raises
    ------
    Cancelled
        If `token` was cancelled; looked at before each prompt.
    NothingFoundError
        If no prompt found anything.
    """
    token.check()
    saliency = compute_saliency(image)
    part = salient_part(saliency)
    prompts = list(_prompts_for(part, Size.of(image), has_grid=segmenter.name != _WITHOUT_MODEL))
    answers: list[_Answer] = []
    for prompt in prompts:
        token.check()
        answers.extend(_asked(segmenter, embedding, prompt, saliency, part))
    if not answers:
        raise NothingFoundError("No main subject found: click on it or drag a box around it.")
    best = max(answers, key=lambda answer: answer.fitness)
    return replace(best.prediction, preferred_index=best.index)


def _prompts_for(part: Mask, size: Size, *, has_grid: bool) -> Iterator[Prompt]:
    """Yield prompts in photo pixels: the salient part's box, its deepest point, and a grid for learned segmenters."""
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
    segmenter: Segmenter, embedding: Embedding, prompt: Prompt, saliency: Field, part: Mask
) -> Sequence[_Answer]:
    """Return the answers to one prompt; none if it found nothing, which others may make good."""
    try:
        prediction = segmenter.predict(embedding, prompt)
    except NothingFoundError:
        return ()
    return [
        _Answer(prediction, index, _fitness(candidate, saliency, part))
        for index, candidate in enumerate(prediction.candidates)
    ]


def _fitness(candidate: Candidate, saliency: Field, part: Mask) -> float:
    """Return how likely the candidate is the main subject, about 0 to 1."""
    size = Size.of(part)
    logits = candidate.logits_at(size)
    mask = logits > 0
    area = float(mask.mean())
    if area == 0:
        return 0.0
    agreement = float((mask & part).sum() / (mask | part).sum())
    contrast = float(saliency[mask].mean() - saliency[~mask].mean()) if area < 1 else 0.0
    return (
        0.35 * candidate.score
        + 0.1 * _stability(logits)
        + 0.25 * agreement
        + 0.15 * contrast
        + 0.15 * _shape_fitness(mask, area)
    )


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
    rim = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    return (sized + central + 1 - float(rim.mean())) / 3
