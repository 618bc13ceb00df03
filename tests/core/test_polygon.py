"""Filling outlines: exact areas, whichever way round, and what they wind around where they cross themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geometry import Size
from core.polygon import fill_polygon

SIZE = Size(24, 16)
_corners = st.lists(st.tuples(st.floats(-40, 60), st.floats(-40, 60)), min_size=3, max_size=8)


def test_a_polygon_covers_exactly_its_pixels():
    coverage = fill_polygon([(2, 1), (6, 1), (6, 4), (2, 4)], Size(9, 6))
    expected = np.zeros((6, 9), dtype=np.uint8)
    expected[1:4, 2:6] = 255
    assert np.array_equal(coverage, expected)


def test_a_polygon_covers_half_of_the_pixels_it_cuts():
    coverage = fill_polygon([(0.5, 0), (3, 0), (3, 2), (0.5, 2)], Size(4, 2))
    assert coverage[0, 0] == pytest.approx(128, abs=2)
    assert coverage[:, 1:3].min() == 255
    assert coverage[:, 3].max() == 0


def test_what_an_outline_winds_around_twice_or_the_other_way_is_inside():
    square = [(2, 2), (10, 2), (10, 10), (2, 10)]
    once = fill_polygon(square, SIZE)
    assert np.array_equal(fill_polygon(square[::-1], SIZE), once)
    assert np.array_equal(fill_polygon(square * 2, SIZE), once)


@given(_corners)
def test_an_outline_covers_as_much_in_the_photo_as_the_same_outline_moved_does_in_a_larger_one(corners):
    part = fill_polygon(corners, SIZE)
    moved = fill_polygon([(x + 40, y + 40) for x, y in corners], Size(120, 110))
    differing = moved[40:56, 40:64].astype(int) - part
    assert abs(differing).max() <= 1


@given(_corners)
def test_a_triangle_holds_its_area(corners):
    (x0, y0), (x1, y1), (x2, y2) = corners[:3]
    coverage = fill_polygon([(x + 40, y + 40) for x, y in corners[:3]], Size(120, 110))
    area = abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)) / 2
    assert coverage.sum() / 255 == pytest.approx(area, abs=1.5)


def test_an_outline_far_beside_the_photo_covers_nothing_and_one_around_it_everything():
    assert not fill_polygon([(-9e5, 3), (-5, 3), (-5, 9e5)], SIZE).any()
    assert (fill_polygon([(-9e5, -9e5), (9e5, -9e5), (9e5, 9e5), (-9e5, 9e5)], SIZE) == 255).all()
