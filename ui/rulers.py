"""Rulers along the top and the left of the canvas, in photo pixels, with a mark where the pointer is."""

from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QWidget

from core.texts import tr
from ui.canvas import Canvas

THICKNESS = 20
"""Of a ruler, in logical pixels."""

_LABEL_ROOM, _TICK_ROOM = 56.0, 5.0
"""The least distance of two labels and of two ticks, in logical pixels."""

_LONG, _SHORT, _MARK = 12.0, 5.0, 4.0
_FONT_PIXELS = 10


def ruler_steps(scale: float) -> tuple[int, int]:
    """Return how many photo pixels lie between two labels and between two ticks.

    Parameters
    ----------
    scale
        Logical pixels per photo pixel.
    """
    wanted = max(1.0, _LABEL_ROOM / scale)
    power = int(10 ** floor(log10(wanted)))
    label = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted)
    fitting = (label // parts for parts in (10, 5, 2) if label % parts == 0 and label / parts * scale >= _TICK_ROOM)
    return label, next(fitting, label)


class Ruler(QWidget):
    """One of the two; as long as the canvas and placed beside it, so that both count from the same point."""

    def __init__(self, canvas: Canvas, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._is_horizontal = orientation is Qt.Orientation.Horizontal
        self._pointer: float | None = None
        if self._is_horizontal:
            self.setFixedHeight(THICKNESS)
        else:
            self.setFixedWidth(THICKNESS)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Ruler along the top") if self._is_horizontal else tr("Ruler along the left"))
        font = self.font()
        font.setPixelSize(_FONT_PIXELS)
        self.setFont(font)
        canvas.viewport_changed.connect(self.update)
        canvas.pointer_moved.connect(self._on_pointer_moved)

    @property
    def pointer(self) -> float | None:
        """Where along the ruler the pointer's mark is, in logical pixels."""
        return self._pointer

    def sizeHint(self) -> QSize:
        """Return the thickness; the length is the canvas's."""
        return QSize(THICKNESS, THICKNESS)

    def place_of(self, pixel: float) -> float | None:
        """Return where along the ruler a column or row of the photo begins, in logical pixels."""
        viewport = self._canvas.viewport
        return None if viewport is None else viewport.to_view(pixel, pixel)[0 if self._is_horizontal else 1]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ticks and labels that lie in what has to be painted."""
        area = event.rect()
        with QPainter(self) as painter:
            painter.fillRect(area, self.palette().color(QPalette.ColorRole.Window))
            painter.fillRect(self._across(0, self._length, THICKNESS - 1, 1), self._color(QPalette.ColorRole.Dark))
            first, last = (area.left(), area.right()) if self._is_horizontal else (area.top(), area.bottom())
            self._draw_ticks(painter, first - _LABEL_ROOM, last + 1.0)
            self._draw_mark(painter)

    def _draw_ticks(self, painter: QPainter, first: float, last: float) -> None:
        viewport = self._canvas.viewport
        if viewport is None:
            return
        label, tick = ruler_steps(viewport.scale)
        low, high = (viewport.to_image(end, end)[0 if self._is_horizontal else 1] for end in (first, last))
        line = max(1, round(viewport.pixel_ratio)) / viewport.pixel_ratio
        painter.setPen(self._color(QPalette.ColorRole.PlaceholderText))
        for pixel in range(floor(low / tick) * tick, ceil(high) + 1, tick):
            place = viewport.to_view(pixel, pixel)[0 if self._is_horizontal else 1]
            length = _LONG if pixel % label == 0 else _SHORT
            painter.fillRect(self._across(place, line, THICKNESS - length, length), self._color(QPalette.ColorRole.Mid))
            if pixel % label == 0:
                self._draw_label(painter, place, str(pixel))

    def _draw_label(self, painter: QPainter, place: float, text: str) -> None:
        painter.save()
        if self._is_horizontal:
            painter.translate(place + 3, 0)
        else:
            painter.translate(0, place + 3 + self.fontMetrics().horizontalAdvance(text))
            painter.rotate(-90)
        painter.drawText(QRectF(0, 0, _LABEL_ROOM, _LONG), Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _draw_mark(self, painter: QPainter) -> None:
        if self._pointer is None:
            return
        at, tip = self._pointer, THICKNESS - 1.0
        corners = ((at - _MARK, tip - 1.5 * _MARK), (at + _MARK, tip - 1.5 * _MARK), (at, tip))
        points = [QPointF(*corner) if self._is_horizontal else QPointF(corner[1], corner[0]) for corner in corners]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color(QPalette.ColorRole.Highlight))
        painter.drawPolygon(QPolygonF(points))

    @property
    def _length(self) -> int:
        return self.width() if self._is_horizontal else self.height()

    def _color(self, role: QPalette.ColorRole) -> QColor:
        return self.palette().color(role)

    def _across(self, along: float, width: float, start: float, length: float) -> QRectF:
        return QRectF(along, start, width, length) if self._is_horizontal else QRectF(start, along, length, width)

    @Slot(object)
    def _on_pointer_moved(self, position: tuple[float, float] | None) -> None:
        before, viewport = self._pointer, self._canvas.viewport
        self._pointer = None
        if position is not None and viewport is not None:
            self._pointer = viewport.to_view(*position)[0 if self._is_horizontal else 1]
        # Only the two small places: a stroke of the brush moves the mark with every event.
        for place in (before, self._pointer):
            if place is not None:
                self.update(self._across(place - _MARK - 1, 2 * _MARK + 2, 0, THICKNESS).toAlignedRect())
