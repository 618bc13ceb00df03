"""Choosing what is preferred."""

from dataclasses import fields

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QPushButton, QSpinBox

from core.device import Device, Precision
from core.model_list import Task
from core.segment_request import Edge
from core.settings import Settings
from tests.ui.desk import LEFT, NO_SCREEN
from ui.dialogs.models_dialog import ModelsDialog
from ui.dialogs.preferences_dialog import PreferencesDialog
from ui.theme import ThemeWish

pytestmark = NO_SCREEN

NOT_PREFERRED = {"recent_files", "window_geometry", "panel_state", "open_folder", "export_folder", "last_export"}
"""Settings that follow what a person does."""


@pytest.fixture
def desk(module_desk):
    yield module_desk
    rows = [
        row for dialog in module_desk.window.findChildren(PreferencesDialog) for p in dialog._pages for row in p.rows
    ]
    module_desk.clear()
    for row in rows:
        if row.name != "Colours":
            row.restore()


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


def choose_something_else(field):
    if isinstance(field, QComboBox):
        other = next((i for i in reversed(range(field.count())) if i != field.currentIndex()), 0)
        field.setCurrentIndex(other)
        field.activated.emit(other)
    elif isinstance(field, QCheckBox):
        field.click()
    else:
        field.setValue(field.value() - 1 if field.value() > field.minimum() else field.value() + 1)


def shown(dialog):
    return {name for name, field in dialog.fields.items() if not field.isHidden() and field.parent().isVisible()}


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
        ("Overlay", "hatch", lambda d: d.shop.remembered.settings.overlay),
        ("Keep it at least", 30, lambda d: d.shop.remembered.settings.autosave_seconds),
    ],
)
def test_what_is_chosen_holds_at_once_and_is_shown(desk, dialog, name, value, now):
    choose(dialog, name, value)
    assert now(desk) == value
    assert dialog.fields[name].currentData() == value


def test_numbers_and_switches_hold_at_once_where_the_tools_and_the_canvas_read_them(desk, dialog):
    desk.show_document()
    dialog.fields["Brush size"].setValue(77)
    dialog.fields["Brush opacity"].setValue(35)
    dialog.fields["Words: lowest score"].setValue(31)
    dialog.fields["Rulers"].click()
    dialog.fields["Show what a click would find"].click()
    dialog.fields["Side panels"].click()
    desk.settle()
    parts = desk.window.parts
    assert parts.brush_options.size_box.value() == 77
    assert desk.shop.brush.opacity == 0.35
    assert desk.session.threshold == 0.31
    desk.session.ask_text("dog")
    desk.wait(lambda: desk.session.finds.is_known)
    assert parts.text_field._threshold.slider.value() == 31
    desk.session.drop()
    assert desk.action("rulers").isChecked()
    assert not desk.action("hover-ghost").isChecked()
    assert parts.side.isHidden()


def test_every_setting_that_a_person_may_want_has_a_row(desk, dialog):
    desk.shop.remembered.become(Settings())
    for name, field in dialog.fields.items():
        if name not in ("For clicks and boxes", "For words"):  # nothing is installed that could be chosen
            choose_something_else(field)
    now = desk.shop.remembered.settings
    same = {each.name for each in fields(Settings) if getattr(now, each.name) == getattr(Settings(), each.name)}
    assert same <= NOT_PREFERRED | {"model", "detector"}


def test_a_page_can_be_put_back_to_its_defaults_and_others_stay(desk, dialog):
    desk.shop.remembered.become(Settings())
    dialog.fields["Brush size"].setValue(77)
    dialog.fields["Minimap"].click()
    dialog.choose("Brushes and wand")
    desk.press(dialog.restore_button)
    assert desk.shop.brush.size == dialog.fields["Brush size"].value() == Settings().brush_size
    assert not desk.shop.remembered.settings.has_minimap
    dialog.choose("Window")
    desk.press(dialog.restore_button)
    assert desk.shop.remembered.settings.has_minimap


def test_all_pages_put_back_leave_the_settings_of_a_new_installation(desk, dialog):
    for name, field in dialog.fields.items():
        if name not in ("For clicks and boxes", "For words"):
            choose_something_else(field)
    for page in dialog._pages:
        dialog.choose(page.name)
        desk.press(dialog.restore_button)
    now = desk.shop.remembered.settings
    differing = {each.name for each in fields(Settings) if getattr(now, each.name) != getattr(Settings(), each.name)}
    assert differing <= NOT_PREFERRED


