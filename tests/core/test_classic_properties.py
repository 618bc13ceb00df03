"""What holds for the classic segmenter whatever it is asked about."""

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import NothingFoundError
from core.geometry import Box, Size
from core.prompt import PointPrompt, Prompt
from core.segmenter import Embedding, Prediction
from core.segmenters.classic import ClassicSegmenter
from tests.core.classic_scenes import (
    answered,
    best_mask,
    box_around,
    clicks,
    disc_photo,
    embedded,
    letter_photo,
    masks_of,
    overlap,
    painted,
    regions_photo,
    ring_photo,
)

ROOT = Path(__file__).parent.parent.parent
SMALL, BIG = Size(120, 90), Size(1300, 900)
"""The grid is as large as the first photo, and smaller than the second one."""

shares = st.floats(0, 0.999)
marks = st.lists(st.tuples(shares, shares, st.booleans()), min_size=1, max_size=3)


def on(size: Size, x: float, y: float, is_include: bool = True) -> PointPrompt:
    """Return a click at shares of a photo's width and height, never between two pixels."""
    return PointPrompt(int(x * size.width) + 0.4, int(y * size.height) + 0.4, is_include)


def box_on(size: Size, x0: float, y0: float, x1: float, y1: float) -> Box:
    return Box(x0 * size.width, y0 * size.height, x1 * size.width, y1 * size.height)


def assert_holds(masks: list[np.ndarray], prompt: Prompt) -> None:
    """Check that each mask has the pixels of the include points and none of the exclude points; the last one counts."""
    wanted = {(int(point.x), int(point.y)): point.is_include for point in prompt.points}
    for mask in masks:
        for (x, y), is_include in wanted.items():
            assert mask[y, x] == is_include


@settings(max_examples=4)
@given(marks, st.booleans(), st.sampled_from([SMALL, BIG]))
@example([(0.5, 0.5, False), (0.5, 0.5, True)], True, BIG)
def test_every_candidate_of_every_answer_keeps_to_all_clicks(
    places: list[tuple[float, float, bool]], has_box: bool, size: Size
) -> None:
    embedding = embedded(regions_photo(size.width, size.height))
    prompt, shown = Prompt((on(size, 0.2, 0.65),), box_on(size, 0.1, 0.15, 0.9, 0.85) if has_box else None), None
    for place in places:
        prompt = prompt.with_point(*(on(size, *place[:2]).x, on(size, *place[:2]).y), is_include=place[2])
        try:
            prediction = ClassicSegmenter().predict(embedding, prompt, shown)
        except NothingFoundError:
            assert not any({(int(p.x), int(p.y)): p.is_include for p in prompt.points}.values())
            return
        assert_holds(masks_of(embedding, prediction), prompt)
        shown = prediction.candidates[-1]


def test_neighbouring_points_of_a_big_photo_keep_their_sides() -> None:
    image = np.full((900, 2600, 3), 120, np.uint8)
    image[300:600, 900:1500] = (200, 40, 40)
    prompt = clicks((1000.5, 400.5), (1400, 500), exclude=((1001.5, 400.5), (1000.5, 402.5)))
    assert_holds(masks_of(*answered(image, prompt)), prompt)


