"""The brush and the eraser: paint on the selection by hand."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from core.brush import BrushPlace
from core.texts import tr
from ui.brush_settings import BrushSettings
from ui.editor import Editor
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.stroke import Stroke
from ui.tools.round_tool import BRACKETS, RoundTool

_HARDNESS_STEP = 0.1
_DIGITS = [Qt.Key(Qt.Key.Key_0 + digit) for digit in range(10)]


class BrushTool(RoundTool):
    """Paints what belongs, or with `is_eraser` what does not; the right button and a pen's eraser do the opposite.

    An open prompt is committed first. What is painted while that takes its time is kept, and follows.
    """

    swap_requested = Signal(str)  # id of the other tool

    def __init__(
        self,
        editor: Editor,
        session: SegmentSession,
        is_eraser: bool = False,
        settings: BrushSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        self._brush = settings or BrushSettings()
        super().__init__(self._brush, parent)
        self.id, self.title = ("eraser", tr("Eraser")) if is_eraser else ("brush", tr("Brush"))
        self._editor = editor
        self._session = session
        self._is_eraser = is_eraser
        self._is_erasing = is_eraser
        self._waiting: list[BrushPlace] = []
        self._stroke: Stroke | None = None
        self._last = BrushPlace(0, 0)
        session.prompt_changed.connect(self._go_on)
        session.failed.connect(self._on_failed)
        editor.document_replaced.connect(self.cancel)
        editor.reframed.connect(self.cancel)

    @property
    def hardness(self) -> float:
        """Part of the radius that is painted in full, in [0, 1]."""
        return self._brush.hardness

    def hint(self) -> str:
        """Return what the next gesture does."""
        if self._is_down:
            return tr("Release to finish the stroke · Esc takes it back")
        if self._is_eraser:
            return tr("Erase what does not belong · right button paints · [ and ] change the size · X for the brush")
        return tr("Paint what belongs · right button erases · [ and ] change the size · X for the eraser")

    def activate(self) -> None:
        """Make the open prompt the selection: that is what the brush corrects."""
        self._session.commit()

    def press(self, event: PointerEvent) -> None:
        """Begin a stroke."""
        self._now = event
        if self._is_down or self._editor.document is None:
            return
        self._is_down = True
        does_opposite = event.button == Qt.MouseButton.RightButton or event.is_eraser
        self._is_erasing = self._is_eraser != does_opposite
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

    def key(self, event: QKeyEvent) -> bool:
        """Change size, hardness and opacity, swap with the other tool, or take the stroke back."""
        key = Qt.Key(event.key())
        is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_X and not event.modifiers():
            self.swap_requested.emit("brush" if self._is_eraser else "eraser")
        elif key in (Qt.Key.Key_BraceLeft, Qt.Key.Key_BraceRight) or (is_shift and key in BRACKETS):
            sign = -1 if key in (Qt.Key.Key_BraceLeft, Qt.Key.Key_BracketLeft) else 1
            self._brush.set_hardness(round(self.hardness + sign * _HARDNESS_STEP, 2))
        elif key in _DIGITS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._brush.set_opacity((_DIGITS.index(key) or 10) / 10)
        else:
            return super().key(event)
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

    def _paint_to(self, event: PointerEvent) -> None:
        pressure = event.pressure if self._brush.has_pressure else 1.0
        self._waiting.append(BrushPlace(event.x, event.y, pressure))
        self._go_on()

    def _go_on(self) -> None:
        """Paint what waits to be painted, unless the open prompt still waits for its commit."""
        if self._session.is_open:
            return
        if self._waiting and self._stroke is not None and self._stroke.is_over:
            # An edit that was computed meanwhile has ended the stroke; the hand goes on from where it was.
            self._stroke = None
            self._waiting.insert(0, self._last)
        if self._waiting and self._stroke is None:
            self._stroke = self._editor.begin_stroke(self._is_erasing, self.size, self.hardness, self._brush.opacity)
        stroke = self._stroke
        if stroke is None:
            return
        places, self._waiting = self._waiting, []
        for place in places:
            stroke.move_to(place.x, place.y, place.pressure)
            self._last = place
        if not self._is_down:
            self._stroke = None
            stroke.finish()

    def _on_failed(self, error: object) -> None:
        """Forget what waited for a commit that failed; a stroke that does not wait goes on."""
        del error
        if self._stroke is None:
            self.cancel()
