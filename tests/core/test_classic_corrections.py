"""Each further click may only help: include clicks take nothing away, exclude clicks add nothing."""

import numpy as np
import pytest

from core.cancel import CancelToken
from core.prompt import Prompt
from core.segmenters.classic import ClassicSegmenter


def blocks_photo(seed: int, noise: float = 0.0) -> np.ndarray:
    """Return a photo of rectangles that cover each other, even but for `noise` (in levels of 255), ``(90, 120, 3)``."""
    random = np.random.default_rng(seed)
    image = np.full((90, 120, 3), (70, 130, 80), np.uint8)
    for _ in range(4):
        x, y = random.integers(0, 90), random.integers(0, 60)
        image[y : y + random.integers(20, 40), x : x + random.integers(20, 50)] = random.integers(0, 255, 3)
    image = (image + random.normal(0, noise, image.shape)).clip(0, 255).astype(np.uint8)
    image.flags.writeable = False
    return image


@pytest.mark.parametrize("noise", [0.0, 40.0], ids=["even", "noisy"])
@pytest.mark.parametrize("seed", range(4))
def test_a_click_adds_or_takes_away_but_never_both(seed: int, noise: float) -> None:
    random, segmenter = np.random.default_rng(seed), ClassicSegmenter()
    embedding = segmenter.embed(blocks_photo(seed, noise), CancelToken())
    prompt = Prompt().with_point(60.5, 45.5)
    shown = segmenter.predict(embedding, prompt).best
    before = segmenter.to_mask(embedding, shown)
    for _ in range(3):
        x, y = int(random.integers(0, 120)), int(random.integers(0, 90))
        is_include = not before[y, x]
        prompt = prompt.with_point(x + 0.5, y + 0.5, is_include)
        shown = segmenter.predict(embedding, prompt, shown).best
        after = segmenter.to_mask(embedding, shown)
        assert not (before & ~after if is_include else after & ~before).any()
        before = after


def test_a_click_that_confirms_changes_next_to_nothing() -> None:
    segmenter = ClassicSegmenter()
    embedding = segmenter.embed(blocks_photo(2), CancelToken())
    prompt = Prompt().with_point(60.5, 45.5)
    shown = segmenter.predict(embedding, prompt).best
    before = segmenter.to_mask(embedding, shown)
    row, column = np.argwhere(before)[before.sum() // 3]
    again = segmenter.predict(embedding, prompt.with_point(column + 0.5, row + 0.5), shown).best
    after = segmenter.to_mask(embedding, again)
    assert (before & after).sum() > 0.98 * (before | after).sum()


def test_an_include_click_far_from_the_object_brings_more_than_a_speck() -> None:
    noise = np.random.default_rng(3).normal(0, 40, (150, 200, 1))
    image = (np.array([110, 100, 90]) + noise).clip(0, 255).astype(np.uint8)
    image[10:50, 10:50] = (220, 60, 40)
    image.flags.writeable = False
    embedding = ClassicSegmenter().embed(image, CancelToken())
    first = ClassicSegmenter().predict(embedding, Prompt().with_point(30, 30)).best
    before = ClassicSegmenter().to_mask(embedding, first)
    more = ClassicSegmenter().predict(embedding, Prompt().with_point(30, 30).with_point(140, 100), first).best
    won = ClassicSegmenter().to_mask(embedding, more) & ~before
    assert won[95:105, 135:145].all()


def test_an_include_click_anywhere_in_a_hole_fills_it() -> None:
    y, x = np.mgrid[:150, :200] + 0.5
    away = np.hypot(x - 100, y - 75)
    image = np.where((away < 50)[..., None], (200, 60, 40), (70, 110, 140))
    image[away < 15] = (40, 160, 60)
    image = image.astype(np.uint8)
    image.flags.writeable = False
    embedding = ClassicSegmenter().embed(image, CancelToken())
    prompt = Prompt().with_point(70, 75).with_point(100, 75, is_include=False)
    ring = ClassicSegmenter().predict(embedding, prompt).best
    assert not ClassicSegmenter().to_mask(embedding, ring)[away < 12].any()
    filled = ClassicSegmenter().predict(embedding, Prompt().with_point(70, 75).with_point(100, 86), ring).best
    assert ClassicSegmenter().to_mask(embedding, filled)[away < 48].all()
