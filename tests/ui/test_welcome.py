"""The card of the empty window."""

import pytest
from PySide6.QtWidgets import QPushButton

from core.model_list import MODELS, Task
from core.segmenters.registry import Availability
from tests.ui.desk import NO_SCREEN
from ui.dialogs.models_dialog import ModelsDialog
from ui.model_words import installed_words

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


def test_the_card_says_what_is_there_and_leads_to_more(desk):
    desk.editor.set_document(None)
    desk.settle()
    welcome = desk.window.parts.welcome
    assert "Clicks and boxes work at once" in welcome.models.text()
    button = next(each for each in welcome.findChildren(QPushButton) if "Models" in each.text())
    button.click()
    assert desk.dialog(ModelsDialog) is not None


def test_models_that_are_there_are_named():
    offers = {
        Task.SEGMENT: (offer("classic"), offer("mobile_sam"), offer("fastsam_s"), offer("sam_vit_b", is_ready=False)),
        Task.DETECT: (offer("owlvit", is_ready=False),),
    }
    assert installed_words(offers.__getitem__) == "Models here: MobileSAM and FastSAM-s for clicks, none for words yet."


def offer(name, is_ready=True):
    return Availability(MODELS[name], is_ready, "")
