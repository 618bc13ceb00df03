"""The canvas with what stands around and over it, as the settings say."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.canvas import Canvas
from ui.minimap import Minimap
from ui.remembered import Remembered
from ui.rulers import Ruler
from ui.selection_look import look_of


class CanvasPlace(QWidget):
    """Follows the settings: what a person switches on or off shows at once and at the next start."""

    def __init__(self, canvas: Canvas, remembered: Remembered, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._remembered = remembered
        self.top = Ruler(canvas, Qt.Orientation.Horizontal)
        self.left = Ruler(canvas, Qt.Orientation.Vertical)
        self.minimap = Minimap(canvas)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.top, 0, 1)
        grid.addWidget(self.left, 1, 0)
        grid.addWidget(canvas, 1, 1)
        self.setFocusProxy(canvas)
        remembered.changed.connect(self._on_remembered)
        self._on_remembered()

    @Slot()
    def _on_remembered(self) -> None:
        settings = self._remembered.settings
        self._canvas.set_look(look_of(settings))
        self.minimap.set_wanted(settings.has_minimap)
        for ruler in (self.top, self.left):
            ruler.setVisible(settings.has_rulers)
