"""The slider that changes the outline: what is seen, what becomes of it, and what ends it."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core import reshaping
from core.prompt import Prompt
from core.recipe import PromptStep, Question, Recipe
from core.reshaping import Reshape
from tests.fakes import Gate
from tests.ui.desk import LEFT
from ui import editor as editor_module


def square():
    coverage = np.zeros((48, 64), np.uint8)
    coverage[16:32, 20:44] = 255
    return coverage


@pytest.fixture
def panel(desk):
    desk.show_document()
    desk.editor.set_selection(square())
    desk.settle()
    yield desk.window.parts.selection_panel.reshape_panel
    desk.shop.reshaper.cancel()


def settled(desk):
    desk.wait(lambda: desk.shop.reshaper.is_settled)
    return desk.editor.draft.coverage


def columns(coverage):
    return int((coverage[24] >= 128).sum())


def test_an_action_opens_the_slider_and_its_effect_is_seen_and_nothing_done(desk, panel):
    assert not panel.isVisible()
    desk.trigger("select-grow")
    assert panel.isVisible()
    assert desk.action("select-grow").isChecked()
    assert columns(settled(desk)) == 24 + 2 * desk.shop.reshaper.amount
    assert np.array_equal(desk.editor.selection, square())
    assert desk.editor.undo_title == "Select object"


def test_the_slider_and_the_number_are_one_amount_and_the_draft_follows(desk, panel):
    desk.trigger("select-shrink")
    panel.box.setValue(3)
    assert columns(settled(desk)) == 18
    QTest.keyClick(panel.slider, Qt.Key.Key_Home)
    assert panel.box.value() == 1
    assert columns(settled(desk)) == 22


def test_enter_applies_it_as_one_undo_step_and_the_photo_has_the_keyboard_again(desk, panel):
    desk.trigger("select-grow")
    for amount in (2, 5, 3):
        panel.box.setValue(amount)
    settled(desk)
    desk.key(Qt.Key.Key_Return, widget=panel.slider)
    assert not panel.isVisible()
    assert columns(desk.editor.selection) == 30
    assert desk.editor.draft.coverage is None
    assert desk.canvas.hasFocus()
    desk.trigger("undo")
    assert np.array_equal(desk.editor.selection, square())


def test_enter_on_the_photo_applies_too_and_escape_leaves_everything_as_it_was(desk, panel):
    desk.trigger("select-border")
    settled(desk)
    desk.key(Qt.Key.Key_Escape)
    assert desk.shop.reshaper.kind is None
    assert np.array_equal(desk.editor.selection, square())
    assert desk.editor.draft.coverage is None
    desk.trigger("select-border")
    desk.key(Qt.Key.Key_Return)
    assert desk.editor.selection[24, 32] == 0
    assert desk.editor.undo_title == "Select border"


def test_the_buttons_do_the_same(desk, panel):
    desk.trigger("select-feather")
    desk.press(panel.cancel_button)
    assert np.array_equal(desk.editor.selection, square())
    desk.trigger("select-feather")
    desk.press(panel.apply_button)
    assert ((desk.editor.selection > 0) & (desk.editor.selection < 255)).any()


def test_asking_again_for_what_is_tried_ends_it(desk, panel):
    desk.trigger("select-smooth")
    desk.trigger("select-smooth")
    assert not panel.isVisible()


def test_every_kind_remembers_its_own_amount(desk, panel):
    desk.trigger("select-grow")
    panel.box.setValue(9)
    desk.trigger("select-islands")
    assert panel.box.maximum() == reshaping.LARGEST_AREA
    panel.box.setValue(5000)
    desk.trigger("select-grow")
    assert panel.box.value() == 9


def test_whatever_else_changes_the_selection_ends_the_trial(desk, panel):
    desk.trigger("select-grow")
    settled(desk)
    desk.trigger("undo")
    assert not panel.isVisible()
    assert desk.editor.draft.coverage is None
    desk.trigger("redo")
    desk.trigger("select-grow")
    desk.editor.set_document(None)
    assert desk.shop.reshaper.kind is None


def test_the_newest_amount_wins_and_the_rough_answer_does_not_wait_for_an_exact_one(desk, panel, monkeypatch):
    gate, asked = Gate(), []
    exactly = reshaping.Reshaping.compute

    def slowly(self, coverage, keep=None):
        asked.append(self.amount)
        gate.pass_through()
        return exactly(self, coverage, keep)

    def roughly(self, coverage, keep=None):
        result = exactly(self, coverage, keep)
        return reshaping.Reshaped(result.coverage, result.rect, is_exact=False)

    monkeypatch.setattr(reshaping.Reshaping, "compute", slowly)
    monkeypatch.setattr(reshaping.Reshaping, "compute_roughly", roughly)
    desk.trigger("select-grow")
    panel.box.setValue(2)
    desk.wait(lambda: asked == [2])
    panel.box.setValue(6)
    desk.wait(lambda: desk.editor.draft.coverage is not None and columns(desk.editor.draft.coverage) == 36)
    gate.open()
    assert columns(settled(desk)) == 36


def test_a_slider_that_never_rests_is_seen_all_along_and_no_amount_is_worked_out_in_vain(desk, panel, monkeypatch):
    gate, asked = Gate(), []
    exactly = reshaping.Reshaping.compute

    def roughly(self, coverage, keep=None):
        asked.append(self.amount)
        gate.pass_through()
        return exactly(self, coverage, keep)

    monkeypatch.setattr(reshaping.Reshaping, "compute_roughly", roughly)
    desk.trigger("select-grow")
    gate.wait_reached()
    first = desk.shop.reshaper.amount
    seen = []

    def note(_rect):
        seen.append(columns(desk.editor.draft.coverage))

    desk.editor.draft.changed.connect(note)
    for amount in (2, 6, 8):
        panel.box.setValue(amount)
    assert not desk.shop.reshaper.is_settled
    gate.open()
    assert columns(settled(desk)) == 40
    assert asked == [first, 8]
    assert seen == [24 + 2 * first, 40]
    desk.editor.draft.changed.disconnect(note)


def test_a_large_change_applied_early_shows_its_draft_until_it_is_there(desk, panel, monkeypatch):
    monkeypatch.setattr(editor_module, "LARGE_AREA", 0)
    gate = Gate()
    exactly = reshaping.Reshaping.apply

    def slowly(self, coverage, keep=None):
        gate.pass_through()
        return exactly(self, coverage, keep)

    def roughly(self, coverage, keep=None):
        return reshaping.Reshaped(exactly(self, coverage, keep), desk.editor.document.rect, is_exact=False)

    monkeypatch.setattr(reshaping.Reshaping, "apply", slowly)
    monkeypatch.setattr(reshaping.Reshaping, "compute_roughly", roughly)
    desk.trigger("select-grow")
    panel.box.setValue(5)
    desk.wait(lambda: desk.editor.draft.coverage is not None and columns(desk.editor.draft.coverage) == 34)
    QTest.mouseClick(panel.apply_button, LEFT)
    gate.wait_reached()
    assert desk.editor.is_busy
    assert columns(desk.editor.draft.coverage) == 34
    gate.open()
    desk.wait(lambda: not desk.editor.is_busy)
    assert columns(desk.editor.selection) == 34
    assert desk.editor.draft.coverage is None


def test_shrinking_all_away_selects_nothing(desk, panel):
    desk.trigger("select-shrink")
    panel.box.setValue(30)
    assert not settled(desk).any()
    desk.key(Qt.Key.Key_Return)
    assert desk.editor.selection is None


def test_an_object_just_found_is_kept_first(desk, panel):
    desk.trigger("select-none")
    desk.point_at()
    desk.trigger("select-grow")
    desk.wait(lambda: desk.shop.reshaper.kind is Reshape.GROW)
    assert not desk.session.is_open


def test_the_island_that_was_pointed_at_first_stays_however_small(desk, panel):
    desk.trigger("select-none")
    coverage = square()
    coverage[2:6, 2:6] = coverage[2:6, 52:56] = 255
    prompt = Prompt().with_point(60, 40, False).with_point(3, 3, True)
    recipe = Recipe(desk.editor.document.size, (PromptStep((Question(prompt),)),))
    desk.editor.set_document(desk.editor.document.with_selection(coverage, recipe))
    desk.settle()
    desk.trigger("select-islands")
    panel.box.setValue(10_000)
    shown = settled(desk)
    assert shown[24, 32] == 255, "the largest"
    assert [shown[4, 4], shown[4, 54]] == [255, 0]
    desk.key(Qt.Key.Key_Return)
    np.testing.assert_array_equal(desk.editor.selection, shown)
    assert desk.editor.document.selection_recipe.steps[-1].keep == (3, 3)


def test_another_draft_ends_the_trial(desk, panel):
    desk.trigger("select-grow")
    settled(desk)
    owner = object()
    desk.editor.draft.show(owner, square(), desk.editor.document.rect)
    assert not panel.isVisible()
    assert desk.editor.draft.is_of(owner)
    desk.editor.draft.clear(owner)
