import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest

from core.document import Document
from core.geometry import Box, Size
from core.layer import Layer, new_layer_id
from core.mask_ops import SelectionMode
from core.segment_request import PredictWish
from tests.ui.canvas_stage import ALT, CTRL, LEFT, MIDDLE, NONE, RIGHT, SHIFT
from ui.brush_settings import RoundSettings
from ui.tools.object_tool import ObjectTool
from ui.tools.scribble_tool import ScribbleTool


@pytest.fixture
def tool(stage):
    return stage.tool(ScribbleTool, stage.editor, stage.session, RoundSettings(size=4.0), stage.canvas)


@pytest.fixture
def strokes(stage, tool):
    """One stroke over what belongs, one over what does not; answered."""
    stage.drag(10, 20, 30, 20)
    stage.drag(40, 40, 60, 40, RIGHT)
    stage.answer()
    return stage.session


def scribbles(stage):
    return [
        ([(round(x), round(y)) for x, y in (s.path[0], s.path[-1])], s.width, s.is_include)
        for s in stage.session.prompt.scribbles
    ]


def look(stage, x, y):
    """Return whether more green or more red is shown at a place than on a grey photo."""
    red, green, _ = stage.shown_at(x, y).astype(int)
    return "include" if green > red + 20 else "exclude" if red > green + 20 else ""


def test_a_drag_paints_over_what_belongs(stage, tool):
    stage.drag(10, 20, 50, 30)
    assert scribbles(stage) == [([(10, 20), (50, 30)], 4.0, True)]
    assert stage.session.prompt.box is None
    stage.answer()
    assert stage.service.wishes(PredictWish)[-1].prompt == stage.session.prompt


@pytest.mark.parametrize(("button", "modifiers"), [(RIGHT, NONE), (LEFT, ALT), (LEFT, CTRL), (RIGHT, CTRL)])
def test_the_right_button_and_alt_and_ctrl_paint_over_what_does_not(stage, tool, button, modifiers):
    stage.drag(10, 20, 50, 20)
    stage.drag(10, 40, 50, 40, button, modifiers)
    assert [is_include for _, _, is_include in scribbles(stage)] == [True, False]


def test_what_counts_is_how_the_stroke_began(stage, tool):
    stage.press(10, 20)
    stage.move(30, 20, modifiers=ALT)
    stage.release(50, 20, modifiers=CTRL)
    assert [is_include for _, _, is_include in scribbles(stage)] == [True]


def test_a_click_is_a_dab(stage, tool):
    stage.click(30, 20)
    (dab,) = stage.session.prompt.scribbles
    assert dab.path == (pytest.approx((30, 20), abs=0.3),)
    stage.click(40, 20, RIGHT)
    assert [s.is_include for s in stage.session.prompt.scribbles] == [True, False]


def test_a_double_click_is_one_dab(stage, tool):
    stage.click(30, 20)
    point = stage.view_point(30, 20).toPoint()
    QTest.mouseDClick(stage.canvas, LEFT, NONE, point)
    assert len(stage.session.prompt.scribbles) == 1


def test_two_quick_dabs_are_two(stage, tool):
    stage.click(30, 20)
    stage.send(QEvent.Type.MouseButtonDblClick, 40, 20)
    stage.release(40, 20)
    assert len(stage.session.prompt.scribbles) == 2


def test_nothing_is_painted_beside_the_photo_but_across_it(stage, tool):
    stage.click(-3, 10)
    stage.drag(-4, 10, -2, 30)
    stage.drag(-4, 10, -2, 30, modifiers=SHIFT)
    assert not stage.session.is_open
    stage.drag(-4, 10, 70, 10)
    assert scribbles(stage) == [([(-4, 10), (70, 10)], 4.0, True)]


def test_a_long_stroke_keeps_few_corners(stage, tool):
    stage.press(5, 10)
    for x in np.linspace(5, 60, 200):
        stage.move(float(x), 10)
    stage.release(60, 10)
    assert len(stage.session.prompt.scribbles[0].path) == 2


@pytest.mark.parametrize(("modifiers", "mode"), [(SHIFT, SelectionMode.ADD), (ALT | SHIFT, SelectionMode.INTERSECT)])
def test_shift_begins_another_object_with_a_stroke_or_a_dab(stage, strokes, modifiers, mode):
    stage.drag(20, 5, 40, 5, modifiers=modifiers)
    assert scribbles(stage) == [([(20, 5), (40, 5)], 4.0, True)]
    assert stage.session.mode is mode
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None)
    stage.click(10, 40, modifiers=SHIFT)
    assert [len(s.path) for s in stage.session.prompt.scribbles] == [1]


def test_a_stroke_beside_the_photo_keeps_no_object_first(stage, strokes):
    stage.drag(-4, 10, -2, 30, modifiers=SHIFT)
    stage.answer()
    assert len(strokes.prompt.scribbles) == 2
    assert stage.editor.selection is None


