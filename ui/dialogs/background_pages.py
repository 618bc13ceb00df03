"""What can be set of each kind of background: one page a kind."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.background import BlurFill, ColorFill, Fill, Fit, GradientFill, GradientShape, ImageFill
from core.texts import tr
from ui.background_flow import BackgroundFlow
from ui.dialogs.color_button import ColorButton, Swatch
from ui.dialogs.dialog import button
from ui.dialogs.value_slider import ValueSlider
from ui.elided_label import ElidedLabel

_SWATCHES = {
    tr("White"): (255, 255, 255),
    tr("Light grey"): (217, 217, 217),
    tr("Grey"): (128, 128, 128),
    tr("Black"): (0, 0, 0),
    tr("Blue"): (47, 111, 208),
    tr("Green"): (46, 160, 98),
    tr("Yellow"): (244, 201, 63),
    tr("Red"): (212, 66, 56),
}
_FITS = {Fit.FILL: tr("Fill"), Fit.FIT: tr("Fit inside"), Fit.STRETCH: tr("Stretch")}
_SHAPES = {GradientShape.LINEAR: tr("Linear"), GradientShape.RADIAL: tr("Radial")}
_Fill = TypeVar("_Fill", ColorFill, GradientFill, ImageFill, BlurFill)


class Page(QWidget):
    """A column of controls; :meth:`show_fill` is called with every fill of its kind."""

    def __init__(self, flow: BackgroundFlow) -> None:
        super().__init__()
        self.flow = flow
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)

    def show_fill(self, fill: Fill) -> None:
        """Show what a fill is set to."""

    def _change(self, kind: type[_Fill], change: Callable[[_Fill], _Fill], gesture: str | None = None) -> None:
        """Change the fill, if it is of the page's kind."""
        fill = self.flow.background.fill
        if isinstance(fill, kind):
            self.flow.set_fill(change(fill), gesture)


class ColorPage(Page):
    """Eight colours, and any other."""

    def __init__(self, flow: BackgroundFlow) -> None:
        super().__init__(flow)
        self.swatches = [Swatch(name, color) for name, color in _SWATCHES.items()]
        self.button = ColorButton(tr("Other colour"), (255, 255, 255))
        row = QHBoxLayout()
        row.setSpacing(4)
        for swatch in self.swatches:
            swatch.clicked.connect(lambda _checked=False, color=swatch.color: flow.set_fill(ColorFill(color)))
            row.addWidget(swatch)
        row.addStretch(1)
        row.addWidget(self.button)
        self.column.addLayout(row)
        self.button.chosen.connect(lambda color, gesture: flow.set_fill(ColorFill(color), gesture))

    def show_fill(self, fill: Fill) -> None:
        """Show the colour."""
        if isinstance(fill, ColorFill):
            self.button.show_color(fill.color)


class GradientPage(Page):
    """Two colours, how they meet, and which way."""

    def __init__(self, flow: BackgroundFlow) -> None:
        super().__init__(flow)
        self.start, self.end = (ColorButton(name, (0, 0, 0)) for name in (tr("First colour"), tr("Last colour")))
        self.shape = _combo(tr("Shape of the gradient"), list(_SHAPES.values()))
        self.angle = ValueSlider(tr("Angle"), 0, 359, "°", tr("Angle of the gradient"))
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in (self.start, self.end):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.shape)
        self.column.addLayout(row)
        self.column.addWidget(self.angle)
        self.start.chosen.connect(lambda color, g: self._change(GradientFill, lambda f: replace(f, start=color), g))
        self.end.chosen.connect(lambda color, g: self._change(GradientFill, lambda f: replace(f, end=color), g))
        self.angle.moved.connect(
            lambda value, g: self._change(GradientFill, lambda f: replace(f, angle=float(value)), g)
        )
        shapes = list(_SHAPES)
        self.shape.activated.connect(
            lambda index: self._change(GradientFill, lambda f: replace(f, shape=shapes[index]))
        )

    def show_fill(self, fill: Fill) -> None:
        """Show the gradient."""
        if isinstance(fill, GradientFill):
            self.start.show_color(fill.start)
            self.end.show_color(fill.end)
            self.shape.setCurrentIndex(list(_SHAPES).index(fill.shape))
            self.angle.show_value(fill.angle)
            self.angle.setEnabled(fill.shape is GradientShape.LINEAR)


class ImagePage(Page):
    """Which picture, how large, and where."""

    browse_wanted = Signal()

    def __init__(self, flow: BackgroundFlow) -> None:
        super().__init__(flow)
        self.name = ElidedLabel()
        self.browse = button(tr("Choose…"))
        self.browse.setAccessibleName(tr("Choose the background picture"))
        self.fit = _combo(tr("Size of the picture"), list(_FITS.values()))
        self.scale = ValueSlider(tr("Scale"), 10, 400, " %", tr("Scale of the picture"))
        self.across = ValueSlider(tr("Across"), 0, 100, " %", tr("Place of the picture from left to right"))
        self.down = ValueSlider(tr("Down"), 0, 100, " %", tr("Place of the picture from top to bottom"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self.fit)
        row.addWidget(self.browse)
        self.column.addLayout(row)
        for slider in (self.scale, self.across, self.down):
            self.column.addWidget(slider)
        self.browse.clicked.connect(self.browse_wanted)
        fits = list(_FITS)
        self.fit.activated.connect(lambda index: self._change(ImageFill, lambda f: replace(f, fit=fits[index])))
        self.scale.moved.connect(lambda value, g: self._change(ImageFill, lambda f: replace(f, scale=value / 100), g))
        self.across.moved.connect(lambda value, g: self._change(ImageFill, lambda f: replace(f, x=value / 100), g))
        self.down.moved.connect(lambda value, g: self._change(ImageFill, lambda f: replace(f, y=value / 100), g))

    def show_fill(self, fill: Fill) -> None:
        """Show the picture's name and place."""
        if isinstance(fill, ImageFill):
            self.name.setText(fill.name)
            self.fit.setCurrentIndex(list(_FITS).index(fill.fit))
            self.scale.show_value(100 * fill.scale)
            self.across.show_value(100 * fill.x)
            self.down.show_value(100 * fill.y)


class BlurPage(Page):
    """How much."""

    def __init__(self, flow: BackgroundFlow) -> None:
        super().__init__(flow)
        self.radius = ValueSlider(tr("Blur"), 1, 100, " px", tr("Blur of the photo"))
        self.column.addWidget(self.radius)
        self.radius.moved.connect(lambda value, gesture: flow.set_fill(BlurFill(float(value)), gesture))

    def show_fill(self, fill: Fill) -> None:
        """Show the radius."""
        if isinstance(fill, BlurFill):
            self.radius.set_range(1, max(50, self.flow.longest // 15))
            self.radius.show_value(fill.radius)


class EmptyPage(Page):
    """Says what no background means."""

    def __init__(self, flow: BackgroundFlow) -> None:
        super().__init__(flow)
        words = QLabel(tr("What the layers leave free stays transparent."))
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        self.column.addWidget(words)


def _combo(name: str, words: list[str]) -> QComboBox:
    combo = QComboBox()
    combo.addItems(words)
    combo.setAccessibleName(name)
    combo.setToolTip(name)
    return combo
