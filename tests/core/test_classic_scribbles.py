"""Brush strokes are obeyed by the classic segmenter pixel by pixel."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.cancel import CancelToken
from core.errors import NothingFoundError
from core.geometry import Box, Rect, Size
from core.prompt import PointPrompt, Prompt
from core.scribble import Scribble
from core.segmenter import Candidate, Prediction
from core.segmenters.classic import ClassicSegmenter
from core.segmenters.classic_marks import Marks
from core.segmenters.classic_scene import Scene
from core.segmenters.classic_task import Task

INK, GROUND = (190, 50, 40), (70, 130, 80)
Path = tuple[tuple[float, float], ...]


def two_discs(scale: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a photo of two alike discs, and each of them."""
    y, x = np.mgrid[: 120 * scale, : 160 * scale] / scale
    left, right = np.hypot(x - 45, y - 60) < 25, np.hypot(x - 115, y - 60) < 25
    image = np.where((left | right)[..., None], np.array(INK), np.array(GROUND)).astype(np.uint8)
    image.flags.writeable = False
    return image, left, right


def answered(
    image: np.ndarray, prompt: Prompt, previous: Candidate | None = None
) -> tuple[Prediction, list[np.ndarray]]:
    segmenter = ClassicSegmenter()
    embedding = segmenter.embed(image, CancelToken())
    prediction = segmenter.predict(embedding, prompt, previous)
    return prediction, [segmenter.to_mask(embedding, candidate) for candidate in prediction.candidates]


def under(scribble: Scribble, size: Size) -> np.ndarray:
    """Return the pixels whose middle is at most half the width away from the path, ``(H, W)``."""
    y, x = np.mgrid[: size.height, : size.width] + 0.5
    nearest = np.full(size.shape, np.inf)
    path = scribble.path if len(scribble.path) > 1 else scribble.path * 2
    for (xa, ya), (xb, yb) in pairwise(path):
        dx, dy = xb - xa, yb - ya
        share = np.clip(((x - xa) * dx + (y - ya) * dy) / max(dx * dx + dy * dy, 1e-12), 0, 1)
        nearest = np.minimum(nearest, np.hypot(x - xa - share * dx, y - ya - share * dy))
    return np.asarray(nearest <= max(scribble.width / 2, np.sqrt(0.5)))


def include(*path: tuple[float, float], width: float = 6) -> Scribble:
    return Scribble(path, width)


def exclude(*path: tuple[float, float], width: float = 6) -> Scribble:
    return Scribble(path, width, is_include=False)


places = st.tuples(st.integers(-60, 120).map(lambda v: v / 2), st.integers(-60, 120).map(lambda v: v / 2))


@given(st.lists(places, min_size=1, max_size=5).map(tuple), st.integers(3, 40).map(lambda v: v / 2 + 0.013))
@example(((5.2, 5.1), (5.2, 20.1)), 0.1)
@example(((-30.0, 12.0), (60.0, 12.0)), 3.0)
def test_a_stroke_covers_what_lies_within_half_its_width(path: Path, width: float) -> None:
    size = Size(30, 24)
    scribble = Scribble(path, width)
    signs = Marks((), (scribble,), size).drawn(size)
    assert np.array_equal(signs > 0, under(scribble, size))


def test_a_part_of_a_drawn_stroke_is_that_part_of_the_whole() -> None:
    size, scribble = Size(50, 40), exclude((4, 3), (44, 31), (20.5, 38))
    marks = Marks((), (scribble,), size)
    part = Rect(11, 7, 23, 29)
    assert np.array_equal(marks.drawn(size, part), marks.drawn(size)[part.slices])


@pytest.mark.parametrize("far", [1e5, 1e9, 1e300])
def test_a_stroke_that_runs_very_far_out_is_straight_within_the_photo(far: float) -> None:
    size = Size(40, 20)
    signs = Marks((), (include((10, 10), (far, 10), width=4),), size).drawn(size)
    assert (signs[8:12, 10:] == 1).all()
    assert not signs[:8].any()
    assert not signs[12:].any()


def test_later_strokes_and_all_clicks_count_more() -> None:
    size = Size(40, 20)
    marks = Marks(
        (PointPrompt(20.5, 10.5),),
        (include((5, 10), (35, 10)), exclude((20, 2), (20, 18)), include((5, 4), (35, 4))),
        size,
    )
    signs = marks.drawn(size)
    assert signs[10, 6] == 1
    assert signs[12, 20] == -1
    assert signs[10, 20] == 1
    assert signs[4, 20] == 1


def test_a_stroke_over_an_object_finds_it() -> None:
    image, left, right = two_discs()
    prediction, masks = answered(image, Prompt().with_scribble(include((35, 50), (55, 70))))
    best = masks[prediction.best_index]
    assert (best & left).sum() > 0.95 * left.sum()
    assert (best & ~left & ~right).sum() < 0.05 * left.sum()


