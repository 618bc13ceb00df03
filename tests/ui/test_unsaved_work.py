"""Work that is in no file yet: when the person is asked about it, and what then."""

from PIL import Image

from core.errors import ImageWriteError
from tests.ui.desk import NO_SCREEN
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.unsaved_dialog import UnsavedDialog
from ui.message import MessageKind

pytestmark = NO_SCREEN


def test_closing_the_photo_asks_about_work_that_is_in_no_file(desk, photo):
    desk.open(photo)
    desk.select()
    desk.trigger("close")
    dialog = desk.dialog(UnsavedDialog)
    desk.press(dialog.cancel_button)
    assert desk.editor.document is not None
    desk.trigger("close")
    desk.press(desk.dialog(UnsavedDialog).discard_button)
    assert desk.editor.document is None
    assert desk.window.parts.welcome.isVisible()


def test_being_asked_to_close_again_asks_no_second_time(desk, photo):
    desk.open(photo)
    desk.select()
    desk.window.close()
    desk.window.close()
    assert len([dialog for dialog in desk.window.findChildren(UnsavedDialog) if dialog.isVisible()]) == 1
    desk.press(desk.dialog(UnsavedDialog).cancel_button)


def test_opening_another_photo_asks_first(desk, photo, tmp_path):
    desk.open(photo)
    desk.select()
    other = tmp_path / "dog.png"
    Image.new("RGB", (8, 8)).save(other)
    desk.shop.file_flow.open_files([other])
    desk.settle()
    assert desk.editor.document.name == "cat"
    desk.press(desk.dialog(UnsavedDialog).discard_button)
    desk.wait(lambda: desk.editor.document.name == "dog")


def test_a_selection_that_was_given_up_asks_nothing(desk, photo):
    desk.open(photo)
    desk.select()
    desk.trigger("select-none")
    assert desk.editor.is_modified
    desk.trigger("close")
    assert desk.dialog() is None
    assert desk.editor.document is None


def test_a_layer_that_was_changed_asks_with_nothing_selected(desk, photo):
    desk.open(photo)
    desk.editor.set_layer_opacity(desk.editor.document.layers[0].id, 0.5)
    desk.trigger("close")
    desk.press(desk.dialog(UnsavedDialog).discard_button)
    assert desk.editor.document is None


def test_a_prompt_in_the_making_asks_nothing(desk, photo):
    desk.open(photo)
    desk.point_at()
    desk.trigger("close")
    assert desk.dialog() is None
    assert desk.editor.document is None


def test_saving_first_closes_when_the_file_is_there(desk, photo, tmp_path):
    desk.open(photo)
    desk.select()
    desk.trigger("close")
    desk.press(desk.dialog(UnsavedDialog).save_button)
    dialog = desk.dialog(ExportDialog)
    assert dialog.path_field.text() == str(photo.with_name("cat.clickcut.ora"))
    dialog.path_field.setText(str(tmp_path / "cut"))
    desk.press(dialog.save_button)
    desk.wait(lambda: desk.editor.document is None)
    assert (tmp_path / "cut.clickcut.ora").is_file()


def test_saving_first_that_fails_keeps_the_photo_open(desk, photo, tmp_path, monkeypatch):
    def fail(document, path, encoded):
        raise ImageWriteError("The disk is full.")

    monkeypatch.setattr("ui.file_session.write_project", fail)
    desk.open(photo)
    desk.select()
    desk.trigger("close")
    desk.press(desk.dialog(UnsavedDialog).save_button)
    desk.press(desk.dialog(ExportDialog).save_button)
    desk.wait(lambda: desk.message is not None)
    assert (desk.message.kind, desk.message.text) == (MessageKind.ERROR, "The disk is full.")
    assert desk.editor.is_modified
    assert desk.editor.document is not None


def test_what_was_exported_needs_no_question(desk, photo, tmp_path):
    desk.open(photo)
    desk.select()
    export(desk, tmp_path / "cut.png")
    desk.trigger("close")
    assert desk.dialog() is None
    assert desk.editor.document is None


def test_an_export_does_not_save_a_project(desk, photo, tmp_path):
    desk.open(photo)
    desk.select()
    desk.trigger("save")
    desk.press(desk.dialog(ExportDialog).save_button)
    desk.wait(lambda: not desk.editor.is_modified)
    desk.trigger("select-invert")
    export(desk, tmp_path / "cut.png")
    desk.trigger("close")
    desk.press(desk.dialog(UnsavedDialog).discard_button)
    assert desk.editor.document is None


def export(desk, path):
    desk.trigger("export")
    dialog = desk.dialog(ExportDialog)
    dialog.path_field.setText(str(path))
    desk.press(dialog.save_button)
    desk.wait(path.is_file)
    desk.wait(lambda: not desk.shop.files.is_busy)
