"""After a commit its outline is looked at closely, and what comes of it is part of the commit's own undo step."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.errors import SegmentationError
from core.segment_request import CommitWish, DetailWish
from tests.fakes import make_document
from tests.ui.desk import LEFT, SHIFT


@pytest.fixture
def finer(desk):
    """A photo that is ready for clicks, and what looking closer will make of any commit: a block in its middle."""
    desk.show_document()
    desk.wait(lambda: not desk.session.state.is_busy and "encode" in desk.session.state.seconds)
    coverage = np.zeros((48, 64), np.uint8)
    coverage[10:30, 20:40] = 255
    coverage.flags.writeable = False
    desk.service.detail = coverage
    desk.service.requests.clear()
    yield coverage
    desk.service.detail = None


@pytest.fixture
def gate(desk, finer):
    return desk.service.hold(DetailWish)


def details(desk):
    return desk.service.wishes(DetailWish)


def finish(desk):
    desk.wait(lambda: desk.session.line.is_idle)


def test_the_finer_outline_takes_the_commits_place_as_the_same_undo_step(desk, finer, gate):
    desk.select()
    coarse = desk.editor.selection
    gate.wait_reached()
    gate.open()
    desk.wait(lambda: np.array_equal(desk.editor.selection, finer))
    assert details(desk)[0].candidate is desk.service.wishes(CommitWish)[0].candidate
    desk.trigger("undo")
    assert desk.editor.selection is None
    assert desk.shop.undo.undo_title is None
    desk.trigger("redo")
    np.testing.assert_array_equal(desk.editor.selection, finer)
    assert not np.array_equal(coarse, finer)


def test_it_meets_what_was_selected_before_as_the_commit_did(desk, finer):
    before = np.zeros((48, 64), np.uint8)
    before[:, :5] = 255
    desk.editor.set_selection(before)
    desk.click(32, 24, modifiers=SHIFT)
    desk.wait(lambda: desk.session.prediction is not None and not desk.session.state.is_busy)
    desk.key(Qt.Key.Key_Return)
    desk.wait(lambda: np.array_equal(desk.editor.selection, np.maximum(before, finer)))
    desk.trigger("undo")
    np.testing.assert_array_equal(desk.editor.selection, before)


def test_the_next_click_withdraws_it(desk, finer, gate):
    desk.select()
    coarse = desk.editor.selection
    gate.wait_reached()
    desk.click(10, 10)
    assert not desk.shop.edge_detail.is_busy
    gate.open()
    desk.wait(lambda: desk.session.prediction is not None and not desk.session.state.is_busy)
    assert desk.editor.selection is coarse


def test_a_change_of_the_selection_withdraws_it(desk, finer, gate):
    desk.select()
    gate.wait_reached()
    desk.trigger("select-invert")
    inverted = desk.editor.selection
    gate.open()
    finish(desk)
    assert desk.editor.selection is inverted


def test_it_is_dropped_when_another_step_came_after_the_commit(desk, finer, gate):
    desk.select()
    coarse = desk.editor.selection
    gate.wait_reached()
    desk.trigger("layer-duplicate")
    assert desk.shop.edge_detail.is_busy
    gate.open()
    finish(desk)
    assert desk.editor.selection is coarse


def test_it_is_dropped_while_an_edge_is_tried(desk, finer, gate):
    desk.select()
    coarse = desk.editor.selection
    gate.wait_reached()
    QTest.mouseClick(desk.window.parts.edge_panel.edges._group.button(0), LEFT)
    desk.wait(lambda: desk.editor.draft.coverage is not None)
    gate.open()
    finish(desk)
    assert desk.editor.selection is coarse
    desk.key(Qt.Key.Key_Escape, widget=desk.window.parts.edge_panel.apply_button)


def test_the_status_bar_says_what_is_done_and_can_stop_it(desk, finer, gate):
    desk.select()
    coarse = desk.editor.selection
    gate.wait_reached()
    status = desk.window.parts.status
    desk.wait(status._work.cancel.isVisible)
    assert status._work._text.text() == "Looking closer at the outline"
    QTest.mouseClick(status._work.cancel, LEFT)
    desk.settle()
    assert not status._work.isVisible()
    gate.open()
    desk.settle()
    assert desk.editor.selection is coarse


def test_it_can_be_switched_off_in_the_edge_panel(desk, finer):
    box = desk.window.parts.edge_panel.detail_box
    QTest.mouseClick(box, LEFT, pos=box.rect().center())
    if box.isChecked():  # where the style wants the mark itself to be hit
        box.click()
    assert not desk.shop.remembered.settings.is_edge_detailed
    desk.select()
    finish(desk)
    assert details(desk) == []


def test_a_slow_encoder_is_not_asked(desk, finer, monkeypatch):
    state = desk.session.state
    monkeypatch.setitem(state.seconds, "encode", 1.6)
    desk.select()
    finish(desk)
    assert details(desk) == []


def test_a_failure_leaves_the_commit_as_it_is_and_bothers_nobody(desk, finer):
    desk.service.errors[DetailWish] = SegmentationError("No.")
    desk.select()
    coarse = desk.editor.selection
    finish(desk)
    assert desk.editor.selection is coarse
    desk.assert_no_error()


def test_another_photo_withdraws_it(desk, finer, gate):
    desk.select()
    gate.wait_reached()
    desk.show_document()
    assert not desk.shop.edge_detail.is_busy
    gate.open()
    finish(desk)
    assert desk.editor.selection is None


def remove(desk):
    desk.trigger("remove-background")
    desk.wait(lambda: desk.editor.document.layers[0].mask is not None)
    return desk.editor.document.layers[0]


def test_a_removed_background_is_looked_at_closely_as_the_same_undo_step(desk, finer, gate):
    coarse = remove(desk)
    gate.wait_reached()
    assert desk.message.text == "Everything but the main subject is hidden."
    gate.open()
    desk.wait(lambda: np.array_equal(desk.editor.document.layers[0].mask, finer))
    layer = desk.editor.document.layers[0]
    assert not np.array_equal(coarse.mask, finer)
    assert layer.recipe.steps[-1].is_detailed
    assert not coarse.recipe.steps[-1].is_detailed
    assert desk.message.text == "Everything but the main subject is hidden.", "it can still be corrected"
    desk.trigger("undo")
    assert desk.editor.document.layers[0].mask is None
    assert desk.message is None
    desk.trigger("redo")
    np.testing.assert_array_equal(desk.editor.document.layers[0].mask, finer)


def test_what_a_mask_hid_before_stays_hidden_after_the_closer_look(desk, finer):
    photo, hidden = desk.editor.document.layers[0], np.full((48, 64), 255, np.uint8)
    hidden[:, 30:] = 0
    desk.editor.set_document(replace(desk.editor.document, layers=(photo.with_mask(hidden),)))
    desk.wait(lambda: not desk.session.state.is_busy)
    desk.trigger("remove-background")
    expected = np.where(hidden > 0, finer, 0)
    desk.wait(lambda: np.array_equal(desk.editor.document.layers[0].mask, expected))


def test_a_removed_background_that_was_painted_on_keeps_its_outline(desk, finer, gate):
    remove(desk)
    gate.wait_reached()
    desk.trigger("mask-invert")
    inverted = desk.editor.document.layers[0].mask
    gate.open()
    finish(desk)
    assert desk.editor.document.layers[0].mask is inverted


def test_the_band_of_a_matte_is_as_wide_as_the_commits_outline_is_in_doubt(desk):
    desk.show_document(make_document(640, 480))
    desk.wait(lambda: not desk.session.state.is_busy)
    usual = desk.shop.edge_trial.automatic_band
    desk.select(320, 240)
    finish(desk)
    assert desk.shop.edge_trial.automatic_band == 30 > usual  # one and a half cells of 20 pixels
