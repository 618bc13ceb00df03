"""A line of text that gives way: what does not fit is left out, and the whole is in the tooltip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """A label that may be narrower than its text."""

    def __init__(
        self, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight, text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few letters."""
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the tooltip for text that does not fit."""
        super().resizeEvent(event)
        self.setToolTip(self.text() if self.fontMetrics().horizontalAdvance(self.text()) > self.width() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        del event
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        with QPainter(self) as painter:
            role = self.foregroundRole()
            self.style().drawItemText(
                painter, self.rect(), self.alignment(), self.palette(), self.isEnabled(), shown, role
            )
