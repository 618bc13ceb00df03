"""The crop tool: drag a frame around what is to stay."""

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QKeyEvent, QPen

from core.geometry import Box
from core.texts import tr
from ui.crop_frame import CropFrame
from ui.overlay import HANDLE_REACH, Handle, OverlayPainter
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.tools.tool import Tool

_VEIL = QColor(0, 0, 0, 150)
_GRID = QColor(255, 255, 255, 110)
_SHAPES = {
    Handle.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Handle.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Handle.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Handle.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Handle.TOP: Qt.CursorShape.SizeVerCursor,
    Handle.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Handle.LEFT: Qt.CursorShape.SizeHorCursor,
    Handle.RIGHT: Qt.CursorShape.SizeHorCursor,
}
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_FAR = 10
"""Pixels that Shift and an arrow key move the frame."""


class CropTool(Tool):
    """Grips change the frame, a drag in it moves it, a drag beside it begins another one."""

    id = "crop"
    title = tr("Crop")

    left = Signal()  # the person is done

    def __init__(self, frame: CropFrame, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self._session = session
        self._start: PointerEvent | None = None
        self._before: Box | None = None
        self._grip: Handle | None = None
        self._hot: Handle | None = None
        self._is_inside = False
        frame.changed.connect(self.overlay_changed)
        frame.changed.connect(self.hint_changed)
        frame.changed.connect(self.parts_changed)

    def hint(self) -> str:
        """Return what the next gesture does."""
        if self._start is not None:
            return tr("Release to leave the frame there · Esc puts it back")
        if self._frame.is_whole:
            return tr("Drag the grips to the part that stays, or drag a new frame")
        return tr("Enter crops, and layers keep the rest · Esc starts again")

    def cursor(self) -> QCursor:
        """Return what a drag would do here."""
        if self._hot is not None:
            return QCursor(_SHAPES[self._hot])
        is_movable = self._is_inside and not self._frame.is_whole
        return QCursor(Qt.CursorShape.SizeAllCursor if is_movable else Qt.CursorShape.CrossCursor)

    def activate(self) -> None:
        """Make the open prompt the selection; the frame lies around everything."""
        self._session.commit()
        self._frame.reset()

    def press(self, event: PointerEvent) -> None:
        """Take hold of a grip, of the frame, or begin another frame."""
        if event.button != Qt.MouseButton.LeftButton or self._frame.box is None or self._start is not None:
            return
        self.hover(event)
        self._start, self._before, self._grip = event, self._frame.box, self._hot
        self.hint_changed.emit()

    def move(self, event: PointerEvent) -> None:
        """Drag on."""
        if self._start is None or self._before is None or not event.is_drag_from(self._start):
            return
        to = event.x, event.y
        if self._grip is not None:
            self._frame.drag(self._before, self._grip.value, to)
        elif self._is_inside and not self._is_all(self._before):
            self._frame.move(self._before, event.x - self._start.x, event.y - self._start.y)
        else:
            self._frame.drag(self._cornered(self._start), Handle.BOTTOM_RIGHT.value, to)

    def release(self, event: PointerEvent) -> None:
        """Leave the frame there."""
        if self._start is not None:
            self.move(event)
            self._frame.remember(self._before)
            self._start = self._before = self._grip = None
            self.hover(event)
            self.hint_changed.emit()

    def double_click(self, event: PointerEvent) -> None:
        """Crop, in the frame."""
        box = self._frame.box
        if box is not None and box.contains(event.x, event.y) and not self._frame.is_whole:
            self._frame.apply()
        else:
            self.press(event)

    def hover(self, event: PointerEvent) -> None:
        """Let the grip under the pointer stand out."""
        box = self._frame.box
        if box is None:
            return
        near = [(event.distance_to(*handle.point_on(box)), handle) for handle in Handle]
        distance, handle = min(near, key=lambda found: found[0])
        self._hot = handle if distance <= HANDLE_REACH else None
        self._is_inside = box.contains(event.x, event.y)
        self.overlay_changed.emit()

    def leave(self) -> None:
        """Forget the grip under the pointer."""
        if self._start is None:
            self._hot = None
            self.overlay_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Crop, start again or leave; arrows move the frame."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._frame.apply() if not self._frame.is_whole else self.left.emit()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key in _ARROWS and self._frame.box is not None and not self._frame.is_whole:
            before, step = self._frame.box, _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._frame.move(before, step * _ARROWS[key][0], step * _ARROWS[key][1])
            self._frame.remember(before)
        else:
            return False
        return True

    @property
    def undo_title(self) -> str:
        """The last change of the frame."""
        return tr("Change of the Frame") if self._frame.can_undo else ""

    def undo(self) -> None:
        """Put the frame where it lay before."""
        self._frame.undo()

    def cancel(self) -> None:
        """Put the frame where it was before the drag."""
        if self._start is not None:
            before = self._before
            self._start = self._before = self._grip = None
            self._frame.show(before)
            self.hint_changed.emit()

    def paint(self, painter: OverlayPainter) -> None:
        """Darken what would go; draw the frame with thirds and grips, and say its size."""
        box, rect, size = self._frame.box, self._frame.rect, self._frame.size
        if box is None or rect is None or size is None:
            return
        outer = _in_view(painter, Box(0, 0, size.width, size.height))
        inner = _in_view(painter, Box(rect.x, rect.y, rect.right, rect.bottom))
        painter.claim(outer, 2.0)
        if painter.painter is not None:
            for part in _around(inner, outer):
                painter.painter.fillRect(part, _VEIL)
            painter.painter.setPen(QPen(_GRID, 1.0))
            for third in (1 / 3, 2 / 3):
                x, y = inner.x() + third * inner.width(), inner.y() + third * inner.height()
                painter.painter.drawLine(round(x), round(inner.top()), round(x), round(inner.bottom()))
                painter.painter.drawLine(round(inner.left()), round(y), round(inner.right()), round(y))
        painter.box(Box(rect.x, rect.y, rect.right, rect.bottom), hot=self._grip or self._hot)
        if self._start is not None:
            painter.label(rect.right, rect.bottom, f"{rect.width} × {rect.height}")

    def _escape(self) -> None:
        if self._start is not None:
            self.cancel()
        elif self._frame.is_untouched:
            self.left.emit()
        else:
            self._frame.reset()

    def _is_all(self, box: Box) -> bool:
        size = self._frame.size
        return size is not None and box == Box(0.0, 0.0, size.width, size.height)

    def _cornered(self, start: PointerEvent) -> Box:
        """Return an empty frame in the picture where a drag began."""
        size = self._frame.size
        if size is None:
            return Box(0.0, 0.0, 0.0, 0.0)
        x, y = min(max(start.x, 0.0), size.width), min(max(start.y, 0.0), size.height)
        return Box(x, y, x, y)


def _in_view(painter: OverlayPainter, box: Box) -> QRectF:
    left, top = painter.viewport.to_view(box.x0, box.y0)
    right, bottom = painter.viewport.to_view(box.x1, box.y1)
    return QRectF(left, top, right - left, bottom - top)


def _around(inner: QRectF, outer: QRectF) -> tuple[QRectF, ...]:
    """Return four rectangles that cover what of `outer` lies outside of `inner`."""
    height = inner.height()
    return (
        QRectF(outer.left(), outer.top(), outer.width(), inner.top() - outer.top()),
        QRectF(outer.left(), inner.bottom(), outer.width(), outer.bottom() - inner.bottom()),
        QRectF(outer.left(), inner.top(), inner.left() - outer.left(), height),
        QRectF(inner.right(), inner.top(), outer.right() - inner.right(), height),
    )
