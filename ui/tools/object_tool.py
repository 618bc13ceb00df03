"""The object tool: click what you mean, or drag a box around it."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent

from core.geometry import Rect
from core.mask_ops import SelectionMode
from core.texts import tr
from ui.editor import Editor
from ui.hover_ghost import HoverGhost
from ui.overlay import Handle
from ui.overlay_objects import ShownObjects
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.tools.prompt_tool import BoxPart, Grip, PromptTool
from ui.tools.tool import gesture_mode, is_exclude

_FIRST_HINTS = {
    SelectionMode.NEW: tr("Click the object, or drag a box around it"),
    SelectionMode.ADD: tr("Click another object to add it, or drag a box around it"),
    SelectionMode.SUBTRACT: tr("Click an object to take it out of the selection, or drag a box around it"),
    SelectionMode.INTERSECT: tr("Click an object to keep only what is selected of it, or drag a box around it"),
}


class ObjectTool(PromptTool):
    """Points and a box together describe one object; Shift begins another one.

    Before the first click `ghost`, if there is one, shows what it would find.
    """

    id = "object"
    title = tr("Object")

    def __init__(
        self,
        editor: Editor,
        session: SegmentSession,
        parent: QObject | None = None,
        ghost: HoverGhost | None = None,
    ) -> None:
        super().__init__(editor, session, parent)
        self._ghost = ghost
        if ghost is not None:
            ghost.changed.connect(self._on_ghost_changed)

    def shown_objects(self) -> ShownObjects | None:
        """Return what a click would find."""
        found = None if self._ghost is None else self._ghost.found
        return None if found is None else ShownObjects(None, found, self._wish_at(self._now), is_ghost=True)

    def press(self, event: PointerEvent) -> None:
        """Begin a click or a drag."""
        if self._ghost is not None and is_exclude(event):
            self._ghost.point_nowhere()
        super().press(event)

    def move(self, event: PointerEvent) -> None:
        """Drag; what a click would find is not the matter then."""
        super().move(event)
        if self._is_dragging and self._ghost is not None:
            self._ghost.point_nowhere()

    def hover(self, event: PointerEvent) -> None:
        """Let what is under the pointer stand out, and what a click there would find."""
        before = self._wish_at(self._now)
        super().hover(event)
        if self._ghost is None:
            return
        is_excluding = is_exclude(event) and gesture_mode(event) is not SelectionMode.INTERSECT
        if is_excluding or self._grip is not None:
            self._ghost.point_nowhere()
        else:
            self._ghost.point_at(event.x, event.y, event.scale)
        if self._ghost.found is not None and self._wish_at(event) is not before:
            self.objects_changed.emit(self._ghost.found.reach)

    def leave(self) -> None:
        """Forget where the pointer was."""
        super().leave()
        if self._ghost is not None:
            self._ghost.leave()

    def key(self, event: QKeyEvent) -> bool:
        """As every tool that points; with nothing else to end, Esc hides what a click would find."""
        if super().key(event):
            return True
        is_escape = Qt.Key(event.key()) == Qt.Key.Key_Escape
        return is_escape and self._ghost is not None and self._ghost.dismiss()

    def deactivate(self) -> None:
        """Another tool was chosen."""
        super().deactivate()
        if self._ghost is not None:
            self._ghost.leave()

    def hint(self) -> str:
        """Return what the next gesture does."""
        if self._is_dragging:
            return _drag_hint(self._grip)
        if self._grip is not None:
            return self.grip_hint()
        wish = None if self._now is None else gesture_mode(self._now)
        if wish is None and (words := self.finds_hint()):
            return words
        if not self._session.is_open:
            return _FIRST_HINTS[wish or self._session.mode]
        if wish is SelectionMode.SUBTRACT:
            return tr("Click what does not belong · drag a box to subtract another object")
        if wish is not None:
            return tr("{hint} · this one is kept first", hint=_FIRST_HINTS[wish])
        return self.open_hint(tr("Click what is missing, right-click what does not belong"))

    def _click_at(self, start: PointerEvent) -> None:
        mode = gesture_mode(start)
        if mode in (SelectionMode.ADD, SelectionMode.INTERSECT):
            self._session.begin_object(mode)
            self._session.add_point(start.x, start.y, True)
            return
        self._session.add_point(start.x, start.y, not is_exclude(start))

    def _wish_at(self, event: PointerEvent | None) -> SelectionMode:
        """Return how a click at `event` would meet the selection."""
        return (None if event is None else gesture_mode(event)) or self._session.mode

    @Slot(object)
    def _on_ghost_changed(self, rect: Rect) -> None:
        if not rect.is_empty:
            self.objects_changed.emit(rect)


def _drag_hint(grip: Grip | None) -> str:
    if isinstance(grip, Handle):
        return tr("Release to resize the box · Esc cancels")
    if isinstance(grip, BoxPart):
        return tr("Release to put the box there · Esc cancels")
    if grip is not None:
        return tr("Release to move the point · Esc cancels")
    return tr("Release to find the object in the box · Esc cancels")
