"""A cursor that the arrow keys move over the photo, for tools that point: all that a mouse does there, without one.

It is handed to the tool as a pointer, so that grips stand out and objects are shown before they are chosen. Enter
clicks if the cursor has been moved since the last click; a second Enter at the same place keeps what was found.
"""

from math import floor

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent

from core.texts import tr
from ui.canvas import Canvas
from ui.overlay import OverlayPainter
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.tools.tool import KeyboardUse
from ui.viewport import Viewport

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt)
_FAR = 10
_OF_A_MOUSE = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_NONE = Qt.KeyboardModifier.NoModifier
_OTHERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class KeyboardCursor(QObject):
    """Reads the canvas's keys before the canvas does; a mouse that moves takes the photo over.

    A tool that drags is told that the button goes down at the first Enter, and up at the second.
    """

    def __init__(self, canvas: Canvas, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent or canvas)
        self._canvas = canvas
        self._session = session
        self._at: tuple[float, float] | None = None
        self._mouse: QPointF | None = None  # where it was seen last, on the screen
        self._has_moved = False
        self._is_dragging = False
        canvas.installEventFilter(self)
        canvas.add_marks(self._paint)

    @property
    def at(self) -> tuple[float, float] | None:
        """Where it is, in photo pixels; None while it is not shown."""
        return self._at

    def hint(self) -> str:
        """Return what the next key does; empty where the cursor changes nothing about that."""
        use = self._canvas.tool.keyboard_use
        if self._is_dragging:
            return tr("Arrow keys size the box · Enter puts it there · Esc cancels")
        if self._at is None or not self._would_click or use is KeyboardUse.NONE:
            return ""
        end = tr("Esc drops") if self._session.is_open else tr("Esc hides the cursor")
        if use is KeyboardUse.DRAG:
            return tr("Enter begins a box here · {end}", end=end)
        return tr("Enter clicks here · Shift+Enter excludes · Ctrl+Enter: another object · {end}", end=end)

    @property
    def _would_click(self) -> bool:
        """Whether Enter means the place of the cursor, and not what was found already."""
        return self._has_moved or self._is_dragging or not self._session.is_open

    @Slot()
    def hide(self) -> None:
        """Show it no more, until an arrow key is pressed; a drag is given up."""
        if self._at is None:
            return
        self._at, self._has_moved = None, False
        if self._is_dragging:
            self._is_dragging = False
            self._canvas.tool.cancel()
        self._canvas.tool.leave()
        self._canvas.refresh_marks()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it by this name
        """Take the keys that are meant for it, and go when the mouse comes."""
        if event.type() in _OF_A_MOUSE and isinstance(event, QMouseEvent):
            self._see_mouse(event)
        elif event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif isinstance(event, QKeyEvent) and self._at is not None and event.key() in _MODIFIERS:
            return True  # with them the tool would look at where the mouse rests
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def _see_mouse(self, event: QMouseEvent) -> None:
        # What appears below a mouse at rest makes the system report a move to the same place.
        if event.type() != QEvent.Type.MouseMove or event.globalPosition() != self._mouse:
            self.hide()
        self._mouse = event.globalPosition()

    def _key(self, event: QKeyEvent) -> bool:
        viewport, use = self._canvas.viewport, self._canvas.tool.keyboard_use
        if viewport is None or use is KeyboardUse.NONE or not self._canvas.is_at_rest:
            return False
        key = Qt.Key(event.key())
        if key in _ARROWS and not event.modifiers() & _OTHERS:
            is_far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step(viewport, _ARROWS[key], _FAR if is_far else 1)
            return True
        if self._at is None:
            return False
        if key in _ENTERS and self._would_click:
            self._enter(event.modifiers(), use)
            return True
        if key == Qt.Key.Key_Escape and (self._is_dragging or not self._session.is_open):
            self.hide()
            return True
        return False

    def _step(self, viewport: Viewport, way: tuple[int, int], times: int) -> None:
        """Move by photo pixels where they are large on the screen, else by pixels of the screen."""
        length = max(1.0, 1.0 / viewport.scale) * times
        x, y = self._at or self._first_place(viewport)
        size = viewport.image
        x = min(max(x + way[0] * length, 0.5), size.width - 0.5)
        y = min(max(y + way[1] * length, 0.5), size.height - 0.5)
        if viewport.scale >= 1:
            x, y = floor(x) + 0.5, floor(y) + 0.5  # the middle of a pixel: that it is this one can be seen
        self._at, self._has_moved = (x, y), True
        self._canvas.reveal(x, y)
        pointer = self._pointer(Qt.MouseButton.NoButton, _NONE)
        if pointer is not None:
            self._canvas.tool.move(pointer) if self._is_dragging else self._canvas.tool.hover(pointer)
        self._canvas.pointer_moved.emit((x, y))
        self._canvas.refresh_marks()

    def _first_place(self, viewport: Viewport) -> tuple[float, float]:
        """Return where the mouse is, or else the middle of what is shown; on the photo."""
        at = None if self._mouse is None else self._canvas.mapFromGlobal(self._mouse)
        is_over = at is not None and self._canvas.underMouse() and self._canvas.rect().contains(at.toPoint())
        place = (at.x(), at.y()) if is_over and at is not None else (viewport.width / 2, viewport.height / 2)
        x, y = viewport.to_image(*place)
        return min(max(x, 0.5), viewport.image.width - 0.5), min(max(y, 0.5), viewport.image.height - 0.5)

    def _enter(self, modifiers: Qt.KeyboardModifier, use: KeyboardUse) -> None:
        """Click: with Shift what does not belong, with Ctrl another object. Or begin to drag, or end it."""
        is_exclude = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        button = Qt.MouseButton.RightButton if is_exclude and use is KeyboardUse.CLICK else Qt.MouseButton.LeftButton
        meant = Qt.KeyboardModifier.ShiftModifier if modifiers & Qt.KeyboardModifier.ControlModifier else _NONE
        pointer = self._pointer(button, meant)
        if pointer is None:
            return
        tool, self._has_moved = self._canvas.tool, False
        if not self._is_dragging:
            tool.press(pointer)
        if use is KeyboardUse.DRAG and not self._is_dragging:
            self._is_dragging = True
        else:
            self._is_dragging = False
            tool.release(pointer)

    def _pointer(self, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> PointerEvent | None:
        viewport = self._canvas.viewport
        if viewport is None or self._at is None:
            return None
        view_x, view_y = viewport.to_view(*self._at)
        return PointerEvent(*self._at, view_x, view_y, button, modifiers=modifiers, scale=viewport.scale)

    def _paint(self, marks: OverlayPainter) -> None:
        if self._at is not None:
            marks.cross(*self._at)
