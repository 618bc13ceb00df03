import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest

from core.segment_request import CommitWish
from tests.ui.canvas_stage import ALT, LEFT, NONE, SHIFT
from ui.tools.object_tool import ObjectTool
from ui.tools.polygon_tool import PolygonTool

SQUARE = [(10, 10), (30, 10), (30, 30), (10, 30)]
OTHER = [(20, 20), (40, 20), (40, 40), (20, 40)]


@pytest.fixture
def polygon(stage):
    return stage.tool(PolygonTool)


def click_corners(stage, corners, modifiers=NONE):
    for corner in corners:
        stage.press(*corner, modifiers=modifiers)
        stage.release(*corner)
        modifiers = NONE


def area(stage):
    return 0 if stage.editor.selection is None else int((stage.editor.selection == 255).sum())


def test_clicks_set_corners_and_enter_closes(stage, polygon):
    click_corners(stage, SQUARE)
    assert stage.editor.selection is None
    stage.key(Qt.Key.Key_Return)
    assert area(stage) == 400
    assert stage.editor.undo_title == "Polygon lasso"
    stage.editor.undo()
    assert stage.editor.selection is None


def test_a_double_click_sets_the_last_corner_and_closes(stage, polygon):
    click_corners(stage, SQUARE[:3])
    stage.press(*SQUARE[3])
    stage.release(*SQUARE[3])
    stage.send(QEvent.Type.MouseButtonDblClick, *SQUARE[3])
    stage.release(*SQUARE[3])
    assert area(stage) == 400
    assert polygon.hint().startswith("Click corners around")


def test_a_click_on_the_first_corner_closes(stage, polygon):
    click_corners(stage, SQUARE)
    stage.hover(10.5, 10.5)
    assert polygon.hint() == "Click to close the outline"
    click_corners(stage, [(10.5, 10.5)])
    assert area(stage) == 400


def test_backspace_takes_the_last_corner_and_at_last_the_outline(stage, polygon):
    click_corners(stage, [*SQUARE, (60, 47)])
    stage.key(Qt.Key.Key_Backspace)
    stage.key(Qt.Key.Key_Return)
    assert area(stage) == 400
    click_corners(stage, SQUARE[:1])
    stage.key(Qt.Key.Key_Backspace)
    assert polygon.hint().startswith("Click corners around")


def test_escape_drops_the_outline(stage, polygon):
    click_corners(stage, SQUARE)
    stage.key(Qt.Key.Key_Escape)
    stage.key(Qt.Key.Key_Return)
    assert stage.editor.undo_title is None


def test_a_drag_within_it_is_drawn_freehand_and_is_one_piece_to_take_back(stage, polygon):
    click_corners(stage, SQUARE[:2])
    stage.press(*SQUARE[2])
    for corner in ((32, 34), (26, 40), (18, 38), SQUARE[3]):
        stage.move(*corner)
    stage.release(*SQUARE[3])
    stage.key(Qt.Key.Key_Backspace)
    stage.press(*SQUARE[2])
    for corner in ((30, 40), (10, 40)):
        stage.move(*corner)
    stage.release(10, 40)
    stage.key(Qt.Key.Key_Enter)
    assert area(stage) == 600


@pytest.mark.parametrize(("modifiers", "expected"), [(SHIFT, 700), (ALT, 300), (ALT | SHIFT, 100)])
def test_the_modifiers_of_the_first_click_say_how_it_meets_the_selection(stage, polygon, modifiers, expected):
    click_corners(stage, SQUARE)
    stage.key(Qt.Key.Key_Return)
    click_corners(stage, OTHER, modifiers)
    stage.key(Qt.Key.Key_Return)
    assert area(stage) == expected


def test_two_corners_hold_nothing(stage, polygon):
    click_corners(stage, SQUARE[:2])
    stage.key(Qt.Key.Key_Return)
    assert stage.editor.undo_title is None


def test_the_outline_is_shown_on_to_the_pointer(stage, polygon):
    click_corners(stage, SQUARE[:2])
    before = stage.shown()
    stage.hover(30, 40)
    assert not np.array_equal(stage.shown(), before)
    stage.key(Qt.Key.Key_Escape)


def test_another_tool_and_another_photo_drop_the_outline(stage, polygon):
    click_corners(stage, SQUARE)
    stage.tool(ObjectTool)
    stage.canvas.set_tool(polygon)
    QTest.keyClick(stage.canvas, Qt.Key.Key_Return)
    assert stage.editor.undo_title is None


def test_an_open_prompt_is_committed_before_the_outline_changes_the_selection(stage):
    stage.tool(ObjectTool)
    stage.click(50, 24)
    stage.answer()
    gate = stage.service.hold(CommitWish)
    stage.tool(PolygonTool)
    click_corners(stage, SQUARE, SHIFT)
    stage.key(Qt.Key.Key_Return)
    assert stage.editor.selection is None
    gate.open()
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None and stage.editor.selection[15, 15] == 255)
    assert stage.editor.selection[24, 50] == 255


def test_the_right_button_sets_no_corner(stage, polygon):
    stage.click(10, 10, Qt.MouseButton.RightButton)
    assert polygon.hint().startswith("Click corners around")
    stage.press(10, 10, LEFT)
    stage.release(10, 10)
    assert "Backspace" in polygon.hint()
