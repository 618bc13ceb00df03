"""The move tool: drags the active layer or group elsewhere."""

from itertools import count

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QCursor, QKeyEvent

from core import move_edits
from core.commands import Command
from core.errors import LockedError
from core.texts import tr
from ui.editor import Editor
from ui.pointer import PointerEvent
from ui.tools.tool import Tool

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_FAR = 10


class MoveTool(Tool):
    """A drag, or an arrow key for as long as it is held, is one undo step. Shift keeps a drag straight."""

    id = "move"
    title = tr("Move")

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._start: PointerEvent | None = None
        self._done = (0, 0)
        self._step: Command | None = None  # what the drag has done so far
        self._gestures = count()
        self._gesture = ""
        editor.document_replaced.connect(self._forget)

    def hint(self) -> str:
        """Return what the next gesture does."""
        if self._start is not None:
            return tr("Release to put the layer here · Shift keeps it straight · Esc takes it back")
        return tr("Drag the active layer elsewhere · arrow keys move it by 1 pixel, with Shift by 10")

    def cursor(self) -> QCursor:
        """Return four arrows."""
        return QCursor(Qt.CursorShape.SizeAllCursor)

    def press(self, event: PointerEvent) -> None:
        """Take the layer."""
        if event.button == Qt.MouseButton.LeftButton and self._can_move():
            self._start, self._done = event, (0, 0)
            self._gesture = f"drag {next(self._gestures)}"
            self.hint_changed.emit()

    def move(self, event: PointerEvent) -> None:
        """Let the layer follow, unless something else was done since: the drag has ended with that."""
        if self._step is not None and self._editor.newest_step is not self._step:
            self._forget()
        if self._start is None:
            return
        dx, dy = round(event.x - self._start.x), round(event.y - self._start.y)
        if event.is_shift:
            dx, dy = (dx, 0) if abs(dx) >= abs(dy) else (0, dy)
        step = dx - self._done[0], dy - self._done[1]
        if step != (0, 0):
            self._done = dx, dy
            self._move_by(*step)
            self._step = self._editor.newest_step

    def release(self, event: PointerEvent) -> None:
        """Leave the layer where it is; back where it began, it was never moved."""
        del event
        if self._done == (0, 0):
            self.cancel()
        self._forget()

    def key(self, event: QKeyEvent) -> bool:
        """Move the layer by a pixel, or by ten, or take the drag back."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._start is not None:
            self.cancel()
        elif key in _STEPS and not event.modifiers() & ~_ALLOWED:
            if not event.isAutoRepeat():
                self._gesture = f"key {next(self._gestures)}"
            far = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            dx, dy = _STEPS[key]
            self._move_by(dx * far, dy * far)
        else:
            return False
        return True

    def cancel(self) -> None:
        """Put the layer back to where the drag began."""
        step = self._step
        self._forget()
        if step is not None:
            self._editor.give_up(step)

    def _can_move(self) -> bool:
        document = self._editor.document
        try:
            return document is not None and bool(move_edits.moved_layers(document))
        except LockedError as error:
            self._editor.failed.emit(error)
            return False

    def _move_by(self, dx: int, dy: int) -> None:
        gesture = self._gesture
        self._editor.change(lambda document: move_edits.move_pixels(document, dx, dy, gesture))

    def _forget(self) -> None:
        self._start, self._done, self._step = None, (0, 0), None
        self.hint_changed.emit()


_ALLOWED = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
