"""The row of photos below the canvas: what it shows, when, and what a person can do in it."""

import pytest
from PIL import Image
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.settings import Settings
from tests.fakes import Gate, make_pixels
from tests.ui.desk import LEFT, NO_SCREEN, NONE
from ui import photo_thumbnails
from ui.dialogs.unsaved_dialog import UnsavedDialog
from ui.photo_thumbnails import PhotoThumbnails

pytestmark = NO_SCREEN


@pytest.fixture
def desk(module_desk):
    module_desk.shop.remembered.become(Settings(theme="dark", has_photo_strip=True))
    yield module_desk
    module_desk.clear()
    module_desk.shop.file_flow.close_document()
    module_desk.shop.remembered.become(Settings(theme="dark"))


@pytest.fixture
def folder(tmp_path):
    for number in (1, 2, 10):
        Image.fromarray(make_pixels(64, 48, number)).convert("RGB").save(tmp_path / f"p{number}.png")
    return tmp_path


@pytest.fixture
def strip(desk, folder):
    desk.open(folder / "p1.png")
    return desk.window.parts.photo_strip


def names(strip):
    return [path.name for path in strip.photos.paths]


def open_row(strip):
    texts = [strip.photos.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(strip.photos.rowCount())]
    return [row for row, text in enumerate(texts) if text.endswith(", open")]


def named(desk, name):
    desk.wait(lambda: desk.editor.document is not None and desk.editor.document.name == name)


def test_it_shows_the_folder_in_order_and_marks_the_open_photo(desk, strip):
    assert strip.isVisible()
    assert names(strip) == ["p1.png", "p2.png", "p10.png"]
    assert open_row(strip) == [0]
    desk.key(Qt.Key.Key_PageDown)
    named(desk, "p2")
    assert open_row(strip) == [1]


def test_pictures_come_when_they_are_seen(desk, strip):
    picture_role = Qt.ItemDataRole.UserRole
    strip.viewport().update()
    desk.wait(lambda: isinstance(strip.photos.index(2).data(picture_role), QImage))
    assert not strip.photos.index(2).data(picture_role).isNull()


def test_a_click_opens_a_photo_and_one_on_the_open_photo_does_nothing(desk, strip):
    chosen = []
    strip.chosen.connect(chosen.append)
    at = strip.visualRect(strip.photos.index(0)).center()
    QTest.mouseClick(strip.viewport(), LEFT, NONE, at)
    assert chosen == []
    QTest.mouseClick(strip.viewport(), LEFT, NONE, strip.visualRect(strip.photos.index(2)).center())
    named(desk, "p10")
    assert open_row(strip) == [2]


def test_arrows_and_enter_open_a_photo(desk, strip):
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert desk.editor.document.name == "p1"
    QTest.keyClick(strip, Qt.Key.Key_Return)
    named(desk, "p2")


def test_unsaved_work_is_asked_about_first_and_the_mark_stays(desk, strip):
    desk.trigger("select-all")
    QTest.mouseClick(strip.viewport(), LEFT, NONE, strip.visualRect(strip.photos.index(1)).center())
    desk.press(desk.dialog(UnsavedDialog).cancel_button)
    assert desk.editor.document.name == "p1"
    assert open_row(strip) == [0]


def test_the_key_shows_and_hides_it_and_that_is_remembered(desk, strip):
    desk.window.activateWindow()
    desk.key(Qt.Key.Key_F6)
    assert not strip.isVisible()
    assert not desk.shop.remembered.settings.has_photo_strip
    desk.key(Qt.Key.Key_F6)
    assert strip.isVisible()


def test_a_photo_alone_needs_no_strip(desk, strip, tmp_path_factory):
    path = tmp_path_factory.mktemp("alone") / "only.png"
    Image.new("RGB", (8, 8)).save(path)
    desk.open(path)
    assert not strip.isVisible()


def test_a_file_that_is_no_photo_has_a_sign_and_the_others_their_pictures(desk, folder):
    (folder / "p3.png").write_text("no photo")
    desk.open(folder / "p1.png")
    strip = desk.window.parts.photo_strip
    pictures = [strip.photos.index(row) for row in range(4)]
    desk.wait(lambda: all(index.data(Qt.ItemDataRole.UserRole) is not None for index in pictures))
    assert [index.data(Qt.ItemDataRole.UserRole).isNull() for index in pictures] == [False, False, True, False]


def test_long_names_are_shortened_and_told_in_full(desk, folder):
    name = f"{'long ' * 20}.png"
    (folder / "p10.png").rename(folder / name)
    desk.open(folder / "p1.png")
    strip = desk.window.parts.photo_strip
    index = strip.photos.index(names(strip).index(name))
    assert strip.sizeHintForIndex(index) == strip.sizeHintForIndex(strip.photos.index(1))
    assert name in index.data(Qt.ItemDataRole.ToolTipRole)
    assert strip.photos.data(QModelIndex()) is None


def test_what_was_asked_for_last_is_made_first(qapp, tmp_path, monkeypatch):
    gate, made = Gate(), []

    def make(path, longest):
        made.append(path.name)
        gate.pass_through()
        return make_pixels(8, 8)

    monkeypatch.setattr(photo_thumbnails, "photo_thumbnail", make)
    thumbnails = PhotoThumbnails()
    came = []
    thumbnails.came.connect(came.append)
    for name in "abcb":
        assert thumbnails.of(tmp_path / name) is None
    gate.wait_reached()
    gate.open()
    while len(came) < 3:
        QApplication.processEvents()
    assert made == ["a", "b", "c"]
    assert thumbnails.of(tmp_path / "a") is not None
    thumbnails.shutdown()
