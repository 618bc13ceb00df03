"""The brush: round, gapless, soft as asked, and cheap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.brush import BrushStroke, CurvedStroke
from core.geometry import Rect


def painted(points, is_erase=False, diameter=20.0, hardness=1.0, start=0, shape=(100, 120)):
    coverage = np.full(shape, start, np.uint8)
    stroke = BrushStroke(coverage, is_erase, diameter, hardness)
    for x, y in points:
        stroke.move_to(x, y)
    return coverage, stroke.rect


@pytest.mark.parametrize("diameter", [1, 2, 5, 20, 61.5])
def test_a_dot_has_the_area_of_its_disc(diameter):
    coverage, _ = painted([(60.3, 50.8)], diameter=diameter)
    assert coverage.sum() / 255 == pytest.approx(np.pi * diameter**2 / 4, rel=0.02, abs=0.4)


def test_a_dot_is_round_around_its_point():
    coverage, _ = painted([(60.5, 50.5)])
    np.testing.assert_array_equal(coverage[41:61, 51:71], coverage[41:61, 51:71].T)
    np.testing.assert_array_equal(coverage[40:61, 50:71], coverage[40:61, 50:71][::-1, ::-1])


def test_a_stroke_has_no_gaps_and_an_even_edge():
    coverage, _ = painted([(20.5, 50), (100.5, 50)])
    assert (coverage[41:59, 20:100] == 255).all()
    assert len(np.unique(coverage[:, 25:95], axis=1).T) == 1


def test_a_stroke_in_many_steps_is_the_stroke_in_one():
    steps = [(x / 2, x / 4) for x in range(20, 200)]
    many, _ = painted(steps)
    one, _ = painted([steps[0], steps[-1]])
    assert np.abs(many.astype(int) - one).max() <= 1


def test_a_long_stroke_is_the_same_whatever_pieces_it_is_made_of():
    one, _ = painted([(10, 10), (2990, 280)], shape=(300, 3000))
    two, _ = painted([(10, 10), (1500, 145), (2990, 280)], shape=(300, 3000))
    assert np.abs(one.astype(int) - two).max() <= 1


def test_going_over_a_soft_stroke_again_does_not_harden_it():
    once, _ = painted([(20, 50), (100, 50)], hardness=0.0)
    thrice, _ = painted([(20, 50), (100, 50), (20, 50), (100, 50)], hardness=0.0)
    np.testing.assert_array_equal(once, thrice)


def test_hardness_is_the_part_of_the_radius_that_is_full():
    coverage, _ = painted([(60.5, 50.5)], diameter=40, hardness=0.5)
    profile = coverage[50, 60:85].astype(int)
    assert (profile[:10] == 255).all()
    assert (np.diff(profile[10:]) <= 0).all()
    assert profile[15] == pytest.approx(127, abs=16)
    assert profile[21:].max() == 0


def test_erasing_takes_away_what_painting_gives():
    drawn, _ = painted([(30, 30), (70, 60)], hardness=0.3)
    erased, _ = painted([(30, 30), (70, 60)], hardness=0.3, is_erase=True, start=255)
    np.testing.assert_array_equal(erased, 255 - drawn)


def test_painting_never_takes_coverage_away():
    before = np.random.default_rng(0).integers(0, 256, (100, 120), dtype=np.uint8)
    after = before.copy()
    BrushStroke(after, False, 30, 0.2).move_to(60, 50)
    assert (after >= before).all()


@given(
    points=st.lists(st.tuples(st.floats(-50, 170), st.floats(-50, 150)), min_size=1, max_size=4),
    diameter=st.floats(0.5, 50),
    hardness=st.floats(-0.5, 1.5),
)
def test_nothing_changes_outside_of_the_rectangle_that_is_told(points, diameter, hardness):
    coverage, rect = painted(points, diameter=diameter, hardness=hardness)
    coverage[rect.slices] = 0
    assert not coverage.any()


def test_a_stroke_outside_of_the_photo_paints_nothing_and_comes_back_in():
    coverage = np.zeros((100, 120), np.uint8)
    stroke = BrushStroke(coverage, False, 20, 1)
    assert stroke.move_to(-100, 50).is_empty
    assert stroke.move_to(-50, 50).is_empty
    assert stroke.move_to(30, 50) == Rect(0, 39, 41, 22)
    assert coverage[50, 0] == 255


def curved(places, shape=(100, 120), diameter=10.0, hardness=1.0, opacity=1.0, is_erase=False, start=0):
    coverage = np.full(shape, start, np.uint8)
    stroke = CurvedStroke(BrushStroke(coverage, is_erase, diameter, hardness, opacity))
    rect = Rect(0, 0, 0, 0)
    for place in places:
        rect = rect.unite(stroke.move_to(*place))
    return coverage, rect


PLACES = st.lists(st.tuples(st.floats(-50, 170), st.floats(-50, 150), st.floats(0, 1)), min_size=1, max_size=6)


@given(PLACES, st.floats(1, 50), st.floats(0, 1), st.sampled_from([0.3, 1.0]))
def test_a_curve_changes_nothing_outside_of_the_rectangles_that_are_told(places, diameter, hardness, opacity):
    coverage, rect = curved(places, diameter=diameter, hardness=hardness, opacity=opacity)
    coverage[rect.slices] = 0
    assert not coverage.any()


@given(PLACES, st.floats(1, 50), st.floats(0, 1), st.floats(0, 1))
def test_painting_only_gives_and_erasing_only_takes_at_any_opacity(places, diameter, hardness, opacity):
    settings = {"diameter": diameter, "hardness": hardness, "opacity": opacity, "start": 100}
    assert curved(places, **settings)[0].min() >= 100
    assert curved(places, is_erase=True, **settings)[0].max() <= 100


def test_a_curve_leads_through_every_place():
    places = [(10, 50), (30, 20), (60, 80), (100, 30)]
    coverage, _ = curved(places, diameter=4)
    assert all(coverage[y, x] == 255 for x, y in places)


def test_a_fast_circle_is_round():
    turns = np.linspace(0, 2 * np.pi, 11)
    places = [(150 + 100 * np.cos(t), 150 + 100 * np.sin(t)) for t in turns]
    straight, _ = painted(places, diameter=6, shape=(300, 300))
    round_, _ = curved(places, diameter=6, shape=(300, 300))
    y, x = np.mgrid[:300, :300] + 0.5
    off = np.abs(np.hypot(x - 150, y - 150) - 100)
    assert off[straight > 127].max() > 7, "its corners lie on the circle, its sides inside"
    assert off[round_ > 127].max() < 5.5


def test_points_on_a_line_make_the_line():
    places = [(x, 10 + x / 2) for x in (10, 12, 40, 41, 100)]
    straight, _ = painted(places, diameter=10)
    led, _ = curved(places, diameter=10)
    assert np.abs(straight.astype(int) - led).max() <= 2


def test_standing_still_changes_nothing():
    once, _ = curved([(10, 50), (60, 20), (100, 70)], opacity=0.5)
    twice, _ = curved([(10, 50), (60, 20), (60, 20), (100, 70), (100, 70)], opacity=0.5)
    np.testing.assert_array_equal(once, twice)


def test_pressure_is_the_share_of_the_width():
    coverage, _ = curved([(10, 50, 0.5), (110, 50, 0.5)], diameter=20)
    assert np.count_nonzero(coverage[:, 60] > 127) == 10
    wedge, _ = curved([(10, 50, 0.1), (110, 50, 1.0)], diameter=40)
    widths = np.count_nonzero(wedge > 127, axis=0)[12:105]
    assert (np.diff(widths) >= 0).all()
    assert widths[-1] > 3 * widths[0]


def test_one_stroke_adds_as_much_as_its_opacity_wherever_it_crosses_itself():
    places = [(20, 50), (100, 50), (60, 20), (60, 90)]
    coverage, _ = curved(places, opacity=0.5)
    assert coverage.max() == 128
    again = coverage.copy()
    stroke = CurvedStroke(BrushStroke(again, False, 10.0, 1.0, 0.5))
    stroke.move_to(20, 50)
    stroke.move_to(30, 50)
    assert again[50, 20] == 192, "the next stroke adds half of what is missing"


def test_erasing_half_leaves_half():
    coverage, _ = curved([(20, 50), (100, 50)], opacity=0.5, is_erase=True, start=255)
    assert coverage[50, 60] == 128
    assert coverage[5, 60] == 255
