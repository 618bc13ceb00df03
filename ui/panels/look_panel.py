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

from core.texts import tr
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
    "#12112e": tr("Night"),
    "#000000": tr("Black"),
    "#ffffff": tr("White"),
    "#e0352b": tr("Red"),
    "#ffc400": tr("Yellow"),
    "#2684ff": tr("Blue"),
}
"""Colours that are a click away, and how they are called."""


class _Part(StrEnum):
    OUTSIDE = "outside"
    INSIDE = "inside"


VIEWS = (
    Segment(View.OVERLAY, tr("Overlay"), "view-overlay", tr("The photo, with the selection as chosen below")),
    Segment(View.ON_BLACK, tr("On Black"), "view-black", tr("What is selected, on black")),
    Segment(View.ON_WHITE, tr("On White"), "view-white", tr("What is selected, on white")),
    Segment(View.ON_CHECKER, tr("On Checker"), "view-checker", tr("What is selected, on a checkerboard")),
    Segment(View.MASK, tr("Mask"), "view-mask", tr("What is selected in white, the rest in black")),
    Segment(View.ORIGINAL, tr("Original"), "view-original", tr("The photo alone")),
)
_COVERS = (
    Segment(Cover.NONE, tr("None"), "view-original", tr("The outline alone shows what is selected")),
    Segment(Cover.COLOUR, tr("Colour"), "view-overlay", tr("An even colour lies over the photo")),
    Segment(Cover.HATCH, tr("Hatch"), "look", tr("Diagonal stripes; they need no colour vision")),
)
_PARTS = (
    Segment(_Part.OUTSIDE, tr("Not selected"), "select-invert", tr("What is not selected is covered")),
    Segment(_Part.INSIDE, tr("Selected"), "select-all", tr("What is selected is covered")),
)


class LookPanel(QFrame):
    """Every change shows at once and is remembered."""

    view_wanted = Signal(object)  # View

    def __init__(self, remembered: Remembered, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("View and selection look"))
        self._remembered = remembered
        self._theme = theme
        self.views: Segments[View] = Segments(tr("View"), VIEWS, theme)
        self.ants = CheckBox(tr("Marching ants"))
        self.covers: Segments[Cover] = Segments(tr("Overlay"), _COVERS, theme, has_text=True)
        self.parts: Segments[_Part] = Segments(tr("What is covered"), _PARTS, theme, has_text=True)
        self.colors = _Colors()
        self.opacity = PercentSlider(tr("Opacity"), tr("How much of the photo the overlay hides"), width=150)
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
        for row, (text, widget) in enumerate(
            zip((tr("View"), tr("Overlay"), tr("Over what is"), tr("Colour")), widgets, strict=True)
        ):
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
        tip = tr("A line of moving pieces around what is selected")
        self.ants.setToolTip(tip if has_cover else tip + "\n" + tr("Always there without an overlay"))

    @Slot()
    def _ask_color(self) -> None:
        before = self._look.color
        dialog = QColorDialog(QColor(before), self.parentWidget())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Colour of the overlay"))
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
        other = self._button(len(PRESETS), tr("Another colour…"))
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
