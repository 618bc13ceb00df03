"""Where a dialog shows a small picture of what will come of it, its size below."""

from math import ceil

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.export.preview import Preview
from core.texts import tr
from ui.qimage import to_qimage

SIDE = 260
"""Device-independent pixels of the square that a picture is fitted into."""

_TILE = 8
_CAPTION = 26
_LIGHT, _DARK = QColor(255, 255, 255), QColor(208, 208, 208)


class PreviewPane(QWidget):
    """Shows a picture over a checkerboard, or a sentence in its place."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QPixmap()
        self._text = ""
        self._caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What is said in place of a picture."""
        return self._text

    @property
    def caption(self) -> str:
        """What is said below the picture."""
        return self._caption

    @property
    def longest(self) -> int:
        """The most pixels of a side that the screen can show."""
        return round(SIDE * self.devicePixelRatioF())

    def show_preview(self, preview: Preview) -> None:
        """Show a picture, and the size of what it stands for."""
        picture = QPixmap.fromImage(to_qimage(preview.pixels))
        ratio = self.devicePixelRatioF()
        picture.setDevicePixelRatio(ratio)
        self._picture, self._text = picture, ""
        self._say(tr("{width} × {height} px", width=preview.size.width, height=preview.size.height))

    def show_text(self, text: str) -> None:
        """Show a sentence instead of a picture."""
        self._picture, self._text = QPixmap(), text
        self._say("")

    def show_working(self) -> None:
        """Say that a picture is on its way; the old one stays until then."""
        if self._text:
            self._text = ""
        self._say(tr("Preview…"))

    def sizeHint(self) -> QSize:
        """Return room for the square and the line below it."""
        return QSize(SIDE, SIDE + _CAPTION)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, or the sentence, and what is below."""
        del event
        painter = QPainter(self)
        square = QRect(0, 0, SIDE, SIDE)
        muted = self.palette().placeholderText().color()
        if not self._picture.isNull():
            size = self._picture.deviceIndependentSize()
            place = QRectF(QPointF((SIDE - size.width()) // 2, 0), size)
            square.setHeight(ceil(size.height()))
            _draw_checkerboard(painter, place)
            painter.drawPixmap(place.topLeft(), self._picture)
        else:
            painter.setPen(muted)
            painter.drawRect(square.adjusted(0, 0, -1, -1))
        wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.setPen(self.palette().windowText().color())
        painter.drawText(square.adjusted(16, 16, -16, -16), wrap, self._text)
        painter.setPen(muted)
        painter.drawText(QRect(0, square.height(), SIDE, _CAPTION), Qt.AlignmentFlag.AlignCenter, self._caption)

    def _say(self, caption: str) -> None:
        self._caption = caption
        self.setAccessibleName(tr("Preview"))
        self.setAccessibleDescription(self._text or caption)
        self.update()


def _draw_checkerboard(painter: QPainter, place: QRectF) -> None:
    painter.save()
    painter.setClipRect(place)
    painter.fillRect(place, _LIGHT)
    left, right = int(place.left()), ceil(place.right())
    for row, y in enumerate(range(int(place.top()), ceil(place.bottom()), _TILE)):
        for x in range(left + _TILE * (row % 2), right, 2 * _TILE):
            painter.fillRect(x, y, _TILE, _TILE, _DARK)
    painter.restore()
