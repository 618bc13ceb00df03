"""The size of a round brush."""

from math import exp, log
from typing import TypeVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from core.texts import tr
from ui.brush_settings import MAX_SIZE, RoundSettings
from ui.slider import AmountSlider, Slider

_S = TypeVar("_S", bound=Slider)

STEPS = 200
"""Of a logarithmic slider."""


class SizeOptions(QWidget):
    """The slider is logarithmic: as fine for 3 pixels as for 300."""

    def __init__(self, settings: RoundSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._is_showing = False
        self.size_box = make_box(1, int(MAX_SIZE), " px", tr("Brush size in pixels"))
        self.size_slider = make_amount_slider(
            tr("Brush size"), tr("Diameter in pixels of the photo ([ and ])"), self.size_box
        )
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)
        self._label = QLabel(tr("Size"))
        for widget in (self._label, self.size_slider, self.size_box):
            self.row.addWidget(widget)
        self.size_slider.valueChanged.connect(self._on_size_slid)
        self.size_box.valueChanged.connect(self._on_size_typed)
        settings.changed.connect(self._show_size)
        self._show_size()

    def fit_into(self, room: int) -> bool:
        """Show slider and number in so many logical pixels, or the number alone; return whether that fits."""
        box = self.size_box.maximumWidth()
        whole = box + self.size_slider.maximumWidth() + self._label.sizeHint().width() + 2 * self.row.spacing()
        for widget in (self._label, self.size_slider):
            widget.setVisible(room >= whole)
        return room >= box

    @Slot()
    def _show_size(self) -> None:
        # What is shown is rounded; what is set stays as it is.
        self._is_showing = True
        self.size_slider.setValue(to_step(self._settings.size, MAX_SIZE))
        self.size_box.setValue(round(self._settings.size))
        self._is_showing = False

    @Slot(int)
    def _on_size_slid(self, step: int) -> None:
        if not self._is_showing:
            self._settings.set_size(float(round(from_step(step, MAX_SIZE))))

    @Slot(int)
    def _on_size_typed(self, size: int) -> None:
        if not self._is_showing:
            self._settings.set_size(float(size))


def make_slider(most: int, name: str, tip: str) -> Slider:
    """Return a slider from 0 to `most`, narrower where the window is small."""
    return _set_up(Slider(), most, name, tip)


def make_amount_slider(name: str, tip: str, box: QSpinBox) -> AmountSlider:
    """Return a logarithmic slider, whose keys change the number in `box` by ones and tens."""
    slider = _set_up(AmountSlider(), STEPS, name, tip)
    slider.stepped.connect(box.stepBy)
    return slider


def _set_up(slider: _S, most: int, name: str, tip: str) -> _S:
    slider.setRange(0, most)
    slider.setMinimumWidth(56)
    slider.setMaximumWidth(130)
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
