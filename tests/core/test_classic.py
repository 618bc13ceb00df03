import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.errors import NothingFoundError, PromptError
from core.geometry import Box
from core.prompt import Prompt
from core.segmenters.classic import ClassicSegmenter
from tests.core.classic_scenes import answered, clicks, disc_photo, embedded, masks_of, overlap


def test_a_box_around_a_disc_gives_the_disc() -> None:
    image, disc = disc_photo()
    embedding, prediction = answered(image, Prompt(box=Box(65, 35, 175, 145)))
    assert overlap(ClassicSegmenter().to_mask(embedding, prediction.best), disc) > 0.97


def test_a_click_on_a_disc_gives_the_disc() -> None:
    image, disc = disc_photo()
    embedding, prediction = answered(image, clicks((120, 90)))
    assert overlap(ClassicSegmenter().to_mask(embedding, prediction.best), disc) > 0.97


@pytest.mark.parametrize("shift", [1, 2, 3, 8])
def test_no_pixel_beyond_a_box_of_whole_pixels_is_answered(shift: int) -> None:
    disc, _ = disc_photo()
    image = np.repeat(np.repeat(disc, 16, axis=0), 16, axis=1)
    x0, y0, x1, y1 = 85 * 16 + shift, 55 * 16 - shift, 145 * 16 - shift, 120 * 16 + shift
    embedding, prediction = answered(image, Prompt(box=Box(x0, y0, x1, y1)))
    for mask in masks_of(embedding, prediction):
        assert mask.any()
        mask[y0:y1, x0:x1] = False
        assert not mask.any()


@pytest.mark.parametrize("scale", [1, 9])
def test_the_answer_to_a_box_lies_in_the_box(scale: int) -> None:
    image, _ = disc_photo()
    image = np.repeat(np.repeat(image, scale, axis=0), scale, axis=1)
    box = Box(100.3 * scale, 60.6 * scale, 150.2 * scale, 170.7 * scale)
    embedding, prediction = answered(image, Prompt(box=box))
    for mask in masks_of(embedding, prediction):
        rows, columns = np.nonzero(mask)
        assert columns.min() >= int(box.x0)
        assert columns.max() <= int(box.x1)
        assert rows.min() >= int(box.y0)
        assert rows.max() <= int(box.y1)


def test_the_outline_of_a_big_photo_follows_its_pixels() -> None:
    image, disc = disc_photo(2400, 1800, 450)
    embedding, prediction = answered(image, Prompt(box=Box(650, 350, 1750, 1450)))
    mask = ClassicSegmenter().to_mask(embedding, prediction.best)
    soft = ClassicSegmenter().to_soft(embedding, prediction.best)
    assert overlap(mask, disc) > 0.985
    assert np.array_equal(soft >= 128, mask)
    assert ((soft > 0) & (soft < 255)).any()


def test_an_exclude_click_takes_its_part_away_and_leaves_the_rest() -> None:
    image = np.full((160, 240, 3), (60, 110, 60), np.uint8)
    image[40:120, 30:110] = (200, 60, 50)
    image[40:120, 130:210] = (200, 60, 50)
    embedding, first = answered(image, Prompt(box=Box(20, 30, 220, 130)))
    shown = max(first.candidates, key=lambda c: int((c.logits > 0).sum()))
    refined = Prompt(box=Box(20, 30, 220, 130)).with_point(170, 80, is_include=False)
    mask = ClassicSegmenter().to_mask(embedding, ClassicSegmenter().predict(embedding, refined, shown).best)
    assert mask[40:120, 30:110].mean() > 0.9
    assert mask[40:120, 130:210].mean() < 0.1


def test_what_is_no_answerable_prompt_is_refused() -> None:
    embedding = embedded(disc_photo()[0])
    for prompt in (Prompt(), Prompt(text="cat"), clicks((500, 5)), clicks(exclude=((5, 5),))):
        with pytest.raises(PromptError):
            ClassicSegmenter().predict(embedding, prompt)


def test_a_box_of_excluded_pixels_only_finds_nothing() -> None:
    embedding = embedded(disc_photo()[0])
    with pytest.raises(NothingFoundError):
        ClassicSegmenter().predict(embedding, Prompt(box=Box(5, 5, 6, 6)).with_point(5.5, 5.5, is_include=False))


def test_embedding_stops_when_cancelled() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        ClassicSegmenter().embed(disc_photo()[0], token)


def test_logits_cannot_be_changed() -> None:
    _, prediction = answered(disc_photo()[0], clicks((120, 90)))
    assert not prediction.best.logits.flags.writeable


def test_clicks_that_come_together_are_answered_as_those_that_come_one_by_one() -> None:
    image, _ = disc_photo()
    embedding, first = answered(image, clicks((120, 90)))
    both = clicks((120, 90)).with_point(30, 30)
    together = ClassicSegmenter().predict(embedding, both)
    in_turn = ClassicSegmenter().predict(embedding, both, first.best)
    assert np.array_equal(together.best.logits, in_turn.best.logits)


def test_a_correction_leaves_what_is_far_from_it_alone() -> None:
    image = np.full((160, 320, 3), (60, 110, 60), np.uint8)
    image[40:120, 20:120] = (200, 60, 50)
    image[40:120, 200:300] = (60, 60, 200)
    embedding, first = answered(image, clicks((70, 80)))
    before = ClassicSegmenter().to_mask(embedding, first.best)
    prediction = ClassicSegmenter().predict(embedding, clicks((70, 80), (250, 80)), first.best)
    after = ClassicSegmenter().to_mask(embedding, prediction.best)
    assert overlap(after[:, :140], before[:, :140]) > 0.97
    assert after[45:115, 205:295].mean() > 0.9


def test_a_click_that_confirms_changes_next_to_nothing() -> None:
    image, _ = disc_photo()
    embedding, first = answered(image, clicks((120, 90)))
    before = ClassicSegmenter().to_mask(embedding, first.best)
    confirmed = ClassicSegmenter().predict(embedding, clicks((120, 90), (100, 80), exclude=((10, 10),)), first.best)
    assert overlap(ClassicSegmenter().to_mask(embedding, confirmed.best), before) > 0.97


def test_of_two_alike_things_an_exclude_click_takes_one_away() -> None:
    image = np.full((144, 240, 3), (70, 130, 80), np.uint8)
    y, x = np.mgrid[:144, :240]
    left, right = (np.hypot(x - middle, y - 72) < 32 for middle in (65, 175))
    image[left | right] = (190, 50, 40)
    noise = np.random.default_rng(1).normal(0, 12, image.shape)
    image = np.clip(image + noise, 0, 255).astype(np.uint8)
    image.flags.writeable = False
    segmenter = ClassicSegmenter()
    embedding = segmenter.embed(image, CancelToken())
    prompt = Prompt(box=Box(27, 34, 213, 110))
    shown = segmenter.predict(embedding, prompt).best
    before = segmenter.to_mask(embedding, shown)
    assert before[left].mean() > 0.9
    assert before[right].mean() > 0.9
    best = segmenter.predict(embedding, prompt.with_point(188.5, 72.5, is_include=False), shown).best
    after = segmenter.to_mask(embedding, best)
    assert after[left].mean() > 0.9
    assert after[right].mean() < 0.1
