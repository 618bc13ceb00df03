"""What the tools with a round brush share: its size, the keys for it, and the circle that shows it."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent

from ui.brush_settings import RoundSettings
from ui.overlay import OverlayPainter
from ui.pointer import PointerEvent
from ui.tools.tool import Tool

BRACKETS = (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight)


class RoundTool(Tool):
    """Shows its brush around the pointer; a subclass says what painting does."""

    settings_changed = Signal()

    def __init__(self, settings: RoundSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings or RoundSettings(parent=self)
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
