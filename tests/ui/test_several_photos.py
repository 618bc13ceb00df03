"""Going from photo to photo, and opening one with something selected."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication

from core.settings import Settings
from tests.fakes import Gate, make_pixels
from tests.ui.desk import NO_SCREEN, Desk
from ui.clipboard import files_of
from ui.dialogs.unsaved_dialog import UnsavedDialog
from ui.message import MessageKind
from workers.file_worker import FileWorker

pytestmark = NO_SCREEN


@pytest.fixture
def desk(module_desk):
    yield module_desk
    module_desk.clear()
    module_desk.shop.file_flow.close_document()
    module_desk.shop.remembered.become(Settings(theme="dark"))


@pytest.fixture
def folder(tmp_path):
    for number in (1, 2, 10):
        Image.fromarray(make_pixels(64, 48, number)).convert("RGB").save(tmp_path / f"p{number}.png")
    return tmp_path


def page(desk, key, name):
    desk.key(key)
    desk.wait(lambda: desk.editor.document is not None and desk.editor.document.name == name)


def open_all(desk, *paths):
    desk.shop.file_flow.open_files(paths)
    desk.wait(lambda: desk.editor.document is not None and desk.editor.document.path == paths[0])


def can(desk):
    return desk.action("photo-previous").isEnabled(), desk.action("photo-next").isEnabled()


def test_page_down_and_up_go_through_the_folder_in_natural_order(desk, folder):
    (folder / "notes.txt").write_text("")
    desk.open(folder / "p2.png")
    assert desk.window.parts.status.place == "photo 2 of 3"
    assert can(desk) == (True, True)
    page(desk, Qt.Key.Key_PageDown, "p10")
    assert desk.window.parts.status.place == "photo 3 of 3"
    assert can(desk) == (True, False)
    page(desk, Qt.Key.Key_PageUp, "p2")
    page(desk, Qt.Key.Key_PageUp, "p1")
    assert can(desk) == (False, True)
    assert desk.shop.remembered.settings.recent_files[0] == str(folder / "p1.png")


def test_several_files_are_gone_through_in_their_own_order(desk, folder):
    open_all(desk, folder / "p10.png", folder / "p1.png")
    assert desk.window.parts.status.place == "photo 1 of 2"
    page(desk, Qt.Key.Key_PageDown, "p1")
    assert desk.window.parts.status.place == "photo 2 of 2"
    assert can(desk) == (True, False)


def test_several_dropped_files_are_a_series_too(desk, folder):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder / name)) for name in ("p2.png", "p1.png")])
    assert len(files_of(mime)) == 2
    desk.shop.file_flow.take(mime)
    desk.wait(lambda: desk.editor.document is not None)
    page(desk, Qt.Key.Key_PageDown, "p1")


def test_a_photo_alone_has_no_other_and_no_place(desk, folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("alone") / "only.png"
    (folder / "p1.png").rename(path)
    desk.open(path)
    assert can(desk) == (False, False)
    assert desk.window.parts.status.place == ""


def test_unsaved_work_is_asked_about_first(desk, folder):
    desk.open(folder / "p1.png")
    desk.select()
    desk.key(Qt.Key.Key_PageDown)
    desk.press(desk.dialog(UnsavedDialog).cancel_button)
    assert desk.editor.document.name == "p1"
    desk.trigger("photo-next")
    desk.press(desk.dialog(UnsavedDialog).discard_button)
    desk.wait(lambda: desk.editor.document.name == "p2")


def test_a_photo_that_cannot_be_read_is_told_and_passed_by(desk, folder):
    (folder / "p3.png").write_text("no photo")
    desk.open(folder / "p2.png")
    desk.key(Qt.Key.Key_PageDown)
    desk.wait(lambda: desk.message is not None)
    assert desk.message.kind is MessageKind.ERROR
    assert desk.window.parts.status.place == "photo 2 of 4"
    page(desk, Qt.Key.Key_PageDown, "p10")


def test_the_first_of_several_files_may_be_missing(desk, folder):
    desk.shop.file_flow.open_files([folder / "missing.png", folder / "p1.png"])
    desk.wait(lambda: desk.message is not None)
    assert desk.editor.document is None
    desk.trigger("photo-next")
    desk.wait(lambda: desk.editor.document is not None)


def test_pressed_quickly_every_photo_comes_and_none_is_skipped(desk, folder):
    names = []

    def note():
        names.append(desk.editor.document.name)

    desk.open(folder / "p1.png")
    desk.editor.document_replaced.connect(note)
    desk.key(Qt.Key.Key_PageDown)
    page(desk, Qt.Key.Key_PageDown, "p10")
    desk.editor.document_replaced.disconnect(note)
    assert names == ["p2", "p10"]


def test_a_photo_that_came_into_the_folder_is_found(desk, folder):
    desk.open(folder / "p1.png")
    page(desk, Qt.Key.Key_PageDown, "p2")
    (folder / "p1.png").rename(folder / "p3.png")
    page(desk, Qt.Key.Key_PageDown, "p10")
    assert desk.window.parts.status.place == "photo 3 of 3"
    page(desk, Qt.Key.Key_PageUp, "p3")


def test_a_photo_that_fails_to_open_leaves_the_series_as_it_is(desk, folder, tmp_path_factory):
    desk.open(folder / "p1.png")
    desk.shop.file_flow.open_files([tmp_path_factory.mktemp("other") / "missing.png"])
    desk.wait(lambda: desk.message is not None)
    page(desk, Qt.Key.Key_PageDown, "p2")


def test_without_a_file_there_is_no_other_photo(desk, folder):
    desk.open(folder / "p1.png")
    QGuiApplication.clipboard().setImage(desk.canvas.grab().toImage())
    desk.trigger("paste-new")
    assert can(desk) == (False, False)
    desk.open(folder / "p1.png")
    desk.trigger("close")
    assert can(desk) == (False, False)


def test_work_done_while_the_next_photo_is_read_is_asked_about(desk, folder, monkeypatch):
    gate, real = Gate(), FileWorker.work
    desk.open(folder / "p1.png")
    monkeypatch.setattr(FileWorker, "work", lambda worker, job: (gate.pass_through(), real(worker, job))[1])
    desk.key(Qt.Key.Key_PageDown)
    gate.wait_reached()
    desk.select()
    gate.open()
    desk.wait(lambda: desk.dialog(UnsavedDialog) is not None)
    assert desk.editor.document.name == "p1"
    desk.press(desk.dialog(UnsavedDialog).discard_button)
    desk.wait(lambda: desk.editor.document.name == "p2")


# --- with a mask ---


def test_a_photo_opens_with_what_a_mask_selects_and_nothing_to_save_or_undo(qapp, folder):
    coverage = np.zeros((48, 64), np.uint8)
    coverage[10:20, 5:50] = 255
    Image.fromarray(coverage).save(folder / "mask.png")
    desk = Desk([folder / "p1.png"], selection=folder / "mask.png")
    desk.wait(lambda: desk.editor.document is not None)
    np.testing.assert_array_equal(desk.editor.selection, coverage)
    assert not desk.window.isWindowModified()
    assert not desk.action("undo").isEnabled()
    assert desk.message is None
    assert desk.action("select-none").isEnabled()
    desk.trigger("select-none")
    assert desk.window.isWindowModified()
    desk.trigger("undo")
    np.testing.assert_array_equal(desk.editor.selection, coverage)
    assert not desk.window.isWindowModified()
    desk.close()


def test_a_mask_that_is_missing_is_one_message_and_the_photo_opens(qapp, folder):
    desk = Desk([folder / "p1.png"], selection=folder / "mask.png")
    desk.wait(lambda: desk.editor.document is not None)
    assert desk.editor.selection is None
    assert "Nothing is selected" in desk.message.text
    desk.close()
