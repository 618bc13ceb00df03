"""Ctrl+S and Ctrl+Shift+S: to which file, what the window shows of it, and what comes back."""

import zipfile

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from core.document_reading import read_document
from core.export.png import export_layers
from tests.core.project_documents import facts_of
from tests.ui.desk import CTRL, NO_SCREEN, SHIFT
from ui.dialogs.export_dialog import ExportDialog

pytestmark = NO_SCREEN


def press(desk, modifiers):
    desk.window.activateWindow()  # a dialog that closes leaves no window active where there is no screen
    desk.settle()
    desk.key(Qt.Key.Key_S, modifiers)


@pytest.fixture
def project(desk, photo):
    """A photo with something selected, saved once; the path of its project."""
    desk.open(photo)
    desk.select()
    press(desk, CTRL)
    desk.press(desk.dialog(ExportDialog).save_button)
    desk.wait(lambda: not desk.editor.is_modified)
    return photo.with_name("cat.clickcut.ora")


def test_the_first_save_asks_where_and_the_next_does_not(desk, project):
    assert desk.window.windowTitle() == "cat.clickcut.ora[*] — Clickcut"
    assert not desk.window.isWindowModified()
    assert "Saved cat.clickcut.ora" in desk.message.text
    desk.trigger("select-invert")
    assert desk.window.isWindowModified()
    press(desk, CTRL)
    assert desk.dialog() is None
    desk.wait(lambda: not desk.editor.is_modified)
    assert facts_of(read_document(project).document) == facts_of(desk.editor.document)


def test_saving_as_goes_on_with_the_other_file(desk, project, tmp_path):
    press(desk, CTRL | SHIFT)
    dialog = desk.dialog(ExportDialog)
    assert dialog.save_button.text() == "Replace"
    dialog.path_field.setText(str(tmp_path / "other.ora"))
    assert dialog.save_button.text() == "Save"
    desk.press(dialog.save_button)
    desk.wait(lambda: desk.shop.file_flow.projects.path == tmp_path / "other.ora")
    before = project.read_bytes()
    desk.trigger("select-invert")
    press(desk, CTRL)
    desk.wait(lambda: not desk.editor.is_modified)
    assert project.read_bytes() == before
    assert desk.shop.remembered.settings.recent_files[:2] == (str(tmp_path / "other.ora"), str(project))


def test_an_open_prompt_is_committed_before_it_is_saved(desk, project):
    desk.trigger("select-none")
    desk.point_at()
    press(desk, CTRL)
    desk.wait(lambda: not desk.editor.is_modified)
    assert read_document(project).document.selection is not None


def test_a_project_is_opened_with_everything_and_saved_to_its_file(desk, project):
    saved = desk.editor.document
    desk.trigger("close")
    desk.open(project)
    assert facts_of(desk.editor.document) == facts_of(saved)
    assert not desk.window.isWindowModified()
    assert desk.window.windowTitle() == "cat.clickcut.ora[*] — Clickcut"
    desk.trigger("layer-from-selection")
    press(desk, CTRL)
    assert desk.dialog() is None
    desk.wait(lambda: not desk.editor.is_modified)
    assert len(read_document(project).document.layers) == 2


def test_a_picture_of_another_program_is_never_saved_over(desk, project, tmp_path):
    desk.trigger("close")
    plain = tmp_path / "plain.ora"
    with zipfile.ZipFile(project) as archive, zipfile.ZipFile(plain, "w") as other:
        for name in archive.namelist():
            if not name.startswith("clickcut/"):
                other.writestr(name, archive.read(name))
    desk.open(plain)
    assert desk.window.windowTitle() == "plain[*] — Clickcut"
    press(desk, CTRL)
    dialog = desk.dialog(ExportDialog)
    assert dialog.path_field.text() == str(tmp_path / "plain.clickcut.ora")
    dialog.path_field.setText(str(plain))
    assert not dialog.save_button.isEnabled()
    dialog.reject()


def test_another_document_has_no_project_yet(desk, project, tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "dog.png")
    desk.open(tmp_path / "dog.png")
    assert desk.shop.file_flow.projects.path is None
    assert desk.window.windowTitle() == "dog[*] — Clickcut"


def test_what_is_changed_while_it_is_saved_stays_unsaved(desk, project):
    desk.trigger("select-invert")
    desk.action("save").trigger()
    desk.editor.select_none()
    desk.wait(lambda: not desk.shop.files.is_busy)
    assert desk.editor.is_modified
    assert read_document(project).document.selection is not None


def test_a_project_that_cannot_be_opened_says_why(desk, project):
    project.write_bytes(project.read_bytes()[:500])
    desk.trigger("close")
    desk.shop.file_flow.open_files([project])
    desk.wait(lambda: desk.message is not None)
    assert "cannot be opened" in desk.message.text
    assert desk.editor.document is None


def test_the_open_dialog_lists_photos_and_projects(desk):
    desk.trigger("open")
    chooser = desk.window.findChild(QFileDialog)
    assert any("*.clickcut.ora" in text and "*.jpg" in text for text in chooser.nameFilters())
    chooser.reject()


def test_pixels_come_back_unchanged(desk, project, tmp_path):
    desk.trigger("close")
    desk.open(project)
    (path,) = export_layers(desk.editor.document, tmp_path / "layers")
    with Image.open(path) as picture, Image.open(tmp_path / "cat.png") as photo:
        np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), np.asarray(photo))
