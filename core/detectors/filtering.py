"""Which of a detector's many boxes are shown."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.detectors.detector import Detection

DEFAULT_THRESHOLD = 0.1
"""Score from which a detection counts, unless the person says otherwise."""

DEFAULT_IOU = 0.5
"""Two boxes with the same label that overlap by more than this are one thing."""


def filter_detections(
    detections: Sequence[Detection], threshold: float = DEFAULT_THRESHOLD, iou: float = DEFAULT_IOU
) -> tuple[Detection, ...]:
    """Return the detections that score at least `threshold`, best first, each thing once.

    Of boxes with the same label whose intersection over union exceeds `iou` only the best stays (greedy non-maximum
    suppression). Labels do not suppress each other: a rider and a horse may fill nearly the same box. A higher
    threshold only ever takes boxes away, so a slider never makes one appear on its way up.

    Raises
    ------
    ValueError
        If `threshold` or `iou` is outside [0, 1].
    """
    if not (0 <= threshold <= 1 and 0 <= iou <= 1):
        raise ValueError(f"threshold {threshold} and iou {iou} must lie in [0, 1]")
    # Stably, so that equal scores keep their order.
    strong = sorted((d for d in detections if d.score >= threshold), key=lambda d: -d.score)
    if not strong:
        return ()
    corners = np.array([(d.box.x0, d.box.y0, d.box.x1, d.box.y1) for d in strong], dtype=np.float64)
    numbers: dict[str, int] = {}
    labels = np.array([numbers.setdefault(d.label, len(numbers)) for d in strong])
    is_left = np.ones(len(strong), dtype=np.bool_)
    for index in range(len(strong)):
        if is_left[index]:
            rest = slice(index + 1, None)
            is_same = (labels[rest] == labels[index]) & _overlap(corners[index], corners[rest], iou)
            is_left[rest] &= ~is_same
    return tuple(strong[index] for index in np.flatnonzero(is_left))


def _overlap(box: NDArray[np.float64], others: NDArray[np.float64], iou: float) -> NDArray[np.bool_]:
    """Return which of `others` (N, 4) share with `box` (4,), as x0, y0, x1, y1, more than `iou` of their union."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    union = np.prod(box[2:] - box[:2]) + np.prod(others[:, 2:] - others[:, :2], axis=1) - shared
    return np.asarray(shared > iou * union, dtype=np.bool_)


def at_least(detections: Sequence[Detection], threshold: float) -> tuple[Detection, ...]:
    """Return those of `detections`, best first as :func:`filter_detections` gives them, that score `threshold` or more.

    The same as if :func:`filter_detections` had been asked with that threshold, without any work: a box only ever
    makes way for a better one, so a threshold that the better one misses is missed by both.
    """
    return tuple(detections[: bisect_right(detections, -threshold, key=lambda d: -d.score)])
