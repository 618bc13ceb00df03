"""Changes of the selection's outline: the rough answer beside the exact one."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core import reshaping
from core.geometry import Rect
from core.reshaping import Reshape, Reshaping

COVERAGES = arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24)), elements=st.sampled_from([0, 90, 255]))
RESHAPINGS = st.builds(Reshaping, st.sampled_from(Reshape), st.integers(1, 40))


def blob(width=900, height=700):
    coverage = np.zeros((height, width), np.uint8)
    cv2.circle(coverage, (width // 2, height // 2), height // 3, 255, -1, cv2.LINE_AA)
    cv2.circle(coverage, (width // 2, height // 2), 20, 0, -1, cv2.LINE_AA)
    cv2.circle(coverage, (60, 60), 15, 255, -1, cv2.LINE_AA)
    return coverage


@pytest.fixture
def reduced(monkeypatch):
    """Let a rough answer be computed at a fifth of the size."""
    monkeypatch.setattr(reshaping, "ROUGH_PIXELS", 900 * 700 // 16)


@given(COVERAGES, RESHAPINGS)
def test_nothing_differs_outside_of_the_rectangle_and_the_input_stays(coverage, change):
    before = coverage.copy()
    for result in (change.compute(coverage), change.compute_roughly(coverage)):
        assert result.is_exact
        assert not result.coverage.flags.writeable
        differs = Rect.of_mask(result.coverage != before)
        assert differs.is_empty or result.rect.intersect(differs) == differs
    assert np.array_equal(coverage, before)


@given(COVERAGES, st.integers(1, 40))
def test_what_grows_only_gains_and_what_shrinks_only_loses(coverage, amount):
    for kind in (Reshape.GROW, Reshape.HOLES):
        assert (Reshaping(kind, amount).apply(coverage) >= coverage).all()
    for kind in (Reshape.SHRINK, Reshape.ISLANDS):
        assert (Reshaping(kind, amount).apply(coverage) <= coverage).all()


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        (Reshape.GROW, 40),
        (Reshape.SHRINK, 40),
        (Reshape.BORDER, 40),
        (Reshape.SMOOTH, 30),
        (Reshape.FEATHER, 40),
        (Reshape.ISLANDS, 2000),
        (Reshape.HOLES, 3000),
    ],
)
def test_a_rough_answer_is_near_the_exact_one(reduced, kind, amount):
    coverage, change = blob(), Reshaping(kind, amount)
    rough, exact = change.compute_roughly(coverage), change.compute(coverage)
    assert exact.is_exact
    assert not rough.is_exact
    missed = np.abs(rough.coverage.astype(int) - exact.coverage).sum() / 255
    length = 2 * np.pi * (700 / 3 + 20 + 15) * (2 if kind is Reshape.BORDER else 1)
    assert missed < 2.5 * length, "off by more than half a pixel of the reduced copy"


def test_a_rough_answer_keeps_an_outline_sharp_that_stays_where_it_is(reduced):
    coverage = blob()
    rough = Reshaping(Reshape.ISLANDS, 2000).compute_roughly(coverage)
    assert not rough.coverage[:100, :100].any()
    assert np.array_equal(rough.coverage[100:], coverage[100:])


def test_a_small_step_is_never_rough(reduced):
    assert Reshaping(Reshape.GROW, 3).compute_roughly(blob()).is_exact


def test_the_island_under_the_kept_place_stays(reduced):
    change = Reshaping(Reshape.ISLANDS, 2000)
    for result in (change.compute(blob(), (60.0, 60.0)), change.compute_roughly(blob(), (60.0, 60.0))):
        assert result.coverage[60, 60] == 255


def test_the_largest_part_is_no_island():
    assert Reshaping(Reshape.ISLANDS, 10_000_000).apply(blob())[350, 300] == 255
