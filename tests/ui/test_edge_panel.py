"""The edge panel: what is tried is seen on the photo, and is one undo step when it is applied."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.coverage_target import target_coverage
from core.edge_edits import Redrawn
from core.errors import SegmentationError
from core.geometry import Rect
from core.segment_request import Edge
from tests.fakes import Gate
from tests.ui.desk import LEFT
from ui import edge_trial
from ui.canvas import View

DRAFTED, SOLVED = 200, 100
BLOCK = Rect(16, 12, 32, 24)


class Work:
    """Stands in for the edges: fills the selection's block, and waits before it does so for good."""

    def __init__(self, monkeypatch):
        self.gate, self.error, self.styles = Gate(), None, []
        monkeypatch.setattr(edge_trial, "redraw_roughly", lambda document, style: self.fill(document, style, DRAFTED))
        monkeypatch.setattr(edge_trial, "redraw", self.solve)

    def fill(self, document, style, value):
        coverage = target_coverage(document).copy()
        coverage[BLOCK.slices] = value
        return Redrawn(coverage, BLOCK, style)

    def solve(self, document, style, token, report):
        self.styles.append(style)
        report(0.5)
        self.gate.pass_through()
        report(1.0)
        token.check()
        if self.error is not None:
            raise self.error
        return self.fill(document, style, SOLVED)


@pytest.fixture
def work(monkeypatch, desk):
    work = Work(monkeypatch)
    yield work
    desk.shop.edge_trial.cancel()
    work.gate.open()


@pytest.fixture
def panel(desk):
    desk.show_document()
    coverage = np.zeros((48, 64), np.uint8)
    coverage[BLOCK.slices] = 255
    desk.editor.set_selection(coverage)
    desk.settle()
    return desk.window.parts.edge_panel


def choose(desk, panel, text):
    button = next(b for b in panel.edges._group.buttons() if b.text() == text)
    QTest.mouseClick(button, LEFT)
    desk.settle()


def shown_value(desk):
    draft = desk.editor.draft.coverage
    return None if draft is None else int(draft[20, 30])


def test_without_a_selection_no_edge_can_be_tried(desk):
    desk.show_document()
    panel = desk.window.parts.edge_panel
    assert not panel.edges.isEnabled()
    assert not panel.band_row.isVisible()
    assert not panel.end_row.isVisible()


def test_a_matte_is_drafted_then_worked_out_and_applied_as_one_undo_step(desk, panel, work):
    before = desk.editor.selection
    choose(desk, panel, "Matte")
    desk.wait(lambda: shown_value(desk) == DRAFTED)
    assert desk.editor.selection is before
    assert panel.band_row.isVisible()
    work.gate.open()
    desk.wait(lambda: shown_value(desk) == SOLVED)
    assert desk.editor.selection is before
    desk.press(panel.apply_button)
    assert desk.editor.selection[20, 30] == SOLVED
    assert desk.editor.draft.coverage is None
    assert desk.shop.undo.undo_title == "Redraw edge"
    desk.trigger("undo")
    assert np.array_equal(desk.editor.selection, before)
    assert not panel.end_row.isVisible()


def test_the_progress_goes_on_from_the_draft_to_the_end(desk, panel, work):
    told = []
    desk.shop.edge_trial.progressed.connect(told.append)
    choose(desk, panel, "Matte")
    work.gate.wait_reached()
    work.gate.open()
    desk.wait(lambda: shown_value(desk) == SOLVED)
    desk.shop.edge_trial.progressed.disconnect(told.append)
    assert told[0] < 0.5
    assert told[-1] == 1


def test_applying_before_the_edge_is_there_keeps_the_draft_and_waits(desk, panel, work):
    choose(desk, panel, "Matte")
    desk.wait(lambda: shown_value(desk) == DRAFTED)
    desk.press(panel.apply_button)
    assert not panel.apply_button.isEnabled()
    assert shown_value(desk) == DRAFTED
    work.gate.open()
    desk.wait(lambda: desk.editor.selection[20, 30] == SOLVED)
    assert not panel.end_row.isVisible()


@pytest.mark.parametrize("way", ["button", "key", "status bar"])
def test_cancel_leaves_the_selection_as_it_was(desk, panel, work, way):
    before = desk.editor.selection
    choose(desk, panel, "Matte")
    desk.wait(lambda: shown_value(desk) == DRAFTED)
    if way == "button":
        desk.press(panel.cancel_button)
    elif way == "key":
        desk.key(Qt.Key.Key_Escape, widget=panel.band_slider)
    else:
        assert desk.window.parts.status._work.cancel.isVisible()
        QTest.mouseClick(desk.window.parts.status._work.cancel, LEFT)
        desk.settle()
    assert desk.editor.selection is before
    assert desk.editor.draft.coverage is None
    assert not panel.end_row.isVisible()
    assert panel.edges._group.checkedId() == -1


