from collections.abc import Callable

import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.device import CPU_ONLY, DeviceChoice
from core.edges import soft_from_logits
from core.errors import NothingFoundError
from core.geometry import Size
from core.prompt import Prompt
from core.saliency import compute_saliency, salient_part
from core.segmenter import Candidate, Embedding, Prediction, Segmenter
from core.segmenters.classic import ClassicSegmenter
from core.subject import find_subject


class PatchSegmenter:
    """Answers a click with the patch of equal label under it and with everything; a box with the patch it holds."""

    name = "patches"
    device_choice: DeviceChoice = CPU_ONLY

    def __init__(self, labels: np.ndarray, is_blind: bool = False) -> None:
        self.labels = labels
        self.is_blind = is_blind
        self.prompts: list[Prompt] = []
        self.on_predict: Callable[[], None] = lambda: None

    def embed(self, image, token) -> Embedding:
        return Embedding(self.name, Size.of(image), None, 0)

    def predict(self, embedding, prompt, previous=None) -> Prediction:
        self.prompts.append(prompt.checked(embedding.image_size))
        self.on_predict()
        if self.is_blind:
            raise NothingFoundError("nothing")
        if prompt.box is not None:
            x, y = (prompt.box.x0 + prompt.box.x1) / 2, (prompt.box.y0 + prompt.box.y1) / 2
        else:
            x, y = prompt.points[0].x, prompt.points[0].y
        patch = self.labels == self.labels[int(y), int(x)]
        return Prediction((self._candidate(patch, 0.9), self._candidate(np.ones_like(patch), 0.8)))

    def to_mask(self, embedding, candidate):
        return candidate.preview(embedding.image_size)

    def to_soft(self, embedding, candidate):
        return soft_from_logits(candidate, embedding.image_size)

    def _candidate(self, mask: np.ndarray, score: float) -> Candidate:
        return Candidate(np.where(mask, np.float32(4), np.float32(-4)), (mask.shape[1], mask.shape[0]), score)


def scene() -> tuple[np.ndarray, np.ndarray]:
    """Return a photo of a blue disc right of the middle on a noisy sandy ground, and the disc."""
    y, x = np.mgrid[:180, :240] + 0.5
    disc = np.hypot(x - 140, y - 95) < 42
    noise = np.random.default_rng(2).normal(0, 8, (180, 240, 1))
    image = np.where(disc[..., None], np.array([50, 70, 190]), np.array([190, 170, 120])) + noise
    return image.clip(0, 255).astype(np.uint8), disc


def found(segmenter: Segmenter, image: np.ndarray) -> np.ndarray:
    embedding = segmenter.embed(image, CancelToken())
    return segmenter.to_mask(embedding, find_subject(segmenter, embedding, image, CancelToken()).best)


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / (a | b).sum())


def test_what_stands_out_is_the_disc() -> None:
    image, disc = scene()
    saliency = compute_saliency(image)
    assert saliency.min() >= 0
    assert saliency.max() <= 1
    part = salient_part(saliency)
    small = disc[:: 180 // part.shape[0], :: 240 // part.shape[1]][: part.shape[0], : part.shape[1]]
    assert part.mean() == pytest.approx(disc.mean(), rel=0.4)
    assert small.any()


def test_the_classic_segmenter_finds_the_subject() -> None:
    image, disc = scene()
    assert overlap(found(ClassicSegmenter(), image), disc) > 0.95


def test_a_learned_segmenter_is_asked_a_grid_and_its_best_answer_is_preferred() -> None:
    image, disc = scene()
    segmenter = PatchSegmenter(disc.astype(int))
    assert overlap(found(segmenter, image), disc) > 0.99
    assert len(segmenter.prompts) > 5


def test_the_preferred_answer_is_of_the_prediction_returned() -> None:
    image, disc = scene()
    segmenter = PatchSegmenter(disc.astype(int))
    embedding = segmenter.embed(image, CancelToken())
    prediction = find_subject(segmenter, embedding, image, CancelToken())
    assert prediction.preferred_index == 0
    assert len(prediction.candidates) == 2


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (60, 80)])
def test_photos_where_nothing_stands_out_get_an_answer(shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 120, np.uint8)
    assert found(ClassicSegmenter(), image).any()


def test_a_segmenter_that_finds_nothing_is_said_so() -> None:
    image, disc = scene()
    with pytest.raises(NothingFoundError, match="main subject"):
        found(PatchSegmenter(disc.astype(int), is_blind=True), image)


def test_the_search_stops_at_the_next_prompt_when_cancelled() -> None:
    image, disc = scene()
    segmenter, token = PatchSegmenter(disc.astype(int)), CancelToken()
    segmenter.on_predict = token.cancel
    with pytest.raises(Cancelled):
        find_subject(segmenter, segmenter.embed(image, token), image, token)
    assert len(segmenter.prompts) == 1
