"""Boxes that words found, on the photo: seen, pointed at, clicked, and cut out with keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from core.segment_request import BoxesWish, DetectWish
from tests.ui.canvas_stage import ALT, CTRL, LEFT, RIGHT, SHIFT
from tests.ui.session_photo import DOG, OTHER_DOG, shown, ticked
from ui.overlay_finds import lay_plates
from ui.tools.box_tool import BoxTool
from ui.tools.object_tool import ObjectTool

IN_DOG, IN_OTHER_DOG, BESIDE = (15, 15), (45, 32), (3, 45)


@pytest.fixture(params=[ObjectTool, BoxTool])
def tool(stage, request):
    return stage.tool(request.param)


@pytest.fixture
def dogs(stage, tool):
    stage.session.ask_text("dog")
    stage.qtbot.waitUntil(lambda: stage.session.finds.is_choosing and not stage.session.state.is_busy)
    stage.canvas.grab()
    return stage


def masks(stage):
    stage.qtbot.waitUntil(lambda: stage.session.prediction is not None and not stage.session.state.is_busy)


def click_plate(stage, index):
    plate = lay_plates(stage.canvas.viewport, stage.session.finds.shown)[index]
    centre = plate.rect.center()
    stage.click(*stage.canvas.viewport.to_image(centre.x(), centre.y()))


def test_boxes_are_drawn_over_the_photo(dogs):
    with_boxes = dogs.shown()
    dogs.session.drop()
    assert (with_boxes != dogs.shown()).any(axis=2).sum() > 500


def test_a_click_in_a_box_ticks_it_off_and_the_next_takes_it_back(dogs):
    dogs.click(*IN_DOG)
    assert ticked(dogs.session) == [OTHER_DOG]
    dogs.click(*IN_DOG)
    assert ticked(dogs.session) == [DOG, OTHER_DOG]
    assert dogs.service.counts()[BoxesWish] == 0


def test_a_click_on_a_label_ticks_its_box(dogs):
    click_plate(dogs, 1)
    assert ticked(dogs.session) == [DOG]


@pytest.mark.parametrize(("button", "modifiers"), [(RIGHT, Qt.KeyboardModifier.NoModifier), (LEFT, ALT), (LEFT, CTRL)])
def test_what_excludes_elsewhere_ticks_off_and_never_on(dogs, button, modifiers):
    for _ in range(2):
        dogs.click(*IN_DOG, button, modifiers)
        assert ticked(dogs.session) == [OTHER_DOG]
    dogs.click(*BESIDE, button, modifiers)
    assert shown(dogs.session) == [DOG, OTHER_DOG], "beside the boxes there is nothing to exclude"


def test_a_box_looks_different_ticked_off_and_pointed_at(dogs):
    plain = dogs.shown()
    dogs.hover(*IN_DOG)
    pointed_at = dogs.shown()
    dogs.click(*IN_DOG)
    off = dogs.shown()
    for one, other in ((plain, pointed_at), (pointed_at, off), (plain, off)):
        assert not np.array_equal(one, other)


def test_the_pointer_says_what_a_click_would_do(dogs, tool):
    dogs.hover(*IN_DOG)
    assert dogs.session.finds.hot == 0
    assert tool.cursor().shape() is Qt.CursorShape.PointingHandCursor
    assert tool.hint() == "Click a box to leave it out · Enter cuts out 2 · Esc drops"
    dogs.click(*IN_DOG)
    assert "take it back · Enter cuts out 1" in tool.hint()
    dogs.hover(*BESIDE)
    assert dogs.session.finds.hot is None
    assert tool.cursor().shape() is Qt.CursorShape.CrossCursor


def test_a_box_stops_standing_out_when_the_pointer_leaves_unless_the_list_points_at_it(dogs):
    dogs.hover(*IN_DOG)
    dogs.session.finds.set_hot(1)
    QApplication.sendEvent(dogs.canvas, QEvent(QEvent.Type.Leave))
    assert dogs.session.finds.hot == 1
    dogs.hover(*IN_DOG)
    QApplication.sendEvent(dogs.canvas, QEvent(QEvent.Type.Leave))
    assert dogs.session.finds.hot is None


def test_hints_say_what_to_do_without_boxes(dogs, tool):
    dogs.session.finds.set_all_ticked(False)
    assert tool.hint().startswith("No box is ticked: tick what to cut out")
    dogs.session.set_threshold(0.9)
    assert "lower the slider, or try other words · Esc drops" in tool.hint()


def test_enter_goes_from_boxes_to_masks_to_the_selection(dogs):
    dogs.click(*IN_DOG)
    dogs.key(Qt.Key.Key_Return)
    masks(dogs)
    assert dogs.service.wishes(BoxesWish) == [BoxesWish((OTHER_DOG,))]
    assert dogs.editor.selection is None
    dogs.key(Qt.Key.Key_Return)
    dogs.qtbot.waitUntil(lambda: not dogs.session.is_open)
    assert dogs.editor.selection is not None


def test_escape_drops_the_boxes(dogs):
    dogs.key(Qt.Key.Key_Escape)
    assert not dogs.session.is_open
    assert not dogs.session.finds.is_choosing


def test_tab_points_at_the_next_box_and_space_ticks_it_off(dogs):
    dogs.key(Qt.Key.Key_Tab)
    dogs.key(Qt.Key.Key_Tab)
    assert dogs.session.finds.hot == 1
    dogs.key(Qt.Key.Key_Space)
    assert ticked(dogs.session) == [DOG]
    dogs.key(Qt.Key.Key_Tab, SHIFT)
    assert dogs.session.finds.hot == 0


def test_a_drag_over_boxes_is_a_box_of_ones_own(dogs):
    dogs.drag(10, 10, 40, 40)
    assert dogs.session.prompt.box is not None
    assert dogs.session.prompt.text == ""
    masks(dogs)


def test_the_boxes_give_way_to_masks_and_undo_brings_them_back(dogs):
    boxes = dogs.shown()
    dogs.key(Qt.Key.Key_Return)
    masks(dogs)
    assert not np.array_equal(dogs.shown(), boxes)
    dogs.session.undo_prompt()
    np.testing.assert_array_equal(dogs.shown(), boxes)


def test_a_slider_takes_boxes_off_the_photo_without_asking(dogs):
    both = dogs.shown()
    dogs.session.set_threshold(0.5)
    assert not np.array_equal(dogs.shown(), both)
    dogs.session.set_threshold(0.1)
    np.testing.assert_array_equal(dogs.shown(), both)
    assert dogs.service.counts()[DetectWish] == 1


def test_what_is_redrawn_is_all_that_changed(dogs):
    dogs.hover(*IN_DOG)
    dogs.hover(*BESIDE)
    dogs.session.finds.toggle(1)
    dogs.session.set_threshold(0.5)
    partly = dogs.shown()
    dogs.canvas.update()
    np.testing.assert_array_equal(dogs.shown(), partly)


def test_boxes_stay_where_they_are_when_the_photo_is_zoomed(dogs):
    dogs.canvas.set_zoom(2 * dogs.canvas.zoom)
    dogs.canvas.grab()
    dogs.click(*IN_OTHER_DOG)
    assert ticked(dogs.session) == [DOG]


class TestTheObjectTool:
    def test_a_click_beside_the_boxes_is_a_click_on_the_photo(self, stage):
        stage.tool(ObjectTool)
        stage.session.ask_text("dog")
        stage.qtbot.waitUntil(lambda: stage.session.finds.is_choosing and not stage.session.state.is_busy)
        stage.canvas.grab()
        stage.click(*BESIDE)
        assert len(stage.session.prompt.points) == 1
        stage.answer()

    def test_shift_cuts_out_what_is_ticked_and_begins_another_object(self, stage):
        stage.tool(ObjectTool)
        stage.session.ask_text("dog")
        stage.qtbot.waitUntil(lambda: stage.session.finds.is_choosing and not stage.session.state.is_busy)
        stage.canvas.grab()
        stage.click(*IN_DOG, modifiers=SHIFT)
        stage.answer()
        assert stage.service.wishes(BoxesWish) == [BoxesWish((DOG, OTHER_DOG))]
        assert stage.editor.selection is not None
        assert len(stage.session.prompt.points) == 1
