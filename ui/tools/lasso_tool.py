"""The lasso: draw around what you mean."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent

from core import selection_edits
from core.mask_ops import SelectionMode
from core.polygon import fill_polygon
from core.texts import tr
from ui.editor import Editor
from ui.overlay import OverlayPainter
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.tools.area_tool import AreaTool

_HINTS = {
    SelectionMode.NEW: tr("Draw around what belongs · hold Shift to add, Alt to subtract"),
    SelectionMode.ADD: tr("Draw around what to add to the selection"),
    SelectionMode.SUBTRACT: tr("Draw around what to take out of the selection"),
    SelectionMode.INTERSECT: tr("Draw around the part of the selection to keep"),
}


class LassoTool(AreaTool):
    """Selects what a freehand outline holds; the outline closes by itself."""

    id = "lasso"
    hints = _HINTS
    title = tr("Lasso")

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(editor, session, parent)
        self._points: list[tuple[float, float]] = []

    def hint(self) -> str:
        """Return what the next gesture does."""
        return super().hint() if self._start is None else tr("Release to close the outline · Esc cancels")

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
        if fill_polygon(points, document.size).any():
            corners, title = tuple(points), tr("Lasso")
            self._select(
                lambda mode: self._editor.change(lambda d: selection_edits.select_outline(d, corners, mode, title)),
                self._mode_of(start),
            )

    def key(self, event: QKeyEvent) -> bool:
        """Give the outline up with Esc."""
        if event.key() != Qt.Key.Key_Escape or self._start is None:
            return False
        self.cancel()
        return True

    def cancel(self) -> None:
        """Give the outline up."""
        self._points = []
        super().cancel()

    def paint(self, painter: OverlayPainter) -> None:
        """Draw the outline so far, and the sign of the mode at the pointer."""
        if self._points:
            painter.outline(self._points)
        super().paint(painter)
