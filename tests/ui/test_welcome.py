"""The card of the empty window."""

import pytest
from PySide6.QtWidgets import QPushButton

from tests.ui.desk import NO_SCREEN

pytestmark = NO_SCREEN


@pytest.fixture
def desk(module_desk):
    yield module_desk
    module_desk.clear()


def test_no_button_of_the_card_cuts_its_text_off(desk):
    desk.editor.set_document(None)
    desk.settle()
    buttons = [button for button in desk.window.parts.welcome.findChildren(QPushButton) if button.isVisible()]
    assert len(buttons) >= 3
    assert [b.text() for b in buttons if b.width() < b.sizeHint().width()] == []
