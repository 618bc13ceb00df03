"""The brush and the eraser: paint on the selection by hand."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent

from ui.editor import Editor
from ui.overlay import OverlayPainter
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.stroke import Stroke
from ui.tools.tool import Tool

MIN_SIZE, MAX_SIZE = 1.0, 2000.0
_SIZE_STEP = 1.2
_HARDNESS_STEP = 0.1
_SMALLEST_CIRCLE = 6.0
"""Below this diameter on the screen, in logical pixels, a cross is easier to see than the circle."""


class BrushSettings(QObject):
    """What the brush and the eraser have in common: diameter in photo pixels, and hardness in [0, 1]."""

    changed = Signal()

    def __init__(self, size: float = 40.0, hardness: float = 0.8, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.size = size
        self.hardness = hardness

    def set_size(self, size: float) -> None:
        """Set the diameter, kept between :data:`MIN_SIZE` and :data:`MAX_SIZE`."""
        self._set(min(max(size, MIN_SIZE), MAX_SIZE), self.hardness)

    def set_hardness(self, hardness: float) -> None:
        """Set the part of the radius that is painted in full, kept in [0, 1]."""
        self._set(self.size, min(max(hardness, 0.0), 1.0))

    def _set(self, size: float, hardness: float) -> None:
        if (size, hardness) != (self.size, self.hardness):
            self.size, self.hardness = size, hardness
            self.changed.emit()


class BrushTool(Tool):
    """Paints what belongs, or with `is_eraser` what does not; the right button does the opposite.

    An open prompt is committed first. What is painted while that takes its time is kept, and follows.
    """

    settings_changed = Signal()
    swap_requested = Signal(str)  # id of the other tool

    def __init__(
        self,
        editor: Editor,
        session: SegmentSession,
        is_eraser: bool = False,
        settings: BrushSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.id, self.title = ("eraser", "Eraser") if is_eraser else ("brush", "Brush")
        self.settings = settings or BrushSettings(parent=self)
        self._editor = editor
        self._session = session
        self._is_eraser = is_eraser
        self._button: Qt.MouseButton | None = None
        self._is_down = False
        self._waiting: list[tuple[float, float]] = []
        self._stroke: Stroke | None = None
        self._now: PointerEvent | None = None
        self.settings.changed.connect(self.settings_changed)
        self.settings.changed.connect(self.overlay_changed)
        session.prompt_changed.connect(self._go_on)
        session.failed.connect(self._on_failed)
        editor.document_replaced.connect(self.cancel)

    @property
    def size(self) -> float:
        """Diameter in photo pixels."""
        return self.settings.size

    @property
    def hardness(self) -> float:
        """Part of the radius that is painted in full, in [0, 1]."""
        return self.settings.hardness

    def hint(self) -> str:
        """Return what the next gesture does."""
        if self._is_down:
            return "Release to finish the stroke · Esc takes it back"
        if self._is_eraser:
            return "Erase what does not belong · right button paints · [ and ] change the size · X for the brush"
        return "Paint what belongs · right button erases · [ and ] change the size · X for the eraser"

    def cursor(self) -> QCursor:
        """Return no pointer where the circle can be seen, else a cross."""
        is_small = self._now is None or self.size * self._now.scale < _SMALLEST_CIRCLE
        return QCursor(Qt.CursorShape.CrossCursor if is_small else Qt.CursorShape.BlankCursor)

    def activate(self) -> None:
        """Make the open prompt the selection: that is what the brush corrects."""
        self._session.commit()

    def press(self, event: PointerEvent) -> None:
        """Begin a stroke."""
        self._now = event
        if self._is_down or self._editor.document is None:
            return
        self._is_down, self._button = True, event.button
        self._session.commit()
        self._paint_to(event)
        self.hint_changed.emit()

    def move(self, event: PointerEvent) -> None:
        """Paint on."""
        self._follow(event)
        if self._is_down:
            self._paint_to(event)

    def release(self, event: PointerEvent) -> None:
        """End the stroke: one undo step."""
        self._follow(event)
        self._is_down = False
        self._go_on()
        self.hint_changed.emit()

    def hover(self, event: PointerEvent) -> None:
        """Let the circle follow."""
        self._follow(event)

    def leave(self) -> None:
        """Take the circle away."""
        if not self._is_down:
            self._now = None
            self.overlay_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Change size and hardness, swap with the other tool, or take the stroke back."""
        key = Qt.Key(event.key())
        is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape and self._is_down:
            self.cancel()
        elif key == Qt.Key.Key_X and not event.modifiers():
            self.swap_requested.emit("brush" if self._is_eraser else "eraser")
        elif key in (Qt.Key.Key_BraceLeft, Qt.Key.Key_BraceRight) or (is_shift and key in _BRACKETS):
            sign = -1 if key in (Qt.Key.Key_BraceLeft, Qt.Key.Key_BracketLeft) else 1
            self.settings.set_hardness(round(self.hardness + sign * _HARDNESS_STEP, 2))
        elif key in _BRACKETS:
            self._step_size(key == Qt.Key.Key_BracketRight)
        else:
            return False
        return True

    def cancel(self) -> None:
        """Take the stroke back."""
        stroke, self._stroke = self._stroke, None
        self._is_down = False
        self._waiting.clear()
        if stroke is not None:
            stroke.cancel()
        self.hint_changed.emit()
        self.overlay_changed.emit()

    def paint(self, painter: OverlayPainter) -> None:
        """Draw the brush at its true size."""
        if self._now is not None and self.size * self._now.scale >= _SMALLEST_CIRCLE:
            painter.circle(self._now.x, self._now.y, self.size)

    def _follow(self, event: PointerEvent) -> None:
        self._now = event
        self.overlay_changed.emit()

    def _paint_to(self, event: PointerEvent) -> None:
        self._waiting.append((event.x, event.y))
        self._go_on()

    def _go_on(self) -> None:
        """Paint what waits to be painted, unless the open prompt still waits for its commit."""
        if self._session.is_open:
            return
        if self._waiting and self._stroke is None:
            is_erase = self._is_eraser != (self._button == Qt.MouseButton.RightButton)
            self._stroke = self._editor.begin_stroke(is_erase, self.size, self.hardness)
        stroke = self._stroke
        if stroke is None:
            return
        points, self._waiting = self._waiting, []
        for x, y in points:
            stroke.move_to(x, y)
        if not self._is_down:
            self._stroke = None
            stroke.finish()

    def _on_failed(self, error: object) -> None:
        """Forget what waited for a commit that failed; a stroke that does not wait goes on."""
        del error
        if self._stroke is None:
            self.cancel()

    def _step_size(self, is_larger: bool) -> None:
        stepped = round(self.size * _SIZE_STEP if is_larger else self.size / _SIZE_STEP)
        self.settings.set_size(max(stepped, self.size + 1) if is_larger else min(stepped, self.size - 1))


_BRACKETS = (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight)
