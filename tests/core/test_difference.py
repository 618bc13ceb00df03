from weakref import ref

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.arrays import freeze
from core.difference import Difference, finish_compressing
from core.geometry import Rect, Size

sizes = st.tuples(st.integers(1, 40), st.integers(1, 40))


@st.composite
def pairs(draw):
    shape = draw(sizes)
    kinds = st.one_of(st.none(), arrays(np.uint8, shape), arrays(np.uint8, shape, elements=st.sampled_from([0, 255])))
    return Size(shape[1], shape[0]), draw(kinds), draw(kinds)


def filled(coverage, size):
    return np.zeros(size.shape, np.uint8) if coverage is None else coverage


@given(pairs())
def test_it_leads_from_either_state_to_the_other(pair):
    size, old, new = pair
    difference = Difference.between(old, new, Rect.of_size(size))
    np.testing.assert_array_equal(difference.applied_to(old, size), filled(new, size))
    np.testing.assert_array_equal(difference.applied_to(new, size), filled(old, size))


@given(pairs(), st.integers(0, 39), st.integers(0, 39))
def test_outside_its_rectangle_nothing_changes(pair, x, y):
    size, old, _ = pair
    old = filled(old, size)
    rect = Rect(x, y, 10, 10).clipped(size)
    new = old.copy()
    new[rect.slices] ^= 77
    difference = Difference.between(old, new, rect)
    np.testing.assert_array_equal(difference.applied_to(old, size), new)
    np.testing.assert_array_equal(difference.applied_to(new, size), old)


def test_neither_state_is_changed_and_the_answer_is_read_only():
    old, new = np.zeros((9, 8), np.uint8), np.full((9, 8), 200, np.uint8)
    answer = Difference.between(old, new, Rect(0, 0, 8, 9)).applied_to(old, Size(8, 9))
    assert not answer.flags.writeable
    assert not old.any()


def test_a_stroke_across_a_large_photo_takes_little():
    old = np.zeros((2000, 3000), np.uint8)
    old[300:1500, 400:2500] = 255
    new = old.copy()
    for step in range(1500):
        new[step : step + 60, step : step + 60] = 255
    difference = Difference.between(old, new, Rect(0, 0, 3000, 2000))
    finish_compressing()
    assert difference.nbytes < new.size / 50
    np.testing.assert_array_equal(difference.applied_to(old, Size(3000, 2000)), new)


def test_a_state_that_is_still_there_is_not_made_again():
    old, new = np.zeros((90, 80), np.uint8), np.full((90, 80), 200, np.uint8)
    freeze(old)
    freeze(new)
    difference = Difference.between(old, new, Rect(0, 0, 80, 90))
    assert difference.applied_to(old, Size(80, 90)) is new
    assert difference.applied_to(new, Size(80, 90)) is old


def test_a_state_that_nobody_keeps_is_not_kept_either():
    old, new = np.zeros((90, 80), np.uint8), np.full((90, 80), 200, np.uint8)
    freeze(old)
    freeze(new)
    difference, forgotten = Difference.between(old, new, Rect(0, 0, 80, 90)), ref(new)
    del new
    finish_compressing()
    assert forgotten() is None
    assert (difference.applied_to(old, Size(80, 90)) == 200).all()


def test_what_may_still_be_painted_on_is_never_given_out():
    old, new = np.zeros((90, 80), np.uint8), np.full((90, 80), 200, np.uint8)
    difference = Difference.between(old, new, Rect(0, 0, 80, 90))
    assert difference.applied_to(old, Size(80, 90)) is not new
    new[:] = 3
    assert (difference.applied_to(old, Size(80, 90)) == 200).all()
