"""Candidates of which a test knows every pixel."""

from collections.abc import Sequence

import numpy as np

from core.edges import soft_from_logits
from core.geometry import Rect, Size
from core.segmenter import Candidate, Embedding


def candidate_of(mask: np.ndarray, score: float = 0.9) -> Candidate:
    """Return a candidate that is exactly `mask` at its own size."""
    height, width = mask.shape
    return Candidate(np.where(mask, np.float32(4), np.float32(-4)), (float(width), float(height)), score)


def blocks(size: Size, rects: Sequence[Rect], scores: Sequence[float] | None = None) -> list[Candidate]:
    """Return a candidate for each rectangle of a photo of `size`."""
    candidates = []
    for index, rect in enumerate(rects):
        mask = np.zeros(size.shape, bool)
        mask[rect.slices] = True
        candidates.append(candidate_of(mask, scores[index] if scores else 0.9))
    return candidates


def embedding_of(size: Size) -> Embedding:
    """Return an embedding that holds nothing but the photo's size."""
    return Embedding("drawing", size, None, 0)


class DrawingSegmenter:
    """Draws candidates straight from their logits, and counts."""

    name = "drawing"

    def __init__(self) -> None:
        self.drawn = 0

    def to_mask(self, embedding, candidate):
        self.drawn += 1
        return candidate.preview(embedding.image_size)

    def to_soft(self, embedding, candidate):
        self.drawn += 1
        return soft_from_logits(candidate, embedding.image_size)
