"""The canvas with what stands around and over it, as the settings say."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.canvas import Canvas
from ui.remembered import Remembered
from ui.selection_look import look_of


class CanvasPlace(QWidget):
    """Follows the settings: what a person switches on or off shows at once and at the next start."""

    def __init__(self, canvas: Canvas, remembered: Remembered, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._remembered = remembered
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(canvas, 1, 1)
        self.setFocusProxy(canvas)
        remembered.changed.connect(self._on_remembered)
        self._on_remembered()

    @Slot()
    def _on_remembered(self) -> None:
        settings = self._remembered.settings
        self._canvas.set_look(look_of(settings))
