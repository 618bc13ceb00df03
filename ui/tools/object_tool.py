"""The object tool: click what you mean, or drag a box around it."""

from core.mask_ops import SelectionMode
from ui.overlay import Handle
from ui.pointer import PointerEvent
from ui.tools.prompt_tool import Grip, PromptTool
from ui.tools.tool import gesture_mode, is_exclude

_FIRST_HINTS = {
    SelectionMode.NEW: "Click the object, or drag a box around it",
    SelectionMode.ADD: "Click another object to add it, or drag a box around it",
    SelectionMode.SUBTRACT: "Click an object to take it out of the selection, or drag a box around it",
    SelectionMode.INTERSECT: "Click an object to keep only what is selected of it, or drag a box around it",
}


class ObjectTool(PromptTool):
    """Points and a box together describe one object; Shift begins another one."""

    id = "object"
    title = "Object"

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
            return "Click what does not belong · drag a box to subtract another object"
        if wish is not None:
            return f"{_FIRST_HINTS[wish]} · this one is kept first"
        return self.open_hint("Click what is missing, right-click what does not belong")

    def _click_at(self, start: PointerEvent) -> None:
        mode = gesture_mode(start)
        if mode in (SelectionMode.ADD, SelectionMode.INTERSECT):
            self._session.begin_object(mode)
            self._session.add_point(start.x, start.y, True)
            return
        self._session.add_point(start.x, start.y, not is_exclude(start))


def _drag_hint(grip: Grip | None) -> str:
    if isinstance(grip, Handle):
        return "Release to resize the box · Esc cancels"
    if grip is not None:
        return "Release to move the point · Esc cancels"
    return "Release to find the object in the box · Esc cancels"
