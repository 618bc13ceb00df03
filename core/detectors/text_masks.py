"""From words to one mask: the boxes that a detector finds become prompts for a segmenter."""

from collections.abc import Callable, Sequence
from math import ceil

import numpy as np

from core.arrays import Logits, freeze
from core.cancel import CancelToken
from core.detectors.detector import Detection, Detector, DetectorEmbedding
from core.detectors.filtering import at_least, filter_detections
from core.detectors.phrases import split_phrases
from core.errors import NothingFoundError
from core.geometry import Box, Size
from core.prompt import Prompt
from core.segmenter import AnswersBoxes, Candidate, Embedding, Prediction, Segmenter
from core.texts import number, tr

_WINDOW_FINENESS = 4

BATCH = 16
"""So many boxes are asked for between two looks at what was withdrawn."""


def find_all(
    detector: Detector, embedding: DetectorEmbedding, text: str, token: CancelToken | None = None
) -> tuple[Detection, ...]:
    """Return all that may be what the words of `text` name, best first, each thing once; may be empty.

    What :func:`core.detectors.filtering.at_least` leaves of it is what a detector finds above a threshold.

    Raises
    ------
    PromptError, SegmentationError, Cancelled
        As :meth:`core.detectors.detector.Detector.detect`.
    """
    return filter_detections(detector.detect(embedding, split_phrases(text), token), 0.0)


def find_detections(
    detector: Detector, embedding: DetectorEmbedding, text: str, threshold: float, token: CancelToken | None = None
) -> tuple[Detection, ...]:
    """Return what the words of `text` name in a photo, best first, each thing once; at least one detection.

    Parameters
    ----------
    text
        One phrase, or several with commas between them.
    threshold
        Score in [0, 1] from which a detection counts.

    Raises
    ------
    NothingFoundError
        If nothing scores that high; names the words, the threshold and the best score there was.
    PromptError, SegmentationError, Cancelled
        As :meth:`core.detectors.detector.Detector.detect`.
    """
    detections = find_all(detector, embedding, text, token)
    found = at_least(detections, threshold)
    if not found:
        raise nothing_found(text, detections, threshold)
    return found


def nothing_found(text: str, detections: Sequence[Detection], threshold: float) -> NothingFoundError:
    """Return the error that none of what words found, best first, scores as much as `threshold`."""
    best = detections[0].score if detections else 0.0
    return NothingFoundError(
        tr(
            "Nothing like “{words}” was found above the threshold {threshold} (best "
            "score {best}). Lower the threshold, or try other words.",
            words=", ".join(split_phrases(text)),
            threshold=number(threshold, 2),
            best=number(best, 2),
        )
    )


def predict_text(
    segmenter: Segmenter,
    embedding: Embedding,
    detections: Sequence[Detection],
    token: CancelToken | None = None,
    report: Callable[[float], None] | None = None,
) -> Prediction:
    """Ask the segmenter for all detections' boxes, and return the union of its masks as one candidate.

    Its score is the mean of the masks' scores weighted by their areas: each score estimates an intersection over
    union, and for masks that do not overlap that mean is the intersection over union of their union. The detector's
    confidence, which is about the words and not about the outline, does not enter.

    Parameters
    ----------
    report
        Called with the fraction of the boxes that are done, in [0, 1], where there are many.

    Raises
    ------
    NothingFoundError
        If there is no detection, or the segmenter finds nothing in any of the boxes.
    SegmentationError
        If the segmenter fails.
    Cancelled
        If `token` was cancelled; checked before every box, or between batches.
    """
    token = token or CancelToken()
    boxes = [d.box for d in detections]
    candidates: list[Candidate] = []
    for start in range(0, len(boxes), BATCH):
        if report is not None and start:
            report(start / len(boxes))
        answers = _fill(segmenter, embedding, boxes[start : start + BATCH], token)
        candidates += [candidate for candidate in answers if candidate is not None]
    if not candidates:
        labels = ", ".join(dict.fromkeys(d.label for d in detections))
        raise NothingFoundError(
            tr("No object was found for “{labels}”. Try other words, or click on it.", labels=labels)
        )
    return Prediction((unite(candidates),))


def unite(candidates: Sequence[Candidate]) -> Candidate:
    """Return the union of at least one candidate of the same photo, scored as :func:`predict_text` says.

    Where the candidates' grids differ, the union lies on the finest of them; where they have windows, it is finer
    still, as their straight borders run between the cells.
    """
    if len(candidates) == 1:
        return candidates[0]
    first = candidates[0]
    if all(_is_on_grid_of(first, candidate) for candidate in candidates):
        extent, layers = first.extent, (c.logits for c in candidates)
    else:
        size = _finest_grid(candidates)
        extent, layers = (float(size.width), float(size.height)), (c.logits_at(size) for c in candidates)
    inside = (slice(ceil(extent[1])), slice(ceil(extent[0])))
    logits: Logits | None = None
    weights = []
    for layer in layers:  # one at a time: many boxes on a fine grid would take hundreds of megabytes
        # A mask that is thinner than one cell of the grid still counts.
        weights.append(max(1, int(np.count_nonzero(layer[inside] > 0))))
        logits = layer.copy() if logits is None else np.maximum(logits, layer, out=logits)
    if logits is None:
        raise ValueError("no candidates to unite")
    freeze(logits)
    score = sum(c.score * weight for c, weight in zip(candidates, weights, strict=True)) / sum(weights)
    return Candidate(logits, extent, score)


def _fill(
    segmenter: Segmenter, embedding: Embedding, boxes: Sequence[Box], token: CancelToken
) -> Sequence[Candidate | None]:
    if isinstance(segmenter, AnswersBoxes):
        return segmenter.predict_boxes(embedding, boxes, token)
    return [_best_in(segmenter, embedding, box, token) for box in boxes]


def _best_in(segmenter: Segmenter, embedding: Embedding, box: Box, token: CancelToken) -> Candidate | None:
    token.check()
    try:
        return segmenter.predict(embedding, Prompt(box=box)).best
    except NothingFoundError:
        # One empty box among others; that all of them are empty is reported by who asked.
        return None


def _is_on_grid_of(first: Candidate, other: Candidate) -> bool:
    if other.window is not None or other.origin != (0.0, 0.0):
        return False
    return (first.logits.shape, first.extent) == (other.logits.shape, other.extent)


def _finest_grid(candidates: Sequence[Candidate]) -> Size:
    widest = max(candidates, key=lambda c: c.extent[0] * c.extent[1])
    fineness = _WINDOW_FINENESS if any(c.window is not None for c in candidates) else 1
    return Size(max(1, round(widest.extent[0] * fineness)), max(1, round(widest.extent[1] * fineness)))
