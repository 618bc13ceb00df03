"""Exports to other formats from the window: the form, what is said beforehand, and what comes of it."""

import json
import threading

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.export import job as job_module
from core.export.registry import FORMATS
from tests.fakes import make_document
from tests.ui.desk import NO_SCREEN
from ui import file_session, other_programs
from ui.dialogs.export_as_dialog import ExportAsDialog
from ui.message import MessageKind

pytestmark = NO_SCREEN


def choose(dialog, format_id):
    dialog.format_field.setCurrentIndex([each.id for each in FORMATS].index(format_id))


def asked(desk, format_id="png"):
    """Open the dialog; the format of the last export is remembered, so it is chosen."""
    desk.trigger("export-as")
    desk.wait(lambda: desk.dialog(ExportAsDialog) is not None)
    dialog = desk.dialog(ExportAsDialog)
    if format_id is not None:
        choose(dialog, format_id)
    return dialog


def done(desk):
    desk.wait(lambda: desk.message is not None and not desk.message.text.startswith("Exporting"))
    return desk.message


@pytest.fixture
def opened(desk, photo):
    desk.open(photo)
    desk.select()
    return desk


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.id)
def test_every_format_can_be_chosen_and_is_written(opened, tmp_path, kind):
    dialog = asked(opened)
    choose(dialog, kind.id)
    assert dialog.path_field.text().endswith(kind.suffixes[0])
    dialog.path_field.setText(str(tmp_path / f"out{kind.suffixes[0]}"))
    opened.press(dialog.export_button)
    message = done(opened)
    assert message.kind is MessageKind.SUCCESS, message.text
    assert f"Saved out{kind.suffixes[0]} in" in message.text
    assert (tmp_path / f"out{kind.suffixes[0]}").stat().st_size > 0
    assert not opened.editor.is_modified


def test_options_are_followed_and_the_same_export_can_be_done_again(opened, tmp_path):
    dialog = asked(opened)
    choose(dialog, "coco")
    dialog.form.fields["one_class"].setText("animal")
    dialog.path_field.setText(str(tmp_path / "set"))
    opened.press(dialog.export_button)
    done(opened)
    path = tmp_path / "set.json"
    assert json.loads(path.read_text("utf-8"))["categories"][0]["name"] == "animal"
    path.unlink()
    opened.window.parts.message_bar.clear()
    opened.trigger("export-again")
    assert "Saved set.json" in done(opened).text
    assert path.is_file()


def test_a_preset_fills_the_form_and_a_change_leaves_it(opened):
    dialog = asked(opened)
    index = dialog.preset_field.findText("Web PNG")
    dialog.preset_field.setCurrentIndex(index)
    dialog.preset_field.activated.emit(index)
    assert dialog.form.fields["trim"].isChecked()
    assert dialog.preset_field.currentText() == "Web PNG"
    QTest.mouseClick(dialog.form.fields["trim"], Qt.MouseButton.LeftButton)
    assert dialog.preset_field.currentText() == "None"


def test_what_an_option_hangs_on_makes_it_grey(opened):
    fields = asked(opened).form.fields
    assert not fields["outline_color"].isEnabled()
    fields["outline"].setValue(4)
    assert fields["outline_color"].isEnabled()


def test_a_file_for_every_layer_is_offered_where_there_are_layers_and_names_are_shown_before(desk, photo, tmp_path):
    desk.open(photo)
    assert not asked(desk).layers_box.isVisible()
    desk.dialog(ExportAsDialog).reject()
    desk.select()
    desk.trigger("layer-from-selection")
    dialog = asked(desk)
    QTest.mouseClick(dialog.layers_box, Qt.MouseButton.LeftButton)
    dialog.path_field.setText(str(tmp_path / "all"))
    dialog.template_field.setText("{index} {size}")
    assert not dialog.export_button.isEnabled()
    assert "{size} is no place of a file name" in dialog.note.text()
    dialog.template_field.setText("{index}")
    assert dialog.note.text() == "Writes 01.png, 02.png."
    desk.press(dialog.export_button)
    assert "Saved 2 files" in done(desk).text
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["01.png", "02.png"]


