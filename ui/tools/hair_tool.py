"""The hair brush: paint over hair, fur or a soft edge to have it worked out."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from core.errors import AppError
from core.hair_brush import HairStroke
from core.texts import tr
from ui.brush_settings import RoundSettings
from ui.editor import Editor
from ui.overlay import OverlayPainter
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.tools.round_tool import RoundTool

_MARK_COLOR = QColor(255, 186, 8, 105)
_NOTHING_SELECTED = tr("Nothing is selected yet. Select an object first, then paint over its hair.")


class HairTool(RoundTool):
    """Sends what was painted over to the editor, stroke by stroke, and shows each until its first answer is there.

    An open prompt is committed first. Strokes that are painted while that takes its time follow it.
    """

    id = "hair"
    title = tr("Hair brush")

    def __init__(
        self,
        editor: Editor,
        session: SegmentSession,
        settings: RoundSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(settings, parent)
        self._editor = editor
        self._session = session
        self._path: list[tuple[float, float]] = []
        self._waiting: list[HairStroke] = []
        editor.hair_changed.connect(self.overlay_changed)
        editor.selection_changed.connect(self.hint_changed)
        editor.document_replaced.connect(self._forget)
        editor.reframed.connect(self._forget)
        session.prompt_changed.connect(self._go_on)
        session.failed.connect(self._on_failed)

    def hint(self) -> str:
        """Return what the next gesture does."""
        if not self._has_object:
            return _NOTHING_SELECTED
        if self._is_down:
            return tr("Release to work out the hair · Esc takes the stroke back")
        return tr("Paint over hair, fur or a soft edge of the selection · [ and ] change the size")

    def activate(self) -> None:
        """Make the open prompt the selection: that is whose edge is refined."""
        self._session.commit()

    def press(self, event: PointerEvent) -> None:
        """Begin a stroke."""
        if self._is_down or self._editor.document is None:
            self._follow(event)
            return
        self._is_down = True
        self._session.commit()
        self._paint_to(event)
        self.hint_changed.emit()

    def move(self, event: PointerEvent) -> None:
        """Paint on."""
        if self._is_down:
            self._paint_to(event)
        else:
            self._follow(event)

    def release(self, event: PointerEvent) -> None:
        """End the stroke, and have it worked out."""
        if self._is_down and self._path and self._has_object:
            self._waiting.append(HairStroke(tuple(self._path), self.size))
        self._end()
        self._follow(event)
        self._go_on()

    def cancel(self) -> None:
        """Take the stroke back that is being painted."""
        self._end()
        self.overlay_changed.emit()

    def paint(self, painter: OverlayPainter) -> None:
        """Mark what was painted over, and draw the brush."""
        if self._is_down and not self._has_object:
            painter.notice(_NOTHING_SELECTED)
        elif self._path:
            painter.veil(self._path, self.size, _MARK_COLOR)
        for stroke in (*self._editor.hair_strokes, *self._waiting):
            painter.veil(stroke.path, stroke.width, _MARK_COLOR)
        super().paint(painter)

    @property
    def _has_object(self) -> bool:
        """Whether anything is selected or about to be, or a mask is in the selection's place."""
        document = self._editor.document
        is_on_mask = document is not None and document.is_mask_target
        return is_on_mask or self._editor.selection is not None or self._session.is_open

    def _paint_to(self, event: PointerEvent) -> None:
        self._path.append((event.x, event.y))
        self._follow(event)

    def _end(self) -> None:
        self._is_down = False
        self._path.clear()
        self.hint_changed.emit()

    def _go_on(self) -> None:
        """Have worked out what waits, unless the open prompt still waits for its commit."""
        if not self._session.is_open:
            strokes, self._waiting = self._waiting, []
            for stroke in strokes:
                self._editor.refine_hair(stroke)
        self.overlay_changed.emit()
        self.hint_changed.emit()

    def _forget(self) -> None:
        self._waiting.clear()
        self.cancel()

    def _on_failed(self, error: AppError) -> None:
        """Forget what waited for a commit that failed."""
        del error
        self._waiting.clear()
        self.overlay_changed.emit()
