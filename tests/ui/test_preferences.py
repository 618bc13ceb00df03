"""Choosing what is preferred."""

import pytest
from PySide6.QtWidgets import QPushButton

from core.device import Device, Precision
from core.segment_request import Edge
from tests.ui.desk import NO_SCREEN
from ui.dialogs.models_dialog import ModelsDialog
from ui.dialogs.preferences_dialog import PreferencesDialog
from ui.theme import ThemeWish

pytestmark = NO_SCREEN


@pytest.fixture
def desk(module_desk):
    yield module_desk
    module_desk.clear()


@pytest.fixture
def dialog(desk):
    desk.trigger("preferences")
    return desk.dialog(PreferencesDialog)


def choose(dialog, name, value):
    field = dialog.fields[name]
    index = field.findData(value)
    assert index >= 0, f"{value} is not offered"
    field.setCurrentIndex(index)
    field.activated.emit(index)


@pytest.mark.parametrize(
    ("name", "value", "now"),
    [
        ("Colours", ThemeWish.LIGHT, lambda d: d.shop.theme.wish),
        ("Language, from the next start on", "de", lambda d: d.shop.remembered.settings.language),
        ("Edge of new selections", Edge.HARD, lambda d: d.session.edge),
        ("Run on", Device.CPU, lambda d: d.session.choice.device),
        ("Precision", Precision.FP32, lambda d: d.session.choice.precision),
        ("Prepared photos on disk", 256, lambda d: d.shop.remembered.settings.embedding_cache_mb),
        ("For clicks and boxes", "classic", lambda d: d.session.choice.name),
    ],
)
def test_what_is_chosen_holds_at_once_and_is_shown(desk, dialog, name, value, now):
    before = dialog.fields[name].currentData()
    choose(dialog, name, value)
    assert now(desk) == value
    assert dialog.fields[name].currentData() == value
    choose(dialog, name, before)


def test_what_is_changed_elsewhere_is_shown(desk, dialog):
    desk.shop.model_flow.choose_precision(Precision.FP32)
    assert dialog.fields["Precision"].currentData() == Precision.FP32
    desk.shop.model_flow.choose_precision(Precision.AUTO)


def test_without_a_model_for_words_the_page_says_so(dialog):
    assert dialog.fields["For words"].currentText() == "None yet"


def test_every_line_has_a_name_and_what_it_is_for(dialog):
    for name, field in dialog.fields.items():
        assert field.accessibleName().endswith(name)


def test_the_page_leads_to_the_models(desk, dialog):
    desk.press(next(each for each in dialog.findChildren(QPushButton) if each.text() == "Models…"))
    assert desk.dialog(ModelsDialog) is not None
