"""The lasso: draw around what you mean."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QCursor, QKeyEvent

from core.arrays import Coverage
from core.mask_ops import SelectionMode
from ui.editor import Editor
from ui.overlay import OverlayPainter
from ui.pointer import PointerEvent
from ui.qimage import fill_polygon
from ui.segment_session import SegmentSession
from ui.tools.tool import Tool, gesture_mode

_HINTS = {
    SelectionMode.NEW: "Draw around what belongs · hold Shift to add, Alt to subtract",
    SelectionMode.ADD: "Draw around what to add to the selection",
    SelectionMode.SUBTRACT: "Draw around what to take out of the selection",
    SelectionMode.INTERSECT: "Draw around the part of the selection to keep",
}


class LassoTool(Tool):
    """Selects what a freehand outline holds; the outline closes by itself. An open prompt is committed first."""

    id = "lasso"
    title = "Lasso"

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._start: PointerEvent | None = None
        self._now: PointerEvent | None = None
        self._points: list[tuple[float, float]] = []
        self._waiting: tuple[Coverage, SelectionMode] | None = None
        session.prompt_changed.connect(self._go_on)
        session.mode_changed.connect(self.hint_changed)
        session.mode_changed.connect(self.overlay_changed)
        session.failed.connect(self._forget)
        editor.document_replaced.connect(self._forget)

    def hint(self) -> str:
        """Return what the next gesture does."""
        if self._start is not None:
            return "Release to close the outline · Esc cancels"
        wish = None if self._now is None else gesture_mode(self._now)
        return _HINTS[wish or self._session.mode]

    def cursor(self) -> QCursor:
        """Return a cross."""
        return QCursor(Qt.CursorShape.CrossCursor)

    def activate(self) -> None:
        """Make the open prompt the selection, which the lasso changes."""
        self._session.commit()

    def press(self, event: PointerEvent) -> None:
        """Begin an outline."""
        if self._start is None and self._editor.document is not None and event.button == Qt.MouseButton.LeftButton:
            self._start = self._now = event
            self._points = [(event.x, event.y)]
            self.hint_changed.emit()

    def move(self, event: PointerEvent) -> None:
        """Draw on."""
        if self._start is not None:
            self._now = event
            self._points.append((event.x, event.y))
            self.overlay_changed.emit()

    def release(self, event: PointerEvent) -> None:
        """Select what the outline holds; nothing, if it holds no part of the photo."""
        start, points, document = self._start, self._points, self._editor.document
        self.cancel()
        self._now = event
        if start is None or document is None or len(points) < 3:
            return
        coverage = fill_polygon(points, document.size)
        if coverage.any():
            self._waiting = coverage, gesture_mode(start) or self._session.mode
            self._session.commit()
            self._go_on()

    def hover(self, event: PointerEvent) -> None:
        """Show the mode beside the pointer."""
        self._now = event
        self.overlay_changed.emit()
        self.hint_changed.emit()

    def leave(self) -> None:
        """Forget where the pointer was."""
        if self._start is None:
            self._now = None
            self.overlay_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Give the outline up with Esc."""
        if event.key() != Qt.Key.Key_Escape or self._start is None:
            return False
        self.cancel()
        return True

    def cancel(self) -> None:
        """Give the outline up."""
        self._start = None
        self._points = []
        self.overlay_changed.emit()
        self.hint_changed.emit()

    def paint(self, painter: OverlayPainter) -> None:
        """Draw the outline so far, and the sign of the mode at the pointer."""
        if self._points:
            painter.outline(self._points)
        if self._now is not None:
            mode = gesture_mode(self._start or self._now) or self._session.mode
            painter.badge(self._now.view_x, self._now.view_y, mode)

    def _go_on(self) -> None:
        """Select, unless the open prompt still waits for its commit."""
        if self._waiting is not None and not self._session.is_open:
            (coverage, mode), self._waiting = self._waiting, None
            self._editor.set_selection(coverage, mode, "Lasso")

    def _forget(self) -> None:
        self._waiting = None
        self.cancel()
