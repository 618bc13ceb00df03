"""The box of an open prompt: moved by its sides, and every step of a prompt taken back one at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from core.geometry import Box, Size
from core.prompt import Prompt
from core.scribble import Scribble
from tests.ui.canvas_stage import ALT
from ui.box_shapes import moved
from ui.pointer import PointerEvent
from ui.tools.box_tool import BoxTool
from ui.tools.object_tool import ObjectTool
from ui.undo import Undo

SIDE = 24, 10
"""On the upper side of the box, between two grips."""


@pytest.fixture(params=[ObjectTool, BoxTool])
def tool(stage, request):
    tool = stage.tool(request.param)
    stage.drag(20, 10, 52, 38)
    stage.answer()
    return tool


@pytest.mark.parametrize("start", [SIDE, (20, 17), (52, 31), (45, 38)])
def test_a_box_is_moved_by_any_of_its_sides(stage, tool, start):
    stage.drag(*start, start[0] - 6, start[1] + 4)
    assert stage.session.prompt.box == Box(14, 14, 46, 42)


def test_a_moved_box_stays_in_the_photo_and_keeps_its_size(stage, tool):
    stage.drag(*SIDE, 200, -50)
    assert stage.session.prompt.box == Box(32, 0, 64, 28)


def test_the_box_is_shown_where_it_would_be_put_and_esc_leaves_it_where_it_was(stage, tool):
    stage.press(*SIDE)
    stage.move(SIDE[0] + 5, SIDE[1] + 5)
    assert tool.shown_prompt().prompt.box == Box(25, 15, 57, 43)
    assert stage.session.prompt.box == Box(20, 10, 52, 38)
    assert "Release" in tool.hint()
    stage.key(Qt.Key.Key_Escape)
    stage.release(SIDE[0] + 5, SIDE[1] + 5)
    assert stage.session.prompt.box == Box(20, 10, 52, 38)


def test_the_pointer_and_the_hint_say_that_a_side_moves_the_box(stage, tool):
    stage.hover(*SIDE)
    assert stage.canvas.cursor().shape() == Qt.CursorShape.SizeAllCursor
    assert tool.hint() == "Drag to move the box · Enter keeps · Esc drops"
    assert tool.shown_prompt().is_box_hot
    stage.hover(36, 24)
    assert not tool.shown_prompt().is_box_hot
    stage.hover(20, 10)
    assert tool.hint().startswith("Drag to resize the box")


def test_a_click_on_a_side_is_a_click_on_the_photo(stage):
    stage.tool(ObjectTool)
    stage.drag(20, 10, 52, 38)
    stage.answer()
    stage.click(*SIDE)
    assert len(stage.session.prompt.points) == 1
    assert stage.session.prompt.box == Box(20, 10, 52, 38)


def test_every_change_of_a_prompt_is_taken_back_and_done_again_one_at_a_time(stage):
    stage.tool(ObjectTool)
    undo = Undo(stage.editor, stage.session)
    steps = [
        lambda: stage.drag(20, 10, 52, 38),
        lambda: stage.drag(*SIDE, SIDE[0] - 6, SIDE[1] + 4),
        lambda: stage.drag(14, 14, 10, 6),
        lambda: stage.click(30, 30),
        lambda: stage.click(40, 20, modifiers=ALT),
        lambda: stage.session.add_scribble(Scribble(((22.0, 30.0), (28.0, 33.0)), 4.0, True)),
        lambda: stage.drag(30, 30, 33, 26),
        lambda: stage.click(40, 20),
        lambda: stage.key(Qt.Key.Key_Backspace),
    ]
    prompts = [stage.session.prompt]
    for step in steps:
        step()
        stage.answer()
        assert stage.session.prompt != prompts[-1]
        prompts.append(stage.session.prompt)
    for prompt in reversed(prompts[:-1]):
        undo.undo()
        assert stage.session.prompt == prompt
    assert not stage.session.is_open
    for prompt in prompts[1:]:
        undo.redo()
        assert stage.session.prompt == prompt


def test_words_are_taken_back_like_every_other_step(stage):
    stage.tool(ObjectTool)
    undo = Undo(stage.editor, stage.session)
    stage.session.ask_text("dog")
    stage.qtbot.waitUntil(lambda: stage.session.finds.is_choosing)
    stage.session.finds.set_ticked(0, False)
    stage.session.accept()
    stage.answer()
    stage.session.ask_text("cat")
    stage.qtbot.waitUntil(lambda: stage.session.finds.is_choosing)
    undo.undo()
    assert stage.session.prompt == Prompt(text="dog")
    assert stage.session.prediction is not None
    undo.undo()
    assert stage.session.finds.ticked_count == 1
    undo.undo()
    assert stage.session.finds.ticked_count == 2
    undo.undo()
    assert not stage.session.is_open


SIZE = Size(64, 48)
corner = st.tuples(st.integers(0, 64), st.integers(0, 48))
place = st.tuples(st.floats(-200, 200), st.floats(-200, 200))


@given(corner, corner, place, place)
def test_a_moved_box_keeps_its_size_and_stays_inside(one, other, start, end):
    box = Box.from_corners(*one, *other)
    result = moved(box, PointerEvent(*start, *start), PointerEvent(*end, *end), SIZE)
    assert (result.width, result.height) == (box.width, box.height)
    assert 0 <= result.x0 <= result.x1 <= SIZE.width
    assert 0 <= result.y0 <= result.y1 <= SIZE.height
