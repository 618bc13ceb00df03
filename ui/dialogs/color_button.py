"""A button that shows a colour and lets another one be chosen."""

from PySide6.QtCore import QRectF, QSize, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QWidget

from core.background import Color


class Swatch(QAbstractButton):
    """One colour to press."""

    def __init__(self, name: str, color: Color, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = color
        self.setAccessibleName(name)
        self.setToolTip(name)

    @property
    def color(self) -> Color:
        """What it shows."""
        return self._color

    def show_color(self, color: Color) -> None:
        """Show another colour."""
        if color != self._color:
            self._color = color
            self.update()

    def sizeHint(self) -> QSize:
        """Return room for a square."""
        return QSize(26, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the colour with a rim that both themes show."""
        del event
        role = QPalette.ColorRole.Highlight if self.hasFocus() or self.underMouse() else QPalette.ColorRole.Mid
        rect = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().color(role), 2 if self.hasFocus() else 1))
            painter.setBrush(QColor(*self._color))
            painter.drawRoundedRect(rect, 5, 5)


class ColorButton(Swatch):
    """Opens a chooser; the colours that are tried in it are told as one gesture, and Cancel goes back."""

    chosen = Signal(tuple, str)  # colour, name of the gesture

    def __init__(self, name: str, color: Color, parent: QWidget | None = None) -> None:
        super().__init__(f"{name}…", color, parent)
        self._gestures = 0
        self.clicked.connect(self._on_clicked)

    def sizeHint(self) -> QSize:
        """Return room for a wide field."""
        return QSize(52, 28)

    @Slot()
    def _on_clicked(self) -> None:
        self._gestures += 1
        gesture, before = f"{self.accessibleName()} {self._gestures}", self.color
        chooser = QColorDialog(QColor(*before), self)
        chooser.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        chooser.setWindowTitle(self.accessibleName().rstrip("…"))
        chooser.currentColorChanged.connect(lambda color: self.chosen.emit(_of(color), gesture))
        chooser.rejected.connect(lambda: self.chosen.emit(before, gesture))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()


def _of(color: QColor) -> Color:
    return color.red(), color.green(), color.blue()
