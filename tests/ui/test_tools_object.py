import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest

from core.geometry import Box
from core.mask_ops import SelectionMode
from core.prompt import PointPrompt
from core.segment_request import CommitWish
from tests.ui.canvas_stage import ALT, CTRL, LEFT, RIGHT, SHIFT
from ui.tools.object_tool import ObjectTool


@pytest.fixture
def tool(stage):
    return stage.tool(ObjectTool)


def points(stage):
    return [(round(p.x, 1), round(p.y, 1), p.is_include) for p in stage.session.prompt.points]


def near(x, y):
    return pytest.approx((x, y), abs=0.3)


@pytest.fixture
def prompt(stage, tool):
    """Include at 20,20, exclude at 50,40, box 10,8 .. 60,44; answered."""
    stage.drag(10, 8, 60, 44)
    stage.click(20, 20)
    stage.click(50, 40, RIGHT)
    stage.answer()
    return stage.session


def test_a_click_includes_the_point_under_it(stage, tool):
    stage.click(30, 20)
    (point,) = stage.session.prompt.points
    assert (point.x, point.y) == near(30, 20)
    assert point.is_include
    stage.answer()


@pytest.mark.parametrize(("button", "modifiers"), [(RIGHT, None), (LEFT, ALT), (LEFT, CTRL)])
def test_a_right_click_and_alt_and_ctrl_exclude(stage, tool, button, modifiers):
    stage.click(30, 20)
    stage.click(10, 10, button, modifiers or Qt.KeyboardModifier.NoModifier)
    assert [p.is_include for p in stage.session.prompt.points] == [True, False]


def test_two_quick_clicks_are_two_points(stage, tool):
    stage.click(30, 20)
    stage.send(QEvent.Type.MouseButtonDblClick, 40, 20)
    stage.release(40, 20)
    assert len(stage.session.prompt.points) == 2


def test_a_double_click_on_one_spot_is_one_point(stage, tool):
    stage.click(30, 20)
    stage.send(QEvent.Type.MouseButtonDblClick, 30, 20)
    stage.release(30, 20)
    assert len(stage.session.prompt.points) == 1


def test_a_click_outside_of_the_photo_does_nothing(stage, tool):
    for x, y in ((-2, 10), (10, -2), (65, 10), (10, 49)):
        stage.click(x, y)
        stage.click(x, y, RIGHT)
    assert not stage.session.is_open


def test_a_hand_that_trembles_less_than_five_pixels_clicks_where_it_went_down(stage, tool):
    scale = stage.canvas.viewport.scale
    stage.drag(30, 20, 30 + 4 / scale, 20)
    assert (stage.session.prompt.points[0].x, stage.session.prompt.points[0].y) == near(30, 20)


@pytest.mark.parametrize(
    "corners", [(10, 8, 50, 40), (50, 40, 10, 8), (10, 40, 50, 8), (50, 8, 10, 40)], ids=["se", "nw", "ne", "sw"]
)
def test_a_box_dragged_in_any_of_four_directions_is_the_same(stage, tool, corners):
    stage.drag(*corners)
    assert stage.session.prompt.box == Box(10, 8, 50, 40)


def test_a_box_is_snapped_to_whole_pixels_and_clipped_to_the_photo(stage, tool):
    stage.drag(-3, 7.6, 30.4, 60)
    assert stage.session.prompt.box == Box(0, 8, 30, 48)


def test_a_box_beside_the_photo_is_none(stage, tool):
    stage.drag(-8, -4, -2, 40)
    assert not stage.session.is_open


def test_a_box_within_one_pixel_at_a_large_zoom_is_that_pixel(stage, tool):
    stage.canvas.set_zoom(32.0)
    stage.drag(30.1, 20.2, 30.8, 20.9)
    assert stage.session.prompt.box == Box(30, 20, 31, 21)


def test_box_and_points_together_refine_one_object(stage, prompt):
    assert prompt.prompt.box == Box(10, 8, 60, 44)
    assert [p.is_include for p in prompt.prompt.points] == [True, False]


def test_a_new_box_replaces_the_old_one_and_keeps_the_points(stage, prompt):
    stage.drag(5, 5, 40, 30)
    assert prompt.prompt.box == Box(5, 5, 40, 30)
    assert len(prompt.prompt.points) == 2


def test_a_point_is_moved_by_dragging_it(stage, prompt):
    stage.drag(20, 20, 33, 25)
    assert (prompt.prompt.points[0].x, prompt.prompt.points[0].y) == near(33, 25)
    assert len(prompt.prompt.points) == 2


def test_a_point_dragged_out_of_the_photo_stays_in_it(stage, prompt):
    stage.drag(20, 20, 90, -20)
    assert prompt.prompt.points[0] == PointPrompt(63.5, 0.0)


def test_a_point_is_hit_a_little_beside_its_mark(stage, prompt):
    scale = stage.canvas.viewport.scale
    stage.drag(20 + 11 / scale, 20, 33, 25)
    assert len(prompt.prompt.points) == 2
    assert prompt.prompt.points[0].x == pytest.approx(33, abs=0.3)


def test_a_point_is_deleted_by_a_click_on_it(stage, prompt):
    stage.click(20, 20)
    assert [p.is_include for p in prompt.prompt.points] == [False]


def test_backspace_takes_the_last_point_and_then_the_box(stage, prompt):
    stage.key(Qt.Key.Key_Backspace)
    assert [p.is_include for p in prompt.prompt.points] == [True]
    stage.key(Qt.Key.Key_Backspace)
    stage.key(Qt.Key.Key_Backspace)
    assert not prompt.is_open


