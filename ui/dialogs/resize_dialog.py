"""How many pixels the picture is to have."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QLabel, QWidget

from core.geometry import Size
from core.geometry_edits import LARGEST_SIDE
from core.texts import tr
from ui.check_box import CheckBox
from ui.dialogs.dialog import Dialog, button, paragraph

_PIXELS, _PERCENT = tr("Pixels"), tr("Percent")


class ResizeDialog(Dialog):
    """Asks for width and height, in pixels or in percent, which keep their ratio unless the person wants otherwise."""

    def __init__(self, size: Size, answer: Callable[[Size], object], parent: QWidget | None = None) -> None:
        super().__init__(tr("Size"), parent, width=360)
        self._before = self._wanted = size
        self._answer = answer
        self._is_showing = False
        self.width_box, self.height_box = QDoubleSpinBox(), QDoubleSpinBox()
        self.unit = QComboBox()
        self.unit.addItems([_PIXELS, _PERCENT])
        self.unit.setAccessibleName(tr("Unit"))
        self.lock = CheckBox(tr("&Keep the ratio of the sides"))
        self.lock.setChecked(True)
        self.note = paragraph("", "muted")
        grid = QGridLayout()
        grid.setSpacing(8)
        for row, (word, box) in enumerate(((tr("&Width"), self.width_box), (tr("&Height"), self.height_box))):
            label = QLabel(word)
            label.setBuddy(box)
            box.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            box.setAccessibleName(word.replace("&", ""))
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
        grid.addWidget(self.unit, 0, 2)
        grid.setColumnStretch(1, 1)
        cancel, apply = button(tr("Cancel")), button(tr("Resize"), is_default=True)
        self.column.addLayout(grid)
        self.column.addWidget(self.lock)
        self.column.addWidget(self.note)
        self.add_buttons(cancel, apply)
        self.width_box.valueChanged.connect(lambda _value: self._on_typed(is_width=True))
        self.height_box.valueChanged.connect(lambda _value: self._on_typed(is_width=False))
        self.lock.toggled.connect(lambda _is_on: self._on_typed(is_width=True))
        self.unit.currentIndexChanged.connect(self._show)
        cancel.clicked.connect(self.reject)
        apply.clicked.connect(self._on_apply)
        self.apply_button = apply
        self._show()
        self.width_box.selectAll()

    @property
    def size_in_pixels(self) -> Size:
        """What is asked for."""
        return self._wanted

    @property
    def _is_percent(self) -> bool:
        return self.unit.currentText() == _PERCENT

    def _on_typed(self, is_width: bool) -> None:
        if self._is_showing:
            return
        have, want = self._before, self._wanted
        if is_width:
            width = _pixels(self.width_box.value(), have.width, self._is_percent)
            height = round(width * have.height / have.width) if self.lock.isChecked() else want.height
        else:
            height = _pixels(self.height_box.value(), have.height, self._is_percent)
            width = round(height * have.width / have.height) if self.lock.isChecked() else want.width
        self._wanted = Size(min(max(1, width), LARGEST_SIDE), min(max(1, height), LARGEST_SIDE))
        self._show(self.width_box if is_width else self.height_box)

    @Slot()
    def _show(self, typed: object = None) -> None:
        """Show what is asked for; what is being typed is left alone."""
        self._is_showing = True
        sides = (
            (self.width_box, self._wanted.width, self._before.width),
            (
                self.height_box,
                self._wanted.height,
                self._before.height,
            ),
        )
        for box, wanted, before in sides:
            if box is not typed:
                box.setDecimals(1 if self._is_percent else 0)
                box.setSuffix(" %" if self._is_percent else " px")
                box.setRange(0.1 if self._is_percent else 1, LARGEST_SIDE * (100 / before if self._is_percent else 1))
                box.setValue(100 * wanted / before if self._is_percent else wanted)
        self.note.setText(
            tr("{before} px becomes {wanted} px.", before=self._before, wanted=self._wanted).replace(" x ", " × ")
        )
        self.apply_button.setEnabled(self._wanted != self._before)
        self._is_showing = False

    @Slot()
    def _on_apply(self) -> None:
        wanted = self._wanted
        self.accept()
        self._answer(wanted)


def _pixels(value: float, before: int, is_percent: bool) -> int:
    return round(before * value / 100) if is_percent else round(value)
