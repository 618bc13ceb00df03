"""What the tools that point at objects share: dragging boxes, and moving and deleting what was pointed at."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QCursor, QKeyEvent

from core.geometry import Box, Size
from core.mask_ops import SelectionMode
from core.texts import tr
from ui.box_shapes import is_on_edge, moved, resized, snapped
from ui.editor import Editor
from ui.overlay import HANDLE_REACH, MARKER_REACH, Handle, OverlayPainter, ShownPrompt
from ui.overlay_finds import find_at
from ui.pointer import PointerEvent
from ui.prompt_wish import snapped_point
from ui.segment_session import SegmentSession
from ui.text_finds import NOTHING_TICKED, nothing_shown
from ui.tools.tool import KeyboardUse, Tool, gesture_mode, is_exclude
from ui.viewport import Viewport

_HANDLE_CURSORS = {
    Handle.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Handle.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Handle.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Handle.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Handle.TOP: Qt.CursorShape.SizeVerCursor,
    Handle.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Handle.LEFT: Qt.CursorShape.SizeHorCursor,
    Handle.RIGHT: Qt.CursorShape.SizeHorCursor,
}


@dataclass(frozen=True, slots=True)
class StrokeSign:
    """The sign at the start of the scribble of this number."""

    index: int


class BoxPart(Enum):
    """What of the box, besides its grips, can be dragged."""

    SIDE = "side"


Grip = int | Handle | StrokeSign | BoxPart
"""What of the prompt is under the pointer: a point by its index, a grip or a side of the box, a scribble's sign."""

_SIDE_REACH = 5.0
"""How far from a side of the box, in logical pixels, it is dragged."""


