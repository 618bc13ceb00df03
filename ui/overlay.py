"""Marks drawn over the photo: prompt points, strokes, boxes, outlines, the brush's circle, badges.

Every line is drawn twice, dark and wide below, light and thin above, so that it shows on any photo. Marks keep their
size on the screen whatever the zoom.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import ceil, floor

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QRegion

from core.geometry import Box
from core.mask_ops import SelectionMode
from core.prompt import Prompt
from core.scribble import Scribble
from ui.viewport import Viewport

MARKER_RADIUS = 9.0
"""Of a prompt point, as drawn, in logical pixels; it is hit within :data:`MARKER_REACH`."""

MARKER_REACH = 13.0
HANDLE_SIDE = 8.0
HANDLE_REACH = 9.0

INCLUDE_COLOR = QColor(22, 148, 92)
EXCLUDE_COLOR = QColor(214, 62, 52)
ACCENT_COLOR = QColor(38, 132, 255)

_CROSS_GAP, _CROSS_REACH = 5.0, 17.0
_NARROW_STROKE = 8.0
"""Below this width on the screen, in logical pixels, a line within a stroke would hide its colour."""

_STROKE_ALPHA = 130
_DASHES = (6.0, 8.0)

_LIGHT = QColor(255, 255, 255)
_DARK = QColor(0, 0, 0, 150)


class Handle(Enum):
    """One of the eight grips of a box, with its place on it as fractions of width and height."""

    TOP_LEFT = (0.0, 0.0)
    TOP = (0.5, 0.0)
    TOP_RIGHT = (1.0, 0.0)
    RIGHT = (1.0, 0.5)
    BOTTOM_RIGHT = (1.0, 1.0)
    BOTTOM = (0.5, 1.0)
    BOTTOM_LEFT = (0.0, 1.0)
    LEFT = (0.0, 0.5)

    def point_on(self, box: Box) -> tuple[float, float]:
        """Return where the grip of `box` is."""
        return box.x0 + self.value[0] * box.width, box.y0 + self.value[1] * box.height


@dataclass(frozen=True, slots=True)
class ShownPrompt:
    """A prompt as it is drawn: with what is being dragged, and with the part under the pointer standing out."""

    prompt: Prompt
    hot_point: int | None = None
    hot_handle: Handle | None = None
    hot_stroke: int | None = None
    new_stroke: Scribble | None = None
    """A stroke that is still being drawn."""
    is_box_hot: bool = False


class OverlayPainter:
    """Draws marks given in photo coordinates, and remembers which part of the view they took.

    Parameters
    ----------
    painter
        Paints in the view's logical pixels. Without one, nothing is drawn and only :attr:`region` is found.
    """

    def __init__(self, painter: QPainter | None, viewport: Viewport) -> None:
        self._painter = painter
        self._viewport = viewport
        self.region = QRegion()
        if painter is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    @property
    def painter(self) -> QPainter | None:
        """What to draw with, in the view's logical pixels; None if only the region is asked for."""
        return self._painter

    @property
    def viewport(self) -> Viewport:
        """Which part of the photo the view shows."""
        return self._viewport

    def claim(self, rect: QRectF, margin: float) -> None:
        """Note that something is drawn in a rectangle of the view, and up to `margin` around it."""
        self._claim(rect, margin)

    def marker(self, x: float, y: float, is_include: bool, is_hot: bool = False) -> None:
        """Draw a prompt point: a disc with a plus or a minus."""
        centre = self._point(x, y)
        radius = MARKER_RADIUS + (1.5 if is_hot else 0.0)
        self._disc(centre, radius, INCLUDE_COLOR if is_include else EXCLUDE_COLOR)
        self._sign(centre, SelectionMode.ADD if is_include else SelectionMode.SUBTRACT)

    def box(self, box: Box, has_handles: bool = True, hot: Handle | None = None, is_hot: bool = False) -> None:
        """Draw a box, with its eight grips if it can be changed; its sides stand out if they can be dragged."""
        top_left, bottom_right = self._point(box.x0, box.y0), self._point(box.x1, box.y1)
        rect = QRectF(top_left, bottom_right)
        dark, light = _double_pens()
        for pen in (dark, _round_pen(ACCENT_COLOR, 2.2) if is_hot else light):
            self._rect_outline(rect, pen)
        for handle in Handle if has_handles else ():
            self._handle(self._point(*handle.point_on(box)), handle is hot)

    def grip(self, x: float, y: float, is_hot: bool = False) -> None:
        """Draw a place that can be taken hold of."""
        self._handle(self._point(x, y), is_hot)

    def scribble(self, scribble: Scribble, is_hot: bool = False) -> None:
        """Draw a stroke at its true width, with a plus or a minus at its start.

        What belongs has a whole line in the middle, what does not a dashed one. A stroke that is too narrow on the
        screen for a line in it is a whole or dashed line itself.
        """
        width = scribble.width * self._viewport.scale
        self._swept(scribble.path, _stroke_pens(scribble.is_include, width), max(width, _NARROW_STROKE) / 2 + 2.0)
        self.marker(*scribble.path[0], scribble.is_include, is_hot)

    def veil(self, path: Sequence[tuple[float, float]], width: float, color: QColor) -> None:
        """Lay one strength of a colour over what a brush of `width`, in photo pixels, was swept over."""
        thickness = max(1.0, width * self._viewport.scale)
        self._swept(path, [_round_pen(color, thickness)], thickness / 2 + 1)

    def outline(self, points: Sequence[tuple[float, float]]) -> None:
        """Draw a line through points of the photo, and a dashed one from the last back to the first."""
        line = QPolygonF([self._point(x, y) for x, y in points])
        self._claim(line.boundingRect(), 2.0)
        if self._painter is None or len(points) < 2:
            return
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in _double_pens():
            self._painter.setPen(pen)
            self._painter.drawPolyline(line)
            closing = QPen(pen)
            closing.setDashPattern([3.0, 3.0])
            self._painter.setPen(closing)
            self._painter.drawLine(line.last(), line.first())

    def circle(self, x: float, y: float, diameter: float) -> None:
        """Draw a circle of a diameter in photo pixels, with a dot in the middle when it is large enough."""
        centre, radius = self._point(x, y), max(1.0, diameter / 2 * self._viewport.scale)
        self._claim(QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius), 2.0)
        if self._painter is None:
            return
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in _double_pens():
            self._painter.setPen(pen)
            self._painter.drawEllipse(centre, radius, radius)

    def cross(self, x: float, y: float) -> None:
        """Draw the keyboard's cursor: four arms around a point, which stays in sight."""
        centre = self._point(x, y)
        near, far = _CROSS_GAP, _CROSS_REACH
        self._claim(QRectF(centre.x() - far, centre.y() - far, 2 * far, 2 * far), 3.0)
        if self._painter is None:
            return
        arms = [(QPointF(u, v) * near, QPointF(u, v) * far) for u, v in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        for pen in (_round_pen(_DARK, 4.4), _round_pen(_LIGHT, 2.0)):
            self._painter.setPen(pen)
            for start, end in arms:
                self._painter.drawLine(centre + start, centre + end)

    def badge(self, view_x: float, view_y: float, mode: SelectionMode) -> None:
        """Draw the sign of a selection mode beside the pointer; nothing for a new selection."""
        if mode is SelectionMode.NEW:
            return
        centre = QPointF(view_x + 17, view_y + 17)
        self._disc(centre, 8.0, QColor(32, 33, 38))
        self._sign(centre, mode)

    def label(self, x: float, y: float, text: str, gap: float = 8.0) -> None:
        """Write a few words on a dark plate, `gap` logical pixels below and to the right of a point of the photo."""
        corner = self._point(x, y)
        width, height = 7.2 * len(text) + 14, 20.0
        left = min(max(4.0, corner.x() + gap), self._viewport.width - width - 4)
        top = min(max(4.0, corner.y() + gap), self._viewport.height - height - 4)
        self._plate(QRectF(left, top, width, height), 5, text)

    def notice(self, text: str) -> None:
        """Write a sentence on a dark plate in the middle of the view."""
        width, height = min(7.4 * len(text) + 36, self._viewport.width - 16), 36.0
        plate = QRectF((self._viewport.width - width) / 2, (self._viewport.height - height) / 2, width, height)
        self._plate(plate, 9, text)
        if self._painter is not None:
            # A dark plate on a dark photo needs a rim.
            self._painter.setPen(QPen(QColor(255, 255, 255, 90), 1.0))
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRoundedRect(plate, 9, 9)

    def prompt(self, shown: ShownPrompt) -> None:
        """Draw a prompt: its strokes, its box with grips, and its points over them."""
        if shown.prompt.scribbles:
            self._strokes(shown.prompt.scribbles, shown.hot_stroke)
        if shown.new_stroke is not None:
            self.scribble(shown.new_stroke)
        if shown.prompt.box is not None:
            self.box(shown.prompt.box, hot=shown.hot_handle, is_hot=shown.is_box_hot)
        for index, point in enumerate(shown.prompt.points):
            self.marker(point.x, point.y, point.is_include, is_hot=index == shown.hot_point)

    def _strokes(self, scribbles: tuple[Scribble, ...], hot: int | None) -> None:
        image, region = _stroke_layer(self._viewport, scribbles, hot)
        self.region += region
        if self._painter is not None:
            self._painter.drawImage(0, 0, image)

    def _swept(self, path: Sequence[tuple[float, float]], pens: Sequence[QPen], reach: float) -> None:
        first, *others = (self._point(x, y) for x, y in path)
        line = QPainterPath(first)
        for place in others or [first + QPointF(0.01, 0)]:  # without any length nothing would be drawn
            line.lineTo(place)
        self._claim(line.boundingRect(), reach)
        if self._painter is not None:
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in pens:
                self._painter.setPen(pen)
                self._painter.drawPath(line)

    def _point(self, x: float, y: float) -> QPointF:
        return QPointF(*self._viewport.to_view(x, y))

    def _claim(self, rect: QRectF, margin: float) -> None:
        left, top = floor(rect.left() - margin), floor(rect.top() - margin)
        right, bottom = ceil(rect.right() + margin), ceil(rect.bottom() + margin)
        self.region += QRect(left, top, right - left, bottom - top)

    def _rect_outline(self, rect: QRectF, pen: QPen) -> None:
        # Only the four sides are claimed: what lies within a large box need not be painted again.
        for side in _sides(rect):
            self._claim(side, 2.0)
        if self._painter is not None:
            self._painter.setPen(pen)
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRect(rect)

    def _plate(self, plate: QRectF, radius: float, text: str) -> None:
        self._claim(plate, 1.0)
        if self._painter is None:
            return
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(20, 21, 25, 215))
        self._painter.drawRoundedRect(plate, radius, radius)
        self._painter.setPen(_LIGHT)
        self._painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)

    def _handle(self, centre: QPointF, is_hot: bool) -> None:
        side = HANDLE_SIDE + (3.0 if is_hot else 0.0)
        rect = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
        self._claim(rect, 2.0)
        if self._painter is not None:
            self._painter.setPen(QPen(QColor(0, 0, 0, 190), 1.2))
            self._painter.setBrush(ACCENT_COLOR if is_hot else _LIGHT)
            self._painter.drawRoundedRect(rect, 1.5, 1.5)

    def _disc(self, centre: QPointF, radius: float, color: QColor) -> None:
        self._claim(QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius), 3.0)
        if self._painter is None:
            return
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(_DARK)
        self._painter.drawEllipse(centre, radius + 1.2, radius + 1.2)
        self._painter.setPen(QPen(_LIGHT, 1.6))
        self._painter.setBrush(QBrush(color))
        self._painter.drawEllipse(centre, radius - 0.8, radius - 0.8)

    def _sign(self, centre: QPointF, mode: SelectionMode) -> None:
        if self._painter is None:
            return
        self._painter.setPen(QPen(_LIGHT, 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        arm = 3.6
        if mode is SelectionMode.INTERSECT:
            self._painter.drawLine(centre + QPointF(-2.8, -2.8), centre + QPointF(2.8, 2.8))
            self._painter.drawLine(centre + QPointF(-2.8, 2.8), centre + QPointF(2.8, -2.8))
            return
        self._painter.drawLine(centre - QPointF(arm, 0), centre + QPointF(arm, 0))
        if mode is SelectionMode.ADD:
            self._painter.drawLine(centre - QPointF(0, arm), centre + QPointF(0, arm))


@lru_cache(maxsize=1)
def _stroke_layer(viewport: Viewport, scribbles: tuple[Scribble, ...], hot: int | None) -> tuple[QImage, QRegion]:
    """Return finished strokes as a picture of the view's size, and the region that they take.

    Wide lines take long to draw, and have to be shown again whenever the pointer moves.
    """
    size = viewport.device_size
    image = QImage(size.width, size.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(viewport.pixel_ratio)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        marks = OverlayPainter(painter, viewport)
        for index, scribble in enumerate(scribbles):
            marks.scribble(scribble, is_hot=index == hot)
    return image, marks.region


def _double_pens() -> tuple[QPen, QPen]:
    # Round joins: a sharp corner of an outline must not stick out of the region that was claimed for it.
    return _round_pen(_DARK, 3.2), _round_pen(_LIGHT, 1.3)


def _stroke_pens(is_include: bool, width: float) -> list[QPen]:
    color = QColor(INCLUDE_COLOR if is_include else EXCLUDE_COLOR)
    if width < _NARROW_STROKE:
        below, above = [_round_pen(_DARK, 5.6), _round_pen(_LIGHT, 4.0)], [_round_pen(color, 2.2)]
    else:
        color.setAlpha(_STROKE_ALPHA)
        below, above = [_round_pen(color, width)], [*_double_pens()]
    for pen in above if not is_include else ():
        # Dashes count in widths of their own pen; those of all pens must break at the same places.
        pen.setDashPattern([length / pen.widthF() for length in _DASHES])
    return below + above


def _round_pen(color: QColor, width: float) -> QPen:
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _sides(rect: QRectF) -> Iterator[QRectF]:
    yield QRectF(rect.topLeft(), rect.topRight())
    yield QRectF(rect.topRight(), rect.bottomRight())
    yield QRectF(rect.bottomLeft(), rect.bottomRight())
    yield QRectF(rect.topLeft(), rect.bottomLeft())
