"""What is done with each tool, from its key to the file: in the whole window, with the input of a real hand."""

import numpy as np
import pytest
from PIL import Image

from core.mask_ops import SelectionMode, combine
from tests.ui.desk import NO_SCREEN
from tests.ui.stories import SIZE, STORIES, TOOL_IDS, contents, take

pytestmark = NO_SCREEN

SELECTING = {name: list(story.modes) for name, story in STORIES.items() if story.modes}
MODES = [(name, mode, False) for name, modes in SELECTING.items() for mode in modes]
BUTTONS = [(name, modes[place % len(modes)], True) for place, (name, modes) in enumerate(SELECTING.items())]
"""One a tool: that the button does the same as the keys has nothing to do with which mode it is."""


@pytest.fixture
def desk(story_desk):
    return story_desk


def export(desk, hands, path):
    """Export the cutout through the dialog, and return the file's pixels."""
    hands.key("Ctrl+Shift+E")
    dialog = desk.dialog()
    dialog.path_field.setText(str(path))
    hands.key("Return")
    desk.wait(lambda: path.exists() and not desk.shop.files.is_writing)
    with Image.open(path) as image:
        return np.asarray(image)


def test_every_tool_of_the_window_has_its_story(desk):
    assert sorted(STORIES) == sorted(desk.window.parts.toolbox._tools) == sorted(TOOL_IDS)
    for tool_id in TOOL_IDS:
        shown = desk.action(f"tool-{tool_id}").shortcut().toString()
        assert shown == STORIES[tool_id].key, "the story takes the tool by the key that the window shows"


@pytest.mark.parametrize("tool_id", TOOL_IDS)
def test_the_button_takes_the_tool_and_gives_the_photo_the_keyboard(desk, hands, tool_id):
    hands.key("V" if tool_id != "move" else "H")
    hands.click_on(hands.tool_button(tool_id))
    assert desk.window.parts.toolbox.tool.id == tool_id
    assert hands.tool_button(tool_id).isChecked()
    assert desk.canvas.hasFocus()


@pytest.mark.parametrize("tool_id", TOOL_IDS)
def test_a_gesture_is_one_step_there_and_back_and_is_in_the_file(desk, hands, tool_id, story_picture, tmp_path):
    story = STORIES[tool_id]
    story.first(hands)
    hands.rest()
    take(desk, hands, tool_id)
    before = desk.editor.document
    story.begin(hands)
    story.finish(hands)
    hands.rest()
    after = desk.editor.document
    story.shows(before, after)
    assert not desk.session.is_open
    desk.assert_no_error()
    if story.export is not None:
        story.export(export(desk, hands, tmp_path / "out.png"), story_picture, after)
    assert contents(desk.editor.document) == contents(after), "an export changes nothing"
    if after is not before:
        hands.key("Ctrl+Z")
        assert contents(desk.editor.document) == contents(before)
        hands.key("Ctrl+Shift+Z")
        assert contents(desk.editor.document) == contents(after)


@pytest.mark.parametrize("tool_id", [name for name in TOOL_IDS if name not in ("wand", "hand")])
def test_escape_in_the_middle_of_a_gesture_leaves_everything_as_it_was(desk, hands, tool_id):
    story = STORIES[tool_id]
    story.first(hands)
    hands.rest()
    take(desk, hands, tool_id)
    before, title = desk.editor.document, desk.editor.undo_title
    view = desk.canvas.viewport
    story.begin(hands)
    hands.key("Escape")
    hands.release((44, 34))
    hands.rest()
    assert contents(desk.editor.document) == contents(before)
    assert desk.editor.selection is before.selection
    assert desk.editor.undo_title == title
    assert not desk.session.is_open
    assert desk.canvas.viewport == view
    assert not desk.action("redo").isEnabled(), "what was given up cannot be done again"


@pytest.mark.parametrize(("tool_id", "mode", "by_button"), [*MODES, *BUTTONS])
def test_modes_say_how_a_gesture_meets_the_selection(desk, hands, tool_id, mode, by_button):
    story = STORIES[tool_id]
    story.first(hands)
    take(desk, hands, tool_id)
    story.begin(hands)
    story.finish(hands)
    hands.rest()
    alone = desk.editor.selection
    hands.key("Ctrl+Z")
    base = np.zeros(SIZE.shape, np.uint8)
    base[4:28, 4:30] = 255
    desk.editor.set_selection(base)
    if by_button:
        hands.click_on(mode_button(desk, mode))
        story.begin(hands)
    else:
        with hands.holding(*story.modes[mode]):
            story.begin(hands)
    story.finish(hands)
    hands.rest()
    np.testing.assert_array_equal(desk.editor.selection, combine(base, alone, mode))
    expected = mode if by_button else SelectionMode.NEW
    assert desk.session.mode is expected, "held keys are for one gesture"


def mode_button(desk, mode):
    segments = desk.window.parts.options_bar.modes
    index = [segment.value for segment in segments._segments].index(mode)
    return segments._group.button(index)