SHAPES = [(1, 1), (1, 5000), (5000, 1), (2, 3), (700, 5)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", ["uniform", "noise"])
def test_photos_of_any_shape_are_answered(shape: tuple[int, int], kind: str) -> None:
    height, width = shape
    image = np.full((*shape, 3), 77, np.uint8)
    if kind == "noise":
        image = np.random.default_rng(1).integers(0, 256, (*shape, 3)).astype(np.uint8)
    corner = clicks((width - 0.5, height - 0.5))
    for prompt in (clicks((width / 2, height / 2)), corner, Prompt(box=Box(0, 0, width, height))):
        embedding, prediction = answered(image, prompt)
        for mask, candidate in zip(masks_of(embedding, prediction), prediction.candidates, strict=True):
            assert mask.shape == shape
            assert mask.any()
            assert np.array_equal(ClassicSegmenter().to_soft(embedding, candidate) >= 128, mask)
        assert_holds(masks_of(embedding, prediction), prompt)


@pytest.mark.parametrize("kind", ["uniform", "noise", "disc"])
def test_candidates_are_few_ordered_distinct_and_scored(kind: str) -> None:
    image, _ = disc_photo(120, 90, 22)
    if kind == "uniform":
        image[:] = 128
    if kind == "noise":
        image = np.random.default_rng(3).integers(0, 256, image.shape).astype(np.uint8)
    for prompt in (clicks((60, 45)), Prompt(box=Box(30, 15, 90, 75)), clicks((60, 45), exclude=((10, 10),))):
        embedding, prediction = answered(image, prompt)
        masks = masks_of(embedding, prediction)
        areas = [int(mask.sum()) for mask in masks]
        assert 1 <= len(masks) <= 3
        assert areas == sorted(areas)
        assert len(set(areas)) == len(areas)
        assert all(0 <= candidate.score <= 1 for candidate in prediction.candidates)


PROMPTS = {
    "click": lambda size: Prompt((on(size, 0.2, 0.65),)),
    "box": lambda size: Prompt(box=box_on(size, 0.1, 0.15, 0.44, 0.8)),
    "box and click": lambda size: Prompt((on(size, 0.7, 0.6),), box_on(size, 0.45, 0.3, 0.92, 0.9)),
    "corrected": lambda size: Prompt((on(size, 0.2, 0.65), on(size, 0.6, 0.6), on(size, 0.27, 0.45, False))),
}


@pytest.mark.parametrize(
    ("name", "size"), [("click", SMALL), ("box", BIG), ("box and click", SMALL), ("corrected", SMALL)], ids=str
)
def test_a_mirrored_photo_gives_the_mirrored_mask(name: str, size: Size) -> None:
    image, prompt = regions_photo(size.width, size.height), PROMPTS[name](size)
    mask = best_mask(image, prompt)
    assert 100 < mask.sum() < mask.size / 2
    for across, down in ((True, False), (False, True)):
        turn = (slice(None, None, -1 if down else 1), slice(None, None, -1 if across else 1))
        turned = best_mask(np.ascontiguousarray(image[turn]), mirrored(prompt, size, across, down))
        assert np.array_equal(turned[turn], mask)


def mirrored(prompt: Prompt, size: Size, across: bool, down: bool) -> Prompt:
    def place(x: float, y: float) -> tuple[float, float]:
        return (size.width - x if across else x), (size.height - y if down else y)

    points = tuple(PointPrompt(*place(point.x, point.y), point.is_include) for point in prompt.points)
    box = prompt.box
    if box is not None:
        box = Box.from_corners(*place(box.x0, box.y0), *place(box.x1, box.y1))
    return Prompt(points, box)


def test_a_box_dragged_in_any_direction_is_the_same_box() -> None:
    image, _ = disc_photo()
    corners = [(65, 35, 175, 145), (175, 145, 65, 35), (65, 145, 175, 35), (175, 35, 65, 145)]
    answers = [answered(image, Prompt(box=Box.from_corners(*drag)))[1].best.logits for drag in corners]
    assert all(np.array_equal(answers[0], other) for other in answers[1:])


def answer_digest(embedding: Embedding, prediction: Prediction) -> str:
    """Return a digest of all that an answer consists of."""
    digest = hashlib.sha256()
    for candidate in prediction.candidates:
        digest.update(candidate.logits.tobytes() + np.float64(candidate.score).tobytes())
        digest.update(ClassicSegmenter().to_soft(embedding, candidate).tobytes())
    return digest.hexdigest()


def digest_of_example() -> str:
    image = np.repeat(np.repeat(disc_photo()[0], 5, axis=0), 5, axis=1)
    prompt = Prompt(box=Box(210, 80, 1000, 810)).with_point(600, 450).with_point(250, 130, is_include=False)
    return answer_digest(*answered(image, prompt))


def test_the_same_prompt_gives_the_same_bytes_in_two_threads_and_in_another_process() -> None:
    # The process works while the threads do.
    code = "from tests.core.test_classic_properties import digest_of_example; print(digest_of_example())"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        with ThreadPoolExecutor(2) as pool:
            digests = list(pool.map(lambda _: digest_of_example(), range(2)))
        output, _ = process.communicate()
    assert process.returncode == 0
    assert {*digests, output.strip()} == {digests[0]}


def test_the_hole_of_a_ring_stays_open() -> None:
    image, ring = ring_photo()
    assert overlap(best_mask(image, Prompt(box=box_around(ring, 5))), ring) > 0.97
    assert overlap(best_mask(image, clicks((40.5, 100.5))), ring) > 0.97


@pytest.mark.parametrize(("letter", "scale"), [("A", 1), ("8", 1), ("R", 6)])
def test_letters_keep_their_holes_and_legs(letter: str, scale: int) -> None:
    image, shape = letter_photo(letter, scale)
    assert overlap(best_mask(image, Prompt(box=box_around(shape, 5 * scale))), shape) > 0.97
    rows, columns = np.nonzero(shape)
    middle = len(rows) // 2
    assert overlap(best_mask(image, clicks((columns[middle] + 0.5, rows[middle] + 0.5))), shape) > 0.97


@pytest.mark.parametrize("prompt", [Prompt(box=Box(180, 260, 1020, 340)), clicks((600.5, 300.5))], ids=["box", "click"])
def test_a_line_two_pixels_wide_is_found_in_a_photo_of_a_megapixel(prompt: Prompt) -> None:
    line = np.zeros((840, 1200), bool)
    line[300:302, 200:1000] = True
    assert overlap(best_mask(painted(line), prompt), line) > 0.95


@settings(max_examples=4, derandomize=True)
@given(marks, st.booleans())
@example([(0.5, 0.0, True), (0.25, 0.23, False), (0.0, 0.0, False)], False)
@example([(0.02, 0.5, True), (0.0, 0.0, True)], False)
def test_in_even_regions_include_clicks_only_add_and_exclude_clicks_only_take_away(
    places: list[tuple[float, float, bool]], has_box: bool
) -> None:
    embedding = embedded(regions_photo(SMALL.width, SMALL.height))
    prompt = Prompt((on(SMALL, 0.2, 0.65),), box_on(SMALL, 0.05, 0.1, 0.95, 0.9) if has_box else None)
    shown = ClassicSegmenter().predict(embedding, prompt).best
    mask = ClassicSegmenter().to_mask(embedding, shown)
    for place in places:
        point = on(SMALL, *place)
        if (point.x, point.y) in {(other.x, other.y) for other in prompt.points}:
            continue
        prompt = prompt.with_point(point.x, point.y, point.is_include)
        shown = ClassicSegmenter().predict(embedding, prompt, shown).best
        before, mask = mask, ClassicSegmenter().to_mask(embedding, shown)
        assert not ((before & ~mask) if point.is_include else (mask & ~before)).any()
