"""Undo and redo within a budget, and what counts as saved."""

import numpy as np
import pytest

from core import item_edits
from core.commands import ChangeSelection
from core.history import History
from tests.fakes import make_document

WIDTH, HEIGHT = 20, 10


class Bench:
    """A document, of which the last column is selected, with its history."""

    def __init__(self, **options):
        selection = np.zeros((HEIGHT, WIDTH), np.uint8)
        selection[:, -1] = 255
        self.document = make_document(WIDTH, HEIGHT).with_selection(selection)
        self.history = History(**options)

    def select(self, width):
        coverage = np.zeros((HEIGHT, WIDTH), np.uint8)
        coverage[:, :width] = 255
        coverage[:, -1] = 255
        command = ChangeSelection.between(f"Select {width}", self.document, coverage)
        self.document, _ = self.history.do(self.document, command)

    def set_opacity(self, opacity):
        command = item_edits.fade_item(self.document, self.document.active_layer_id, opacity)
        self.document, _ = self.history.do(self.document, command)

    def undo(self):
        self.document, _ = self.history.undo(self.document)

    def redo(self):
        self.document, _ = self.history.redo(self.document)

    @property
    def selected(self):
        return int(np.count_nonzero(self.document.selection[0, :-1]))


@pytest.fixture
def bench():
    return Bench()


def test_titles_say_what_comes_next(bench):
    assert (bench.history.undo_title, bench.history.redo_title) == (None, None)
    bench.select(3)
    bench.select(5)
    bench.undo()
    assert (bench.history.undo_title, bench.history.redo_title) == ("Select 3", "Select 5")


def test_a_new_change_ends_what_could_be_redone(bench):
    bench.select(3)
    bench.undo()
    bench.select(5)
    assert bench.history.redo_title is None
    bench.undo()
    assert bench.selected == 0


def test_a_step_that_is_given_up_was_never_done(bench):
    bench.select(3)
    bench.history.mark_clean()
    bench.select(5)
    bench.undo()
    bench.undo()
    bench.set_opacity(0.5)
    bench.set_opacity(0.4)
    bench.document, _ = bench.history.give_up(bench.document)
    assert bench.document.layers[0].opacity == 1.0
    assert (bench.history.undo_title, bench.history.redo_title) == (None, "Select 3")
    bench.redo()
    assert bench.history.is_clean
    bench.redo()
    assert bench.selected == 5


def test_giving_up_what_was_saved_leaves_something_to_save(bench):
    bench.select(3)
    bench.select(5)
    bench.history.mark_clean()
    bench.document, _ = bench.history.give_up(bench.document)
    assert (bench.selected, bench.history.redo_title) == (3, None)
    bench.select(4)
    assert not bench.history.is_clean


def test_undoing_nothing_is_an_error(bench):
    with pytest.raises(IndexError):
        bench.undo()
    with pytest.raises(IndexError):
        bench.redo()


def test_a_fresh_document_is_clean_and_a_change_makes_it_unclean_until_it_is_undone(bench):
    assert bench.history.is_clean
    bench.select(3)
    assert not bench.history.is_clean
    bench.undo()
    assert bench.history.is_clean


def test_the_clean_mark_stays_where_it_was_set(bench):
    bench.select(3)
    bench.history.mark_clean()
    bench.undo()
    assert not bench.history.is_clean
    bench.redo()
    assert bench.history.is_clean


def test_a_clean_state_that_was_undone_and_overwritten_never_comes_back(bench):
    bench.select(3)
    bench.history.mark_clean()
    bench.undo()
    bench.select(5)
    assert not bench.history.is_clean
    bench.undo()
    assert not bench.history.is_clean


def test_the_oldest_steps_are_forgotten_when_the_budget_is_used_up():
    bench = Bench(budget_bytes=50)  # a step of one column takes HEIGHT = 10 bytes
    for width in range(1, 9):
        bench.select(width)
    assert bench.history.nbytes == 50
    for _ in range(5):
        bench.undo()
    assert bench.history.undo_title is None
    assert bench.selected == 3


def test_the_last_step_can_be_undone_even_if_it_alone_is_over_the_budget():
    bench = Bench(budget_bytes=1)
    bench.select(3)
    bench.select(5)
    bench.undo()
    assert bench.selected == 3


def test_a_forgotten_clean_state_is_not_taken_for_another():
    bench = Bench(budget_bytes=20)
    for width in (1, 2, 3, 4):
        bench.select(width)
    bench.undo()
    bench.undo()
    assert not bench.history.is_clean


def test_a_clean_state_survives_the_forgetting_of_older_steps():
    bench = Bench(budget_bytes=20)
    bench.select(1)
    bench.select(2)
    bench.history.mark_clean()
    bench.select(3)
    bench.undo()
    assert bench.history.is_clean


def test_all_steps_of_a_slider_are_one_undo_step(bench):
    for opacity in (0.9, 0.7, 0.5):
        bench.set_opacity(opacity)
    assert bench.document.active_layer.opacity == 0.5
    bench.undo()
    assert bench.document.active_layer.opacity == 1.0
    assert bench.history.undo_title is None
    bench.redo()
    assert bench.document.active_layer.opacity == 0.5


def test_a_slider_after_saving_is_a_step_of_its_own(bench):
    bench.set_opacity(0.9)
    bench.history.mark_clean()
    bench.set_opacity(0.5)
    bench.undo()
    assert bench.document.active_layer.opacity == 0.9
    assert bench.history.is_clean


def test_a_slider_moved_again_after_an_undo_is_another_step(bench):
    bench.set_opacity(0.9)
    bench.select(3)
    bench.undo()
    bench.set_opacity(0.5)
    bench.undo()
    assert bench.document.active_layer.opacity == 0.9


def test_a_slider_moved_again_after_something_else_is_another_step(bench):
    bench.set_opacity(0.9)
    bench.select(3)
    bench.set_opacity(0.5)
    bench.undo()
    assert bench.document.active_layer.opacity == 0.9


def test_what_extends_a_step_is_undone_and_redone_with_it():
    bench = Bench()
    bench.select(3)
    coverage = bench.document.selection.copy()
    coverage[:, 5] = 99
    more = ChangeSelection.between("Finer", bench.document, coverage)
    bench.document, rect = bench.history.extend(bench.document, more)
    assert (rect.x, rect.width) == (5, 1)
    assert bench.history.undo_title == "Select 3"
    bench.undo()
    assert bench.history.undo_title is None
    assert np.count_nonzero(bench.document.selection) == HEIGHT
    bench.redo()
    np.testing.assert_array_equal(bench.document.selection, coverage)


def test_extending_a_saved_step_leaves_something_unsaved():
    bench = Bench()
    bench.select(3)
    bench.history.mark_clean()
    bench.history.extend(bench.document, ChangeSelection.between("Finer", bench.document, None))
    assert not bench.history.is_clean
    bench.history.mark_clean()
    assert bench.history.is_clean


def test_the_newest_step_is_known_until_one_is_undone():
    bench = Bench()
    assert bench.history.newest is None
    bench.select(3)
    newest = bench.history.newest
    bench.select(4)
    assert bench.history.newest is not newest
    bench.undo()
    assert bench.history.newest is None
