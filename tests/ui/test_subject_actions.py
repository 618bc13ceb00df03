"""What is offered around the main subject."""

import numpy as np
import pytest

from tests.ui.desk import shared_desk
from ui.message import MessageKind


@pytest.fixture(scope="module")
def the_desk(qapp, tmp_path_factory):
    yield from shared_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(the_desk):
    the_desk.clear()
    return the_desk


def test_the_subject_is_found_with_a_tool_in_hand_that_points(desk):
    desk.show_document()
    desk.trigger("tool-hand")
    desk.trigger("find-subject")
    assert desk.window.parts.toolbox.tool.id == "object"
    desk.trigger("tool-scribble")
    desk.trigger("find-subject")
    assert desk.window.parts.toolbox.tool.id == "scribble"


def test_no_mark_is_taken_back_from_a_prompt_without_any(desk):
    desk.show_document()
    desk.trigger("find-subject")
    assert not desk.action("mark-delete").isEnabled()
    desk.click(50, 40)
    desk.trigger("mark-delete")
    assert not desk.action("mark-delete").isEnabled()


def test_a_subject_that_is_the_whole_photo_is_no_success(desk):
    document = desk.show_document()
    desk.editor.remove_background(np.full(document.size.shape, 255, np.uint8))
    desk.session.background_removed.emit()
    assert desk.message.kind is MessageKind.INFO
    assert "nothing is hidden" in desk.message.text
    desk.message.action.run()
    desk.wait(lambda: desk.session.prediction is not None)
    assert desk.editor.document.layers == document.layers
