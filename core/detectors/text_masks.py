"""From words to one mask: the boxes that a detector finds become prompts for a segmenter."""

from collections.abc import Sequence
from math import ceil

import numpy as np

from core.arrays import Logits, freeze
from core.cancel import CancelToken
from core.detectors.detector import Detection, Detector, DetectorEmbedding
from core.detectors.filtering import filter_detections
from core.detectors.phrases import split_phrases
from core.errors import NothingFoundError
from core.geometry import Size
from core.prompt import Prompt
from core.segmenter import Candidate, Embedding, Prediction, Segmenter


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
    phrases = split_phrases(text)
    detections = detector.detect(embedding, phrases, token)
    found = filter_detections(detections, threshold)
    if not found:
        best = max((d.score for d in detections), default=0.0)
        raise NothingFoundError(
            f"Nothing like “{', '.join(phrases)}” was found above the threshold {threshold:.2f} "
            f"(best score {best:.2f}). Lower the threshold, or try other words."
        )
    return found


def predict_text(
    segmenter: Segmenter, embedding: Embedding, detections: Sequence[Detection], token: CancelToken | None = None
) -> Prediction:
    """Ask the segmenter for each detection's box, and return the union as one candidate.

    Its score is the mean of the masks' scores weighted by their areas: each score estimates an intersection over
    union, and for masks that do not overlap that mean is the intersection over union of their union. The detector's
    confidence, which is about the words and not about the outline, does not enter.

    Raises
    ------
    NothingFoundError
        If there is no detection, or the segmenter finds nothing in any of the boxes.
    SegmentationError
        If the segmenter fails.
    Cancelled
        If `token` was cancelled; checked before every box.
    """
    candidates = [c for d in detections if (c := _best_in(segmenter, embedding, d, token)) is not None]
    if not candidates:
        labels = ", ".join(dict.fromkeys(d.label for d in detections))
        raise NothingFoundError(f"No object was found for “{labels}”. Try other words, or click on it.")
    return Prediction((unite(candidates),))


def unite(candidates: Sequence[Candidate]) -> Candidate:
    """Return the union of at least one candidate of the same photo, scored as :func:`predict_text` says.

    Where the candidates' grids differ, the union lies on the finest of them.
    """
    if len(candidates) == 1:
        return candidates[0]
    first = candidates[0]
    if all(c.logits.shape == first.logits.shape and c.extent == first.extent for c in candidates):
        extent, layers = first.extent, [c.logits for c in candidates]
    else:
        size = _finest_grid(candidates)
        extent, layers = (float(size.width), float(size.height)), [c.logits_at(size) for c in candidates]
    logits: Logits = np.maximum.reduce(layers)
    freeze(logits)
    inside = (slice(ceil(extent[1])), slice(ceil(extent[0])))
    # A mask that is thinner than one cell of the grid still counts.
    weights = [max(1, int(np.count_nonzero(layer[inside] > 0))) for layer in layers]
    score = sum(c.score * weight for c, weight in zip(candidates, weights, strict=True)) / sum(weights)
    return Candidate(logits, extent, score)


def _best_in(
    segmenter: Segmenter, embedding: Embedding, detection: Detection, token: CancelToken | None
) -> Candidate | None:
    if token is not None:
        token.check()
    try:
        return segmenter.predict(embedding, Prompt(box=detection.box)).best
    except NothingFoundError:
        # One empty box among others; that all of them are empty is reported by who asked.
        return None


def _finest_grid(candidates: Sequence[Candidate]) -> Size:
    widest = max(candidates, key=lambda c: c.extent[0] * c.extent[1])
    return Size(max(1, round(widest.extent[0])), max(1, round(widest.extent[1])))
