import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QScrollBar,
)

from core.export.png import ClipboardPicture
from core.image_io import encode_png
from core.segment_request import PredictWish
from core.settings import Settings, load_settings
from tests.fakes import make_document, make_pixels
from tests.ui.desk import CTRL, NO_SCREEN, Desk
from ui.clipboard import picture_of, to_mime
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.unsaved_dialog import UnsavedDialog
from ui.export_wish import ExportKind, suggested_path
from ui.message import MessageKind
from ui.qimage import to_qimage
from workers.file_worker import FileWorker

pytestmark = NO_SCREEN


# --- opening ---


def test_an_empty_window_says_how_to_begin(desk):
    parts = desk.window.parts
    assert parts.welcome.isVisible()
    assert not parts.canvas.isVisible()
    assert desk.window.windowTitle() == "Clickcut"


def test_a_photo_from_the_command_line_is_shown(qapp, photo):
    desk = Desk([photo])
    desk.wait(lambda: desk.editor.document is not None)
    assert desk.window.parts.canvas.isVisible()
    assert desk.window.windowTitle() == "cat[*] — Clickcut"
    assert not desk.window.isWindowModified()
    desk.close()


def test_the_open_dialog_opens_what_was_chosen(desk, photo):
    desk.trigger("open")
    chooser = desk.window.findChild(QFileDialog)
    assert "*.jpg" in chooser.nameFilters()[0]
    chooser.fileSelected.emit(str(photo))
    chooser.reject()
    desk.wait(lambda: desk.editor.document is not None)
    assert desk.shop.remembered.settings.recent_files == (str(photo),)
    assert desk.shop.remembered.settings.open_folder == str(photo.parent)


def test_the_sample_photo_opens(desk):
    desk.window.parts.welcome.sample_wanted.emit()
    desk.wait(lambda: desk.editor.document is not None)
    assert desk.editor.document.size.area > 100_000


def test_the_sample_photo_leads_nobody_into_the_programs_own_folders(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    desk.window.parts.welcome.sample_wanted.emit()
    desk.wait(lambda: desk.editor.document is not None)
    assert not desk.action("photo-next").isEnabled()
    assert not desk.shop.remembered.settings.recent_files
    assert not desk.shop.remembered.settings.open_folder
    assert suggested_path(ExportKind.PROJECT, desk.editor.document, "").parent == tmp_path


def test_a_file_that_is_no_photo_is_told_in_the_window_and_changes_nothing(desk, tmp_path, photo):
    desk.open(photo)
    document = desk.editor.document
    (tmp_path / "notes.png").write_text("no photo at all")
    desk.shop.file_flow.open_files([tmp_path / "notes.png"])
    desk.wait(lambda: desk.message is not None)
    assert desk.message.kind is MessageKind.ERROR
    assert "notes.png" in desk.message.text
    assert desk.dialog() is None
    assert desk.editor.document is document


def test_what_was_given_up_on_opening_is_told(desk, tmp_path):
    path = tmp_path / "moving.gif"
    frames = [Image.new("L", (8, 8), shade) for shade in (10, 200)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    desk.open(path)
    assert desk.message.kind is MessageKind.INFO
    assert "2 frames" in desk.message.text


def drop(desk, mime):
    point = QPoint(300, 300)
    hand = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(point, Qt.DropAction.CopyAction, mime, *hand)
    QApplication.sendEvent(desk.window, enter)
    if enter.isAccepted():
        event = QDropEvent(QPointF(point), Qt.DropAction.CopyAction, mime, *hand)
        QApplication.sendEvent(desk.window, event)
    desk.settle()
    return enter.isAccepted()


def test_a_dropped_file_opens(desk, photo):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photo))])
    assert drop(desk, mime)
    desk.wait(lambda: desk.editor.document is not None)


def test_what_is_dragged_over_a_photo_is_told_where_it_goes(desk):
    desk.show_document()
    hint = desk.window.parts.status.findChild(QLabel, "hint")
    before = hint.text()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/photo.png")])
    hand = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(desk.window, QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, mime, *hand))
    assert hint.text() == "Release to open it"
    QApplication.sendEvent(desk.window, QDragLeaveEvent())
    assert hint.text() == before


def test_a_dropped_text_is_refused(desk):
    mime = QMimeData()
    mime.setText("hello")
    assert not drop(desk, mime)
    assert desk.message is None


