"""The polygon lasso: click from corner to corner around what you mean."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent

from core import selection_edits
from core.mask_ops import SelectionMode
from core.polygon import fill_polygon
from core.texts import tr
from ui.editor import Editor
from ui.overlay import HANDLE_REACH, OverlayPainter
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.tools.area_tool import AreaTool

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BACK = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)

_HINTS = {
    SelectionMode.NEW: tr("Click corners around what belongs · hold Shift to add, Alt to subtract"),
    SelectionMode.ADD: tr("Click corners around what to add to the selection"),
    SelectionMode.SUBTRACT: tr("Click corners around what to take out of the selection"),
    SelectionMode.INTERSECT: tr("Click corners around the part of the selection to keep"),
}


class PolygonTool(AreaTool):
    """Clicks set corners, a drag draws freehand between them; the first corner, a double click or Enter closes.

    The modifiers of the first click say how the outline will meet the selection.
    """

    id = "polygon"
    hints = _HINTS
    title = tr("Polygon lasso")

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(editor, session, parent)
        self._strokes: list[list[tuple[float, float]]] = []
        self._press: PointerEvent | None = None

    def hint(self) -> str:
        """Return what the next gesture does."""
        if self._start is None:
            return super().hint()
        if self._is_at_first:
            return tr("Click to close the outline")
        return tr(
            "Click the next corner · double click or Enter closes · Backspace takes the last one back · Esc drops"
        )

    def press(self, event: PointerEvent) -> None:
        """Set a corner, or close the outline at its first one; a drag from here draws freehand."""
        if self._editor.document is None or event.button != Qt.MouseButton.LeftButton:
            return
        self._now = event
        if self._is_at_first:
            self._close()
            return
        self._start = self._start or event
        self._press = event
        self._strokes.append([(event.x, event.y)])
        self.parts_changed.emit()
        self._show()

    def double_click(self, event: PointerEvent) -> None:
        """Close the outline; the first of the two clicks has set the last corner."""
        if self._start is None:
            self.press(event)
        elif event.button == Qt.MouseButton.LeftButton:
            self._close()

    def move(self, event: PointerEvent) -> None:
        """Draw freehand, once the pointer has moved far enough."""
        self._now = event
        if self._press is not None and (len(self._strokes[-1]) > 1 or event.is_drag_from(self._press)):
            self._strokes[-1].append((event.x, event.y))
        self._show()

    def release(self, event: PointerEvent) -> None:
        """End a corner or a freehand piece."""
        self._press = None
        self.hover(event)

    def leave(self) -> None:
        """Let the outline end at its last corner while the pointer is elsewhere."""
        self._now = None
        self.overlay_changed.emit()

    @property
    def undo_title(self) -> str:
        """The last corner, or the last piece that was drawn freehand."""
        return tr("Corner") if self._strokes else ""

    def undo(self) -> None:
        """Take the last corner back."""
        self._take_back()

    def key(self, event: QKeyEvent) -> bool:
        """Close with Enter, take the last corner back with Backspace, drop with Esc."""
        key = Qt.Key(event.key())
        if self._start is None:
            return False
        if key in _ENDS:
            self._close()
        elif key in _BACK:
            self._take_back()
        elif key == Qt.Key.Key_Escape:
            self.cancel()
        else:
            return False
        return True

    def cancel(self) -> None:
        """Drop the outline."""
        self._strokes.clear()
        self._press = None
        self.parts_changed.emit()
        super().cancel()

    def paint(self, painter: OverlayPainter) -> None:
        """Draw the outline so far, on to the pointer, its first corner, and the sign of the mode."""
        points = self._points
        if points:
            ahead = [] if self._now is None or self._is_at_first else [(self._now.x, self._now.y)]
            painter.outline([*points, *ahead])
            painter.grip(*points[0], is_hot=self._is_at_first)
        super().paint(painter)

    @property
    def _points(self) -> list[tuple[float, float]]:
        return [point for stroke in self._strokes for point in stroke]

    @property
    def _is_at_first(self) -> bool:
        """Whether a click here would close the outline."""
        has_area = len(self._strokes) > 2 or any(len(stroke) > 2 for stroke in self._strokes)
        is_free = self._now is not None and self._press is None and has_area
        return is_free and self._now is not None and self._now.distance_to(*self._strokes[0][0]) <= HANDLE_REACH

    def _take_back(self) -> None:
        self._strokes.pop()
        self._press = None
        if self._strokes:
            self._show()
        else:
            self.cancel()

    def _close(self) -> None:
        start, points, document = self._start, self._points, self._editor.document
        self.cancel()
        if start is None or document is None or len(points) < 3:
            return
        if fill_polygon(points, document.size).any():
            corners, title = tuple(points), self.title
            self._select(
                lambda mode: self._editor.change(lambda d: selection_edits.select_outline(d, corners, mode, title)),
                self._mode_of(start),
            )

    def _show(self) -> None:
        self.overlay_changed.emit()
        self.hint_changed.emit()
