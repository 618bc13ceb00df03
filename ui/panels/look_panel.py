"""A small panel that opens beside its button: which view the canvas has, and how the overlay shows the selection."""

from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QColorDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from ui.check_box import CheckBox
from ui.overlay_tint import View
from ui.panels.percent_slider import PercentSlider
from ui.panels.segments import Segment, Segments
from ui.remembered import Remembered
from ui.selection_look import Cover, SelectionLook, look_of, remembered_as
from ui.theme import Theme

_SWATCH = 18
_GAP = 4

PRESETS = {
    "#12112e": "Night",
    "#000000": "Black",
    "#ffffff": "White",
    "#e0352b": "Red",
    "#ffc400": "Yellow",
    "#2684ff": "Blue",
}
"""Colours that are a click away, and how they are called."""


class _Part(StrEnum):
    OUTSIDE = "outside"
    INSIDE = "inside"


VIEWS = (
    Segment(View.OVERLAY, "Overlay", "view-overlay", "The photo, with the selection as chosen below"),
    Segment(View.ON_BLACK, "On Black", "view-black", "What is selected, on black"),
    Segment(View.ON_WHITE, "On White", "view-white", "What is selected, on white"),
    Segment(View.ON_CHECKER, "On Checker", "view-checker", "What is selected, on a checkerboard"),
    Segment(View.MASK, "Mask", "view-mask", "What is selected in white, the rest in black"),
    Segment(View.ORIGINAL, "Original", "view-original", "The photo alone"),
)
_COVERS = (
    Segment(Cover.NONE, "None", "view-original", "The outline alone shows what is selected"),
    Segment(Cover.COLOUR, "Colour", "view-overlay", "An even colour lies over the photo"),
    Segment(Cover.HATCH, "Hatch", "look", "Diagonal stripes; they need no colour vision"),
)
_PARTS = (
    Segment(_Part.OUTSIDE, "Not selected", "select-invert", "What is not selected is covered"),
    Segment(_Part.INSIDE, "Selected", "select-all", "What is selected is covered"),
)


class LookPanel(QFrame):
    """Every change shows at once and is remembered."""

    view_wanted = Signal(object)  # View

    def __init__(self, remembered: Remembered, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("View and selection look")
        self._remembered = remembered
        self._theme = theme
        self.views: Segments[View] = Segments("View", VIEWS, theme)
        self.ants = CheckBox("Marching ants")
        self.covers: Segments[Cover] = Segments("Overlay", _COVERS, theme, has_text=True)
        self.parts: Segments[_Part] = Segments("What is covered", _PARTS, theme, has_text=True)
        self.colors = _Colors()
        self.opacity = PercentSlider("Opacity", "How much of the photo the overlay hides", width=150)
        self._place()
        self.views.chosen.connect(self.view_wanted)
        self.ants.clicked.connect(lambda is_on: self._change(wants_ants=is_on))
        self.covers.chosen.connect(lambda cover: self._change(cover=cover))
        self.parts.chosen.connect(lambda part: self._change(is_on_selected=part is _Part.INSIDE))
        self.colors.chosen.connect(lambda color: self._change(color=color))
        self.colors.other_wanted.connect(self._ask_color)
        self.opacity.moved.connect(lambda share: self._change(opacity=share))
        remembered.changed.connect(self._on_remembered)
        theme.changed.connect(self._on_remembered)
        self._on_remembered()

    def show_view(self, view: View) -> None:
        """Show which view the canvas has."""
        self.views.set_value(view)

    def open_over(self, anchor: QWidget) -> None:
        """Open above a widget, its right side above that one's, within the screen."""
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(anchor.width(), 0)) - QPoint(self.width(), self.height() + _GAP)
        room = anchor.screen().availableGeometry()
        left = max(room.left(), min(corner.x(), room.right() - self.width()))
        self.move(left, max(room.top(), corner.y()))
        self.show()
        self.views.setFocus()

    @property
    def _look(self) -> SelectionLook:
        return look_of(self._remembered.settings)

    def _place(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 12, 14, 14)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        widgets: tuple[QWidget, ...] = self.views, self.covers, self.parts, self.colors
        for row, (text, widget) in enumerate(zip(("View", "Overlay", "Over what is", "Colour"), widgets, strict=True)):
            grid.addWidget(QLabel(text), row, 0)
            grid.addWidget(widget, row, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.opacity, len(widgets), 0, 1, 2)
        grid.addWidget(self.ants, len(widgets) + 1, 0, 1, 2)

    def _change(self, **values: object) -> None:
        self._remembered.change(**remembered_as(replace(self._look, **values)))  # type: ignore[arg-type]

    @Slot()
    def _on_remembered(self) -> None:
        look = self._look
        has_cover = look.cover is not Cover.NONE
        self.covers.set_value(look.cover)
        self.parts.set_value(_Part.INSIDE if look.is_on_selected else _Part.OUTSIDE)
        self.colors.show_color(look.color, self._theme.tokens.outline)
        self.opacity.show_share(look.opacity)
        self.ants.setChecked(look.has_ants)
        for widget in (self.parts, self.colors, self.opacity, self.ants):
            widget.setEnabled(has_cover)
        tip = "A line of moving pieces around what is selected"
        self.ants.setToolTip(tip if has_cover else f"{tip}\nAlways there without an overlay")

    @Slot()
    def _ask_color(self) -> None:
        before = self._look.color
        dialog = QColorDialog(QColor(before), self.parentWidget())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Colour of the overlay")
        # The system's own dialog tells nothing before it is closed.
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.currentColorChanged.connect(lambda color: self._change(color=color.name()))
        dialog.rejected.connect(lambda: self._change(color=before))
        self.hide()
        dialog.open()


