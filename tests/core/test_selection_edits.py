"""What gestures make of a selection, as commands."""

import numpy as np
import pytest

from core import selection_edits
from core.mask_ops import SelectionMode
from tests.fakes import make_document

LEFT, TOP = np.zeros((4, 6), np.uint8), np.zeros((4, 6), np.uint8)
LEFT[:, :3], TOP[:2] = 255, 255


@pytest.fixture
def document():
    return make_document(6, 4)


def after(document, command):
    return document if command is None else command.apply(document)[0]


def selected(document, coverage):
    return after(document, selection_edits.select(document, coverage))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (SelectionMode.NEW, TOP),
        (SelectionMode.ADD, LEFT | TOP),
        (SelectionMode.SUBTRACT, LEFT & ~TOP),
        (SelectionMode.INTERSECT, LEFT & TOP),
    ],
)
def test_what_is_selected_is_joined_with_what_was(document, mode, expected):
    before = selected(document, LEFT)
    now = after(before, selection_edits.select(before, TOP, mode))
    np.testing.assert_array_equal(now.selection, expected)
    assert not now.selection.flags.writeable


@pytest.mark.parametrize("mode", [SelectionMode.SUBTRACT, SelectionMode.INTERSECT])
def test_without_a_selection_there_is_nothing_to_take_from(document, mode):
    assert selection_edits.select(document, TOP, mode) is None


@pytest.mark.parametrize("mode", [SelectionMode.ADD, SelectionMode.SUBTRACT])
def test_nothing_adds_and_takes_away_nothing(document, mode):
    before = selected(document, LEFT)
    assert selection_edits.select(before, None, mode) is None


def test_what_is_in_nothing_is_nothing(document):
    before = selected(document, LEFT)
    assert after(before, selection_edits.select(before, None, SelectionMode.INTERSECT)).selection is None


def test_inverting_twice_changes_nothing(document):
    before = selected(document, LEFT)
    inverted = after(before, selection_edits.invert(before))
    np.testing.assert_array_equal(inverted.selection, ~LEFT)
    np.testing.assert_array_equal(after(inverted, selection_edits.invert(inverted)).selection, LEFT)


def test_the_opposite_of_nothing_is_everything_and_of_that_nothing(document):
    whole = after(document, selection_edits.invert(document))
    np.testing.assert_array_equal(whole.selection, np.full((4, 6), 255, np.uint8))
    assert selection_edits.select_all(whole) is None
    assert after(whole, selection_edits.invert(whole)).selection is None


def test_without_a_selection_there_is_nothing_to_reshape_or_to_measure(document):
    assert selection_edits.reshape(document, pytest.fail, "Grow selection") is None
    assert selection_edits.selected_area(document) == 0
    assert selection_edits.select_none(document) is None


def test_what_is_reshaped_is_read_only_and_has_its_title(document):
    before = selected(document, LEFT)
    command = selection_edits.reshape(before, lambda coverage: np.maximum(coverage, TOP), "Grow selection")
    assert command.title == "Grow selection"
    grown = after(before, command).selection
    np.testing.assert_array_equal(grown, LEFT | TOP)
    assert not grown.flags.writeable
    assert selection_edits.selected_area(before) == 12
