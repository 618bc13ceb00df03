"""The tick in a box that can be ticked."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

_CORNERS = ((0.24, 0.53), (0.43, 0.72), (0.77, 0.31))


def draw_tick(painter: QPainter, box: QRectF, color: QColor, width: float) -> None:
    """Draw a tick, with a pen of `width`, where `box` is."""
    painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    side_x, side_y = box.width(), box.height()
    painter.drawPolyline(QPolygonF([QPointF(box.x() + u * side_x, box.y() + v * side_y) for u, v in _CORNERS]))