class PromptTool(Tool):
    """Drags a box, moves and deletes prompt points, deletes scribbles, and ends the prompt.

    What a click on the photo does is left to subclasses.

    While the person chooses among boxes that words found, a click on one ticks it, or ticks it off.
    """

    keyboard_use = KeyboardUse.CLICK

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._start: PointerEvent | None = None
        self._now: PointerEvent | None = None
        self._grip: Grip | None = None
        self._is_dragging = False
        self._viewport: Viewport | None = None
        session.prompt_changed.connect(self._on_prompt_changed)
        session.preview_changed.connect(self.hint_changed)
        session.mode_changed.connect(self.hint_changed)
        session.mode_changed.connect(self.overlay_changed)
        session.state_changed.connect(self.hint_changed)
        session.finds.changed.connect(self.hint_changed)
        session.finds.hot_changed.connect(self.hint_changed)
        editor.document_replaced.connect(self._on_prompt_changed)

    def press(self, event: PointerEvent) -> None:
        """Begin a click or a drag."""
        if self._start is not None or self._editor.document is None:
            return
        self._start = self._now = event
        self._grip = self._grip_at(event)

    def double_click(self, event: PointerEvent) -> None:
        """Begin another click or drag; a double click on one spot would delete the mark that it has just made."""
        if not isinstance(self._grip_at(event), int | StrokeSign):
            self.press(event)

    def grip_hint(self) -> str:
        """Return what the next gesture does to the part of the prompt under the pointer; empty if there is none."""
        match self._grip:
            case None:
                return ""
            case Handle():
                words = tr("Drag to resize the box")
            case BoxPart():
                words = tr("Drag to move the box")
            case StrokeSign():
                words = tr("Click to delete the stroke")
            case _:
                words = tr("Drag to move, click to delete the point")
        return tr("{hint} · Enter keeps · Esc drops", hint=words)

    def open_hint(self, first: str) -> str:
        """Return what else can be done with the open prompt, after `first`."""
        words, prediction = [first], self._session.prediction
        if prediction is not None and len(prediction.candidates) > 1:
            words.append(
                tr(
                    "Tab: candidate {number} of {count}",
                    number=self._session.candidate_index + 1,
                    count=len(prediction.candidates),
                )
            )
        return " · ".join([*words, tr("Enter keeps"), tr("Esc drops")])

    def finds_hint(self) -> str:
        """Return what can be done with the boxes that words found; empty if words are not what is asked."""
        finds = self._session.finds
        if finds.is_looking:
            if self._session.state.is_busy:
                return tr("Enter goes on to outlines at once · Esc drops")
            return tr("Enter looks again · Esc drops")
        if not finds.is_choosing:
            return ""
        if finds.is_cutting:
            return tr("Finding the outlines in the boxes · Enter keeps them when they are there · Esc drops")
        if not finds.shown:
            return tr("{hint} · Esc drops", hint=nothing_shown(finds))
        if not finds.ticked_count:
            return tr("{hint} · Esc drops", hint=NOTHING_TICKED)
        if finds.hot is not None and not finds.shown[finds.hot].is_ticked:
            return tr("Click a box to take it back · Enter cuts out {count} · Esc drops", count=finds.ticked_count)
        return tr("Click a box to leave it out · Enter cuts out {count} · Esc drops", count=finds.ticked_count)

    def move(self, event: PointerEvent) -> None:
        """Drag a box, a point or a grip, once the pointer has moved far enough."""
        if self._start is None:
            return
        self._now = event
        if not self._is_dragging and self._can_drag(self._start) and event.is_drag_from(self._start):
            self._is_dragging = True
            if isinstance(self._grip, StrokeSign):
                self._grip = None  # a stroke stays where it is: a drag there draws a box, as beside it
            self.hint_changed.emit()
        self.overlay_changed.emit()

    def release(self, event: PointerEvent) -> None:
        """Carry the gesture out."""
        start, grip, is_dragging = self._start, self._grip, self._is_dragging
        self.cancel()
        self._now = event
        document = self._editor.document
        if start is None or document is None:
            return
        if not is_dragging:
            self._click(start, grip)
        else:
            self._drop(start, event, grip, document.size)
        self.hover(event)

    def hover(self, event: PointerEvent) -> None:
        """Let what is under the pointer stand out."""
        had_sign = self._now is not None and self._sign(self._now) is not SelectionMode.NEW
        before, self._now = self._grip, event
        self._grip = self._grip_at(event)
        self._session.finds.set_hot(self._find_at(event))
        if before != self._grip or had_sign or self._sign(event) is not SelectionMode.NEW:
            self.overlay_changed.emit()
        self.hint_changed.emit()

    def leave(self) -> None:
        """Forget where the pointer was."""
        if self._start is None:
            # The list of finds takes the pointer when it opens, and then points at boxes itself.
            if self._now is not None and self._find_at(self._now) == self._session.finds.hot:
                self._session.finds.set_hot(None)
            self._now = self._grip = None
            self.overlay_changed.emit()
            self.hint_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Commit, drop, or take the last point or stroke away."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._start is not None:
            self.cancel()
            return True
        if not self._session.is_open:
            return False
        finds = self._session.finds
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._session.accept()
        elif key == Qt.Key.Key_Space and finds.is_choosing and finds.hot is not None:
            finds.toggle(finds.hot)
        elif key == Qt.Key.Key_Escape:
            self._session.drop()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._session.remove_last_mark()
        else:
            return False
        return True

    @property
    def can_cycle(self) -> bool:
        """Whether there are boxes to look at one after the other."""
        return self._session.finds.is_choosing and bool(self._session.finds.shown)

    def cycle(self, step: int) -> None:
        """Point at the next box, or the one before."""
        self._session.finds.step_hot(step)

    def cancel(self) -> None:
        """Give up the click or drag."""
        self._start = self._grip = None
        self._is_dragging = False
        self.overlay_changed.emit()
        self.hint_changed.emit()

    def cursor(self) -> QCursor:
        """Return a cross, or the shape that says what can be dragged."""
        if isinstance(self._grip, Handle):
            return QCursor(_HANDLE_CURSORS[self._grip])
        if isinstance(self._grip, BoxPart):
            return QCursor(Qt.CursorShape.SizeAllCursor)
        is_over_find = self._now is not None and self._find_at(self._now) is not None and not self._is_dragging
        is_cross = self._grip is None and not is_over_find
        return QCursor(Qt.CursorShape.CrossCursor if is_cross else Qt.CursorShape.PointingHandCursor)

    def shown_prompt(self) -> ShownPrompt:
        """Return the prompt with what is being dragged."""
        prompt, document = self._session.prompt, self._editor.document
        hot_point = self._grip if isinstance(self._grip, int) else None
        hot_handle = self._grip if isinstance(self._grip, Handle) else None
        is_side = isinstance(self._grip, BoxPart)
        hot_stroke = self._grip.index if isinstance(self._grip, StrokeSign) else None
        if self._is_dragging and self._now is not None and document is not None:
            if hot_point is not None:
                x, y = snapped_point(self._now.x, self._now.y, document.size)
                prompt = prompt.with_moved_point(hot_point, x, y)
            elif hot_handle is not None and prompt.box is not None:
                prompt = prompt.with_box(resized(prompt.box, hot_handle, self._now, document.size) or prompt.box)
            elif is_side and prompt.box is not None and self._start is not None:
                prompt = prompt.with_box(moved(prompt.box, self._start, self._now, document.size))
            elif self._begins_with(SelectionMode.NEW):
                prompt = prompt.with_box(None)
        return ShownPrompt(prompt, hot_point, hot_handle, hot_stroke, is_box_hot=is_side)

    def paint(self, painter: OverlayPainter) -> None:
        """Draw the box that is being dragged, and the sign of the mode at the pointer."""
        self._viewport = painter.viewport
        if self._now is None:
            return
        mode = self._sign(self._start or self._now)
        box = self.dragged_box()
        if box is not None:
            painter.box(box, has_handles=False)
            gap = 8.0 if mode is SelectionMode.NEW else 28.0  # the sign stands there
            painter.label(self._now.x, self._now.y, f"{box.width:.0f} × {box.height:.0f}", gap)
        painter.badge(self._now.view_x, self._now.view_y, mode)

    def dragged_box(self) -> Box | None:
        """Return the new box that is being dragged, in whole pixels; None if none is, or none on the photo."""
        document = self._editor.document
        if not self._is_dragging or self._grip is not None or self._start is None or self._now is None:
            return None
        if document is None:
            return None
        return snapped(Box.from_corners(self._start.x, self._start.y, self._now.x, self._now.y), document.size)

    def _click_at(self, start: PointerEvent) -> None:
        """React to a click on the photo that met no point and no sign of the prompt."""

    def _can_drag(self, start: PointerEvent) -> bool:
        """Return whether a press begins a drag; else it clicks where it went down, however much the hand trembles."""
        return start.button == Qt.MouseButton.LeftButton

    def _click(self, start: PointerEvent, grip: Grip | None) -> None:
        document = self._editor.document
        find = self._find_at(start)
        is_plain = not is_exclude(start)
        if find is not None:
            finds = self._session.finds
            finds.set_ticked(find, is_plain and not finds.shown[find].is_ticked)
        elif self._session.finds.is_choosing and not is_plain:
            return  # what does not belong is not found in the first place
        elif isinstance(grip, int):
            self._session.remove_point(grip)
        elif isinstance(grip, StrokeSign):
            self._session.remove_scribble(grip.index)
        elif grip in (None, BoxPart.SIDE) and document is not None and _is_inside(start, document.size):
            self._click_at(start)

    def _drop(self, start: PointerEvent, end: PointerEvent, grip: Grip | None, size: Size) -> None:
        old = self._session.prompt.box
        if isinstance(grip, int):
            self._session.move_point(grip, end.x, end.y)
        elif isinstance(grip, Handle):
            box = None if old is None else resized(old, grip, end, size)
            if box is not None:
                self._session.set_box(box)
        elif isinstance(grip, BoxPart):
            if old is not None:
                self._session.set_box(moved(old, start, end, size))
        else:
            self._drop_box(start, snapped(Box.from_corners(start.x, start.y, end.x, end.y), size))

    def _drop_box(self, start: PointerEvent, box: Box | None) -> None:
        if box is None:
            return
        mode = gesture_mode(start)
        if mode is not None:
            self._session.begin_object(mode)
        self._session.set_box(box)

    def _grip_at(self, event: PointerEvent) -> Grip | None:
        prompt = self._session.prompt
        if event.is_shift:
            return None  # Shift means another object: what belongs to this one is not grabbed
        # Points lie over strokes, both over the box, and later ones over earlier ones.
        for index in reversed(range(len(prompt.points))):
            point = prompt.points[index]
            if event.distance_to(point.x, point.y) <= MARKER_REACH:
                return index
        for index in reversed(range(len(prompt.scribbles))):
            if event.distance_to(*prompt.scribbles[index].path[0]) <= MARKER_REACH:
                return StrokeSign(index)
        if prompt.box is None:
            return None
        near = [(event.distance_to(*handle.point_on(prompt.box)), handle) for handle in Handle]
        distance, handle = min(near, key=lambda found: found[0])
        if distance <= HANDLE_REACH:
            return handle
        return BoxPart.SIDE if is_on_edge(prompt.box, event, _SIDE_REACH) else None

    def _find_at(self, event: PointerEvent) -> int | None:
        """Return which of the boxes that words found is under the pointer; Shift means another object."""
        finds = self._session.finds
        if not finds.is_choosing or event.is_shift or self._viewport is None:
            return None
        return find_at(self._viewport, finds.shown, event.view_x, event.view_y)

    def _sign(self, event: PointerEvent) -> SelectionMode:
        """Return the mode that a drag begun at `event` would have."""
        return gesture_mode(event) or self._session.mode

    def _begins_with(self, mode: SelectionMode) -> bool:
        return self._start is not None and (gesture_mode(self._start) or SelectionMode.NEW) is mode

    def _on_prompt_changed(self) -> None:
        if self._start is None:
            self._grip = None if self._now is None else self._grip_at(self._now)
        self.overlay_changed.emit()
        self.hint_changed.emit()


def _is_inside(event: PointerEvent, size: Size) -> bool:
    return 0 <= event.x < size.width and 0 <= event.y < size.height
