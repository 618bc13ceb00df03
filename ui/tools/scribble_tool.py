"""The scribble tool: paint roughly over what belongs, and over what does not."""

from dataclasses import replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QCursor, QKeyEvent

from core.geometry import Box, Size
from core.mask_ops import SelectionMode
from core.scribble import Scribble
from core.texts import tr
from ui.brush_settings import RoundSettings
from ui.editor import Editor
from ui.overlay import OverlayPainter, ShownPrompt
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.tools.prompt_tool import Grip, PromptTool
from ui.tools.round_tool import BRACKETS
from ui.tools.tool import gesture_mode, is_exclude

_ANOTHER = (SelectionMode.ADD, SelectionMode.INTERSECT)
"""What a stroke's modifiers may ask for besides include and exclude: Alt alone excludes, as for clicks."""

_FIRST_HINTS = {
    SelectionMode.NEW: tr("Paint over some of what belongs · right button: what does not · [ and ] change the size"),
    SelectionMode.ADD: tr("Paint over some of another object to add it"),
    SelectionMode.SUBTRACT: tr("Paint over some of an object to take it out of the selection"),
    SelectionMode.INTERSECT: tr("Paint over some of an object to keep only what is selected of it"),
}


class ScribbleTool(PromptTool):
    """Strokes refine one object together with points and a box; Shift begins another one.

    Marks that are there are not grabbed: a brush paints wherever it goes down.
    """

    id = "scribble"
    title = tr("Scribble")

    def __init__(
        self,
        editor: Editor,
        session: SegmentSession,
        settings: RoundSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(editor, session, parent)
        self.settings = settings or RoundSettings(parent=self)
        self._path: list[tuple[float, float]] = []
        self.settings.changed.connect(self.overlay_changed)

    def hint(self) -> str:
        """Return what the next gesture does."""
        if self._is_dragging:
            return tr("Release to finish the stroke · Esc takes it back")
        wish = self._wish(self._now)
        if wish is None and (words := self.finds_hint()):
            return words
        if self._now is not None and wish is None and is_exclude(self._now):
            return tr("Paint over what does not belong")
        if not self._session.is_open:
            return _FIRST_HINTS[wish or self._session.mode]
        if wish is not None:
            return tr("{hint} · this one is kept first", hint=_FIRST_HINTS[wish])
        return self.open_hint(tr("Paint over what is missing · right button: what does not belong"))

    def cursor(self) -> QCursor:
        """Return no pointer where the circle can be seen, else that of clicks."""
        shape = super().cursor()
        is_circle = self._now is not None and self.settings.is_circle_at(self._now.scale)
        is_cross = shape.shape() == Qt.CursorShape.CrossCursor
        return QCursor(Qt.CursorShape.BlankCursor) if is_cross and is_circle else shape

    def press(self, event: PointerEvent) -> None:
        """Begin a stroke or a dab."""
        super().press(event)
        if self._start is event:
            self._path = [(event.x, event.y)]
            self.overlay_changed.emit()
            self.hint_changed.emit()

    def move(self, event: PointerEvent) -> None:
        """Draw on."""
        if self._start is not None:
            self._path.append((event.x, event.y))
        super().move(event)

    def hover(self, event: PointerEvent) -> None:
        """Let the circle follow."""
        super().hover(replace(event, button=Qt.MouseButton.NoButton))  # a released right button excludes no more
        self.overlay_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Change the size; else as every tool that points."""
        key = Qt.Key(event.key())
        if key not in BRACKETS:
            return super().key(event)
        self.settings.step_size(key == Qt.Key.Key_BracketRight)
        return True

    def shown_prompt(self) -> ShownPrompt:
        """Return the prompt with the stroke that is being drawn."""
        start, stroke = self._start, None
        if start is not None and (self._is_dragging or not self._session.finds.is_choosing):
            stroke = self._scribble(start, self._path).simplified()  # fewer corners take less time to draw
        return ShownPrompt(self._session.prompt, new_stroke=stroke)

    def paint(self, painter: OverlayPainter) -> None:
        """Draw the brush at its true size, and the sign of what it does at the pointer."""
        now = self._now
        if now is not None and self.settings.is_circle_at(now.scale):
            painter.circle(now.x, now.y, self.settings.size)
        super().paint(painter)

    def dragged_box(self) -> Box | None:
        """Return None: a drag draws a stroke."""
        return None

    def _can_drag(self, start: PointerEvent) -> bool:
        return True

    def _grip_at(self, event: PointerEvent) -> Grip | None:
        return None

    def _click_at(self, start: PointerEvent) -> None:
        self._add(start, self._scribble(start, self._path[:1]))

    def _drop(self, start: PointerEvent, end: PointerEvent, grip: Grip | None, size: Size) -> None:
        scribble = self._scribble(start, [*self._path, (end.x, end.y)])
        if scribble.meets(size) and (scribble.is_include or not self._session.finds.is_choosing):
            self._add(start, scribble)

    def _add(self, start: PointerEvent, scribble: Scribble) -> None:
        mode = self._wish(start)
        if mode is not None:
            self._session.begin_object(mode)
        self._session.add_scribble(scribble)

    def _scribble(self, start: PointerEvent, path: list[tuple[float, float]]) -> Scribble:
        is_include = self._wish(start) is not None or not is_exclude(start)
        return Scribble(tuple(path), self.settings.size, is_include)

    def _sign(self, event: PointerEvent) -> SelectionMode:
        """Return the mode that a stroke begun at `event` would have; a minus for what does not belong."""
        excludes = SelectionMode.SUBTRACT if is_exclude(event) else None
        return self._wish(event) or excludes or self._session.mode

    @staticmethod
    def _wish(event: PointerEvent | None) -> SelectionMode | None:
        """Return with which mode a stroke begun at `event` would begin another object; None if it would not."""
        mode = None if event is None else gesture_mode(event)
        return mode if mode in _ANOTHER else None
