"""Which of a detector's many boxes are shown."""

from bisect import bisect_right
from collections.abc import Sequence

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
    # Sorted here, and stably: torchvision leaves the order of equal scores open.
    strong = sorted((d for d in detections if d.score >= threshold), key=lambda d: -d.score)
    if len(strong) < 2:
        return tuple(strong)
    import torch
    from torchvision.ops import batched_nms

    numbers: dict[str, int] = {}
    labels = [numbers.setdefault(d.label, len(numbers)) for d in strong]
    kept = batched_nms(
        torch.tensor([(d.box.x0, d.box.y0, d.box.x1, d.box.y1) for d in strong], dtype=torch.float32),
        # Falling ranks instead of the scores, so that equal scores keep their order.
        torch.arange(len(strong), 0, -1, dtype=torch.float32),
        torch.tensor(labels),
        iou,
    )
    return tuple(strong[index] for index in sorted(kept.tolist()))


def at_least(detections: Sequence[Detection], threshold: float) -> tuple[Detection, ...]:
    """Return those of `detections`, best first as :func:`filter_detections` gives them, that score `threshold` or more.

    The same as if :func:`filter_detections` had been asked with that threshold, without any work: a box only ever
    makes way for a better one, so a threshold that the better one misses is missed by both.
    """
    return tuple(detections[: bisect_right(detections, -threshold, key=lambda d: -d.score)])
