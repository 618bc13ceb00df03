"""The tools, and which of them has the pointer."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from ui.canvas import Canvas
from ui.tools.prompt_tool import PromptTool
from ui.tools.tool import Tool


class Toolbox(QObject):
    """Hands the canvas to one tool at a time."""

    changed = Signal()  # another tool
    hint_changed = Signal(str)  # what the next gesture does

    def __init__(self, tools: Sequence[Tool], canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tools = {tool.id: tool for tool in tools}
        self._canvas = canvas
        self._tool = tools[0]
        self.key_hint: Callable[[], str] = str
        """What the next key does, where that goes before what the tool says; empty where it does not."""
        for tool in tools:
            tool.hint_changed.connect(self._on_hint_changed)
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

    def _on_hint_changed(self) -> None:
        self.hint_changed.emit(self.hint)
