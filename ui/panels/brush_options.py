"""Size and hardness of the brush and the eraser."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from ui.panels.size_options import SizeOptions, make_box, make_slider


class BrushOptions(SizeOptions):
    """The size, and how much of the brush paints in full."""

    hardness_changed = Signal(float)  # in [0, 1]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hardness_slider = make_slider(
            100, "Brush hardness", "How much of the brush paints in full (Shift+[ and Shift+])"
        )
        self.hardness_box = make_box(0, 100, " %", "Brush hardness in percent")
        self.row.addSpacing(12)
        for widget in (QLabel("Hardness"), self.hardness_slider, self.hardness_box):
            self.row.addWidget(widget)
        self.row.addSpacing(12)
        self.row.addStretch(1)
        self.hardness_slider.valueChanged.connect(self._on_hardness)
        self.hardness_box.valueChanged.connect(self._on_hardness)

    def show_brush(self, size: float, hardness: float) -> None:
        """Show other values; `size` in photo pixels, `hardness` in [0, 1]."""
        self.show_size(size)
        self.is_showing = True
        self.hardness_slider.setValue(round(hardness * 100))
        self.hardness_box.setValue(round(hardness * 100))
        self.is_showing = False

    @Slot(int)
    def _on_hardness(self, percent: int) -> None:
        if not self.is_showing:
            self.hardness_changed.emit(percent / 100)
