import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core import mask_ops
from core.mask_ops import SelectionMode

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=24)
COVERAGES = hnp.arrays(np.uint8, SHAPES, elements=st.sampled_from([0, 0, 0, 40, 127, 128, 200, 255, 255]))
PAIRS = SHAPES.flatmap(
    lambda shape: st.tuples(*[hnp.arrays(np.uint8, shape, elements=st.integers(0, 255)) for _ in range(2)])
)
RADII = st.integers(0, 12)


def disc(size: int = 61, radius: float = 15.0) -> np.ndarray:
    offset = np.arange(size) - size // 2
    return np.where(np.hypot(offset[:, None], offset) <= radius, np.uint8(255), np.uint8(0))


def ring() -> np.ndarray:
    return np.where(disc(radius=6) > 0, np.uint8(0), disc(radius=15))


@given(PAIRS)
def test_add_takes_the_larger_intersect_the_smaller_and_new_the_other(pair: tuple[np.ndarray, np.ndarray]) -> None:
    a, b = pair
    assert np.array_equal(mask_ops.combine(a, b, SelectionMode.ADD), np.maximum(a, b))
    assert np.array_equal(mask_ops.combine(a, b, SelectionMode.INTERSECT), np.minimum(a, b))
    assert np.array_equal(mask_ops.combine(a, b, SelectionMode.NEW), b)


@given(PAIRS)
def test_subtract_leaves_nothing_of_what_is_fully_taken_and_adds_nothing(pair: tuple[np.ndarray, np.ndarray]) -> None:
    a, b = pair
    left = mask_ops.combine(a, b, SelectionMode.SUBTRACT)
    assert (left[b == 255] == 0).all()
    assert (left <= a).all()
    assert np.array_equal(left[b == 0], a[b == 0])


def test_combining_different_sizes_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot combine"):
        mask_ops.combine(np.zeros((2, 3), np.uint8), np.zeros((3, 2), np.uint8), SelectionMode.ADD)


@given(COVERAGES)
def test_inverting_twice_changes_nothing(coverage: np.ndarray) -> None:
    assert np.array_equal(mask_ops.invert(mask_ops.invert(coverage)), coverage)


@given(COVERAGES, RADII)
def test_growing_only_adds_and_shrinking_only_takes(coverage: np.ndarray, pixels: int) -> None:
    assert (mask_ops.grow(coverage, pixels) >= coverage).all()
    assert (mask_ops.shrink(coverage, pixels) <= coverage).all()


@given(COVERAGES, RADII)
def test_growing_further_holds_growing_less(coverage: np.ndarray, pixels: int) -> None:
    assert (mask_ops.grow(coverage, pixels + 1) >= mask_ops.grow(coverage, pixels)).all()
    assert (mask_ops.shrink(coverage, pixels + 1) <= mask_ops.shrink(coverage, pixels)).all()


@given(COVERAGES, RADII)
def test_shrinking_is_growing_of_what_is_not_selected(coverage: np.ndarray, pixels: int) -> None:
    assert np.array_equal(mask_ops.shrink(coverage, pixels), ~mask_ops.grow(~coverage, pixels))


@pytest.mark.parametrize("pixels", [1, 3, 7, 20])
def test_one_pixel_grows_to_a_disc(pixels: int) -> None:
    coverage = np.zeros((61, 61), np.uint8)
    coverage[30, 30] = 255
    grown = mask_ops.grow(coverage, pixels) > 0
    offset = np.arange(61) - 30
    distance = np.hypot(offset[:, None], offset)
    assert grown[distance <= pixels * 0.97].all()
    assert not grown[distance > pixels * 1.03 + 0.1].any()


@pytest.mark.parametrize("change", [mask_ops.grow, mask_ops.shrink, mask_ops.feather, mask_ops.smooth])
def test_a_whole_photo_stays_whole_and_an_empty_one_empty(change) -> None:
    whole, empty = np.full((9, 13), 255, np.uint8), np.zeros((9, 13), np.uint8)
    assert np.array_equal(change(whole, 4), whole)
    assert np.array_equal(change(empty, 4), empty)


