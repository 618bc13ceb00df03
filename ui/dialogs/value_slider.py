"""A word, a slider and its value with a unit."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.slider import Slider

_LABEL_WIDTH = 92
_WIDEST_VALUE = "-0000 px"


class ValueSlider(QWidget):
    """Sets a whole number. Only what the person does is told, with a name that one drag of the slider has in common."""

    moved = Signal(int, str)  # value, name of the gesture

    def __init__(self, text: str, least: int, most: int, unit: str, name: str = "") -> None:
        super().__init__()
        self._unit = unit
        self._is_showing = False
        self._name = name or text
        self._gestures = 0
        self.slider = Slider()
        self.slider.setRange(least, most)
        self.slider.setAccessibleName(self._name)
        self.slider.setToolTip(self._name)
        label = QLabel(text)
        label.setFixedWidth(_LABEL_WIDTH)
        self._value = QLabel()
        self._value.setProperty("role", "muted")
        # The same for all, so that sliders below one another end at one line.
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance(_WIDEST_VALUE))
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._value)
        self.slider.sliderPressed.connect(self._on_pressed)
        self.slider.valueChanged.connect(self._on_changed)
        self._write(self.slider.value())

    def show_value(self, value: float) -> None:
        """Show another value; while the slider is held it leads."""
        if not self.slider.isSliderDown():
            self._is_showing = True
            self.slider.setValue(round(value))
            self._is_showing = False

    def set_range(self, least: int, most: int) -> None:
        """Allow other values."""
        self._is_showing = True
        self.slider.setRange(least, most)
        self._is_showing = False
        self._write(self.slider.value())

    def _write(self, value: int) -> None:
        self._value.setText(f"{value}{self._unit}")

    @Slot()
    def _on_pressed(self) -> None:
        self._gestures += 1

    @Slot(int)
    def _on_changed(self, value: int) -> None:
        self._write(value)
        if not self._is_showing:
            self.moved.emit(value, f"{self._name} {self._gestures}")
