"""The outline as text on the clipboard."""

import pytest
from PySide6.QtGui import QGuiApplication

from tests.ui.desk import NO_SCREEN
from ui.message import MessageKind

pytestmark = NO_SCREEN


@pytest.mark.parametrize(("action", "start"), [("copy-css", "clip-path: path("), ("copy-html", "<svg ")])
def test_the_outline_of_what_is_selected_is_copied_as_text(desk, photo, action, start):
    desk.open(photo)
    desk.select()
    desk.trigger(action)
    desk.wait(lambda: desk.message is not None)
    assert desk.message.kind is MessageKind.SUCCESS
    assert QGuiApplication.clipboard().text().startswith(start)


def test_that_nothing_is_cut_out_is_said(desk, photo):
    QGuiApplication.clipboard().setText("before")
    desk.open(photo)
    desk.trigger("copy-css")
    desk.wait(lambda: desk.message is not None)
    assert desk.message.kind is MessageKind.ERROR
    assert "There is no object to write" in desk.message.text
    assert QGuiApplication.clipboard().text() == "before"