def test_a_stroke_shows_while_it_is_drawn_and_afterwards(stage, tool):
    grey = Layer(new_layer_id(), "grey", np.full((48, 64, 4), (128, 128, 128, 255), np.uint8))
    stage.editor.set_document(Document(Size(64, 48), (grey,), grey.id))
    stage.press(10, 10)
    stage.move(50, 10)
    assert look(stage, 20, 11.5) == "include"
    assert not stage.session.is_open
    stage.release(50, 10)
    stage.answer()
    assert look(stage, 20, 11.5) == "include"
    stage.press(10, 40, RIGHT)
    stage.move(50, 40, RIGHT)
    assert look(stage, 30, 41.5) == "exclude"
    stage.release(50, 40, RIGHT)
    assert look(stage, 30, 41.5) == "exclude"


def test_escape_takes_the_stroke_in_progress_then_the_prompt(stage, strokes):
    stage.press(10, 10)
    stage.move(50, 10)
    stage.key(Qt.Key.Key_Escape)
    stage.move(60, 10)
    stage.release(60, 10)
    assert len(strokes.prompt.scribbles) == 2
    stage.key(Qt.Key.Key_Escape)
    assert not strokes.is_open


def test_backspace_takes_stroke_by_stroke(stage, strokes):
    stage.key(Qt.Key.Key_Backspace)
    assert [s.is_include for s in strokes.prompt.scribbles] == [True]
    stage.key(Qt.Key.Key_Backspace)
    assert not strokes.is_open


def test_enter_keeps_the_object(stage, strokes):
    stage.key(Qt.Key.Key_Return)
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None)
    assert not strokes.is_open


def test_tab_looks_at_the_next_candidate(stage, strokes):
    before = strokes.candidate_index
    stage.key(Qt.Key.Key_Tab)
    assert strokes.candidate_index != before


def test_brackets_change_the_size_also_within_a_stroke(stage, tool):
    stage.key(Qt.Key.Key_BracketRight)
    assert tool.settings.size == 5
    stage.press(10, 10)
    stage.key(Qt.Key.Key_BracketRight)
    stage.move(50, 10)
    stage.key(Qt.Key.Key_BracketRight)
    stage.release(50, 10)
    assert scribbles(stage)[0][1] == tool.settings.size == 7
    for _ in range(9):
        stage.key(Qt.Key.Key_BracketLeft)
    assert tool.settings.size == 1


def test_the_photo_can_be_zoomed_and_moved_in_the_middle_of_a_stroke(stage, tool):
    stage.press(10, 10)
    stage.move(20, 10)
    before = stage.canvas.viewport
    stage.wheel(240)
    assert stage.canvas.viewport.scale > before.scale
    point = stage.view_point(30, 20)
    stage.send(QEvent.Type.MouseButtonPress, 20, 10, MIDDLE, LEFT | MIDDLE)
    stage.move(25, 15, LEFT | MIDDLE)
    stage.send(QEvent.Type.MouseButtonRelease, 25, 15, MIDDLE, LEFT)
    assert stage.view_point(30, 20) != point
    QTest.keyPress(stage.canvas, Qt.Key.Key_Space)
    stage.move(26, 16)
    QTest.keyRelease(stage.canvas, Qt.Key.Key_Space)
    stage.move(40, 30)
    stage.release(40, 30)
    assert scribbles(stage) == [([(10, 10), (40, 30)], 4.0, True)]
    assert len(stage.session.prompt.scribbles[0].path) == 3


def test_the_brush_is_a_circle_at_the_pointer_unless_it_is_tiny(stage, tool):
    stage.hover(30, 20)
    assert stage.canvas.cursor().shape() is Qt.CursorShape.BlankCursor
    tool.settings.set_size(1)
    stage.canvas.set_zoom(1.0)
    stage.hover(30, 20)
    assert stage.canvas.cursor().shape() is Qt.CursorShape.CrossCursor


def test_marks_are_painted_over_not_grabbed(stage, tool):
    stage.session.set_box(Box(10, 10, 50, 40))
    stage.session.add_point(30, 20)
    stage.drag(30, 20, 50, 20)
    stage.drag(10, 10, 5, 5)
    prompt = stage.session.prompt
    assert (prompt.box, len(prompt.points), len(prompt.scribbles)) == (Box(10, 10, 50, 40), 1, 2)


def test_the_object_tool_goes_on_with_strokes_and_the_other_way_round(stage, strokes, tool):
    stage.tool(ObjectTool)
    stage.click(50, 10)
    stage.drag(2, 2, 62, 46)
    assert len(strokes.prompt.scribbles) == 2
    assert strokes.prompt.box == Box(2, 2, 62, 46)
    stage.canvas.set_tool(tool)
    stage.drag(5, 30, 20, 30)
    assert (len(strokes.prompt.points), len(strokes.prompt.scribbles)) == (1, 3)
    for left in (2, 2, 2, 1, 0):
        strokes.undo_prompt()
        assert len(strokes.prompt.scribbles) == left


