"""The brush with a pen: how hard it is pressed, its other end, and two taps; and the brush's opacity."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.cancel import CancelToken
from core.recipe_replay import Replay
from core.segment_request import ModelChoice
from tests.fakes import make_document
from tests.ui.canvas_stage import LEFT, NONE
from ui.brush_settings import BrushSettings
from ui.tools.brush_tool import BrushTool
from ui.tools.polygon_tool import PolygonTool

PEN, ERASER = QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser


@pytest.fixture
def settings():
    return BrushSettings(size=10.0, hardness=1.0)


@pytest.fixture
def brush(stage, settings):
    return stage.tool(BrushTool, stage.editor, stage.session, False, settings, stage.canvas)


class Pen:
    """A pen over the canvas of a stage."""

    def __init__(self, stage, end=PEN):
        self._stage = stage
        self._time = 1000
        self._device = QPointingDevice(
            "pen", 7, QInputDevice.DeviceType.Stylus, end, QInputDevice.Capability.Pressure, 1, 2
        )

    def send(self, kind, x, y, pressure, button=Qt.MouseButton.NoButton, buttons=LEFT):
        canvas, point = self._stage.canvas, self._stage.view_point(x, y)
        at = QPointF(canvas.mapToGlobal(point))
        event = QTabletEvent(kind, self._device, point, at, pressure, 0, 0, 0, 0, 0, NONE, button, buttons)
        event.setTimestamp(self._time)
        self._time += 10
        QApplication.sendEvent(canvas, event)
        assert event.isAccepted()

    def press(self, x, y, pressure=0.5):
        self.send(QEvent.Type.TabletPress, x, y, pressure, LEFT)

    def move(self, x, y, pressure=0.5, buttons=LEFT):
        self.send(QEvent.Type.TabletMove, x, y, pressure, buttons=buttons)

    def release(self, x, y):
        self.send(QEvent.Type.TabletRelease, x, y, 0.0, LEFT, Qt.MouseButton.NoButton)

    def rest(self):
        """Let more time pass than between two taps in a row."""
        self._time += 10_000

    def stroke(self, pressure):
        self.press(10, 24, pressure)
        self.move(30, 24, pressure)
        self.move(50, 24, pressure)
        self.release(50, 24)


def width(stage, column=30):
    selection = stage.editor.selection
    return 0 if selection is None else int((selection[:, column] > 127).sum())


def test_the_harder_a_pen_is_pressed_the_wider_it_paints(stage, brush):
    Pen(stage).stroke(0.4)
    assert width(stage) == 4
    Pen(stage).stroke(1.0)
    assert width(stage) == 10
    assert stage.canvas.hasFocus()


def test_without_that_option_a_pen_paints_as_a_mouse_does(stage, brush, settings):
    settings.set_pressure(False)
    Pen(stage).stroke(0.2)
    assert width(stage) == 10


def test_a_mouse_paints_the_whole_width(stage, brush):
    stage.drag(10, 24, 50, 24)
    assert width(stage) == 10


def test_the_other_end_of_a_pen_erases(stage, brush):
    stage.select(0, 0, 64, 48)
    Pen(stage, ERASER).stroke(1.0)
    assert width(stage) == 38


def test_a_pen_in_the_air_shows_the_brush_and_paints_nothing(stage, brush):
    before = stage.shown()
    Pen(stage).move(32, 24, 0.0, Qt.MouseButton.NoButton)
    assert not np.array_equal(stage.shown(), before)
    assert stage.editor.selection is None


def test_two_taps_of_a_pen_are_a_double_click_and_two_far_apart_in_time_are_not(stage):
    stage.tool(PolygonTool)
    pen = Pen(stage)
    for corner in ((10, 10), (30, 10), (30, 30)):
        pen.press(*corner)
        pen.release(*corner)
        pen.rest()
    pen.press(10, 30)
    pen.release(10, 30)
    assert stage.editor.selection is None
    pen.press(10, 30)
    pen.release(10, 30)
    assert (stage.editor.selection == 255).sum() == 400


def test_digits_set_the_opacity(stage, brush, settings):
    for key, opacity in ((Qt.Key.Key_3, 0.3), (Qt.Key.Key_9, 0.9), (Qt.Key.Key_0, 1.0)):
        stage.key(key)
        assert settings.opacity == pytest.approx(opacity)
    stage.key(Qt.Key.Key_5)
    stage.drag(10, 24, 50, 24)
    assert stage.editor.selection[24, 30] == 128


def test_a_stroke_under_way_shows_up_to_the_pointer_and_is_round_at_the_end(stage, brush, settings):
    settings.set_size(3.0)
    stage.press(10, 40)
    stage.move(30, 10)
    assert stage.editor.selection[10, 30] == 255
    assert stage.editor.selection[25, 20] == 255
    stage.move(50, 40)
    stage.release(50, 40)
    assert stage.editor.selection[10, 30] == 255
    assert stage.editor.selection[:9].any(), "the curve swings out above the place that it turns at"


def test_the_undo_step_of_a_stroke_keeps_its_patch_alone(stage, brush):
    stage.editor.set_document(make_document(2000, 1500))
    for row in range(100, 1100, 10):
        stage.drag(200, row, 260, row + 5)
    strokes = stage.editor._history._done
    assert len(strokes) == 100
    assert sum(command.nbytes for command in strokes) < 100 * 2 * 90 * 30
    for command in strokes:
        for block in (command.before, command.after):
            assert block is None or block.base is None, "a view would keep all of the photo's coverage alive"


def test_the_options_and_the_brush_are_one(desk):
    desk.show_document()
    desk.window.parts.toolbox.take("brush")
    desk.settle()
    options, brush = desk.window.parts.brush_options, desk.shop.brush
    options.opacity_slider.setValue(40)
    assert brush.opacity == pytest.approx(0.4)
    desk.key(Qt.Key.Key_0)
    assert options.opacity_box.value() == 100
    QTest.mouseClick(options.pressure_button, LEFT)
    assert not brush.has_pressure
    settings = desk.shop.remembered.settings
    assert (settings.brush_opacity, settings.has_brush_pressure) == (1.0, False)
    QTest.mouseClick(options.pressure_button, LEFT)
    assert brush.has_pressure


def test_what_a_pen_painted_is_painted_again_by_its_recipe(stage, brush, settings):
    settings.set_opacity(0.6)
    pen = Pen(stage)
    pen.press(10, 40, 0.3)
    for x, y, pressure in ((30, 10, 0.9), (50, 40, 0.5)):
        pen.move(x, y, pressure)
    pen.release(50, 40)
    document, nobody = stage.editor.document, ModelChoice("")
    again = Replay(pytest.fail, nobody, nobody, CancelToken()).selection(document.selection_recipe, document)
    np.testing.assert_array_equal(again, document.selection)
