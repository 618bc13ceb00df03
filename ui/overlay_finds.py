"""What words found, drawn over the photo: boxes with their labels, of which no two cover one another.

Where boxes crowd, a label moves along its box, shrinks to its score, and at last waits for the pointer.
"""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter, QPen

from ui.overlay import ACCENT_COLOR, OverlayPainter
from ui.text_finds import ShownFind
from ui.tick import draw_tick
from ui.viewport import Viewport

EDGE_REACH = 6.0
"""How far from a box's line, in logical pixels, it can be clicked."""

_PLATE_HEIGHT, _PADDING, _TICK, _GAP, _MARGIN = 20.0, 6.0, 11.0, 5.0, 3.0
_LONGEST_LABEL = 150.0
_MOST_PLATES = 80
"""More labels than this nobody reads; the rest is told where the pointer is."""

_LIGHT, _SHADE = QColor(255, 255, 255), QColor(0, 0, 0, 150)
_GROUND, _GROUND_OFF = QColor(18, 84, 186), QColor(32, 34, 39, 235)
_TEXT_OFF, _LINE_OFF = QColor(205, 208, 214), QColor(225, 227, 231, 215)
_FILL = QColor(38, 132, 255, 46)


@dataclass(frozen=True, slots=True)
class Plate:
    """Where a label is drawn, in logical pixels of the view, and what it says."""

    index: int
    x: float
    y: float
    width: float
    text: str

    @property
    def rect(self) -> QRectF:
        """The plate as a rectangle."""
        return QRectF(self.x, self.y, self.width, _PLATE_HEIGHT)

    def meets(self, other: "Plate") -> bool:
        """Whether both would cover one another, or nearly."""
        apart_x = self.x > other.x + other.width + 1 or other.x > self.x + self.width + 1
        return not (apart_x or abs(self.y - other.y) > _PLATE_HEIGHT + 1)


@lru_cache(maxsize=8)
def lay_plates(viewport: Viewport, finds: tuple[ShownFind, ...]) -> tuple[Plate, ...]:
    """Return where the labels of `finds`, best first, are drawn: inside the view, none over another.

    A box outside of the view has no label, and neither has one whose label finds no room.
    """
    plates: list[Plate] = []
    for index, find in enumerate(finds):
        if len(plates) >= _MOST_PLATES:
            break
        box = view_box(viewport, find)
        if not box.intersects(_view(viewport)):
            continue
        for text in (_words(find, _LONGEST_LABEL), find.score_text):
            plate = _free_place(viewport, index, box, text, plates)
            if plate is not None:
                plates.append(plate)
                break
    return tuple(plates)


def find_at(viewport: Viewport, finds: tuple[ShownFind, ...], x: float, y: float) -> int | None:
    """Return the index of the find at a point of the view: its label, else its line, else the smallest box around it.

    A label counts before a line because it lies above, and a line before a surface because it is harder to meet.
    """
    for plate in lay_plates(viewport, finds):
        if plate.rect.contains(x, y):
            return plate.index
    boxes = [view_box(viewport, find) for find in finds]
    near = [(_distance_to_line(box, x, y), index) for index, box in enumerate(boxes)]
    distance, nearest = min(near, default=(EDGE_REACH + 1, -1))
    if distance <= EDGE_REACH:
        return nearest
    around = [(box.width() * box.height(), index) for index, box in enumerate(boxes) if box.contains(x, y)]
    return min(around)[1] if around else None


def paint_finds(marks: OverlayPainter, finds: tuple[ShownFind, ...], hot: int | None) -> None:
    """Draw the boxes and labels; the one that is pointed at, `hot`, above all others and with its whole label."""
    viewport = marks.viewport
    boxes = [view_box(viewport, find) for find in finds]
    plates = lay_plates(viewport, finds)
    if hot is not None:
        whole = _whole_plate(viewport, hot, finds[hot], boxes[hot], plates)
        plates = (*(plate for plate in plates if plate.index != hot), whole)
    for box in boxes:
        marks.claim(box.intersected(_view(viewport).adjusted(-4, -4, 4, 4)), 3.0)
    for plate in plates:
        marks.claim(plate.rect, 2.0)
    if marks.painter is None:
        return
    marks.painter.setFont(_font())
    order = sorted(range(len(finds)), key=lambda index: (index == hot, finds[index].is_ticked))
    for index in order:
        _draw_box(marks.painter, boxes[index], finds[index].is_ticked, index == hot)
    for plate in plates:
        _draw_plate(marks.painter, plate, finds[plate.index].is_ticked, plate.index == hot)


def view_box(viewport: Viewport, find: ShownFind) -> QRectF:
    """Return where the box of `find` is drawn in the view."""
    box = find.detection.box
    return QRectF(QPointF(*viewport.to_view(box.x0, box.y0)), QPointF(*viewport.to_view(box.x1, box.y1)))


def _view(viewport: Viewport) -> QRectF:
    return QRectF(0, 0, viewport.width, viewport.height)


