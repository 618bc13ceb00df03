"""The hand: drag the photo."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from core.texts import tr
from ui.tools.tool import Tool


class HandTool(Tool):
    """Pans; the canvas does it."""

    id = "hand"
    title = tr("Hand")
    pans = True

    def hint(self) -> str:
        """Return what the next gesture does."""
        return tr("Drag to move the photo · wheel to zoom")

    def cursor(self) -> QCursor:
        """Return the open hand."""
        return QCursor(Qt.CursorShape.OpenHandCursor)
