"""The tools, and which of them has the pointer."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from core.texts import tr
from ui.canvas import Canvas
from ui.tools.prompt_tool import PromptTool
from ui.tools.tool import Tool


class Toolbox(QObject):
    """Hands the canvas to one tool at a time."""

    changed = Signal()  # another tool
    hint_changed = Signal(str)  # what the next gesture does
    parts_changed = Signal()  # what of a gesture can be taken back

    def __init__(self, tools: Sequence[Tool], canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tools = {tool.id: tool for tool in tools}
        self._canvas = canvas
        self._tool = tools[0]
        self.key_hint: Callable[[], str] = str
        """What the next key does, where that goes before what the tool says; empty where it does not."""
        for tool in tools:
            tool.hint_changed.connect(self._on_hint_changed)
            tool.parts_changed.connect(self.parts_changed)
        canvas.gesture_changed.connect(self.parts_changed)
        canvas.set_tool(self._tool)

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        return self._tool

    @property
    def hint(self) -> str:
        """What the next gesture does."""
        return self.key_hint() or self._tool.hint()

    def take(self, tool_id: str) -> None:
        """Take another tool."""
        if tool_id != self._tool.id:
            self._tool = self._tools[tool_id]
            self._canvas.set_tool(self._tool)
            self.changed.emit()
            self._on_hint_changed()
        self._canvas.setFocus()

    def take_pointing(self) -> None:
        """Take a tool that can point at what was found, unless one is in hand."""
        if not isinstance(self._tool, PromptTool):
            self.take("object")

    @property
    def undo_title(self) -> str:
        """What :meth:`undo` would take back of a gesture, in words; empty if none is under way."""
        return self._tool.undo_title or (tr("Gesture") if self._canvas.is_in_gesture else "")

    def undo(self) -> bool:
        """Take the last part of a gesture back that is under way, or all of it; return whether there was one."""
        if self._canvas.is_in_gesture:
            self._canvas.give_up()
        elif self._tool.undo_title:
            self._tool.undo()
        else:
            return False
        return True

    def _on_hint_changed(self) -> None:
        self.hint_changed.emit(self.hint)
