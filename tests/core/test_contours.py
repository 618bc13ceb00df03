"""Outlines along the borders of pixels: filling them gives the mask back, whatever its shape."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_strategies

from core.contours import crack_rings

MASKS = numpy_strategies.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9)))


def filled(rings, shape):
    """Return the mask that the even-odd rule makes of rings of horizontal and vertical lines."""
    crossings = np.zeros((shape[0], shape[1] + 1), bool)
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            assert (x0 == x1) != (y0 == y1)
            if x0 == x1:
                crossings[min(y0, y1) : max(y0, y1), x0] ^= True
    return np.logical_xor.accumulate(crossings, axis=1)[:, :-1]


def area(ring):
    x, y = ring.T
    return (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2


@given(MASKS)
def test_filling_the_outlines_gives_the_mask_back(mask):
    np.testing.assert_array_equal(filled(crack_rings(mask), mask.shape), mask)


@given(MASKS)
def test_outer_outlines_go_clockwise_and_holes_the_other_way(mask):
    assert sum(area(ring) for ring in crack_rings(mask)) == mask.sum()


def test_nothing_has_no_outline():
    assert crack_rings(np.zeros((3, 4), bool)) == []


def test_a_block_has_four_corners_and_a_hole_four_more():
    mask = np.ones((6, 7), bool)
    mask[2:4, 3:5] = False
    assert sorted(len(ring) for ring in crack_rings(mask)) == [4, 4]


@pytest.mark.parametrize("mask", [np.eye(2, dtype=bool), np.eye(2, dtype=bool)[::-1]])
def test_pixels_that_touch_at_a_corner_have_outlines_of_their_own(mask):
    assert [len(ring) for ring in crack_rings(mask)] == [4, 4]
