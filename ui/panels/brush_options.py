"""Size, hardness and opacity of the brush and the eraser."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from core.texts import tr
from ui.brush_settings import BrushSettings
from ui.panels.size_options import SizeOptions, make_box, make_slider


class BrushOptions(SizeOptions):
    """The size, how much of the brush paints in full, how much it paints, and what a pen does."""

    def __init__(self, settings: BrushSettings, parent: QWidget | None = None) -> None:
        super().__init__(settings, parent)
        self._brush = settings
        self.hardness_slider = make_slider(
            100, tr("Brush hardness"), tr("How much of the brush paints in full (Shift+[ and Shift+])")
        )
        self.hardness_box = make_box(0, 100, " %", tr("Brush hardness in percent"))
        self.opacity_slider = make_slider(
            100, tr("Brush opacity"), tr("How much one stroke adds or takes (1 to 9, and 0 for all of it)")
        )
        self.opacity_box = make_box(1, 100, " %", tr("Brush opacity in percent"))
        self.pressure_button = QToolButton()
        self.pressure_button.setText(tr("Pressure"))
        self.pressure_button.setCheckable(True)
        self.pressure_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pressure_button.setToolTip(
            tr("Pressure\nThe harder a pen is pressed, the wider it paints, up to the size")
        )
        for name, slider, box in (
            (tr("Hardness"), self.hardness_slider, self.hardness_box),
            (tr("Opacity"), self.opacity_slider, self.opacity_box),
        ):
            box.setFixedWidth(64)
            slider.setMinimumWidth(44)
            self.row.addSpacing(4)
            for widget in (QLabel(name), slider, box):
                self.row.addWidget(widget)
        self.row.addSpacing(4)
        self.row.addWidget(self.pressure_button)
        self.row.addStretch(1)
        self.hardness_slider.valueChanged.connect(self._on_hardness)
        self.hardness_box.valueChanged.connect(self._on_hardness)
        self.opacity_slider.valueChanged.connect(self._on_opacity)
        self.opacity_box.valueChanged.connect(self._on_opacity)
        self.pressure_button.toggled.connect(settings.set_pressure)
        settings.changed.connect(self._show_brush)
        self._show_brush()

    @Slot()
    def _show_brush(self) -> None:
        self._is_showing = True
        for widget in (self.hardness_slider, self.hardness_box):
            widget.setValue(round(self._brush.hardness * 100))
        for widget in (self.opacity_slider, self.opacity_box):
            widget.setValue(round(self._brush.opacity * 100))
        self.pressure_button.setChecked(self._brush.has_pressure)
        self._is_showing = False

    @Slot(int)
    def _on_hardness(self, percent: int) -> None:
        if not self._is_showing:
            self._brush.set_hardness(percent / 100)

    @Slot(int)
    def _on_opacity(self, percent: int) -> None:
        if not self._is_showing:
            self._brush.set_opacity(percent / 100)