def test_the_best_models_answer_again_when_their_page_is_put_back(desk, dialog):
    desk.shop.model_flow.choose_model("classic")
    assert desk.shop.remembered.settings.model == "classic"
    dialog.choose("Models")
    desk.press(dialog.restore_button)
    assert desk.shop.remembered.settings.model == ""
    assert desk.shop.model_flow.offered(Task.SEGMENT)


def test_a_number_out_of_its_range_cannot_be_entered(dialog):
    dialog.choose("Brushes and wand")
    field = dialog.fields["Brush opacity"]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "900")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert 1 <= field.value() <= 100


def test_what_has_no_meaning_now_cannot_be_changed(desk, dialog):
    dialog.choose("Files")
    assert dialog.fields["Keep it at least"].isEnabled()
    QTest.mouseClick(dialog.fields["Keep unsaved work"], LEFT, pos=QPoint(8, 12))
    assert not dialog.fields["Keep it at least"].isEnabled()
    choose(dialog, "Overlay", "none")
    assert not dialog.fields["Marching ants"].isEnabled()


def test_a_search_shows_what_it_hits_on_any_page(desk, dialog):
    QTest.keyClicks(dialog.search, "brush size")
    assert shown(dialog) == {"Brush size", "Hair brush size"}
    dialog.search.setText("crash")
    assert shown(dialog) == {"Keep unsaved work"}
    dialog.search.setText("hatch")
    assert shown(dialog) == {"Overlay"}
    dialog.search.setText("qwxz")
    assert shown(dialog) == set()
    assert dialog._nothing.isVisible()
    assert not dialog.restore_button.isEnabled()
    dialog.choose("Window")
    assert "Rulers" in shown(dialog)
    assert "Brush size" not in shown(dialog)


def test_the_wheel_over_a_field_that_was_not_chosen_changes_nothing(desk, dialog):
    dialog.choose("Brushes and wand")
    dialog.list.setFocus()
    field = dialog.fields["Brush size"]
    before, none = field.value(), QPoint()
    at = QPointF(5, 5)
    wheel = QWheelEvent(
        *(at, QPointF(field.mapToGlobal(at)), none, QPoint(0, 120), Qt.MouseButton.NoButton),
        *(Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False),
    )
    QApplication.sendEvent(field, wheel)
    assert field.value() == before


def test_keys_of_another_program_are_a_choice_and_own_keys_are_named(desk, dialog):
    choose(dialog, "Keys as in", "labelme")
    assert desk.action("photo-next").shortcut() == QKeySequence("D")
    desk.shop.remembered.change(keys=(("undo", ("Ctrl+U",)),))
    assert dialog.fields["Keys as in"].currentText() == "Your own"
    choose(dialog, "Keys as in", "Clickcut")
    assert desk.action("photo-next").shortcut() == QKeySequence("PgDown")
    assert desk.shop.remembered.settings.keys == ()


def test_what_is_changed_elsewhere_is_shown(desk, dialog):
    desk.shop.model_flow.choose_precision(Precision.FP32)
    assert dialog.fields["Precision"].currentData() == Precision.FP32
    desk.trigger("minimap")
    assert dialog.fields["Minimap"].isChecked() == desk.shop.remembered.settings.has_minimap
    desk.shop.remembered.change(overlay_color="#123456")
    assert dialog.fields["Colour of the overlay"].currentText() == "Another colour (#123456)"


def test_without_a_model_for_words_the_page_says_so(dialog):
    assert dialog.fields["For words"].currentText() == "None yet"


def test_every_row_has_a_name_of_its_own_and_says_what_it_is_for(dialog):
    rows = [row for page in dialog._pages for row in page.rows]
    assert len(dialog.fields) == len(rows)
    for name, field in dialog.fields.items():
        assert field.accessibleName().endswith(name)
        assert isinstance(field, QComboBox | QCheckBox | QSpinBox)


def test_the_page_leads_to_the_models(desk, dialog):
    dialog.choose("Models")
    desk.press(next(each for each in dialog.findChildren(QPushButton) if each.text() == "Models…"))
    assert desk.dialog(ModelsDialog) is not None
