"""What the tools share that select an area by hand, without a model: modes, and waiting for the open prompt."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QCursor

from core.mask_ops import SelectionMode
from ui.editor import Editor
from ui.overlay import OverlayPainter
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.tools.tool import Tool, gesture_mode

Select = Callable[[SelectionMode], object]
"""Selects an area; called with how it meets what is selected."""


class AreaTool(Tool):
    """Shows the mode at the pointer. An open prompt is committed first; what was selected meanwhile follows it."""

    hints: Mapping[SelectionMode, str]
    """What the next gesture does, by its mode."""

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._start: PointerEvent | None = None
        self._now: PointerEvent | None = None
        self._waiting: list[tuple[Select, SelectionMode]] = []
        session.prompt_changed.connect(self._go_on)
        session.mode_changed.connect(self.hint_changed)
        session.mode_changed.connect(self.overlay_changed)
        session.failed.connect(self._forget)
        editor.document_replaced.connect(self._forget)
        editor.reframed.connect(self._forget)

    def hint(self) -> str:
        """Return what the next gesture does."""
        return self.hints[self._session.mode if self._now is None else self._mode_of(self._now)]

    def cursor(self) -> QCursor:
        """Return a cross."""
        return QCursor(Qt.CursorShape.CrossCursor)

    def activate(self) -> None:
        """Make the open prompt the selection, which the area changes."""
        self._session.commit()

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

    def cancel(self) -> None:
        """Give the gesture up."""
        self._start = None
        self.overlay_changed.emit()
        self.hint_changed.emit()

    def paint(self, painter: OverlayPainter) -> None:
        """Draw the sign of the mode at the pointer."""
        if self._now is not None:
            painter.badge(self._now.view_x, self._now.view_y, self._mode_of(self._start or self._now))

    def _mode_of(self, event: PointerEvent) -> SelectionMode:
        """Return the mode of a gesture that begins with `event`."""
        return gesture_mode(event) or self._session.mode

    def _select(self, select: Select, mode: SelectionMode) -> None:
        """Select an area as soon as the open prompt is committed."""
        self._waiting.append((select, mode))
        self._session.commit()
        self._go_on()

    def _go_on(self) -> None:
        """Select what waits, unless the open prompt still waits for its commit."""
        if not self._session.is_open:
            waiting, self._waiting = self._waiting, []
            for select, mode in waiting:
                select(mode)

    def _forget(self) -> None:
        self._waiting.clear()
        self.cancel()
