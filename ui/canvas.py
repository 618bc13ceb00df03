"""The canvas: shows the document and the prompt, and hands the pointer to the tool."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import (
    QCursor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QRegion,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from core.geometry import Box
from ui.canvas_gestures import CanvasGestures
from ui.editor import Editor
from ui.overlay import OverlayPainter, ShownPrompt
from ui.overlay_finds import paint_finds
from ui.overlay_objects import ShownObjects
from ui.overlay_tint import View
from ui.photo_view import PhotoView
from ui.segment_session import SegmentSession
from ui.tools.tool import Tool
from ui.viewport import Viewport

__all__ = ["Canvas", "View"]

_TABS = {Qt.Key.Key_Tab: True, Qt.Key.Key_Backtab: False}
"""Whether they lead on or back."""


class Canvas(PhotoView):
    """The photo in the middle of the window, with the prompt's and the tool's marks over it."""

    pointer_moved = Signal(object)  # (x, y) in photo pixels, or None
    marks_changed = Signal()
    gesture_changed = Signal()  # whether a gesture of the tool is under way

    def __init__(self, editor: Editor, session: SegmentSession, parent: QWidget | None = None) -> None:
        self._note: Callable[[OverlayPainter], None] | None = None
        self._marks_above: list[Callable[[OverlayPainter], None]] = []
        super().__init__(editor, session, parent)
        self._session = session
        self._gestures = CanvasGestures(self)
        self._gestures.viewport = self._viewport
        self._tool = self._gestures.tool
        self._set_up_widget()
        self._connect_parts()
        self._sync_cursor()

    def set_tool(self, tool: Tool) -> None:
        """Let another tool have the pointer."""
        self._tool.overlay_changed.disconnect(self._on_overlay_changed)
        self._tool = tool
        self._gestures.set_tool(tool)
        self._content.set_tool(tool)
        tool.overlay_changed.connect(self._on_overlay_changed)
        self._on_overlay_changed()
        self._sync_cursor()

    @property
    def shown_box(self) -> Box | None:
        """The box that is being dragged, else the prompt's as it is drawn."""
        shown = self._tool.shown_prompt()
        return self._tool.dragged_box() or (self._session.prompt if shown is None else shown.prompt).box

    def set_note(self, paint: Callable[[OverlayPainter], None] | None) -> None:
        """Draw something over the photo besides what the tool draws; None for nothing."""
        self._note = paint
        self._on_overlay_changed()

    @property
    def tool(self) -> Tool:
        """The tool that has the pointer."""
        return self._tool

    @property
    def is_at_rest(self) -> bool:
        """Whether no button is down."""
        return self._gestures.is_idle

    @property
    def is_in_gesture(self) -> bool:
        """Whether a gesture of the tool is under way, with a button down."""
        return self._gestures.is_tool_held

    def give_up(self) -> None:
        """Give up the gesture that is under way."""
        self._gestures.forget()

    def add_marks(self, paint: Callable[[OverlayPainter], None]) -> None:
        """Draw something above the tool's marks from now on; :meth:`refresh_marks` tells that it looks different."""
        self._marks_above.append(paint)

    def refresh_marks(self) -> None:
        """Draw the marks again, where they were and where they are."""
        self._on_overlay_changed()

    def show_objects(self, shown: ShownObjects | None) -> None:
        """Show objects in place of those of the tool; None for those of the tool."""
        self._content.set_objects(shown)

    def reveal(self, x: float, y: float) -> None:
        """Move the photo as little as brings a point of it well into view."""
        if self._viewport is not None:
            self._set_viewport(self._viewport.revealing(x, y))

    def event(self, event: QEvent) -> bool:
        """Follow pinches."""
        if isinstance(event, QNativeGestureEvent) and self._gestures.native_gesture(event):
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hand a press on."""
        self._gestures.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Hand a second press on."""
        self._gestures.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hand a move on."""
        self._gestures.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Hand a release on."""
        self._gestures.release(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Hand a pen's event on; its tip gives the canvas the keyboard, as a click does."""
        if event.type() == QEvent.Type.TabletPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._gestures.tablet(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        super().leaveEvent(event)
        self._gestures.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom."""
        self._gestures.wheel(event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand a key on; a held backslash shows the original, and with Ctrl, Tab always leads to the next widget."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Backslash:
            self._hold_original(True)
        elif key in _TABS and modifiers & Qt.KeyboardModifier.ControlModifier:
            super().focusNextPrevChild(_TABS[key] and not modifiers & Qt.KeyboardModifier.ShiftModifier)
        elif not self._gestures.key_press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Hand a key's release on."""
        if event.key() == Qt.Key.Key_Backslash:
            self._hold_original(self._is_original_held and event.isAutoRepeat())
        elif not self._gestures.key_release(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget held keys."""
        super().focusOutEvent(event)
        self._hold_original(False)
        self._gestures.release_keys()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802 - Qt calls it by this name
        """Tab through what is meant, a prompt's candidates or the tool's; else on to the next widget."""
        step = 1 if is_next else -1
        # Qt asks for a widget within the canvas, too.
        if self.hasFocus() and (self._tool.can_cycle or self._session.is_open):
            self._tool.cycle(step) if self._tool.can_cycle else self._session.cycle_candidate(step)
            return True
        return super().focusNextPrevChild(is_next)

    # --- within ---

    def _set_up_widget(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        # The right button excludes; a window's own menu must not open over it.
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    def _connect_parts(self) -> None:
        self.viewport_changed.connect(self._on_viewport_changed)
        self._content.replaced.connect(self._gestures.forget)
        self._content.scene_changed.connect(self._on_scene_changed)
        self._gestures.viewport_wanted.connect(self._set_viewport)
        self._gestures.pointer_moved.connect(self.pointer_moved)
        self._gestures.rest_changed.connect(self.gesture_changed)
        self._gestures.cursor_changed.connect(self._sync_cursor)
        self._gestures.candidate_wanted.connect(self._session.cycle_candidate)
        self._tool.overlay_changed.connect(self._on_overlay_changed)
        self._session.finds.changed.connect(self._on_overlay_changed)
        self._session.finds.hot_changed.connect(self._on_overlay_changed)

    def _draw_marks(self, painter: QPainter | None, viewport: Viewport) -> QRegion:
        marks = OverlayPainter(painter, viewport)
        if self._shown_view is not View.ORIGINAL:
            finds = self._session.finds
            marks.prompt(self._tool.shown_prompt() or ShownPrompt(self._session.prompt))
            if finds.is_choosing:
                paint_finds(marks, finds.shown, finds.hot)
            self._tool.paint(marks)
            if self._note is not None:
                self._note(marks)
            for paint in self._marks_above:
                paint(marks)
        return marks.region

    @property
    def _is_at_rest(self) -> bool:
        return self._gestures.is_idle

    @Slot()
    def _sync_cursor(self) -> None:
        shape = self._tool.cursor()
        if self._gestures.is_panning:
            shape = QCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._gestures.would_pan:
            shape = QCursor(Qt.CursorShape.OpenHandCursor)
        if self._viewport is None:
            shape = QCursor(Qt.CursorShape.ArrowCursor)
        if shape.shape() != self.cursor().shape():
            self.setCursor(shape)

    @Slot()
    def _on_viewport_changed(self) -> None:
        self._gestures.viewport = self._viewport

    @Slot()
    def _on_scene_changed(self) -> None:
        self._gestures.can_cycle = self._session.is_open
        self.marks_changed.emit()

    @Slot()
    def _on_overlay_changed(self) -> None:
        if self._viewport is not None:
            marks = self._draw_marks(None, self._viewport)
            self.update(marks.united(self._marks))
        self.marks_changed.emit()
