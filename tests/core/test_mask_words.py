"""What a selection is called in words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.mask_words import describe


def ground(height: int = 90, width: int = 120) -> np.ndarray:
    return np.zeros((height, width), np.uint8)


@pytest.mark.parametrize("coverage", [None, ground()])
def test_nothing_is_called_nothing(coverage: np.ndarray | None) -> None:
    assert describe(coverage) == "Nothing is selected."


def test_everything_is_called_the_whole_photo() -> None:
    assert describe(ground() + np.uint8(255)) == "The whole photo is selected, 120 × 90 pixels."


def test_a_block_is_told_by_its_size_place_and_share() -> None:
    coverage = ground()
    coverage[:30, :36] = 255
    assert describe(coverage) == "One part: 36 × 30 pixels at the upper left, 10 % of the photo. Its edge is hard."


@pytest.mark.parametrize(
    ("rows", "columns", "place"),
    [
        (slice(40, 50), slice(55, 65), "in the middle"),
        (slice(80, 90), slice(55, 65), "in the lower middle"),
        (slice(40, 50), slice(105, 118), "at the right"),
        (slice(80, 90), slice(105, 118), "at the lower right"),
    ],
)
def test_the_place_is_that_of_the_middle(rows: slice, columns: slice, place: str) -> None:
    coverage = ground()
    coverage[rows, columns] = 255
    assert f" {place}," in describe(coverage)


def test_parts_and_holes_are_counted_and_specks_are_not() -> None:
    coverage = ground()
    coverage[10:60, 10:60] = 255
    coverage[20:30, 20:30] = 0
    coverage[70:85, 90:110] = 255
    coverage[80, 5] = 255
    assert describe(coverage).startswith("2 parts, with one hole: ")


def test_counting_on_a_large_photo_is_the_same() -> None:
    coverage = ground(3000, 4000)
    coverage[100:2000, 100:2000] = 255
    coverage[500:800, 500:800] = 0
    assert describe(coverage).startswith("One part, with one hole: 1900 × 1900 pixels")


def test_soft_edges_are_told_from_half_transparent_things() -> None:
    coverage = ground()
    coverage[20:60, 20:60] = 255
    coverage[20, 20:60] = 90
    assert describe(coverage).endswith("Its edge is soft.")
    coverage[20:60, 20:60] = 90
    assert describe(coverage).endswith("Much of it is half transparent.")


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12))))
def test_every_selection_has_words(coverage: np.ndarray) -> None:
    assert describe(coverage).endswith(".")
