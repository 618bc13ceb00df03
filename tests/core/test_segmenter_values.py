"""Candidates are drawn at any size and in any part alike; predictions know their best."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.arrays import freeze
from core.geometry import Box, Rect, Size
from core.segmenter import BEYOND_WINDOW, Candidate, Prediction

GRID = 64
LOGITS = cv2.GaussianBlur(np.random.default_rng(7).normal(size=(GRID, GRID)).astype(np.float32), (0, 0), 2) * 20
freeze(LOGITS)

# The coordinates of a resampling are single precision, so the last digits are not those of a double.
NEAR = 1e-3

SIZES = [Size(64, 64), Size(200, 200), Size(333, 217), Size(217, 333), Size(1200, 900), Size(40, 25), Size(1, 1)]
EXTENTS = [(64.0, 64.0), (64.0, 42.6875), (37.25, 64.0)]


def candidate(extent: tuple[float, float] = (GRID, GRID), score: float = 0.5) -> Candidate:
    return Candidate(LOGITS, extent, score)


def by_hand(extent: tuple[float, float], size: Size) -> np.ndarray:
    """Interpolate between the four cells around each pixel's centre, in double precision."""

    def cells(count: int, length: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        places = np.clip((np.arange(count) + 0.5) * length / count - 0.5, 0, GRID - 1)
        first = np.floor(places).astype(int)
        return first, np.minimum(first + 1, GRID - 1), places - first

    (y0, y1, fy), (x0, x1, fx) = cells(size.height, extent[1]), cells(size.width, extent[0])
    rows = LOGITS[y0] * (1 - fy)[:, None] + LOGITS[y1] * fy[:, None]
    return np.asarray(rows[:, x0] * (1 - fx) + rows[:, x1] * fx)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_grid_that_covers_the_photo_is_resampled_as_opencv_does(size: Size) -> None:
    expected = cv2.resize(LOGITS, (size.width, size.height), interpolation=cv2.INTER_LINEAR)
    assert np.abs(candidate().logits_at(size) - expected).max() < NEAR


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_grid_that_covers_the_photo_is_resampled_as_pytorch_does(size: Size) -> None:
    import torch

    cells = torch.tensor(LOGITS)[None, None]
    expected = torch.nn.functional.interpolate(cells, size.shape, mode="bilinear", align_corners=False)[0, 0]
    assert np.abs(candidate().logits_at(size) - expected.numpy()).max() < NEAR


@pytest.mark.parametrize("extent", EXTENTS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_only_the_extent_is_drawn(extent: tuple[float, float], size: Size) -> None:
    drawn = candidate(extent).logits_at(size)
    assert drawn.shape == size.shape
    assert drawn.dtype == np.float32
    assert np.abs(drawn - by_hand(extent, size)).max() < NEAR


@given(st.sampled_from(SIZES), st.sampled_from(EXTENTS), st.data())
def test_a_region_is_the_crop_of_the_whole(size: Size, extent: tuple[float, float], data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, size.width - 1)), data.draw(st.integers(0, size.height - 1))
    width = data.draw(st.integers(1, size.width - x))
    height = data.draw(st.integers(1, size.height - y))
    region = Rect(x, y, width, height)
    part = candidate(extent).logits_at(size, region)
    assert part.shape == (height, width)
    assert np.array_equal(part, candidate(extent).logits_at(size)[region.slices])


@given(
    hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=30), elements=st.floats(-8, 8, width=32)),
    st.builds(Size, st.integers(1, 90), st.integers(1, 90)),
    st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    st.data(),
)
def test_a_region_of_any_grid_is_exactly_the_crop_of_the_whole(
    logits: np.ndarray, size: Size, origin: tuple[float, float], data: st.DataObject
) -> None:
    region = Rect(data.draw(st.integers(0, size.width - 1)), data.draw(st.integers(0, size.height - 1)), 90, 90)
    each = Candidate(logits, (float(logits.shape[1]), float(logits.shape[0])), 0.5, origin)
    region = region.clipped(size)
    assert np.array_equal(each.logits_at(size, region), each.logits_at(size)[region.slices])