def test_a_stroke_is_deleted_by_a_click_on_its_sign_in_the_object_tool(stage, strokes):
    tool = stage.tool(ObjectTool)
    stage.hover(40, 40)
    assert "delete the stroke" in tool.hint()
    assert stage.canvas.cursor().shape() is Qt.CursorShape.PointingHandCursor
    stage.click(40, 40)
    assert [s.is_include for s in strokes.prompt.scribbles] == [True]
    stage.send(QEvent.Type.MouseButtonDblClick, 10, 20)
    stage.release(10, 20)
    assert len(strokes.prompt.scribbles) == 1


def test_a_box_can_begin_on_the_sign_of_a_stroke(stage, strokes):
    stage.tool(ObjectTool)
    stage.drag(10, 20, 50, 40)
    assert strokes.prompt.box == Box(10, 20, 50, 40)
    assert len(strokes.prompt.scribbles) == 2


def test_a_click_ticks_a_box_that_words_found_and_a_stroke_makes_them_go(stage, tool):
    stage.session.ask_text("dog")
    stage.qtbot.waitUntil(lambda: stage.session.finds.is_choosing)
    stage.canvas.grab()
    stage.hover(10, 15)
    assert "Click a box" in tool.hint()
    stage.click(10, 15)
    assert stage.session.finds.ticked_count == 1
    stage.drag(40, 30, 50, 30, RIGHT)
    assert stage.session.finds.is_choosing
    stage.drag(40, 30, 50, 30)
    assert not stage.session.finds.is_choosing
    assert len(stage.session.prompt.scribbles) == 1
    stage.answer()


HINTS = {
    SelectionMode.NEW: "Paint over some of what belongs",
    SelectionMode.ADD: "another object to add",
    SelectionMode.SUBTRACT: "take it out",
    SelectionMode.INTERSECT: "keep only",
}


@pytest.mark.parametrize("mode", SelectionMode)
def test_the_hint_tells_what_a_stroke_will_do(stage, tool, mode):
    stage.session.set_mode(mode)
    assert HINTS[mode] in tool.hint()


def test_the_hint_follows_modifiers_and_the_prompt(stage, tool):
    stage.hover(20, 20, ALT)
    assert tool.hint() == "Paint over what does not belong"
    stage.press(20, 20)
    stage.move(50, 20)
    assert "Release to finish" in tool.hint()
    stage.release(50, 20)
    stage.answer()
    assert "what is missing" in tool.hint()
    assert "candidate 2 of 3" in tool.hint()
    stage.hover(20, 20, SHIFT)
    assert "this one is kept first" in tool.hint()
    stage.drag(20, 40, 50, 40, RIGHT)
    assert "what is missing" in tool.hint()


def test_undo_goes_back_stroke_by_stroke_and_redo_forth(desk):
    desk.show_document()
    desk.key(Qt.Key.Key_S)
    view = desk.canvas.viewport
    for row, button in ((10, LEFT), (20, RIGHT), (30, LEFT)):
        start, end = (QPoint(*(round(v) for v in view.to_view(x, row))) for x in (10, 50))
        QTest.mousePress(desk.canvas, button, NONE, start)
        QTest.mouseMove(desk.canvas, (start + end) / 2)
        QTest.mouseMove(desk.canvas, end)
        QTest.mouseRelease(desk.canvas, button, NONE, end)
        desk.wait(lambda: desk.session.state.is_busy is False)
    counts = []
    for key in (Qt.Key.Key_Z, Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_Z, Qt.Key.Key_Z):
        desk.key(key, CTRL)
        counts.append(len(desk.session.prompt.scribbles))
        assert (desk.session.prediction is not None) == (counts[-1] > 0)
    assert counts == [2, 1, 2, 1, 0]
    assert not desk.session.is_open


def test_an_answer_that_comes_after_the_strokes_were_dropped_is_not_shown(stage, tool):
    gate = stage.service.hold(PredictWish)
    stage.drag(10, 20, 50, 20)
    gate.wait_reached()
    stage.drag(10, 40, 50, 40, RIGHT)
    stage.key(Qt.Key.Key_Escape)
    gate.open()
    stage.qtbot.waitUntil(lambda: not stage.session.state.is_busy)
    assert not stage.session.is_open
    assert stage.session.prediction is None


def test_a_late_answer_does_not_disturb_the_stroke_that_is_drawn_meanwhile(stage, tool):
    gate = stage.service.hold(PredictWish)
    stage.drag(10, 20, 50, 20)
    gate.wait_reached()
    stage.press(10, 40, RIGHT)
    stage.move(30, 40, RIGHT)
    gate.open()
    stage.answer()
    first = stage.session.prediction
    stage.move(50, 40, RIGHT)
    stage.release(50, 40, RIGHT)
    assert scribbles(stage)[1] == ([(10, 40), (50, 40)], 4.0, False)
    stage.qtbot.waitUntil(lambda: stage.session.prediction is not first)


def test_without_a_photo_nothing_happens(stage, tool):
    stage.editor.set_document(None)
    QTest.mouseClick(stage.canvas, LEFT)
    assert not stage.session.is_open
