"""Which of the canvas's input moves the view, and which goes to the tool.

Space+drag and the middle button pan in any tool, also in the middle of its gesture, which goes on afterwards.
"""

from math import exp2

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)

from ui.pointer import PointerEvent
from ui.tools.tool import Tool
from ui.viewport import Viewport

_NOTCH = 120.0
"""What a wheel reports for one notch, in eighths of a degree."""

_NOTCHES_PER_DOUBLING = 3.0
_ARROW_STEP = 60.0
"""How far an arrow key moves the photo, in logical pixels."""

_ARROWS = {
    Qt.Key.Key_Left: (_ARROW_STEP, 0.0),
    Qt.Key.Key_Right: (-_ARROW_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, _ARROW_STEP),
    Qt.Key.Key_Down: (0.0, -_ARROW_STEP),
}
_MODIFIERS = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
}


class CanvasGestures(QObject):
    """Reads the canvas's events.

    Its owner keeps :attr:`viewport` and :attr:`tool` up to date and listens to the signals.
    """

    viewport_wanted = Signal(object)  # Viewport
    pointer_moved = Signal(object)  # (x, y) in photo pixels, or None
    cursor_changed = Signal()
    candidate_wanted = Signal(int)  # steps
    rest_changed = Signal()  # whether a gesture of the tool is under way

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.viewport: Viewport | None = None
        self.tool = Tool(self)
        self.can_cycle = False
        self._tool_button = Qt.MouseButton.NoButton
        self._pan_button = Qt.MouseButton.NoButton
        self._is_space_down = False
        self._last = QPointF()
        self._is_inside = False
        self._wheel_rest = 0.0
        self._last_tap: tuple[int, QPointF] | None = None

    @property
    def is_panning(self) -> bool:
        """Whether the photo follows the pointer."""
        is_held_by_space = self._is_space_down and self._tool_button != Qt.MouseButton.NoButton
        return self._pan_button != Qt.MouseButton.NoButton or is_held_by_space

    @property
    def would_pan(self) -> bool:
        """Whether pressing the left button would begin to pan."""
        return self._is_space_down or self.tool.pans

    @property
    def is_tool_held(self) -> bool:
        """Whether a gesture of the tool is under way, with a button down."""
        return self._tool_button != Qt.MouseButton.NoButton

    @property
    def is_idle(self) -> bool:
        """Whether no button is down."""
        return self._tool_button == self._pan_button == Qt.MouseButton.NoButton

    def set_tool(self, tool: Tool) -> None:
        """Send later gestures to another tool; the one under way is given up."""
        self._hold(Qt.MouseButton.NoButton)
        self.tool.deactivate()
        self.tool = tool
        tool.activate()

    def press(self, event: QMouseEvent | QTabletEvent) -> None:
        """Begin to pan, or the tool's gesture; a second button during a gesture means nothing."""
        button = event.button()
        self._last = event.position()
        if self.viewport is None:
            return
        is_left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (is_left and self.would_pan and self.is_idle):
            self._pan_button = button
            self.cursor_changed.emit()
            return
        if self.is_idle and button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._hold(button)
            pointer = self._pointer(event, self.viewport)
            is_second = event.type() == QEvent.Type.MouseButtonDblClick or self._is_second_tap(event)
            self.tool.double_click(pointer) if is_second else self.tool.press(pointer)
            self.cursor_changed.emit()

    def move(self, event: QMouseEvent | QTabletEvent) -> None:
        """Pan, go on with the tool's gesture, or hover."""
        delta, self._last = event.position() - self._last, event.position()
        self._is_inside = True
        if self.viewport is None:
            return
        if self.is_panning:
            self.viewport_wanted.emit(self.viewport.panned(delta.x(), delta.y()))
            return
        pointer = self._pointer(event, self.viewport)
        self.pointer_moved.emit((pointer.x, pointer.y))
        if self._tool_button != Qt.MouseButton.NoButton:
            self.tool.move(pointer)
        else:
            self.tool.hover(pointer)
        self.cursor_changed.emit()

    def release(self, event: QMouseEvent | QTabletEvent) -> None:
        """End panning or the tool's gesture."""
        button = event.button()
        if button == self._pan_button:
            self._pan_button = Qt.MouseButton.NoButton
        elif button == self._tool_button and self.viewport is not None:
            self._hold(Qt.MouseButton.NoButton)
            self.tool.release(self._pointer(event, self.viewport))
        self.cursor_changed.emit()

    def tablet(self, event: QTabletEvent) -> None:
        """Do with a pen what a mouse does, and tell how hard it is pressed."""
        match event.type():
            case QEvent.Type.TabletPress:
                self.press(event)
            case QEvent.Type.TabletMove:
                self.move(event)
            case QEvent.Type.TabletRelease:
                self.release(event)
        event.accept()  # else Qt would make a mouse event of it, which knows no pressure

    def leave(self) -> None:
        """Note that the pointer is no longer over the canvas."""
        self._is_inside = False
        self.pointer_moved.emit(None)
        self.tool.leave()

    def forget(self) -> None:
        """Give up what is going on: the keyboard went elsewhere, or the document did."""
        self._is_space_down = False
        self._pan_button = Qt.MouseButton.NoButton
        self._hold(Qt.MouseButton.NoButton)
        self.tool.cancel()
        self.cursor_changed.emit()

    def release_keys(self) -> None:
        """Forget held keys: the keyboard went elsewhere, and their release will not be seen."""
        self._is_space_down = False
        self.cursor_changed.emit()

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; with Alt look at another candidate; two fingers on a touch pad move the photo."""
        if self.viewport is None:
            return
        # Alt turns the wheel's direction on most systems.
        turn = event.angleDelta().y() or event.angleDelta().x()
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and (self.can_cycle or self.tool.can_cycle):
            self._turn_candidates(turn)
        elif _is_touch_pad(event) and not has_control:
            delta = event.pixelDelta()
            self.viewport_wanted.emit(self.viewport.panned(delta.x(), delta.y()))
        else:
            factor = exp2(turn / _NOTCH / _NOTCHES_PER_DOUBLING)
            at = event.position()
            self.viewport_wanted.emit(self.viewport.zoomed_by(factor, at.x(), at.y()))
        self._hover_again(event.modifiers())

    def native_gesture(self, event: QNativeGestureEvent) -> bool:
        """Zoom where two fingers pinch; return whether the gesture was one."""
        if self.viewport is None or event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        at = event.position()
        self.viewport_wanted.emit(self.viewport.zoomed_by(max(0.1, 1.0 + event.value()), at.x(), at.y()))
        return True

    def key_press(self, event: QKeyEvent) -> bool:
        """Return whether a key meant something to the tool or the view."""
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            self._hover_again(event.modifiers() | _MODIFIERS[key])
            return False
        if self.tool.key(event):
            self.cursor_changed.emit()
            return True
        if key == Qt.Key.Key_Space:
            self._is_space_down = True
            self.cursor_changed.emit()
            return True
        if key in _ARROWS and self.viewport is not None:
            self.viewport_wanted.emit(self.viewport.panned(*_ARROWS[key]))
            return True
        return False

    def key_release(self, event: QKeyEvent) -> bool:
        """Return whether the key's release meant something."""
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            self._hover_again(event.modifiers() & ~_MODIFIERS[key])
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_down = False
            self.cursor_changed.emit()
            return True
        return False

    def _hold(self, button: Qt.MouseButton) -> None:
        """Note with which button the tool's gesture is made, or that there is none."""
        if button != self._tool_button:
            self._tool_button = button
            self.rest_changed.emit()

    def _is_second_tap(self, event: QMouseEvent | QTabletEvent) -> bool:
        """Whether a pen taps for the second time in a row; of a mouse Qt says so itself."""
        if not isinstance(event, QTabletEvent):
            return False
        tap = event.timestamp(), event.position()
        before, self._last_tap = self._last_tap, tap
        hints = QGuiApplication.styleHints()
        is_quick = before is not None and tap[0] - before[0] <= hints.mouseDoubleClickInterval()
        if before is None or not is_quick:
            return False
        away = (tap[1] - before[1]).manhattanLength()
        if away > hints.touchDoubleTapDistance():
            return False
        self._last_tap = None  # a third one begins anew
        return True

    def _turn_candidates(self, turn: int) -> None:
        self._wheel_rest += turn / _NOTCH
        steps = int(self._wheel_rest)
        self._wheel_rest -= steps
        if steps and self.tool.can_cycle:
            self.tool.cycle(-steps)
        elif steps:
            self.candidate_wanted.emit(-steps)

    def _hover_again(self, modifiers: Qt.KeyboardModifier) -> None:
        """Let the tool see what a modifier key, or the photo moving below the pointer, changes."""
        if self.viewport is None or not self._is_inside or not self.is_idle:
            return
        x, y = self.viewport.to_image(self._last.x(), self._last.y())
        self.pointer_moved.emit((x, y))
        view = self._last
        pointer = PointerEvent(x, y, view.x(), view.y(), modifiers=modifiers, scale=self.viewport.scale)
        self.tool.hover(pointer)
        self.cursor_changed.emit()

    def _pointer(self, event: QMouseEvent | QTabletEvent, viewport: Viewport) -> PointerEvent:
        at = event.position()
        x, y = viewport.to_image(at.x(), at.y())
        keys = event.button(), event.buttons(), event.modifiers()
        pressure, is_eraser = 1.0, False
        if isinstance(event, QTabletEvent):
            pressure = event.pressure()
            is_eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
        return PointerEvent(x, y, at.x(), at.y(), *keys, pressure, viewport.scale, is_eraser)


def _is_touch_pad(event: QWheelEvent) -> bool:
    return event.device().type() == QInputDevice.DeviceType.TouchPad and not event.pixelDelta().isNull()