def test_recent_files_are_listed_and_one_that_is_gone_cannot_be_chosen(desk, photo, tmp_path):
    gone = str(tmp_path / "gone & lost.png")
    desk.shop.remembered.change(recent_files=(gone, str(photo)))
    menu = desk.window.parts.recent.menu
    menu.aboutToShow.emit()
    first, second = menu.actions()[:2]
    assert not first.isEnabled()
    assert "not there now" in first.text()
    assert "&&" in first.text()
    second.trigger()
    desk.wait(lambda: desk.editor.document is not None)
    menu.actions()[-1].trigger()
    assert desk.shop.remembered.settings.recent_files == ()
    assert not menu.isEnabled()


def test_the_empty_window_offers_recent_files_that_are_there(desk, photo, tmp_path):
    desk.shop.remembered.change(recent_files=(str(tmp_path / "gone.png"), str(photo)))
    desk.settle()
    buttons = [b for b in desk.window.parts.welcome.findChildren(QAbstractButton) if b.isVisible()]
    names = [b.accessibleName() or b.text().strip() for b in buttons]
    assert names == ["Open a photo…", "Paste", "Try a sample photo", "Open cat.png", "Models…"]
    buttons[names.index("Open cat.png")].click()
    desk.wait(lambda: desk.editor.document is not None)


# --- the clipboard ---


def test_a_picture_is_pasted_with_its_alpha_as_a_document_and_then_as_a_layer(desk):
    pixels = make_pixels(20, 10)
    pixels[:5, :, 3] = 128
    QGuiApplication.clipboard().setMimeData(to_mime(ClipboardPicture(pixels, encode_png(pixels))))
    desk.trigger("paste")
    np.testing.assert_array_equal(desk.editor.document.layers[0].pixels, pixels)
    assert desk.editor.document.name == "Pasted image"
    desk.trigger("paste")
    assert len(desk.editor.document.layers) == 2
    desk.editor.mark_saved()
    desk.trigger("paste-new")
    assert len(desk.editor.document.layers) == 1


def test_a_pasted_file_opens(desk, photo):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photo))])
    QGuiApplication.clipboard().setMimeData(mime)
    desk.trigger("paste")
    desk.wait(lambda: desk.editor.document is not None)


def test_pasting_words_says_that_there_is_no_picture(desk):
    QGuiApplication.clipboard().setText("hello")
    desk.trigger("paste")
    assert "no picture" in desk.message.text


def test_a_plain_image_on_the_clipboard_is_taken_too():
    mime = QMimeData()
    mime.setImageData(to_qimage(make_pixels(6, 4)))
    np.testing.assert_array_equal(picture_of(mime), make_pixels(6, 4))


def test_the_cutout_is_copied_trimmed_with_alpha_for_browsers_and_for_others(desk):
    desk.show_document(make_document(64, 48))
    desk.point_at()
    desk.trigger("copy")  # nobody pressed Enter
    desk.wait(lambda: desk.message is not None)
    assert desk.message.kind is MessageKind.SUCCESS
    mime = QGuiApplication.clipboard().mimeData()
    png = QImage.fromData(mime.data("image/png"), "PNG")
    assert png.hasAlphaChannel()
    assert png.width() < 64
    assert png.pixelColor(0, 0).alpha() == 0
    assert mime.hasImage()


def test_copying_a_whole_photo_says_what_was_copied(desk):
    desk.show_document()
    desk.trigger("copy")
    desk.wait(lambda: desk.message is not None)
    assert desk.message.text == "Copied the picture, 64 × 48 px."


# --- what is said while documents come and go ---


def test_what_was_saved_is_still_told_when_the_photo_is_closed_for_it(desk, photo, tmp_path):
    desk.open(photo)
    desk.select()
    desk.trigger("close")
    desk.press(desk.dialog(UnsavedDialog).save_button)
    dialog = desk.dialog(ExportDialog)
    dialog.path_field.setText(str(tmp_path / "cut.clickcut.ora"))
    desk.press(dialog.save_button)
    desk.wait(lambda: desk.editor.document is None)
    assert "Saved cut.clickcut.ora" in desk.message.text


def test_what_goes_wrong_while_a_photo_appears_is_told(desk, photo):
    def complain(is_busy):
        if not is_busy:
            desk.shop.file_flow.say("Something went wrong.", MessageKind.ERROR)

    desk.shop.files.busy_changed.connect(complain)
    desk.open(photo)
    desk.shop.files.busy_changed.disconnect(complain)
    assert desk.message.text == "Something went wrong."


def test_what_was_said_about_one_photo_is_gone_with_the_next(desk, photo, tmp_path):
    desk.shop.file_flow.open_files([tmp_path / "missing.png"])
    desk.wait(lambda: desk.message is not None)
    desk.open(photo)
    assert desk.message is None


# --- the window itself ---


