"""What the tools with a round brush share: its size, the keys for it, and the circle that shows it."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent

from ui.overlay import OverlayPainter
from ui.pointer import PointerEvent
from ui.tools.tool import Tool

MIN_SIZE, MAX_SIZE = 1.0, 2000.0
_SIZE_STEP = 1.2
_SMALLEST_CIRCLE = 6.0
"""Below this diameter on the screen, in logical pixels, a cross is easier to see than the circle."""

BRACKETS = (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight)


class BrushSettings(QObject):
    """A round brush: diameter in photo pixels, and hardness in [0, 1]. Several tools may share one."""

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

    def step_size(self, is_larger: bool) -> None:
        """Set the next larger or smaller diameter, by at least one pixel."""
        stepped = round(self.size * _SIZE_STEP if is_larger else self.size / _SIZE_STEP)
        self.set_size(max(stepped, self.size + 1) if is_larger else min(stepped, self.size - 1))

    def is_circle_at(self, scale: float) -> bool:
        """Whether the brush can be seen as a circle at `scale` logical view pixels per photo pixel."""
        return self.size * scale >= _SMALLEST_CIRCLE

    def _set(self, size: float, hardness: float) -> None:
        if (size, hardness) != (self.size, self.hardness):
            self.size, self.hardness = size, hardness
            self.changed.emit()


class RoundTool(Tool):
    """Shows its brush around the pointer; a subclass says what painting does."""

    settings_changed = Signal()

    def __init__(self, settings: BrushSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings or BrushSettings(parent=self)
        self._is_down = False
        self._now: PointerEvent | None = None
        self.settings.changed.connect(self.settings_changed)
        self.settings.changed.connect(self.overlay_changed)

    @property
    def size(self) -> float:
        """Diameter in photo pixels."""
        return self.settings.size

    def cursor(self) -> QCursor:
        """Return no pointer where the circle can be seen, else a cross."""
        is_circle = self._now is not None and self.settings.is_circle_at(self._now.scale)
        return QCursor(Qt.CursorShape.BlankCursor if is_circle else Qt.CursorShape.CrossCursor)

    def hover(self, event: PointerEvent) -> None:
        """Let the circle follow."""
        self._follow(event)

    def leave(self) -> None:
        """Take the circle away."""
        if not self._is_down:
            self._now = None
            self.overlay_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Change the size, or take the stroke back."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._is_down:
            self.cancel()
        elif key in BRACKETS:
            self.settings.step_size(key == Qt.Key.Key_BracketRight)
        else:
            return False
        return True

    def paint(self, painter: OverlayPainter) -> None:
        """Draw the brush at its true size."""
        if self._now is not None and self.settings.is_circle_at(self._now.scale):
            painter.circle(self._now.x, self._now.y, self.size)

    def _follow(self, event: PointerEvent) -> None:
        self._now = event
        self.overlay_changed.emit()
