"""A person's hands at the whole window: all input goes in where the system's does, and finds its own way from there."""

from contextlib import contextmanager
from itertools import pairwise

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from tests.ui.desk import LEFT, NONE
from ui.panels.tool_bar import ToolBar

_HELD = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
}


class Hands:
    """Mouse and keyboard; places are in photo pixels, keys as they are written in menus."""

    def __init__(self, desk):
        self._desk = desk
        self._modifiers = NONE

    @property
    def _screen(self):
        return self._desk.window.windowHandle()

    def _at(self, place):
        canvas = self._desk.canvas
        return canvas.mapTo(self._desk.window, QPointF(*canvas.viewport.to_view(*place))).toPoint()

    # --- the keyboard ---

    def key(self, keys):
        """Press and release keys, as "Ctrl+Shift+Z", in whichever window has the keyboard."""
        combination = QKeySequence(keys)[0]
        window = self._desk.dialog() or self._desk.window
        if not window.isActiveWindow():
            window.activateWindow()  # where there is no screen, nobody hands the keyboard back from a dialog
            self._desk.settle()
        QTest.keyClick(window.windowHandle(), combination.key(), combination.keyboardModifiers() | self._modifiers)
        self._desk.settle()

    def type(self, text):
        """Type letters and digits."""
        for letter in text:
            self.key("Space" if letter == " " else letter)

    @contextmanager
    def holding(self, *keys):
        """Hold Shift, Alt or Ctrl."""
        for key in keys:
            self._modifiers |= _HELD[key]
            QTest.keyPress(self._screen, key, self._modifiers)
        yield
        for key in keys:
            self._modifiers &= ~_HELD[key]
            QTest.keyRelease(self._screen, key, self._modifiers)
        self._desk.settle()

    # --- the mouse ---

    def point(self, place):
        """Move the mouse to a place of the photo; a button that is down stays down."""
        QTest.mouseMove(self._screen, self._at(place))

    def press(self, place, button=LEFT):
        """Move to a place and press."""
        self.point(place)
        QTest.mousePress(self._screen, button, self._modifiers, self._at(place))

    def release(self, place, button=LEFT):
        """Move to a place and release."""
        self.point(place)
        QTest.mouseRelease(self._screen, button, self._modifiers, self._at(place))
        self._desk.settle()

    def click(self, place, button=LEFT):
        """Click on a place of the photo."""
        self.press(place, button)
        self.release(place, button)

    def drag(self, *places, button=LEFT):
        """Press at the first place, move over the others, and release at the last."""
        self.begin(*places, button=button)
        self.release(places[-1], button)

    def begin(self, *places, button=LEFT):
        """Press at the first place and move over the others."""
        self.press(places[0], button)
        for (x0, y0), (x1, y1) in pairwise(places):
            for part in (0.25, 0.5, 0.75, 1.0):
                self.point((x0 + part * (x1 - x0), y0 + part * (y1 - y0)))

    def click_on(self, widget, at=None):
        """Click in the middle of a widget of the window, or at another point of it, wherever the mouse then lands."""
        assert widget.isVisible()
        assert widget.isEnabled(), widget.accessibleName() or widget.text()
        place = widget.mapTo(widget.window(), QPoint(at or widget.rect().center()))
        QTest.mouseClick(widget.window().windowHandle(), LEFT, self._modifiers, place)
        self._desk.settle()

    def tool_button(self, tool_id):
        """Return the button of a tool in the bar."""
        action = self._desk.action(f"tool-{tool_id}")
        (bar,) = self._desk.window.findChildren(ToolBar)
        return next(button for button in bar.findChildren(QToolButton) if button.defaultAction() is action)

    # --- what takes its time ---

    def rest(self):
        """Wait until everything that was asked for is there."""
        desk = self._desk
        desk.wait(lambda: not (desk.session.state.is_busy or desk.editor.is_busy or desk.shop.objects.is_choosing))