def test_every_pixel_under_strokes_is_as_they_say_in_every_candidate_of_a_big_photo() -> None:
    # Cells of the grid are 1.4 photo pixels wide here, some strokes less than that, and they touch each other.
    image, _, _ = two_discs(9)
    size = Size.of(image)
    strokes = (
        include((250, 392), (470, 617), (930, 540), width=5),
        exclude((250, 396.5), (470, 621.5), width=1),
        exclude((-200, 522), (700, 514), (6000, 470), width=1.6),
        include((405, 500), (405, 680), width=1.5),
    )
    prompt = Prompt(scribbles=strokes).with_point(410.5, 517.5)
    _, masks = answered(image, prompt)
    wanted = np.zeros(size.shape, dtype=np.int8)
    for stroke in strokes:
        wanted[under(stroke, size)] = 1 if stroke.is_include else -1
    wanted[517, 410] = 1
    for mask in masks:
        assert mask[wanted > 0].all()
        assert not mask[wanted < 0].any()


def test_soft_edges_follow_the_mask_that_strokes_made() -> None:
    image, _, _ = two_discs(9)
    segmenter = ClassicSegmenter()
    embedding = segmenter.embed(image, CancelToken())
    prompt = Prompt(scribbles=(include((300, 450), (525, 600), width=22), exclude((405, 225), (405, 825), width=4)))
    best = segmenter.predict(embedding, prompt).best
    assert np.array_equal(segmenter.to_soft(embedding, best) >= 128, segmenter.to_mask(embedding, best))


def test_an_exclude_stroke_in_a_box_takes_that_part_away() -> None:
    image, left, right = two_discs()
    prediction, masks = answered(image, Prompt((), Box(10, 25, 150, 95)).with_scribble(exclude((105, 50), (125, 70))))
    best = masks[prediction.best_index]
    assert (best & left).sum() > 0.9 * left.sum()
    assert (best & right).sum() < 0.1 * right.sum()


def test_an_include_stroke_outside_a_box_belongs_all_the_same() -> None:
    image, _, _ = two_discs()
    stroke = include((100, 60), (130, 60))
    _, masks = answered(image, Prompt((), Box(15, 30, 75, 90)).with_scribble(stroke))
    assert all(mask[under(stroke, Size.of(image))].all() for mask in masks)


def test_a_stroke_corrects_what_was_there_and_keeps_the_rest() -> None:
    image, left, right = two_discs()
    prompt = Prompt().with_scribble(include((35, 60), (55, 60)))
    first, masks = answered(image, prompt)
    assert (masks[first.best_index] & left).sum() > 0.95 * left.sum()
    prompt = prompt.with_scribble(include((105, 60), (125, 60)))
    second, masks = answered(image, prompt, first.best)
    both = masks[second.best_index]
    assert (both & left).sum() > 0.95 * left.sum()
    assert (both & right).sum() > 0.95 * right.sum()


def test_strokes_one_by_one_and_together_give_the_same() -> None:
    image, _, _ = two_discs()
    one = Prompt().with_scribble(include((35, 60), (55, 60)))
    both = one.with_scribble(exclude((45, 30), (45, 50))).with_point(115, 60)
    shown = answered(image, one)[0].best
    shown = answered(image, both.without_point(-1), shown)[0].best
    step_by_step = answered(image, both, shown)[0]
    together = answered(image, both)[0]
    assert np.array_equal(step_by_step.best.logits, together.best.logits)


def test_strokes_that_cover_all_that_was_included_leave_nothing() -> None:
    image, _, _ = two_discs()
    prompt = Prompt(scribbles=(include((40, 60), (50, 60), width=3), exclude((30, 60), (60, 60), width=30)))
    with pytest.raises(NothingFoundError):
        answered(image, prompt)


@given(st.data())
def test_marks_on_a_part_of_a_photo_are_exactly_that_part_of_all_of_them(data: st.DataObject) -> None:
    number = st.floats(-10, 60) | st.integers(-10, 60).map(float)
    path = st.lists(st.tuples(number, number), min_size=1, max_size=4).map(tuple)
    strokes = st.lists(st.builds(Scribble, path, st.floats(0.5, 20), st.booleans()), max_size=3).map(tuple)
    marks = Marks((PointPrompt(3.5, 4),), data.draw(strokes), Size(50, 40))
    side = st.integers(1, 120)
    drawn = Size(data.draw(side), data.draw(side))
    region = Rect(data.draw(st.integers(0, 60)), data.draw(st.integers(0, 60)), data.draw(side), data.draw(side))
    region = region.clipped(drawn)
    assert np.array_equal(marks.drawn(drawn, region), marks.drawn(drawn)[region.slices])


def test_of_very_many_marks_half_are_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []

    def solve(_coarse: Task, fine: Task) -> list[tuple[np.ndarray, float]]:
        counts.append(len(fine.includes))
        return [(fine.marks > 0, 0.5)]

    monkeypatch.setattr("core.segmenters.classic.solve", solve)
    points = tuple(PointPrompt(column + 0.5, 5.5) for column in range(100))
    answered(two_discs()[0], Prompt(points))
    assert counts == [*range(1, 26), 50, 100]


def test_a_bent_stroke_aims_at_its_own_pixel_nearest_to_its_middle() -> None:
    signs = np.zeros((50, 50), np.int8)
    signs[10:41, 10] = signs[40, 10:41] = 1
    scene = Scene.of(np.zeros((50, 50, 3), np.uint8))
    everywhere = np.ones((50, 50), bool)
    assert Task(scene, (), (), signs, everywhere, False, None).aim == (10, 32)
    assert Task(scene, ((3, 4),), (), signs, everywhere, False, None).aim == (3, 4)
