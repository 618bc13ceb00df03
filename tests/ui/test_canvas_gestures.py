import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QInputDevice,
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from core.geometry import Box
from tests.ui.canvas_stage import ALT, CTRL, MIDDLE, SHIFT
from ui.tools.hand_tool import HandTool
from ui.tools.object_tool import ObjectTool
from ui.viewport import MAX_ZOOM, MIN_ZOOM

# --- zoom and pan ---


def test_the_wheel_zooms_at_the_pointer(qtbot, stage):
    before = stage.canvas.viewport.to_image(210, 160)
    with qtbot.waitSignal(stage.canvas.zoom_changed) as changed:
        stage.wheel(120, 210, 160)
    assert changed.args == [stage.canvas.zoom]
    assert stage.canvas.zoom > 5.0
    assert stage.canvas.viewport.to_image(210, 160) == pytest.approx(before, abs=0.2)
    stage.wheel(-120, 210, 160, CTRL)
    assert stage.canvas.zoom == pytest.approx(5.0)


def test_two_fingers_on_a_touch_pad_move_the_photo(stage):
    kinds = QInputDevice.DeviceType.TouchPad, QPointingDevice.PointerType.Finger
    pad = QPointingDevice("pad", 7, *kinds, QInputDevice.Capability.Scroll, 5, 0)
    stage.canvas.set_zoom(20.0)
    before = stage.canvas.viewport
    at = QPointF(200, 150)
    event = QWheelEvent(
        at, QPointF(stage.canvas.mapToGlobal(at)), QPoint(-30, 12), QPoint(-60, 24), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.ScrollUpdate, False,
        Qt.MouseEventSource.MouseEventNotSynthesized, pad,
    )  # fmt: skip
    QApplication.sendEvent(stage.canvas, event)
    after = stage.canvas.viewport
    assert (after.left - before.left, after.top - before.top) == (-30, 12)
    assert after.zoom == before.zoom


def test_the_wheel_stops_at_both_ends(stage):
    for _ in range(60):
        stage.wheel(120)
    assert stage.canvas.zoom == MAX_ZOOM
    for _ in range(80):
        stage.wheel(-120)
    assert stage.canvas.zoom == MIN_ZOOM


def test_two_fingers_that_spread_zoom_in(stage):
    at = QPointF(200, 150)
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        QPointF(stage.canvas.mapToGlobal(at)),
        0.25,
        QPointF(),
    )
    QApplication.sendEvent(stage.canvas, pinch)
    assert stage.canvas.zoom == pytest.approx(6.25)


@pytest.mark.parametrize("by", ["middle", "space", "hand"])
def test_the_photo_is_panned_with_the_middle_button_space_or_the_hand(stage, by):
    tool = stage.tool(HandTool, stage.canvas) if by == "hand" else stage.tool(ObjectTool)
    stage.canvas.set_zoom(20.0)
    before = stage.canvas.viewport
    if by == "space":
        QTest.keyPress(stage.canvas, Qt.Key.Key_Space)
    stage.drag(20, 20, 22, 21, MIDDLE if by == "middle" else Qt.MouseButton.LeftButton)
    after = stage.canvas.viewport
    assert (after.left - before.left, after.top - before.top) != (0, 0)
    assert not stage.session.is_open
    assert tool.title


def test_space_pans_in_the_middle_of_a_drag_which_goes_on_afterwards(stage):
    stage.tool(ObjectTool)
    stage.canvas.set_zoom(16.0)
    stage.press(28, 20)
    stage.move(30, 22)
    view = stage.view_point(30, 22)
    QTest.keyPress(stage.canvas, Qt.Key.Key_Space)
    stage.move(32, 23)
    assert stage.view_point(30, 22) != view
    QTest.keyRelease(stage.canvas, Qt.Key.Key_Space)
    stage.move(36, 28)
    stage.release(36, 28)
    assert stage.session.prompt.box == Box(28, 20, 36, 28)


def test_the_middle_button_pans_in_the_middle_of_a_drag(stage):
    stage.tool(ObjectTool)
    stage.canvas.set_zoom(16.0)
    stage.press(28, 20)
    stage.move(30, 22)
    stage.press(30, 22, MIDDLE)
    stage.move(33, 24)
    stage.release(30, 22, MIDDLE)
    stage.move(36, 28)
    stage.release(36, 28)
    assert stage.session.prompt.box == Box(28, 20, 36, 28)


def test_arrow_keys_pan(stage):
    stage.canvas.set_zoom(20.0)
    left = stage.canvas.viewport.left
    stage.key(Qt.Key.Key_Left)
    assert stage.canvas.viewport.left == left + 60
    stage.key(Qt.Key.Key_Right)
    assert stage.canvas.viewport.left == left


def test_zooming_in_and_out_walks_through_round_values_and_fit_comes_back(stage):
    stage.canvas.zoom_in()
    assert stage.canvas.zoom == 6.0
    stage.canvas.zoom_out()
    stage.canvas.zoom_out()
    assert stage.canvas.zoom == 3.0
    stage.canvas.fit()
    assert stage.canvas.zoom == 5.0


def test_a_fitted_photo_stays_fitted_when_the_window_changes(stage):
    stage.canvas.resize(240, 200)
    assert stage.canvas.viewport.is_fitted
    assert stage.canvas.zoom == 3.0


def test_the_pointer_reports_photo_pixels_and_when_it_leaves(stage):
    seen = []
    stage.canvas.pointer_moved.connect(seen.append)
    stage.hover(12.5, 20.5)
    QApplication.sendEvent(stage.canvas, QEvent(QEvent.Type.Leave))
    assert seen == [pytest.approx((12.5, 20.5)), None]


# --- keys ---


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_tab_walks_through_the_candidates_and_leaves_only_without_a_prompt(qtbot, stage):
    window = QWidget()
    layout = QVBoxLayout(window)
    stage.canvas.setParent(window)
    field = QLineEdit()
    layout.addWidget(stage.canvas)
    layout.addWidget(field)
    window.show()
    window.activateWindow()
    stage.tool(ObjectTool)
    stage.canvas.setFocus()
    stage.session.add_point(20, 20)
    stage.answer()
    assert stage.session.candidate_index == 1
    stage.key(Qt.Key.Key_Tab)
    assert stage.session.candidate_index == 2
    stage.key(Qt.Key.Key_Backtab, SHIFT)
    stage.key(Qt.Key.Key_Backtab, SHIFT)
    assert stage.session.candidate_index == 0
    assert not field.hasFocus()
    stage.session.drop()
    stage.key(Qt.Key.Key_Tab)
    assert field.hasFocus()
    stage.canvas.setParent(None)
    window.close()


def test_alt_and_the_wheel_walk_through_the_candidates(stage):
    stage.tool(ObjectTool)
    stage.click(20, 20)
    stage.answer()
    zoom = stage.canvas.zoom
    stage.wheel(-120, modifiers=ALT, is_sideways=True)
    assert stage.session.candidate_index == 2
    stage.wheel(240, modifiers=ALT, is_sideways=True)
    assert stage.session.candidate_index == 0
    assert stage.canvas.zoom == zoom


def test_a_backslash_that_is_never_released_here_does_not_stick(stage):
    QTest.keyPress(stage.canvas, Qt.Key.Key_Backslash)
    stage.select(0, 0, 10, 10)
    original = stage.shown_at(40, 40)
    stage.canvas.clearFocus()
    QApplication.sendEvent(stage.canvas, QFocusEvent(QFocusEvent.Type.FocusOut))
    assert not np.array_equal(stage.shown_at(40, 40), original)
