"""Where the keyboard is: with the photo, unless something is typed or tried."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from tests.ui.desk import LEFT, NONE, shared_desk


@pytest.fixture(scope="module")
def the_desk(qapp, tmp_path_factory):
    yield from shared_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(the_desk):
    the_desk.clear()
    the_desk.show_document()
    the_desk.canvas.setFocus()
    the_desk.settle()
    return the_desk


def come_to_the_photo(desk):
    middle = QPointF(desk.canvas.rect().center())
    QApplication.sendEvent(desk.canvas, QEnterEvent(middle, middle, middle))
    desk.settle()


def press_slider(desk, slider):
    QTest.mousePress(slider, LEFT, NONE, QPoint(3, slider.height() // 2))
    QTest.mouseRelease(slider, LEFT, NONE, QPoint(3, slider.height() // 2))
    desk.settle()


def test_a_slider_that_is_dragged_leaves_the_keys_of_the_brush_to_the_photo(desk):
    desk.trigger("tool-brush")
    options = desk.window.parts.brush_options
    for slider in options.findChildren(QSlider):
        press_slider(desk, slider)
        assert desk.canvas.hasFocus()
    size = desk.shop.brush.size
    desk.key(Qt.Key.Key_BracketRight, widget=QApplication.focusWidget())
    assert desk.shop.brush.size > size


def test_the_opacity_of_a_layer_and_the_width_of_a_band_leave_the_keyboard_too(desk):
    parts = desk.window.parts
    for slider in (*parts.layers_panel.findChildren(QSlider), parts.edge_panel.band_slider):
        press_slider(desk, slider)
        assert desk.canvas.hasFocus()


def test_pointing_at_the_photo_takes_the_keyboard_from_the_list_of_layers(desk):
    desk.window.parts.layers_panel.list.setFocus()
    come_to_the_photo(desk)
    assert desk.canvas.hasFocus()


@pytest.mark.parametrize("writing", ["field", "number"])
def test_pointing_at_the_photo_does_not_stop_typing(desk, writing):
    desk.trigger("tool-brush")
    if writing == "field":
        desk.trigger("find-text")
    else:
        desk.window.parts.brush_options.size_box.setFocus()
    come_to_the_photo(desk)
    assert not desk.canvas.hasFocus()


def test_pointing_at_the_photo_leaves_a_slider_that_is_tried(desk):
    desk.select()
    desk.trigger("select-grow")
    come_to_the_photo(desk)
    assert desk.window.parts.selection_panel.reshape_panel.slider.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_number_that_was_typed_gives_the_keyboard_back(desk, key):
    desk.trigger("tool-brush")
    box = desk.window.parts.brush_options.size_box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "77")
    desk.key(key, widget=box)
    assert desk.canvas.hasFocus()
    assert desk.shop.brush.size == 77


def test_keys_move_what_is_tried_pixel_by_pixel_and_open_no_other_photo(desk):
    desk.select()
    desk.trigger("select-grow")
    slider, amount = desk.window.parts.selection_panel.reshape_panel.slider, desk.shop.reshaper.amount
    for key, change in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Up, 1), (Qt.Key.Key_PageUp, 10), (Qt.Key.Key_Left, -1)):
        desk.key(key, widget=slider)
        amount += change
        assert desk.shop.reshaper.amount == amount
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_PageUp, NONE)
    override.ignore()
    QApplication.sendEvent(slider, override)
    assert override.isAccepted()