class _Colors(QWidget):
    """Swatches, of which one is down, and a button for any other colour."""

    chosen = Signal(str)
    other_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for index, name in enumerate(PRESETS.values()):
            row.addWidget(self._button(index, name))
        other = self._button(len(PRESETS), "Another colour…")
        row.addWidget(other)
        self._group.idClicked.connect(self._on_clicked)

    def show_color(self, color: str, rim: str) -> None:
        """Show which colour is chosen; the last swatch stands for all that are not offered."""
        colors = [*PRESETS, color]
        for index, each in enumerate(colors):
            is_other = index == len(PRESETS)
            self._group.button(index).setIcon(_swatch(each, rim, has_sign=is_other))
        self._group.button(colors.index(color)).setChecked(True)

    def button(self, name: str) -> QToolButton:
        """Return the button of a colour by its name."""
        return next(b for b in self._group.buttons() if isinstance(b, QToolButton) and b.toolTip() == name)

    def _button(self, index: int, name: str) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setIconSize(QSize(_SWATCH, _SWATCH))
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._group.addButton(button, index)
        return button

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        if index < len(PRESETS):
            self.chosen.emit([*PRESETS][index])
        else:
            self.other_wanted.emit()


def _swatch(color: str, rim: str, has_sign: bool) -> QIcon:
    """Return a disc in a colour; with a sign it stands for more colours."""
    scale = 2  # sharp on dense screens
    drawn = QPixmap(_SWATCH * scale, _SWATCH * scale)
    drawn.setDevicePixelRatio(scale)
    drawn.fill(Qt.GlobalColor.transparent)
    with QPainter(drawn) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(rim))
        painter.setBrush(QColor(color))
        painter.drawEllipse(1, 1, _SWATCH - 2, _SWATCH - 2)
        if has_sign:
            light = QColor(color).lightness() > 127
            painter.setPen(QColor("#000000" if light else "#ffffff"))
            for x in (5, 9, 13):
                painter.drawPoint(x, 9)
                painter.drawEllipse(x - 1, 8, 1, 1)
    return QIcon(drawn)
