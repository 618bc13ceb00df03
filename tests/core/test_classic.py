import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cancel import Cancelled, CancelToken
from core.errors import NothingFoundError, PromptError
from core.geometry import Box
from core.prompt import PointPrompt, Prompt
from core.segmenter import Candidate, Embedding, Prediction
from core.segmenters.classic import ClassicSegmenter


def embedded(image: np.ndarray) -> Embedding:
    image.flags.writeable = False
    return ClassicSegmenter().embed(image, CancelToken())


def answered(image: np.ndarray, prompt: Prompt, previous: Candidate | None = None) -> tuple[Embedding, Prediction]:
    embedding = embedded(image)
    return embedding, ClassicSegmenter().predict(embedding, prompt, previous)


def masks_of(embedding: Embedding, prediction: Prediction) -> list[np.ndarray]:
    return [ClassicSegmenter().to_mask(embedding, candidate) for candidate in prediction.candidates]


def clicks(*places: tuple[float, float], exclude: tuple[tuple[float, float], ...] = ()) -> Prompt:
    includes = tuple(PointPrompt(x, y) for x, y in places)
    return Prompt(includes + tuple(PointPrompt(x, y, is_include=False) for x, y in exclude))


def disc_photo(width: int = 240, height: int = 180, radius: float = 45.0) -> tuple[np.ndarray, np.ndarray]:
    """Return a photo of a red disc on a green ground, with some noise, and the disc."""
    y, x = np.mgrid[:height, :width] + 0.5
    disc = np.hypot(x - width / 2, y - height / 2) < radius
    noise = np.random.default_rng(5).normal(0, 6, (height, width, 1))
    image = np.where(disc[..., None], np.array([190, 50, 40]), np.array([70, 130, 80])) + noise
    return image.clip(0, 255).astype(np.uint8), disc


def ring_photo() -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[:200, :200] + 0.5
    distance = np.hypot(x - 100, y - 100)
    ring = (distance < 80) & (distance > 40)
    image = np.where(ring[..., None], np.array([200, 180, 40]), np.array([40, 60, 120])).astype(np.uint8)
    return image, ring


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / (a | b).sum())


def test_a_box_around_a_disc_gives_the_disc() -> None:
    image, disc = disc_photo()
    embedding, prediction = answered(image, Prompt(box=Box(65, 35, 175, 145)))
    assert overlap(ClassicSegmenter().to_mask(embedding, prediction.best), disc) > 0.97


def test_a_click_on_a_disc_gives_the_disc() -> None:
    image, disc = disc_photo()
    embedding, prediction = answered(image, clicks((120, 90)))
    assert overlap(ClassicSegmenter().to_mask(embedding, prediction.best), disc) > 0.97


def test_candidates_are_few_ordered_distinct_and_scored() -> None:
    image, _ = disc_photo()
    embedding, prediction = answered(image, clicks((120, 90)))
    masks = masks_of(embedding, prediction)
    areas = [int(mask.sum()) for mask in masks]
    assert 1 <= len(masks) <= 3
    assert areas == sorted(areas)
    assert len(set(areas)) == len(areas)
    assert all(0 <= candidate.score <= 1 for candidate in prediction.candidates)


def test_the_hole_of_a_ring_stays_open() -> None:
    image, ring = ring_photo()
    embedding, prediction = answered(image, Prompt(box=Box(15, 15, 185, 185)))
    assert overlap(ClassicSegmenter().to_mask(embedding, prediction.best), ring) > 0.97


def test_the_same_prompt_gives_the_same_logits_bit_for_bit() -> None:
    image, _ = disc_photo()
    prompt = Prompt(box=Box(50, 20, 200, 160)).with_point(120, 90)
    first, second = (answered(image.copy(), prompt)[1] for _ in range(2))
    assert len(first.candidates) == len(second.candidates)
    for one, other in zip(first.candidates, second.candidates, strict=True):
        assert np.array_equal(one.logits, other.logits)
        assert one.score == other.score


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 239.9), st.floats(0, 179.9), st.booleans()), min_size=1, max_size=4),
    st.booleans(),
)
def test_include_points_are_inside_and_exclude_points_outside(
    places: list[tuple[float, float, bool]], has_box: bool
) -> None:
    pixels = {(int(x), int(y)): PointPrompt(x, y, is_include) for x, y, is_include in places}
    # One include point keeps every prompt answerable.
    pixels[120, 90] = PointPrompt(120.5, 90.5)
    prompt = Prompt(tuple(pixels.values()), Box(60, 30, 180, 150) if has_box else None)
    embedding, prediction = answered(disc_photo()[0], prompt)
    for mask in masks_of(embedding, prediction):
        for point in prompt.points:
            assert mask[int(point.y), int(point.x)] == point.is_include


def test_neighbouring_points_of_a_big_photo_keep_their_sides() -> None:
    image = np.full((900, 2600, 3), 120, np.uint8)
    image[300:600, 900:1500] = (200, 40, 40)
    prompt = clicks((1000.5, 400.5), (1400, 500), exclude=((1001.5, 400.5), (1000.5, 402.5)))
    embedding, prediction = answered(image, prompt)
    for mask in masks_of(embedding, prediction):
        assert mask[400, 1000]
        assert mask[500, 1400]
        assert not mask[400, 1001]
        assert not mask[402, 1000]


def test_a_box_dragged_in_any_direction_is_the_same_box() -> None:
    image, _ = disc_photo()
    corners = [(65, 35, 175, 145), (175, 145, 65, 35), (65, 145, 175, 35), (175, 35, 65, 145)]
    answers = [answered(image, Prompt(box=Box.from_corners(*drag)))[1].best.logits for drag in corners]
    assert all(np.array_equal(answers[0], other) for other in answers[1:])


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


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (2, 3), (700, 5)])
@pytest.mark.parametrize("kind", ["uniform", "noise"])
def test_photos_of_any_shape_are_answered(shape: tuple[int, int], kind: str) -> None:
    image = np.full((*shape, 3), 77, np.uint8)
    if kind == "noise":
        image = np.random.default_rng(1).integers(0, 256, (*shape, 3)).astype(np.uint8)
    height, width = shape
    for prompt in (clicks((width / 2, height / 2)), Prompt(box=Box(0, 0, width, height))):
        embedding, prediction = answered(image, prompt)
        for candidate in prediction.candidates:
            soft = ClassicSegmenter().to_soft(embedding, candidate)
            mask = ClassicSegmenter().to_mask(embedding, candidate)
            assert mask.shape == shape
            assert mask.any()
            assert np.array_equal(soft >= 128, mask)


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
