"""How much room the picture is to have: its layers stay as large as they are."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QSpinBox, QToolButton, QWidget

from core.geometry import Size
from core.geometry_edits import LARGEST_SIDE
from core.texts import tr
from ui.dialogs.dialog import Dialog, button, paragraph

_PLACES = {
    (0.0, 0.0): tr("at the top left"),
    (0.5, 0.0): tr("at the top"),
    (1.0, 0.0): tr("at the top right"),
    (0.0, 0.5): tr("at the left"),
    (0.5, 0.5): tr("in the middle"),
    (1.0, 0.5): tr("at the right"),
    (0.0, 1.0): tr("at the bottom left"),
    (0.5, 1.0): tr("at the bottom"),
    (1.0, 1.0): tr("at the bottom right"),
}


class CanvasDialog(Dialog):
    """Asks for width and height, and where in them the present picture lies, as fractions of the room that is left."""

    def __init__(
        self, size: Size, answer: Callable[[Size, tuple[float, float]], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Canvas size"), parent, width=360)
        self._before = size
        self._answer = answer
        self.width_box, self.height_box = _box(tr("Width"), size.width), _box(tr("Height"), size.height)
        self.anchors = QButtonGroup(self)
        grid, sides, row = QGridLayout(), QGridLayout(), QHBoxLayout()
        grid.setSpacing(2)
        for index, (place, where) in enumerate(_PLACES.items()):
            anchor = QToolButton()
            anchor.setText("\N{BLACK SQUARE}")
            anchor.setCheckable(True)
            anchor.setFixedSize(30, 30)
            anchor.setToolTip(tr("The picture lies {where}", where=where))
            anchor.setAccessibleName(tr("Picture {where}", where=where))
            anchor.setChecked(place == (0.5, 0.5))
            self.anchors.addButton(anchor, index)
            grid.addWidget(anchor, index // 3, index % 3)
        for line, (word, box) in enumerate(((tr("&Width"), self.width_box), (tr("&Height"), self.height_box))):
            label = QLabel(word)
            label.setBuddy(box)
            sides.addWidget(label, line, 0)
            sides.addWidget(box, line, 1)
            box.valueChanged.connect(self._on_changed)
        row.addLayout(sides, 1)
        row.addSpacing(16)
        row.addLayout(grid)
        cancel, self.apply_button = button(tr("Cancel")), button(tr("Change"), is_default=True)
        self.column.addWidget(paragraph(tr("Layers keep their size, and what lies outside is kept."), "muted"))
        self.column.addLayout(row)
        self.add_buttons(cancel, self.apply_button)
        cancel.clicked.connect(self.reject)
        self.apply_button.clicked.connect(self._on_apply)
        self._on_changed()
        self.width_box.selectAll()

    @property
    def _wanted(self) -> Size:
        return Size(self.width_box.value(), self.height_box.value())

    @Slot()
    def _on_changed(self) -> None:
        self.apply_button.setEnabled(self._wanted != self._before)

    @Slot()
    def _on_apply(self) -> None:
        wanted, place = self._wanted, tuple(_PLACES)[self.anchors.checkedId()]
        self.accept()
        self._answer(wanted, place)


def _box(name: str, value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, LARGEST_SIDE)
    box.setSuffix(" px")
    box.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    box.setValue(value)
    box.setAccessibleName(name)
    return box