def _font() -> QFont:
    font = QFont(QGuiApplication.font())
    font.setWeight(QFont.Weight.Medium)
    return font


def _words(find: ShownFind, longest: float) -> str:
    metrics = QFontMetricsF(_font())
    label = metrics.elidedText(find.detection.label, Qt.TextElideMode.ElideRight, longest)
    return f"{label}  {find.score_text}"


def _width_of(text: str) -> float:
    return 2 * _PADDING + _TICK + _GAP + QFontMetricsF(_font()).horizontalAdvance(text)


def _free_place(viewport: Viewport, index: int, box: QRectF, text: str, taken: list[Plate]) -> Plate | None:
    width = _width_of(text)
    for x, y in _places(viewport, box, width):
        plate = Plate(index, x, y, width, text)
        if not any(plate.meets(other) for other in taken):
            return plate
    return None


def _places(viewport: Viewport, box: QRectF, width: float) -> list[tuple[float, float]]:
    """Return where a label may lie, the best place first: at a corner of what is seen of its box, inside the view."""
    seen = box.intersected(_view(viewport))
    outside = [(seen.left() - 1, seen.top() - _PLATE_HEIGHT - 1), (seen.right() - width + 1, seen.bottom() + 1)]
    outside += [(seen.right() - width + 1, outside[0][1]), (seen.left() - 1, outside[1][1])]
    inside = [(seen.left() + 3, seen.top() + 3), (seen.right() - width - 3, seen.bottom() - _PLATE_HEIGHT - 3)]
    inside += [(inside[1][0], inside[0][1]), (inside[0][0], inside[1][1])]
    has_room = seen.width() >= width + 6 and seen.height() >= _PLATE_HEIGHT + 6
    room = _view(viewport).adjusted(_MARGIN, _MARGIN, -_MARGIN - width, -_MARGIN - _PLATE_HEIGHT)
    places = [
        (min(max(x, room.left()), max(room.right(), room.left())), y)
        for x, y in (*outside, *(inside if has_room else ()))
        if room.top() <= y <= room.bottom()
    ]
    # A box that fills the view has no outside, and one at its rim may have no inside.
    fallback = (min(max(seen.left() + 3, room.left()), max(room.right(), room.left())), max(seen.top() + 3, room.top()))
    return [*places, (fallback[0], min(fallback[1], max(room.bottom(), room.top())))]


def _whole_plate(viewport: Viewport, index: int, find: ShownFind, box: QRectF, plates: tuple[Plate, ...]) -> Plate:
    """Return the label with all its words, where it lies already or else at its best place."""
    text = _words(find, viewport.width)
    width = min(_width_of(text), viewport.width - 2 * _MARGIN)
    placed = next((plate for plate in plates if plate.index == index), None)
    x, y = (placed.x, placed.y) if placed is not None else _places(viewport, box, width)[0]
    return Plate(index, max(_MARGIN, min(x, viewport.width - width - _MARGIN)), y, width, text)


def _distance_to_line(box: QRectF, x: float, y: float) -> float:
    """Return how far a point is from the outline of a box; far, if beyond its corners."""
    if box.adjusted(-EDGE_REACH, -EDGE_REACH, EDGE_REACH, EDGE_REACH).contains(x, y):
        return min(abs(x - box.left()), abs(x - box.right()), abs(y - box.top()), abs(y - box.bottom()))
    return EDGE_REACH + 1


def _draw_box(painter: QPainter, box: QRectF, is_ticked: bool, is_hot: bool) -> None:
    # Lines along the pixels need no smoothing, which takes several times as long where there are hundreds of boxes.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if is_hot:
        painter.fillRect(box, _FILL)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    width = 3.0 if is_hot else 2.0 if is_ticked else 1.0
    for color, wide in ((_SHADE, width + 2.0), (ACCENT_COLOR if is_ticked else _LINE_OFF, width)):
        pen = QPen(color, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
        if not is_ticked:
            pen.setDashPattern([7.0 / wide, 5.0 / wide])
        painter.setPen(pen)
        painter.drawRect(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _draw_plate(painter: QPainter, plate: Plate, is_ticked: bool, is_hot: bool) -> None:
    painter.setPen(QPen(_LIGHT if is_hot else _SHADE, 1.2 if is_hot else 1.0))
    painter.setBrush(_GROUND if is_ticked else _GROUND_OFF)
    painter.drawRoundedRect(plate.rect, 4, 4)
    color = _LIGHT if is_ticked or is_hot else _TEXT_OFF
    side = QRectF(plate.x + _PADDING, plate.y + (_PLATE_HEIGHT - _TICK) / 2, _TICK, _TICK)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 1.2))
    painter.drawRoundedRect(side, 2.5, 2.5)
    if is_ticked:
        draw_tick(painter, side, color, 1.6)
    painter.setPen(color)
    words = plate.rect.adjusted(_PADDING + _TICK + _GAP, 0, -_PADDING + 2, 0)
    text = QFontMetricsF(_font()).elidedText(plate.text, Qt.TextElideMode.ElideMiddle, words.width())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