def test_enter_applies(desk, panel, work):
    work.gate.open()
    choose(desk, panel, "Soft")
    desk.wait(lambda: shown_value(desk) == SOLVED)
    desk.key(Qt.Key.Key_Return)
    assert desk.editor.selection[20, 30] == SOLVED


def test_the_slider_works_the_matte_out_on_another_band_and_auto_goes_back(desk, panel, work):
    work.gate.open()
    choose(desk, panel, "Matte")
    desk.wait(lambda: shown_value(desk) == SOLVED)
    automatic = desk.shop.edge_trial.automatic_band
    assert panel.band_box.value() == automatic
    assert panel.auto_button.isChecked()
    desk.key(Qt.Key.Key_Right, widget=panel.band_slider)
    desk.wait(lambda: not desk.shop.edge_trial.is_busy)
    assert [style.band for style in work.styles] == [automatic, automatic + 1]
    assert panel.band_box.value() == automatic + 1
    assert not panel.auto_button.isChecked()
    QTest.mouseClick(panel.auto_button, LEFT)
    desk.wait(lambda: not desk.shop.edge_trial.is_busy)
    assert work.styles[-1].band == automatic


def test_the_band_of_a_segmenters_own_outline_counts_for_that_selection_only(desk, panel):
    trial = desk.shop.edge_trial
    trial.know_band(desk.editor.document.selection, 33)
    assert panel.band_box.value() == 33
    desk.editor.invert_selection()
    assert panel.band_box.value() == trial.automatic_band != 33


def test_another_edge_takes_the_place_of_the_one_that_is_tried(desk, panel, work):
    choose(desk, panel, "Matte")
    desk.wait(lambda: shown_value(desk) == DRAFTED)
    choose(desk, panel, "Hard")
    work.gate.open()
    desk.wait(lambda: not desk.shop.edge_trial.is_busy)
    assert [style.edge for style in work.styles][-1] is Edge.HARD
    assert not panel.band_row.isVisible()


def test_a_change_of_the_selection_ends_the_trial(desk, panel, work):
    choose(desk, panel, "Matte")
    desk.wait(lambda: shown_value(desk) == DRAFTED)
    desk.trigger("select-invert")
    assert desk.shop.edge_trial.edge is None
    assert desk.editor.draft.coverage is None


def test_a_failure_is_told_and_ends_the_trial(desk, panel, work):
    work.error = SegmentationError("No matte today.")
    work.gate.open()
    choose(desk, panel, "Matte")
    desk.wait(lambda: desk.message is not None)
    assert desk.message.text == "No matte today."
    assert desk.editor.draft.coverage is None


def test_the_hair_brush_is_at_hand_and_applies_what_is_tried(desk, panel, work):
    work.gate.open()
    choose(desk, panel, "Soft")
    desk.wait(lambda: shown_value(desk) == SOLVED)
    QTest.mouseClick(panel.hair_button, LEFT)
    desk.settle()
    assert desk.window.parts.toolbox.tool.id == "hair"
    assert desk.editor.selection[20, 30] == SOLVED


def test_the_grounds_are_views_of_the_canvas(desk, panel, work):
    work.gate.open()
    choose(desk, panel, "Soft")
    desk.trigger("view-on-checker")
    assert desk.canvas.view is View.ON_CHECKER


def test_a_layer_mask_in_the_selections_place_is_tried_and_changed(desk, panel, work):
    desk.editor.remove_background(desk.editor.selection)
    assert not panel.edges.isEnabled()
    desk.trigger("mask-target")
    choose(desk, panel, "Matte")
    desk.wait(lambda: shown_value(desk) == DRAFTED)
    assert desk.editor.document.layers[0].mask[20, 30] == 255
    work.gate.open()
    desk.wait(lambda: shown_value(desk) == SOLVED)
    desk.press(panel.apply_button)
    assert desk.editor.document.layers[0].mask[20, 30] == SOLVED
    assert desk.editor.selection is None
    desk.trigger("undo")
    assert desk.editor.document.layers[0].mask[20, 30] == 255


def test_another_target_ends_the_trial(desk, panel, work):
    desk.editor.remove_background(desk.editor.selection)
    desk.trigger("mask-target")
    choose(desk, panel, "Matte")
    desk.wait(lambda: shown_value(desk) == DRAFTED)
    desk.trigger("mask-target")
    assert desk.shop.edge_trial.edge is None
    assert desk.editor.draft.coverage is None
