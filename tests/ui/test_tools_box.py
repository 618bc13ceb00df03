import pytest
from PySide6.QtCore import Qt

from core.geometry import Box
from core.mask_ops import SelectionMode
from tests.ui.canvas_stage import RIGHT, SHIFT
from ui.tools.box_tool import BoxTool
from ui.tools.hand_tool import HandTool


@pytest.fixture
def tool(stage):
    return stage.tool(BoxTool)


def test_a_click_means_nothing(stage, tool):
    stage.click(20, 20)
    stage.click(20, 20, RIGHT)
    assert not stage.session.is_open


@pytest.mark.parametrize("corners", [(10, 8, 50, 40), (50, 40, 10, 8), (10, 40, 50, 8), (50, 8, 10, 40)])
def test_a_box_dragged_in_any_of_four_directions_is_the_same(stage, tool, corners):
    stage.drag(*corners)
    assert stage.session.prompt.box == Box(10, 8, 50, 40)


def test_shift_begins_another_object(stage, tool):
    stage.drag(5, 5, 20, 20)
    stage.answer()
    stage.drag(30, 20, 60, 40, modifiers=SHIFT)
    assert stage.session.mode is SelectionMode.ADD
    assert stage.session.prompt.box == Box(30, 20, 60, 40)
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None)


def test_a_drag_with_another_button_means_nothing(stage, tool):
    stage.drag(5, 5, 20, 20, RIGHT)
    assert not stage.session.is_open


def test_the_hints_speak_of_boxes(stage, tool):
    assert tool.hint() == "Drag a box around the object"
    stage.press(5, 5)
    stage.move(20, 20)
    assert tool.hint() == "Release to find the object in the box · Esc cancels"
    stage.release(20, 20)
    stage.hover(40, 40)
    assert tool.hint() == "Drag a grip or a side of the box to correct it, or a new box · Enter keeps · Esc drops"
    stage.hover(5, 5)
    assert tool.hint() == "Drag to resize the box · Enter keeps · Esc drops"


def test_the_hand_shows_an_open_hand_and_a_closed_one_while_it_drags(stage):
    tool = stage.tool(HandTool, stage.canvas)
    assert tool.hint() == "Drag to move the photo · wheel to zoom"
    stage.hover(20, 20)
    assert stage.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    stage.press(20, 20)
    assert stage.canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    stage.release(20, 20)
    assert stage.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