def test_closing_the_window_asks_and_then_remembers(qapp, own_folders):
    desk = Desk()
    desk.show_document()
    desk.trigger("select-all")
    assert not desk.window.close()
    desk.press(desk.dialog(UnsavedDialog).cancel_button)
    assert desk.window.isVisible()
    desk.window.close()
    desk.press(desk.dialog(UnsavedDialog).discard_button)
    desk.wait(lambda: not desk.window.isVisible())
    assert load_settings().window_geometry
    desk.window.deleteLater()


def test_closing_in_the_middle_of_a_job_ends_cleanly(qapp):
    desk = Desk()
    desk.show_document()
    gate = desk.service.hold(PredictWish)
    desk.click(32, 24)
    gate.wait_reached()
    gate.open()
    assert desk.window.close()
    desk.window.deleteLater()


def test_closing_waits_for_a_file_that_is_being_written(qapp, photo, tmp_path, monkeypatch):
    held = []
    real = FileWorker.work
    desk = Desk()
    desk.open(photo)
    desk.select()
    desk.trigger("export")
    dialog = desk.dialog(ExportDialog)
    dialog.path_field.setText(str(tmp_path / "cut.png"))
    monkeypatch.setattr(FileWorker, "work", lambda worker, job: (held.append(job), real(worker, job))[1])
    dialog.save_button.click()
    desk.window.close()
    if desk.dialog(UnsavedDialog) is not None:
        desk.press(desk.dialog(UnsavedDialog).discard_button)
    desk.wait(lambda: not desk.window.isVisible())
    assert (tmp_path / "cut.png").is_file()
    assert len([job for job in held if job.is_writing]) == 1
    desk.window.deleteLater()


def test_settings_come_back(qapp, own_folders):
    desk = Desk(settings=Settings(theme="light", brush_size=77, edge="hard", is_panel_visible=False, threshold=0.3))
    assert desk.shop.theme.tokens.name == "light"
    assert desk.shop.brush.size == 77
    assert desk.session.edge == "hard"
    assert desk.session.threshold == pytest.approx(0.3)
    assert not desk.window.parts.side.isVisible()
    desk.window.resize(900, 640)
    desk.trigger("panels")
    desk.close()
    again = load_settings()
    assert again.is_panel_visible
    desk = Desk(settings=again)
    assert desk.window.parts.side.isVisible()
    desk.close()


def test_a_model_that_is_gone_gives_way_to_the_best_that_is_there(qapp):
    desk = Desk(settings=Settings(model="mobile_sam", detector="no_such_model"))
    assert desk.session.choice.name == ""
    assert desk.shop.model_flow.model == "classic"
    desk.close()


def test_everything_that_can_be_operated_has_a_name_and_can_be_reached_with_the_keyboard(desk):
    desk.show_document()
    desk.point_at()
    kinds = (QAbstractButton, QLineEdit, QAbstractSlider, QAbstractSpinBox)
    operable = [widget for kind in kinds for widget in desk.window.findChildren(kind)]
    # Qt's own parts of a field or a list are the field's and the list's business.
    inner = QLineEdit, QAbstractSpinBox
    for widget in operable:
        is_own = not isinstance(widget.parent(), inner) and not isinstance(widget, QScrollBar)
        if is_own and widget.isVisible() and not widget.objectName().startswith("qt_"):
            assert widget.accessibleName() or widget.text(), widget
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget.accessibleName()


def test_nothing_overlaps_or_is_cut_off_in_a_small_window(qapp):
    desk = Desk(width=900, height=600)
    desk.show_document()
    desk.point_at()
    for button in desk.window.findChildren(QAbstractButton):
        if button.isVisible() and button.window() is desk.window:
            assert button.width() >= button.minimumSizeHint().width(), button.text()
            inside = desk.window.rect().contains(button.mapTo(desk.window, button.rect().bottomRight()))
            assert inside, button.text()
    assert desk.window.width() == 900
    desk.close()


def test_escape_in_the_text_field_gives_the_keyboard_back_to_the_photo(desk):
    desk.show_document()
    desk.trigger("find-text")
    assert desk.window.focusWidget() is not desk.canvas
    desk.key(Qt.Key.Key_Escape, widget=desk.window.focusWidget())
    assert desk.window.focusWidget() is desk.canvas


def test_ctrl_z_in_the_text_field_is_the_fields(desk):
    desk.show_document()
    desk.trigger("select-all")
    desk.trigger("find-text")
    field = desk.window.focusWidget()
    desk.key(Qt.Key.Key_D, widget=field)
    desk.key(Qt.Key.Key_Z, CTRL, widget=field)
    assert desk.window.parts.text_field.text == ""
    assert desk.editor.selection is not None
