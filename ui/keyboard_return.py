"""The photo gets the keyboard back: most keys mean something there, and few people look where the keyboard is."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSpinBox, QApplication, QComboBox

from ui.canvas import Canvas

_LEFT_BY_POINTING = QAbstractItemView, QAbstractButton, QComboBox
"""Who points at the photo is done with these. What is typed into, and a slider that is being tried, are left alone."""

_DONE = Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape


class KeyboardReturn(QObject):
    """Gives the keyboard to the photo when the pointer comes to it from a list or a button, or a number was typed."""

    def __init__(self, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent or canvas)
        self._canvas = canvas
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it by this name
        """Take the keyboard when the pointer comes."""
        if event.type() == QEvent.Type.Enter and isinstance(self._focus, _LEFT_BY_POINTING):
            self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        return super().eventFilter(watched, event)

    def take_key(self, key: Qt.Key) -> bool:
        """Leave a box for numbers with Enter or Esc; return whether it was one."""
        if key not in _DONE or not isinstance(self._focus, QAbstractSpinBox):
            return False
        self._canvas.setFocus()
        return True

    @property
    def _focus(self) -> QObject | None:
        """What has the keyboard in the photo's window; of a dialog nothing is taken."""
        focus = QApplication.focusWidget()
        return focus if focus is not None and focus.window() is self._canvas.window() else None
