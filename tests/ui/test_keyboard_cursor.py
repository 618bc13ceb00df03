"""Pointing at the photo without a mouse, with real keys."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.geometry import Box
from core.mask_ops import SelectionMode
from tests.fakes import make_document
from tests.ui.canvas_stage import CTRL, SHIFT, Stage
from tests.ui.desk import NO_SCREEN
from ui.keyboard_cursor import KeyboardCursor
from ui.object_session import SearchState
from ui.tools.box_tool import BoxTool
from ui.tools.brush_tool import BrushTool
from ui.tools.object_tool import ObjectTool
from ui.tools.scribble_tool import ScribbleTool

pytestmark = NO_SCREEN

LEFT, RIGHT, UP, DOWN = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


class KeyStage(Stage):
    """A canvas with the object tool and a cursor for the keyboard."""

    def __init__(self, qtbot, document=None):
        super().__init__(qtbot, document=document)
        self.cursor = KeyboardCursor(self.canvas, self.session)
        self.tool(ObjectTool)
        QApplication.processEvents()

    def press_often(self, key, times, modifiers=Qt.KeyboardModifier.NoModifier):
        for _ in range(times):
            self.key(key, modifiers)

    @property
    def points(self):
        return [(point.x, point.y, point.is_include) for point in self.session.prompt.points]


@pytest.fixture
def stage(qtbot):
    stage = KeyStage(qtbot)
    yield stage
    stage.close()


def test_arrow_keys_move_a_cursor_by_whole_pixels_from_the_middle_of_what_is_shown(stage):
    assert stage.cursor.at is None
    stage.key(RIGHT)
    assert stage.cursor.at == (33.5, 24.5)
    stage.key(UP, SHIFT)
    assert stage.cursor.at == (33.5, 14.5)
    stage.key(LEFT)
    stage.key(DOWN)
    assert stage.cursor.at == (32.5, 15.5)


def test_the_cursor_stays_on_the_photo(stage):
    stage.press_often(LEFT, 9, SHIFT)
    stage.press_often(DOWN, 9, SHIFT)
    assert stage.cursor.at == (0.5, 47.5)


def test_a_step_is_a_pixel_of_the_screen_where_the_photo_is_shown_small(qtbot):
    stage = KeyStage(qtbot, make_document(1600, 1200))
    stage.key(RIGHT)
    before = stage.cursor.at
    stage.key(RIGHT)
    assert stage.cursor.at[0] - before[0] == pytest.approx(1 / stage.canvas.viewport.scale)
    stage.close()


def test_enter_includes_where_the_cursor_is_and_a_second_enter_keeps(stage):
    stage.key(RIGHT)
    assert stage.cursor.hint().startswith("Enter clicks here")
    stage.key(ENTER)
    assert stage.points == [(33.5, 24.5, True)]
    stage.answer()
    assert stage.cursor.hint() == "", "now the tool says that Enter keeps"
    stage.key(ENTER)
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None)
    assert not stage.session.is_open


def test_shift_enter_excludes_and_enter_after_a_move_marks_again(stage):
    stage.key(RIGHT)
    stage.key(ENTER)
    stage.answer()
    stage.key(RIGHT, SHIFT)
    stage.key(ENTER, SHIFT)
    stage.key(DOWN, SHIFT)
    stage.key(ENTER)
    assert stage.points == [(33.5, 24.5, True), (43.5, 24.5, False), (43.5, 34.5, True)]
    assert stage.editor.selection is None
    stage.key(Qt.Key.Key_Backspace)
    assert len(stage.points) == 2


def test_ctrl_enter_begins_another_object(stage):
    stage.key(RIGHT)
    stage.key(ENTER)
    stage.answer()
    stage.key(LEFT, SHIFT)
    stage.key(ENTER, CTRL)
    assert stage.session.mode is SelectionMode.ADD
    assert stage.points == [(23.5, 24.5, True)]
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None)


def test_without_a_cursor_enter_keeps_as_before(stage):
    stage.click(20, 20)
    stage.answer()
    stage.key(ENTER)
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None)


def test_the_cursor_points_as_a_mouse_does(stage):
    stage.click(33.5, 24.5)
    stage.answer()
    stage.key(RIGHT, SHIFT)
    stage.press_often(LEFT, 10)
    assert "delete the point" in stage.canvas.tool.hint()
    stage.key(ENTER)
    assert stage.points == [], "a click on a point deletes it"


def test_the_view_follows_the_cursor(stage):
    stage.canvas.set_zoom(32.0)
    for key in (RIGHT, DOWN, LEFT, UP):
        stage.press_often(key, 5, SHIFT)
        x, y = stage.canvas.viewport.to_view(*stage.cursor.at)
        assert 0 < x < stage.canvas.width()
        assert 0 < y < stage.canvas.height()


def test_the_cursor_is_drawn_and_its_place_is_told(stage):
    told = []
    stage.canvas.pointer_moved.connect(told.append)
    before = stage.shown()
    stage.key(RIGHT)
    assert told == [(33.5, 24.5)]
    assert (stage.shown() != before).any()
    stage.key(ESC)
    assert stage.cursor.at is None
    assert (stage.shown() == before).all(), "no trace of it is left"


def test_a_mouse_that_moves_takes_over_and_one_at_rest_does_not(stage):
    stage.hover(10, 10)
    stage.key(RIGHT)
    stage.hover(10, 10)
    assert stage.cursor.at is not None
    stage.hover(12, 10)
    assert stage.cursor.at is None
    stage.key(RIGHT)
    stage.click(20, 20)
    assert stage.cursor.at is None


def test_the_cursor_goes_when_the_keyboard_goes_elsewhere(stage):
    stage.key(RIGHT)
    QApplication.sendEvent(stage.canvas, QFocusEvent(QEvent.Type.FocusOut))
    assert stage.cursor.at is None


def test_in_the_middle_of_a_drag_with_the_mouse_arrows_do_nothing_of_this(stage):
    stage.press(10, 10)
    stage.key(RIGHT)
    assert stage.cursor.at is None
    stage.release(10, 10)


def test_the_box_tool_draws_a_box_from_one_enter_to_the_next(stage):
    stage.tool(BoxTool)
    stage.press_often(LEFT, 2, SHIFT)
    stage.press_often(UP, 1, SHIFT)
    assert stage.cursor.hint() == "Enter begins a box here · Esc hides the cursor"
    stage.key(ENTER)
    assert stage.cursor.hint().startswith("Arrow keys size the box")
    stage.press_often(RIGHT, 3, SHIFT)
    stage.press_often(DOWN, 2, SHIFT)
    assert stage.canvas.tool.dragged_box() is not None
    stage.key(ENTER)
    assert stage.session.prompt.box == Box(13, 15, 43, 35)
    stage.answer()
    stage.key(ENTER)
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None)


@pytest.mark.parametrize("end", ["esc", "mouse"])
def test_a_box_that_is_being_drawn_is_given_up(stage, end):
    stage.tool(BoxTool)
    stage.key(LEFT, SHIFT)
    stage.key(ENTER)
    stage.key(RIGHT, SHIFT)
    stage.key(ESC) if end == "esc" else stage.hover(1, 1)
    assert stage.canvas.tool.dragged_box() is None
    assert not stage.session.is_open
    stage.key(RIGHT)
    stage.key(ENTER)
    assert not stage.session.is_open, "this begins a new one"


def test_the_scribble_tool_dabs(stage):
    stage.tool(ScribbleTool, stage.editor, stage.session)
    stage.key(RIGHT)
    stage.key(ENTER)
    stage.key(DOWN, SHIFT)
    stage.key(ENTER, SHIFT)
    scribbles = stage.session.prompt.scribbles
    assert [(scribble.path[0], scribble.is_include) for scribble in scribbles] == [
        ((33.5, 24.5), True),
        ((33.5, 34.5), False),
    ]


def test_tools_that_do_not_point_keep_the_arrows_for_the_view(stage):
    stage.tool(BrushTool, stage.editor, stage.session, False)
    stage.canvas.set_zoom(16.0)
    before = stage.canvas.viewport
    stage.key(RIGHT)
    assert stage.cursor.at is None
    assert stage.canvas.viewport != before


def test_in_the_window_objects_are_clicked_with_the_keyboard(desk):
    desk.show_document()
    desk.wait(lambda: not desk.session.state.is_busy)
    desk.key(Qt.Key.Key_G)
    desk.wait(lambda: desk.shop.objects.search is SearchState.FOUND)
    desk.key(RIGHT)
    assert desk.window.parts.keyboard.at is not None
    assert desk.window.parts.toolbox.hint.startswith("Enter clicks here")
    desk.key(ENTER)
    desk.wait(lambda: desk.editor.selection is not None)
    desk.key(ESC)
    assert desk.window.parts.toolbox.tool.id == "everything", "first the cursor goes"
    assert desk.window.parts.keyboard.at is None
    desk.key(ESC)
    assert desk.window.parts.toolbox.tool.id == "object"
    desk.key(RIGHT)
    QTest.keyClick(desk.canvas, Qt.Key.Key_W)
    desk.key(Qt.Key.Key_B)
    assert desk.window.parts.keyboard.at is None, "another tool has another use for keys"
