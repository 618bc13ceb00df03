"""Size and hardness of the brush and the eraser."""

from math import exp, log

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QSpinBox, QWidget

_STEPS = 200
_SMALLEST, _LARGEST = 1, 2000


class BrushOptions(QWidget):
    """The slider for the size is logarithmic: as fine for 3 pixels as for 300."""

    size_changed = Signal(float)  # diameter in photo pixels
    hardness_changed = Signal(float)  # in [0, 1]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_showing = False
        self.size_slider = _slider(_STEPS, "Brush size", "Diameter in pixels of the photo ([ and ])")
        self.size_box = _box(_SMALLEST, _LARGEST, " px", "Brush size in pixels")
        self.hardness_slider = _slider(
            100, "Brush hardness", "How much of the brush paints in full (Shift+[ and Shift+])"
        )
        self.hardness_box = _box(0, 100, " %", "Brush hardness in percent")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for text, slider, box in (
            ("Size", self.size_slider, self.size_box),
            ("Hardness", self.hardness_slider, self.hardness_box),
        ):
            row.addWidget(QLabel(text))
            row.addWidget(slider)
            row.addWidget(box)
            row.addSpacing(12)
        row.addStretch(1)
        self.size_slider.valueChanged.connect(self._on_size_slid)
        self.size_box.valueChanged.connect(self._on_size_typed)
        self.hardness_slider.valueChanged.connect(self._on_hardness)
        self.hardness_box.valueChanged.connect(self._on_hardness)

    def show_brush(self, size: float, hardness: float) -> None:
        """Show other values; `size` in photo pixels, `hardness` in [0, 1]."""
        self._is_showing = True
        self.size_slider.setValue(_to_step(size))
        self.size_box.setValue(round(size))
        self.hardness_slider.setValue(round(hardness * 100))
        self.hardness_box.setValue(round(hardness * 100))
        self._is_showing = False

    @Slot(int)
    def _on_size_slid(self, step: int) -> None:
        if not self._is_showing:
            self.size_changed.emit(float(round(_to_size(step))))

    @Slot(int)
    def _on_size_typed(self, size: int) -> None:
        if not self._is_showing:
            self.size_changed.emit(float(size))

    @Slot(int)
    def _on_hardness(self, percent: int) -> None:
        if not self._is_showing:
            self.hardness_changed.emit(percent / 100)


def _to_size(step: int) -> float:
    return exp(step / _STEPS * log(_LARGEST))


def _to_step(size: float) -> int:
    return round(_STEPS * log(max(_SMALLEST, size)) / log(_LARGEST))


def _slider(most: int, name: str, tip: str) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, most)
    slider.setFixedWidth(130)
    slider.setAccessibleName(name)
    slider.setToolTip(tip)
    return slider


def _box(least: int, most: int, suffix: str, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setSuffix(suffix)
    box.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    box.setFixedWidth(76)
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    return box
