"""Setting what lies behind the layers, with real events."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog, QWidget

from core.background import BlurFill, ColorFill, ImageFill
from core.compositor import composite
from tests.ui.desk import LEFT, NO_SCREEN
from ui.dialogs.background_dialog import BackgroundDialog

pytestmark = NO_SCREEN


@pytest.fixture
def dialog(desk):
    desk.show_document()
    coverage = np.zeros(desk.editor.document.size.shape, np.uint8)
    coverage[10:30, 10:30] = 255
    desk.editor.remove_background(coverage)
    desk.trigger("background")
    return desk.dialog(BackgroundDialog)


def background(desk):
    return desk.editor.document.background


def choose(desk, combo, text):
    combo.setFocus()
    combo.setCurrentText(text)
    combo.activated.emit(combo.currentIndex())
    desk.settle()


def test_a_swatch_is_seen_at_once_and_is_one_step(desk, dialog):
    choose(desk, dialog.kind, "Colour")
    swatch = next(s for s in dialog.pages["color"].swatches if s.accessibleName() == "Blue")
    QTest.mouseClick(swatch, LEFT)

    assert background(desk).fill == ColorFill(swatch.color)
    assert composite(desk.editor.document, desk.editor.document.rect)[0, 0].tolist() == [*swatch.color, 255]
    desk.trigger("undo")
    assert background(desk).fill == ColorFill()
    desk.trigger("undo")
    assert background(desk) is None
    assert dialog.kind.currentText() == "Transparent"


def test_dragging_a_slider_is_one_step(desk, dialog):
    choose(desk, dialog.kind, "Blurred photo")
    before, slider = background(desk), dialog.pages["blur"].radius.slider
    slider.setSliderDown(True)
    for value in (5, 9, 14):
        slider.setValue(value)
        assert background(desk).fill == BlurFill(float(value))
    slider.setSliderDown(False)

    desk.trigger("undo")
    assert background(desk) == before
    assert slider.value() == before.fill.radius


def test_two_drags_are_two_steps(desk, dialog):
    choose(desk, dialog.kind, "Gradient")
    slider = dialog.pages["gradient"].angle.slider
    for value in (120, 200):
        slider.setSliderDown(True)
        slider.setValue(value)
        slider.setSliderDown(False)

    desk.trigger("undo")
    assert background(desk).fill.angle == 120


def test_the_keyboard_moves_the_shadow(desk, dialog):
    dialog.shadow.box.setFocus()
    QTest.keyClick(dialog.shadow.box, Qt.Key.Key_Space)
    shadow, slider = background(desk).shadow, dialog.shadow.across.slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)

    assert background(desk).shadow.dx == shadow.dx + 1
    QTest.keyClick(dialog.shadow.box, Qt.Key.Key_Space)
    assert background(desk) is None
    QTest.keyClick(dialog.shadow.box, Qt.Key.Key_Space)
    assert background(desk).shadow.dx == shadow.dx + 1


def test_a_colour_is_tried_while_the_chooser_is_open_and_cancel_takes_it_back(desk, dialog):
    choose(desk, dialog.kind, "Gradient")
    before, button = background(desk), dialog.pages["gradient"].end
    QTest.mouseClick(button, LEFT)
    chooser = button.findChild(QColorDialog)
    chooser.setCurrentColor(QColor(200, 10, 20))
    assert background(desk).fill.end == (200, 10, 20)
    chooser.reject()

    assert background(desk) == before


def test_a_dropped_picture_becomes_the_background(desk, dialog, tmp_path):
    Image.new("RGB", (20, 20), (1, 2, 3)).save(tmp_path / "beach.png")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "beach.png"))])
    dialog.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier))
    desk.wait(lambda: background(desk) is not None)

    assert isinstance(background(desk).fill, ImageFill)
    assert dialog.kind.currentText() == "Picture"
    assert dialog.image_page.name.text() == "beach"
    assert composite(desk.editor.document, desk.editor.document.rect)[0, 0].tolist() == [1, 2, 3, 255]
    choose(desk, dialog.kind, "Transparent")
    choose(desk, dialog.kind, "Picture")
    assert background(desk).fill.name == "beach"


def test_a_file_that_is_no_picture_is_told_and_changes_nothing(desk, dialog, tmp_path):
    (tmp_path / "note.txt").write_text("no picture")
    desk.shop.background.read_picture(tmp_path / "note.txt")
    desk.wait(lambda: not desk.editor.is_busy)

    assert "note.txt" in desk.message.text
    assert background(desk) is None


def test_without_a_picture_the_kind_stays_and_one_is_asked_for(desk, dialog):
    choose(desk, dialog.kind, "Picture")

    assert background(desk) is None
    assert dialog.kind.currentText() == "Transparent"
    chooser = dialog.findChild(QWidget, "QFileDialog")
    assert chooser is not None
    chooser.reject()


def test_it_opens_once_and_every_control_has_a_name(desk, dialog):
    desk.trigger("background")
    assert len(desk.window.findChildren(BackgroundDialog)) == 1
    for page in dialog.pages.values():
        for control in page.findChildren(QWidget):
            if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.parent() in (page, *page.children()):
                assert control.accessibleName(), control


def test_it_is_offered_after_the_background_is_removed(desk):
    desk.show_document()
    desk.session.find_subject(then_remove_background=True)
    desk.wait(lambda: desk.message is not None)

    desk.press(desk.window.parts.message_bar._other)
    assert desk.dialog(BackgroundDialog) is not None


def test_a_photo_that_hides_the_background_is_told_with_the_way_out(desk):
    desk.show_document()
    desk.trigger("background")
    dialog = desk.dialog(BackgroundDialog)
    assert dialog.notice.isHidden()
    choose(desk, dialog.kind, "Colour")
    assert dialog.notice.isVisible()

    coverage = np.zeros(desk.editor.document.size.shape, np.uint8)
    coverage[10:30, 10:30] = 255
    desk.editor.set_selection(coverage)
    desk.settle()
    QTest.mouseClick(dialog.notice.button, LEFT)
    desk.settle()
    assert dialog.notice.isHidden()
    color = background(desk).fill.color
    assert composite(desk.editor.document, desk.editor.document.rect)[0, 0].tolist() == [*color, 255]
