"""The box tool: drag a box around what you mean."""

from core.mask_ops import SelectionMode
from core.texts import tr
from ui.tools.prompt_tool import PromptTool
from ui.tools.tool import KeyboardUse, gesture_mode

_FIRST_HINTS = {
    SelectionMode.NEW: tr("Drag a box around the object"),
    SelectionMode.ADD: tr("Drag a box around another object to add it"),
    SelectionMode.SUBTRACT: tr("Drag a box around an object to take it out of the selection"),
    SelectionMode.INTERSECT: tr("Drag a box around an object to keep only what is selected of it"),
}


class BoxTool(PromptTool):
    """Like the object tool without clicks, for crowded photos where a stray click would hurt."""

    id = "box"
    title = tr("Box")
    keyboard_use = KeyboardUse.DRAG

    def hint(self) -> str:
        """Return what the next gesture does."""
        if self._is_dragging:
            if self._grip is None:
                return tr("Release to find the object in the box · Esc cancels")
            return tr("Release to put it there · Esc cancels")
        if self._grip is not None:
            return self.grip_hint()
        wish = None if self._now is None else gesture_mode(self._now)
        if wish is None and (words := self.finds_hint()):
            return words
        if self._session.is_open and wish is None:
            return tr("Drag a grip or a side of the box to correct it, or a new box · Enter keeps · Esc drops")
        return _FIRST_HINTS[wish or self._session.mode]
