"""Curves along outlines: closed, and nowhere further away than the tolerance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from core.contours import iso_rings
from core.curve_fitting import fitted_curves
from tests.core.examples import examples


def sampled(curve, count):
    t = np.linspace(0, 1, count)[:, None]
    return (1 - t) ** 3 * curve[0] + 3 * t * (1 - t) ** 2 * curve[1] + 3 * t**2 * (1 - t) * curve[2] + t**3 * curve[3]


def along(ring):
    following = np.roll(ring, -1, axis=0)
    return np.concatenate([ring + (following - ring) * share for share in np.linspace(0, 1, 60, endpoint=False)])


def blobs(seed, sigma):
    noise = gaussian_filter(np.random.default_rng(seed).standard_normal((20, 24)), sigma)
    return (255 / (1 + np.exp(-4 * noise / noise.std()))).astype(np.uint8)


@given(seed=st.integers(0, 2**32 - 1), sigma=st.sampled_from([0.5, 1, 3]), tolerance=st.floats(0.05, 4))
@examples(15)
def test_no_curve_is_further_from_the_outline_than_the_tolerance_nor_the_outline_from_it(seed, sigma, tolerance):
    for ring in iso_rings(blobs(seed, sigma)):
        curves = fitted_curves(ring, tolerance)
        np.testing.assert_array_equal([curve[3] for curve in curves], [curve[0] for curve in curves[1:] + curves[:1]])
        points, line = np.concatenate([sampled(curve, 800) for curve in curves]), along(ring)
        fineness = 0.03  # of the samples themselves
        assert cKDTree(line).query(points)[0].max() <= tolerance + fineness
        assert cKDTree(points).query(line)[0].max() <= tolerance + fineness


def test_a_circle_takes_few_curves():
    rows, columns = np.mgrid[:300, :300]
    coverage = np.clip(255 * (120.5 - np.hypot(rows - 150, columns - 150)), 0, 255).astype(np.uint8)
    (ring,) = iso_rings(coverage)
    curves = fitted_curves(ring, 0.5)
    assert len(curves) <= 8
    radius = np.hypot(*(np.concatenate([sampled(curve, 50) for curve in curves]) - 150.5).T)
    assert np.abs(radius - 120).max() <= 1


def test_rings_lie_where_the_coverage_is_half_and_end_with_the_picture():
    coverage = np.zeros((4, 6), np.uint8)
    coverage[:, :3] = 255
    coverage[:, 3] = 64  # a quarter of this column belongs
    (ring,) = iso_rings(coverage)
    assert ring[:, 0].max() == pytest.approx(2.5 + 127.5 / 191)
    assert ring.min() >= 0
    assert ring[:, 1].max() <= 4


@pytest.mark.parametrize("coverage", [np.zeros((3, 3), np.uint8), np.zeros((1, 1), np.uint8)])
def test_nothing_has_no_rings(coverage):
    assert iso_rings(coverage) == []


def test_a_hole_is_a_ring_of_its_own_and_one_pixel_has_one():
    coverage = np.full((7, 7), 255, np.uint8)
    coverage[3, 3] = 0
    assert len(iso_rings(coverage)) == 2
    assert len(iso_rings(np.full((1, 1), 255, np.uint8))) == 1
