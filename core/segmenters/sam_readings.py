"""Which of SAM's four outputs become the candidates of a prompt."""

from math import ceil

import numpy as np
from numpy.typing import NDArray

from core.errors import NothingFoundError
from core.segmenter import Candidate, Prediction
from core.texts import tr

_SINGLE = 0
"""Index of the output trained for prompts that leave no doubt; the others are the readings of an ambiguous one."""


def arrange(
    logits: NDArray[np.float32], scores: NDArray[np.float32], extent: tuple[float, float], is_ambiguous: bool
) -> Prediction:
    """Return the candidates for a prompt, smallest first; empty ones are left out.

    Parameters
    ----------
    logits
        ``(4, h, w)``: the single output, then the three readings.
    scores
        ``(4,)`` estimated intersection over union; the network may overshoot [0, 1], the candidates do not.
    extent
        Width and height of the part of the grid that covers the photo.
    is_ambiguous
        Whether the readings are the answer, with the highest score preferred; otherwise the single output is
        preferred, in place of the reading most like it.

    Raises
    ------
    NothingFoundError
        If all of them are empty.
    """
    masks = logits[:, : ceil(extent[1]), : ceil(extent[0])] > 0
    areas = masks.sum(axis=(1, 2))
    readings = [i for i in range(len(logits)) if i != _SINGLE]
    if not is_ambiguous:
        double = max(readings, key=lambda i: _overlap(masks[_SINGLE], masks[i]))
        readings = [_SINGLE, *(i for i in readings if i != double)]
    kept = sorted((i for i in readings if areas[i]), key=lambda i: int(areas[i]))
    if not kept:
        raise NothingFoundError(tr("Nothing was found there: try another point or a box."))
    preferred = _SINGLE if _SINGLE in kept else max(kept, key=lambda i: float(scores[i]))
    candidates = tuple(Candidate(logits[i], extent, min(max(float(scores[i]), 0.0), 1.0)) for i in kept)
    return Prediction(candidates, preferred_index=kept.index(preferred))


def _overlap(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    union = np.count_nonzero(a | b)
    return np.count_nonzero(a & b) / union if union else 1.0
