"""A word, a slider and its value in percent."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.slider import Slider

_NARROWEST = 44


class PercentSlider(QWidget):
    """Sets a share between 0 and 1; only what the person does is told."""

    moved = Signal(float)

    def __init__(self, text: str, tip: str, width: int = 96, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_showing = False
        self.slider = Slider()
        self.slider.setRange(0, 100)
        # Narrower where the window is small, before anything lies over anything.
        self.slider.setMinimumWidth(_NARROWEST)
        self.slider.setMaximumWidth(width)
        self.slider.setAccessibleName(text)
        self.slider.setToolTip(tip)
        label = QLabel(text)
        label.setToolTip(tip)
        self._value = QLabel()
        self._value.setProperty("role", "muted")
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance("100 %"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        for widget in (label, self.slider, self._value):
            row.addWidget(widget)
        self.slider.valueChanged.connect(self._on_changed)
        self._on_changed(0)

    def show_share(self, share: float) -> None:
        """Show another share."""
        self._is_showing = True
        self.slider.setValue(round(100 * share))
        self._is_showing = False

    @Slot(int)
    def _on_changed(self, percent: int) -> None:
        self._value.setText(f"{percent} %")
        if not self._is_showing:
            self.moved.emit(percent / 100)
