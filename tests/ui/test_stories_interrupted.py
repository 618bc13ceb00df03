"""Gestures that something comes between: another tool, undo, redo. Nothing of them stays, and nothing else goes."""

import pytest
from PySide6.QtCore import Qt

from core.geometry import Rect
from tests.ui.desk import NO_SCREEN
from tests.ui.stories import OUTLINE, STORIES, TOOL_IDS, contents, take

pytestmark = NO_SCREEN

GESTURES = [name for name in TOOL_IDS if name not in ("wand", "hand")]
"""Those of which something would be left: a wand selects with the press, and a hand moves the view."""


@pytest.fixture
def desk(story_desk):
    """The window with something to undo and something to redo."""
    layer = story_desk.editor.document.layers[0].id
    story_desk.editor.rename_layer(layer, "Renamed")
    return story_desk


def begin(desk, hands, tool_id):
    """Come to the middle of a gesture; return the document and the titles of undo and redo from before."""
    story = STORIES[tool_id]
    story.first(hands)
    hands.rest()
    take(desk, hands, tool_id)
    before = desk.editor.document, desk.editor.undo_title, desk.editor.redo_title
    story.begin(hands)
    return before


def assert_as(desk, before):
    document, undo, redo = before
    assert contents(desk.editor.document) == contents(document)
    assert (desk.editor.undo_title, desk.editor.redo_title) == (undo, redo)
    assert not desk.session.is_open
    assert desk.canvas.is_at_rest


@pytest.mark.parametrize("tool_id", GESTURES)
def test_another_tool_in_the_middle_of_a_gesture_gives_it_up(desk, hands, tool_id):
    before = begin(desk, hands, tool_id)
    other = "lasso" if tool_id != "lasso" else "brush"
    hands.key(STORIES[other].key)
    hands.point((44, 30))
    hands.release((44, 34))
    hands.rest()
    assert desk.window.parts.toolbox.tool.id == other
    assert_as(desk, before)
    start = desk.editor.document
    STORIES[other].begin(hands)
    STORIES[other].finish(hands)
    hands.rest()
    assert desk.editor.selection is not start.selection, "the other tool works at once"


@pytest.mark.parametrize("tool_id", GESTURES)
def test_undo_in_the_middle_of_a_gesture_takes_back_the_gesture(desk, hands, tool_id):
    before = begin(desk, hands, tool_id)
    hands.key("Ctrl+Z")
    if tool_id != "polygon":
        hands.point((44, 30))
        hands.release((44, 34))
    hands.rest()
    hands.key("Escape")  # the first corners of a polygon
    assert_as(desk, before)


@pytest.mark.parametrize("tool_id", ["object", "everything", "brush", "polygon", "crop"])
def test_redo_waits_for_the_end_of_a_gesture(desk, hands, tool_id):
    story = STORIES[tool_id]
    story.first(hands)
    hands.rest()
    desk.editor.rename_layer(desk.editor.document.layers[0].id, "Renamed once more")
    hands.key("Ctrl+Z")
    title = desk.editor.redo_title
    take(desk, hands, tool_id)
    story.begin(hands)
    hands.key("Ctrl+Shift+Z")
    assert (desk.editor.redo_title, desk.editor.document.layers[0].name) == (title, "Renamed")
    hands.key("Escape")
    hands.release((44, 34))


def test_undo_takes_an_outline_back_corner_by_corner_and_then_what_was_done_before(desk, hands):
    hands.key("Shift+L")
    for place in OUTLINE[:2]:
        hands.click(place)
    assert desk.action("undo").text() == "&Undo Corner"
    hands.key("Ctrl+Z")
    assert desk.action("undo").text() == "&Undo Corner"
    hands.key("Ctrl+Z")
    assert desk.action("undo").text() == "&Undo Rename layer"
    assert desk.editor.document.layers[0].name == "Renamed"
    for place in OUTLINE:
        hands.click(place)
    hands.key("Return")
    assert desk.action("undo").text() == "&Undo Polygon lasso"


def test_undo_puts_the_crop_frame_back_step_by_step(desk, hands):
    frame = desk.shop.crop
    hands.key("C")
    hands.drag((12, 8), (52, 32))
    hands.drag((52, 32), (40, 30))
    hands.key("Right")
    assert frame.rect == Rect(13, 8, 28, 22)
    for expected in (Rect(12, 8, 28, 22), Rect(12, 8, 40, 24), Rect(0, 0, 64, 48)):
        hands.key("Ctrl+Z")
        assert frame.rect == expected
    assert desk.action("undo").text() == "&Undo Rename layer"
    hands.drag((12, 8), (52, 32))
    hands.key("Escape")
    assert desk.action("undo").text() == "&Undo Rename layer", "a frame that started again was never elsewhere"


def test_a_drag_within_the_crop_frame_is_given_up_by_undo_alone(desk, hands):
    hands.key("C")
    hands.drag((12, 8), (52, 32))
    hands.begin((30, 20), (36, 22))
    hands.key("Ctrl+Z")
    assert desk.shop.crop.rect == Rect(12, 8, 40, 24)
    hands.release((36, 22))
    assert desk.shop.crop.rect == Rect(12, 8, 40, 24)


def test_a_key_that_is_held_through_a_drag_changes_nothing_else(desk, hands):
    hands.key("L")
    with hands.holding(Qt.Key.Key_Alt, Qt.Key.Key_Shift):
        hands.begin(*OUTLINE[:3])
        hands.key("Escape")
        hands.release(OUTLINE[3])
    assert desk.editor.selection is None
    hands.drag(*OUTLINE)
    assert desk.editor.selection is not None, "the next outline begins anew"