@pytest.mark.parametrize("change", [mask_ops.grow, mask_ops.shrink, mask_ops.feather, mask_ops.smooth, mask_ops.border])
def test_a_negative_width_is_refused(change) -> None:
    with pytest.raises(ValueError, match="negative"):
        change(disc(), -1)


@given(COVERAGES, st.integers(0, 30))
def test_no_function_changes_its_input(coverage: np.ndarray, pixels: int) -> None:
    coverage.flags.writeable = False
    for change in (mask_ops.grow, mask_ops.shrink, mask_ops.feather, mask_ops.smooth, mask_ops.border):
        assert change(coverage, pixels).shape == coverage.shape
    mask_ops.fill_holes(coverage)
    mask_ops.remove_islands(coverage)


@pytest.mark.parametrize("pixels", [2.0, 8.0, 30.0])
def test_feather_ramps_across_the_edge_and_keeps_one_half_on_it(pixels: float) -> None:
    coverage = np.zeros((9, 400), np.uint8)
    coverage[:, :200] = 255
    row = mask_ops.feather(coverage, pixels)[4].astype(int)
    assert (np.diff(row) <= 0).all()
    assert row[199] >= 128 > row[200]
    assert row[int(200 - 2 * pixels)] > 250
    assert row[int(200 + 2 * pixels)] < 5


def test_smooth_takes_a_spike_away_and_keeps_a_straight_edge_sharp() -> None:
    coverage = np.zeros((80, 80), np.uint8)
    coverage[:, :40] = 255
    coverage[40, 40:55] = 255
    smoothed = mask_ops.smooth(coverage, 6)
    assert smoothed[40, 48] == 0
    assert np.array_equal(smoothed[10] >= 128, coverage[10] >= 128)
    assert ((smoothed[10] > 0) & (smoothed[10] < 255)).sum() <= 4


def test_border_is_a_band_of_the_asked_width_along_the_outline() -> None:
    coverage = np.zeros((60, 60), np.uint8)
    coverage[10:50, 10:50] = 255
    row = mask_ops.border(coverage, 4)[30] > 0
    assert np.flatnonzero(row).tolist() == [8, 9, 10, 11, 48, 49, 50, 51]


def test_a_hole_is_filled_with_its_soft_rim_and_a_larger_one_kept_on_demand() -> None:
    holed = ring()
    holed[30, 25] = 90
    assert np.array_equal(mask_ops.fill_holes(holed), disc(radius=15))
    assert np.array_equal(mask_ops.fill_holes(holed, largest=50), holed)


def test_an_open_bay_and_a_corner_of_the_photo_are_no_holes() -> None:
    coverage = disc(radius=15)
    coverage[30:, 28:33] = 0
    assert np.array_equal(mask_ops.fill_holes(coverage), coverage)
    corner = np.full((20, 20), 255, np.uint8)
    corner[:4, :4] = 0
    assert np.array_equal(mask_ops.fill_holes(corner), corner)


@given(COVERAGES)
def test_filling_holes_only_adds_and_twice_is_once(coverage: np.ndarray) -> None:
    once = mask_ops.fill_holes(coverage)
    assert (once >= coverage).all()
    assert np.array_equal(mask_ops.fill_holes(once), once)


def test_islands_go_and_the_part_under_the_kept_point_stays() -> None:
    coverage = disc()
    coverage[2:4, 2:4] = 255
    coverage[2:4, 55:57] = 255
    assert np.array_equal(mask_ops.remove_islands(coverage), disc())
    assert np.array_equal(mask_ops.remove_islands(coverage, smallest=4), coverage)
    kept = mask_ops.remove_islands(coverage, smallest=5, keep=(2.5, 3.0))
    assert kept[3, 2] == 255
    assert kept[3, 55] == 0


@given(COVERAGES)
def test_removing_islands_only_takes_and_twice_is_once(coverage: np.ndarray) -> None:
    once = mask_ops.remove_islands(coverage)
    assert (once <= coverage).all()
    assert np.array_equal(mask_ops.remove_islands(once), once)