def test_what_would_be_replaced_is_said_and_the_photo_never_is(opened, photo, tmp_path):
    dialog = asked(opened)
    dialog.path_field.setText(str(photo))
    assert dialog.note.text() == "This is the photo itself; choose another name."
    assert not dialog.export_button.isEnabled()
    (tmp_path / "old.png").write_bytes(b"old")
    dialog.path_field.setText(str(tmp_path / "old.png"))
    assert dialog.note.text() == "old.png is there already and will be replaced."
    assert dialog.export_button.text() == "Replace"
    dialog.path_field.setText(str(tmp_path / "nowhere" / "a.png"))
    assert dialog.note.text().startswith("There is no folder")


def test_a_failure_is_told_once_and_the_work_stays_unsaved(opened, tmp_path, monkeypatch):
    dialog = asked(opened)
    folder = tmp_path / "going"
    folder.mkdir()
    dialog.path_field.setText(str(folder / "a.png"))
    monkeypatch.setattr(
        job_module,
        "replacing_all",
        lambda paths: (_ for _ in ()).throw(job_module.ImageWriteError("The disk is full.")),
    )
    opened.press(dialog.export_button)
    message = done(opened)
    assert (message.kind, message.text) == (MessageKind.ERROR, "The disk is full.")
    assert opened.editor.is_modified
    assert not opened.action("export-again").isEnabled()


def test_an_export_can_be_cancelled_and_leaves_nothing(opened, tmp_path, monkeypatch):
    is_withdrawn = threading.Event()
    whole = file_session.run_export

    def late(*args):
        assert is_withdrawn.wait(30)
        return whole(*args)

    monkeypatch.setattr(file_session, "run_export", late)
    dialog = asked(opened)
    dialog.path_field.setText(str(tmp_path / "a.png"))
    opened.press(dialog.export_button)
    assert opened.message.text == "Exporting a.png…"
    opened.message.action.run()
    is_withdrawn.set()
    assert done(opened).text == "The export was cancelled; nothing was written."
    assert not (tmp_path / "a.png").exists()
    assert opened.editor.is_modified
    assert not opened.shop.files.is_busy


def test_the_format_is_remembered_for_the_next_document(opened, tmp_path):
    dialog = asked(opened)
    choose(dialog, "webp")
    dialog.path_field.setText(str(tmp_path / "a.webp"))
    opened.press(dialog.export_button)
    done(opened)
    with Image.open(tmp_path / "a.webp") as image:
        assert np.asarray(image).shape == (48, 64, 4)
    opened.show_document(make_document())
    assert asked(opened, None).path_field.text().endswith(".webp")


def test_a_program_that_opens_the_file_is_offered_where_it_is_installed(opened, tmp_path, monkeypatch):
    tools, told = tmp_path / "tools", tmp_path / "told"
    tools.mkdir()
    program = tools / "gimp"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{told}.new"\nmv "{told}.new" "{told}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    monkeypatch.setattr(other_programs.shutil, "which", lambda name: str(tools / name) if name == "gimp" else None)
    dialog = asked(opened, "psd")
    dialog.path_field.setText(str(tmp_path / "a b.psd"))
    opened.press(dialog.export_button)
    message = done(opened)
    assert message.other.text == "Open in GIMP"
    message.other.run()
    opened.wait(told.is_file)
    assert told.read_text() == str(tmp_path / "a b.psd")
    program.unlink()
    message.other.run()
    opened.settle()
    assert opened.message.text == "GIMP could not be started."


def test_no_program_is_offered_where_none_is_installed(opened, tmp_path, monkeypatch):
    monkeypatch.setattr(other_programs.shutil, "which", lambda name: None)
    dialog = asked(opened, "psd")
    dialog.path_field.setText(str(tmp_path / "a.psd"))
    opened.press(dialog.export_button)
    assert done(opened).other is None