HANDLES = {
    "top left": ((10, 8), (14, 12), Box(14, 12, 60, 44)),
    "top": ((35, 8), (40, 14), Box(10, 14, 60, 44)),
    "top right": ((60, 8), (50, 4), Box(10, 4, 50, 44)),
    "right": ((60, 26), (55, 30), Box(10, 8, 55, 44)),
    "bottom right": ((60, 44), (50, 36), Box(10, 8, 50, 36)),
    "bottom": ((35, 44), (30, 47), Box(10, 8, 60, 47)),
    "bottom left": ((10, 44), (4, 40), Box(4, 8, 60, 40)),
    "left": ((10, 26), (20, 30), Box(20, 8, 60, 44)),
    "right beyond left": ((60, 26), (5, 26), Box(5, 8, 10, 44)),
}


@pytest.mark.parametrize(("start", "end", "expected"), HANDLES.values(), ids=HANDLES)
def test_a_box_is_resized_by_its_eight_grips(stage, tool, start, end, expected):
    stage.drag(10, 8, 60, 44)
    stage.drag(*start, *end)
    assert stage.session.prompt.box == expected


def test_shift_and_click_adds_another_object_to_the_selection(stage, tool):
    stage.click(15, 24)
    stage.answer()
    stage.click(50, 24, LEFT, SHIFT)
    stage.answer()
    assert stage.session.mode is SelectionMode.ADD
    assert len(stage.session.prompt.points) == 1
    stage.key(Qt.Key.Key_Return)
    stage.qtbot.waitUntil(lambda: not stage.session.is_open)
    assert stage.editor.selection[24, 15] == stage.editor.selection[24, 50] == 255


@pytest.mark.parametrize(
    ("modifiers", "mode"),
    [
        (SHIFT, SelectionMode.ADD),
        (ALT, SelectionMode.SUBTRACT),
        (ALT | SHIFT, SelectionMode.INTERSECT),
    ],
    ids=["shift", "alt", "alt+shift"],
)
def test_modifiers_at_the_start_of_a_drag_choose_how_the_box_meets_the_selection(stage, tool, modifiers, mode):
    stage.select(0, 0, 40, 48)
    stage.press(10, 8, modifiers=modifiers)
    stage.move(40, 40)  # let go of the keys on the way: the start counts
    stage.move(50, 40)
    stage.release(50, 40)
    assert stage.session.mode is mode
    assert stage.session.prompt.box == Box(10, 8, 50, 40)


def test_enter_commits_what_is_shown(stage, prompt):
    stage.key(Qt.Key.Key_Return)
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None)
    assert stage.editor.selection[26, 35] == 255
    assert stage.editor.selection[0, 0] == 0
    assert stage.service.counts()[CommitWish] == 1


def test_escape_drops_the_prompt_and_then_means_nothing_to_the_tool(stage, prompt):
    stage.key(Qt.Key.Key_Escape)
    assert not prompt.is_open
    assert stage.editor.selection is None


def test_escape_in_the_middle_of_a_drag_only_gives_up_the_drag(stage, prompt):
    stage.press(5, 5)
    stage.move(40, 30)
    stage.key(Qt.Key.Key_Escape)
    stage.move(45, 33)
    stage.release(45, 33)
    assert prompt.prompt.box == Box(10, 8, 60, 44)
    assert len(prompt.prompt.points) == 2


def test_a_document_that_goes_away_takes_the_gesture_with_it(stage, tool):
    stage.press(5, 5)
    stage.move(40, 30)
    stage.editor.set_document(None)
    stage.release(40, 30) if stage.canvas.viewport else None
    assert not stage.session.is_open
    assert tool.dragged_box() is None


def test_the_hint_says_what_the_next_gesture_does(stage, tool):
    assert tool.hint() == "Click the object, or drag a box around it"
    stage.hover(20, 20, SHIFT)
    assert tool.hint() == "Click another object to add it, or drag a box around it"
    stage.hover(20, 20)
    stage.click(20, 20)
    stage.answer()
    stage.hover(50, 40)
    assert tool.hint() == (
        "Click what is missing, right-click what does not belong · Tab: candidate 2 of 3 · Enter keeps · Esc drops"
    )
    stage.hover(50, 40, ALT)
    assert tool.hint() == "Click what does not belong · drag a box to subtract another object"
    stage.hover(20, 20)
    assert tool.hint() == "Drag to move, click to delete the point · Enter keeps · Esc drops"
    stage.press(50, 10)
    stage.move(20, 40)
    assert tool.hint() == "Release to find the object in the box · Esc cancels"


def test_the_hint_follows_a_modifier_key_without_the_pointer_moving(stage, tool):
    stage.hover(20, 20)
    QTest.keyPress(stage.canvas, Qt.Key.Key_Alt, ALT)
    assert tool.hint() == "Click an object to take it out of the selection, or drag a box around it"
    QTest.keyRelease(stage.canvas, Qt.Key.Key_Alt)
    assert tool.hint() == "Click the object, or drag a box around it"


def test_the_pointer_shows_what_can_be_dragged(stage, prompt):
    shapes = {}
    for name, at in {"free": (30, 40), "point": (20, 20), "corner": (10, 8), "side": (60, 26)}.items():
        stage.hover(*at)
        shapes[name] = stage.canvas.cursor().shape()
    assert shapes == {
        "free": Qt.CursorShape.CrossCursor,
        "point": Qt.CursorShape.PointingHandCursor,
        "corner": Qt.CursorShape.SizeFDiagCursor,
        "side": Qt.CursorShape.SizeHorCursor,
    }
