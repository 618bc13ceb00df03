"""The export dialog's presets and its preview: saved, chosen, deleted; shown, replaced by the newest, withdrawn."""

import json

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.errors import ImageWriteError
from core.export.preset_store import PresetStore
from tests.ui.desk import NO_SCREEN
from tests.ui.test_export_as import asked, choose, done, opened  # noqa: F401 - a fixture
from ui import file_session
from ui.dialogs.export_as_dialog import ExportAsDialog
from ui.dialogs.preset_row import PresetNameDialog

pytestmark = NO_SCREEN


def pick(dialog, name):
    index = dialog.preset_field.findText(name)
    assert index > 0
    dialog.preset_field.setCurrentIndex(index)
    dialog.preset_field.activated.emit(index)


def save_as(desk, dialog, name):
    QTest.mouseClick(dialog.presets.save_button, Qt.MouseButton.LeftButton)
    asking = dialog.presets.findChild(PresetNameDialog)
    asking.name_field.setText(name)
    return asking


def test_a_preset_is_saved_chosen_again_and_deleted(opened):  # noqa: F811
    dialog = asked(opened)
    dialog.form.fields["outline"].setValue(7)
    opened.press(save_as(opened, dialog, "Stickers").save_button)
    assert dialog.preset_field.currentText() == "Stickers"
    assert PresetStore().find("stickers").options.outline == 7
    choose(dialog, "webp")
    assert dialog.preset_field.currentText() == "None"
    assert not dialog.presets.delete_button.isEnabled()
    pick(dialog, "Stickers")
    assert dialog.form.fields["outline"].value() == 7
    assert dialog.format_field.currentText() == "PNG"
    opened.press(dialog.presets.delete_button)
    assert dialog.preset_field.findText("Stickers") == -1
    assert PresetStore().presets() == ()


def test_a_preset_that_comes_with_the_program_is_neither_deleted_nor_replaced(opened):  # noqa: F811
    dialog = asked(opened)
    pick(dialog, "Web PNG")
    assert not dialog.presets.delete_button.isEnabled()
    asking = save_as(opened, dialog, "web png")
    opened.press(asking.save_button)
    assert asking.isVisible()
    assert asking.note.text() == "A preset that comes with Clickcut has this name; choose another one."
    asking.name_field.setText(" ")
    assert not asking.save_button.isEnabled()


def test_that_a_preset_will_be_replaced_is_said_before(opened):  # noqa: F811
    dialog = asked(opened)
    opened.press(save_as(opened, dialog, "Mine").save_button)
    opened.settle()
    asking = save_as(opened, dialog, "mine")
    assert asking.save_button.text() == "Replace"
    assert "will be replaced" in asking.note.text()
    asking.reject()


def test_a_preset_that_cannot_be_saved_is_told_where_it_was_named(opened, monkeypatch):  # noqa: F811
    dialog = asked(opened)

    def fail(*_):
        raise ImageWriteError("The disk is full.")

    monkeypatch.setattr(PresetStore, "save", fail)
    asking = save_as(opened, dialog, "Mine")
    opened.press(asking.save_button)
    assert asking.note.text() == "The disk is full."
    assert asking.isVisible()


def shown(desk, dialog, caption):
    desk.wait(lambda: dialog.pane.caption == caption)


def test_the_preview_follows_what_is_chosen(opened):  # noqa: F811
    dialog = asked(opened)
    shown(opened, dialog, "64 × 48 px")
    dialog.form.fields["padding"].setValue(3)
    shown(opened, dialog, "70 × 54 px")
    choose(dialog, "mask")
    shown(opened, dialog, "64 × 48 px")
    picture = dialog.pane.grab().toImage()
    colours = {picture.pixelColor(x, 24).name() for x in range(100, 160, 4)}
    assert len(colours) > 1


def test_what_cannot_be_exported_is_said_in_the_pictures_place(desk, photo):
    desk.open(photo)
    dialog = asked(desk, "svg")
    desk.wait(lambda: "There is no object to write" in dialog.pane.text)
    assert dialog.pane.caption == ""


def test_a_preview_that_nobody_waits_for_is_dropped(opened, monkeypatch):  # noqa: F811
    made = []
    real = file_session.make_preview

    def count(request):
        made.append(request)
        return real(request)

    monkeypatch.setattr(file_session, "make_preview", count)
    dialog = asked(opened)
    shown(opened, dialog, "64 × 48 px")
    request = made[-1]
    dialog.reject()
    assert request.token.is_cancelled
    opened.settle()
    assert opened.dialog(ExportAsDialog) is None


def test_the_same_question_is_not_asked_twice(opened, monkeypatch):  # noqa: F811
    asked_for = []
    dialog = asked(opened)
    shown(opened, dialog, "64 × 48 px")
    monkeypatch.setattr(opened.shop.files, "preview", asked_for.append)
    dialog.path_field.setText(dialog.path_field.text() + "x")
    dialog._ask_preview()
    assert asked_for == []


def test_the_export_is_remembered_for_the_next_start_and_nonsense_is_not(opened, tmp_path):  # noqa: F811
    dialog = asked(opened)
    choose(dialog, "webp")
    dialog.path_field.setText(str(tmp_path / "a.webp"))
    opened.press(dialog.export_button)
    done(opened)
    remembered = opened.shop.remembered
    assert json.loads(remembered.settings.last_export)["format"] == "webp"
    for nonsense in ("", "{", "[]", '{"name": "x", "format": "nothing", "options": {}}', "[" * 100_000):
        remembered.change(last_export=nonsense)
        assert asked(opened, None).format_field.currentText() == "PNG"
        opened.dialog(ExportAsDialog).reject()
        opened.settle()


def test_how_far_an_export_is_is_told(opened, tmp_path):  # noqa: F811
    told = []
    opened.shop.file_flow.exports.said.connect(lambda message: told.append(message.text))
    dialog = asked(opened)
    dialog.path_field.setText(str(tmp_path / "a.png"))
    opened.press(dialog.export_button)
    done(opened)
    assert told[0] == "Exporting a.png…"
    assert "Exporting a.png… 30 %" in told
