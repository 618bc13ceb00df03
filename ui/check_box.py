"""A box to tick whose frame and tick can be seen in both themes; Qt's own frame drowns in the dark."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox

from ui.tick import draw_tick

_SIDE, _GAP = 18, 9


class CheckBox(QCheckBox):
    """Behaves as Qt's, draws itself from the palette."""

    def sizeHint(self) -> QSize:
        """Return room for the box and the text."""
        text = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        return QSize(_SIDE + _GAP + text.width() + 4, max(_SIDE, text.height()) + 6)

    def hitButton(self, position: object) -> bool:  # noqa: N802 - Qt calls it by this name
        """Let all of it be clicked."""
        del position
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, the tick and the text."""
        del event
        palette = self.palette()
        box = QRectF(1.5, (self.height() - _SIDE) / 2 + 0.5, _SIDE - 1, _SIDE - 1)
        is_marked = self.isChecked() or self.hasFocus()
        edge = QPalette.ColorRole.Highlight if is_marked else QPalette.ColorRole.Mid
        ground = QPalette.ColorRole.Highlight if self.isChecked() else QPalette.ColorRole.Base
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(palette.color(edge), 1))
            painter.setBrush(palette.color(ground))
            painter.drawRoundedRect(box, 4, 4)
            if self.isChecked():
                draw_tick(painter, box, palette.color(QPalette.ColorRole.HighlightedText), 2)
            words = self.rect().adjusted(_SIDE + _GAP, 0, 0, 0)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextShowMnemonic
            self.style().drawItemText(painter, words, flags, palette, self.isEnabled(), self.text(), _TEXT)


_TEXT = QPalette.ColorRole.WindowText