def test_an_empty_region_holds_nothing() -> None:
    assert candidate().logits_at(Size(100, 80), Rect(0, 0, 0, 0)).shape == (0, 0)
    assert candidate().logits_at(Size(100, 80), Rect(5, 5, 0, 7)).shape == (7, 0)


def test_tiles_meet_without_a_seam() -> None:
    size = Size(301, 203)
    tiles = [Rect(x, y, 64, 64).clipped(size) for y in range(0, 203, 64) for x in range(0, 301, 64)]
    joined = np.full(size.shape, np.nan, np.float32)
    for tile in tiles:
        joined[tile.slices] = candidate().logits_at(size, tile)
    assert np.array_equal(joined, candidate().logits_at(size))


def test_the_preview_is_where_the_logits_are_above_zero() -> None:
    size, region = Size(300, 200), Rect(20, 30, 100, 90)
    whole = candidate().preview(size)
    assert whole.dtype == np.bool_
    assert (whole == (candidate().logits_at(size) > 0)).all()
    assert np.array_equal(candidate().preview(size, region), whole[region.slices])


def test_a_small_preview_agrees_with_a_large_one() -> None:
    small, large = candidate().preview(Size(150, 150)), candidate().preview(Size(1350, 1350))
    # Nine large pixels share their middle one with the small pixel.
    assert (small == large[4::9, 4::9]).mean() > 0.999


def test_drawing_changes_nothing() -> None:
    before = LOGITS.copy()
    candidate().logits_at(Size(500, 500))[:] = 0
    candidate().logits_at(Size(GRID, GRID))[:] = 0
    assert (before == LOGITS).all()


def test_the_best_candidate_has_the_highest_score() -> None:
    candidates = tuple(candidate(score=score) for score in (0.3, 0.9, 0.6))
    prediction = Prediction(candidates)
    assert prediction.best_index == 1
    assert prediction.best is candidates[1]


def test_of_equal_scores_the_smaller_reading_is_the_best() -> None:
    assert Prediction((candidate(), candidate(), candidate(score=0.2))).best_index == 0


def test_a_prediction_does_not_print_its_pixels() -> None:
    assert len(repr(Prediction((candidate(),)))) < 200


WINDOW = Box(0.21, 0.33, 0.68, 0.9)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_beyond_its_window_a_candidate_is_certainly_empty(size: Size) -> None:
    whole, windowed = candidate().logits_at(size), replace(candidate(), window=WINDOW).logits_at(size)
    rows, columns = np.arange(size.height) / size.height, np.arange(size.width) / size.width
    inside = ((rows >= WINDOW.y0) & (rows < WINDOW.y1))[:, None] & ((columns >= WINDOW.x0) & (columns < WINDOW.x1))
    assert (windowed[~inside] == BEYOND_WINDOW).all()
    assert np.abs(windowed[inside] - whole[inside]).max(initial=0) < NEAR


def test_a_window_of_whole_pixels_is_met_exactly() -> None:
    size = Size(4000, 3000)
    for left in range(0, 3999, 37):
        window = replace(candidate(), window=Box(left / 4000, 0, 1, 1)).window_in(size)
        assert window == Rect(left, 0, 4000 - left, 3000)


@given(st.data())
def test_a_region_of_a_windowed_part_of_the_grid_is_the_crop_of_the_whole(data: st.DataObject) -> None:
    size = Size(160, 130)
    part = Candidate(np.ascontiguousarray(LOGITS[18:62, 5:60]), (GRID, GRID), 0.5, (-5.0, -18.0), WINDOW)
    whole = replace(candidate(), window=WINDOW).logits_at(size)
    x, y = data.draw(st.integers(0, 159)), data.draw(st.integers(0, 129))
    region = Rect(x, y, data.draw(st.integers(1, 160 - x)), data.draw(st.integers(1, 130 - y)))
    assert np.abs(part.logits_at(size, region) - whole[region.slices]).max() < NEAR


def test_a_rim_around_the_photo_is_not_drawn() -> None:
    rimmed = np.full((GRID + 6, GRID + 8), 99, np.float32)
    rimmed[2:-4, 3:-5] = LOGITS
    size = Size(GRID, GRID)
    assert (Candidate(rimmed, (GRID, GRID), 0.5, (3.0, 2.0)).logits_at(size) == candidate().logits_at(size)).all()
