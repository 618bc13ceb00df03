"""The size of a round brush."""

from math import exp, log

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QSpinBox, QWidget

STEPS = 200
"""Of a logarithmic slider."""

_LARGEST = 2000


class SizeOptions(QWidget):
    """The slider is logarithmic: as fine for 3 pixels as for 300."""

    size_changed = Signal(float)  # diameter in photo pixels

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_showing = False
        self.size_slider = make_slider(STEPS, "Brush size", "Diameter in pixels of the photo ([ and ])")
        self.size_box = make_box(1, _LARGEST, " px", "Brush size in pixels")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)
        self._label = QLabel("Size")
        for widget in (self._label, self.size_slider, self.size_box):
            self.row.addWidget(widget)
        self.size_slider.valueChanged.connect(self._on_size_slid)
        self.size_box.valueChanged.connect(self._on_size_typed)

    def show_size(self, size: float) -> None:
        """Show another diameter in photo pixels."""
        self.is_showing = True
        self.size_slider.setValue(to_step(size, _LARGEST))
        self.size_box.setValue(round(size))
        self.is_showing = False

    def fit_into(self, room: int) -> bool:
        """Show slider and number in so many logical pixels, or the number alone; return whether that fits."""
        box = self.size_box.maximumWidth()
        whole = box + self.size_slider.maximumWidth() + self._label.sizeHint().width() + 2 * self.row.spacing()
        for widget in (self._label, self.size_slider):
            widget.setVisible(room >= whole)
        return room >= box

    @Slot(int)
    def _on_size_slid(self, step: int) -> None:
        if not self.is_showing:
            self.size_changed.emit(float(round(from_step(step, _LARGEST))))

    @Slot(int)
    def _on_size_typed(self, size: int) -> None:
        if not self.is_showing:
            self.size_changed.emit(float(size))


def make_slider(most: int, name: str, tip: str) -> QSlider:
    """Return a slider from 0 to `most`."""
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, most)
    slider.setFixedWidth(130)
    slider.setAccessibleName(name)
    slider.setToolTip(tip)
    return slider


def make_box(least: int, most: int, suffix: str, name: str) -> QSpinBox:
    """Return a box for numbers that are typed."""
    box = QSpinBox()
    box.setRange(least, most)
    box.setSuffix(suffix)
    box.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    box.setFixedWidth(76)
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    return box


def from_step(step: int, most: float) -> float:
    """Return the value from 1 to `most` that a step of a logarithmic slider stands for."""
    return exp(step / STEPS * log(most))


def to_step(value: float, most: float) -> int:
    """Return the step of a logarithmic slider that is nearest to a value from 1 to `most`."""
    return round(STEPS * log(max(1.0, value)) / log(most))
