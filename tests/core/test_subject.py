import itertools
from collections.abc import Callable

import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.device import CPU_ONLY, DeviceChoice
from core.edges import soft_from_logits
from core.errors import NothingFoundError
from core.geometry import Box, Rect, Size
from core.prompt import Prompt
from core.saliency import SalientPicture
from core.segmenter import Candidate, Embedding, Prediction, Segmenter, Strictness
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


class OnePassSegmenter(PatchSegmenter):
    """Finds a patch, everything and a corner in one pass, as FastSAM does."""

    extra: tuple[Candidate, ...] = ()

    def adjusted(self, strictness: Strictness) -> "OnePassSegmenter":
        return self

    def find_everything(self, embedding, token, report=None) -> tuple[Candidate, ...]:
        if self.is_blind:
            return ()
        patch, corner = self.labels == 1, np.zeros_like(self.labels, dtype=bool)
        corner[:10, :10] = True
        masks = ((np.ones_like(patch), 0.9), (patch, 0.9), (corner, 0.9))
        return tuple(self._candidate(*each) for each in masks) + self.extra


def scene() -> tuple[np.ndarray, np.ndarray]:
    """Return a photo of a blue disc right of the middle on a noisy sandy ground, and the disc."""
    y, x = np.mgrid[:90, :120] + 0.5
    disc = np.hypot(x - 70, y - 47.5) < 21
    noise = np.random.default_rng(2).normal(0, 8, (90, 120, 1))
    image = np.where(disc[..., None], np.array([50, 70, 190]), np.array([190, 170, 120])) + noise
    return image.clip(0, 255).astype(np.uint8), disc


def found(segmenter: Segmenter, image: np.ndarray) -> np.ndarray:
    embedding = segmenter.embed(image, CancelToken())
    return segmenter.to_mask(embedding, find_subject(segmenter, embedding, image, CancelToken()).best)


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / (a | b).sum())


def test_what_stands_out_is_the_disc() -> None:
    image, disc = scene()
    picture = SalientPicture.of(image)
    assert picture.saliency.min() >= 0
    assert picture.saliency.max() <= 1
    assert overlap(picture.part, disc) > 0.7


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


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (5000, 1), (3, 4), (60, 80)])
def test_photos_where_nothing_stands_out_get_an_answer(shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 120, np.uint8)
    assert found(ClassicSegmenter(), image).any()


@pytest.mark.parametrize("shape", [(2, 2), (1, 5000), (90, 120)])
def test_noise_gets_an_answer(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(4).integers(0, 256, (*shape, 3)).astype(np.uint8)
    assert found(ClassicSegmenter(), image).shape == shape


def test_who_stands_at_the_lower_border_is_found_whole() -> None:
    y, x = np.mgrid[:100, :80] + 0.5
    person = (np.hypot(x - 40, y - 30) < 14) | ((np.abs(x - 40) < 24) & (y > 40))
    noise = np.random.default_rng(3).normal(0, 8, (100, 80, 1))
    image = np.where(person[..., None], np.array([170, 60, 50]), np.array([150, 170, 190])) + noise
    assert overlap(found(ClassicSegmenter(), image.clip(0, 255).astype(np.uint8)), person) > 0.93


def test_what_colours_suggest_differs_and_comes_from_small_to_large() -> None:
    image, _ = scene()
    image[70:, 50:90] = (200, 40, 40)
    segmenter = ClassicSegmenter()
    embedding = segmenter.embed(image, CancelToken())
    prediction = find_subject(segmenter, embedding, image, CancelToken())
    masks = [segmenter.to_mask(embedding, candidate) for candidate in prediction.candidates]
    assert [mask.sum() for mask in masks] == sorted(mask.sum() for mask in masks)
    assert all(overlap(one, other) < 0.95 for one, other in itertools.combinations(masks, 2))


def test_an_include_click_adds_to_what_the_classic_segmenter_took_for_the_subject() -> None:
    image, disc = scene()
    image[10:35, 10:35] = (40, 150, 60)
    segmenter = ClassicSegmenter()
    embedding = segmenter.embed(image, CancelToken())
    subject = find_subject(segmenter, embedding, image, CancelToken()).best
    missing = (22, 22) if segmenter.to_mask(embedding, subject)[47, 70] else (70, 47)
    after = segmenter.to_mask(embedding, segmenter.predict(embedding, Prompt().with_point(*missing), subject).best)
    assert after[22, 22]
    assert after[47, 70]
    assert overlap(after & disc, disc) > 0.9


def test_an_exclude_click_on_one_of_two_things_offers_the_other_alone() -> None:
    y, x = np.mgrid[:90, :120] + 0.5
    left, right = np.hypot(x - 37, y - 45) < 16, np.hypot(x - 83, y - 45) < 16
    image = np.where((left | right)[..., None], np.array([50, 70, 190]), np.array([190, 170, 120])).astype(np.uint8)
    segmenter = ClassicSegmenter()
    embedding = segmenter.embed(image, CancelToken())
    subject = find_subject(segmenter, embedding, image, CancelToken()).best
    before = segmenter.to_mask(embedding, subject)
    assert overlap(before, left | right) > 0.95
    around = Rect.of_mask(before)
    prompt = Prompt(box=Box(around.x, around.y, around.right, around.bottom)).with_point(83, 45, is_include=False)
    prediction = segmenter.predict(embedding, prompt, subject)
    after = [segmenter.to_mask(embedding, candidate) for candidate in prediction.candidates]
    assert not any(mask[45, 83] for mask in after)
    assert max(overlap(mask, left) for mask in after) > 0.95


def test_objects_found_in_one_pass_are_ranked_without_asking_for_points() -> None:
    image, disc = scene()
    segmenter = OnePassSegmenter(np.where(disc, 1, 0))
    embedding = segmenter.embed(image, CancelToken())
    prediction = find_subject(segmenter, embedding, image, CancelToken())
    assert not segmenter.prompts
    assert len(prediction.candidates) == 3
    areas = [int((candidate.logits > 0).sum()) for candidate in prediction.candidates]
    assert areas == sorted(areas)
    assert overlap(segmenter.to_mask(embedding, prediction.best), disc) > 0.99


def test_one_pass_that_finds_nothing_is_said_so() -> None:
    image, disc = scene()
    with pytest.raises(NothingFoundError, match="main subject"):
        found(OnePassSegmenter(disc.astype(int), is_blind=True), image)


def test_of_a_whole_and_its_part_that_fit_nearly_alike_the_whole_is_preferred() -> None:
    image, disc = scene()
    segmenter = OnePassSegmenter(np.where(disc, 1, 0))
    upper = disc & (np.arange(disc.shape[0]) < 61)[:, None]
    segmenter.extra = (segmenter._candidate(upper, 0.98),)
    assert overlap(found(segmenter, image), disc) > 0.99


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
