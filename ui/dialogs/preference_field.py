"""The widgets that change a preference: each shows what holds and tells what the person makes of it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from ui.check_box import CheckBox
from ui.preference import Choice, Number, Preference

FIELD_WIDTH, _NUMBER_WIDTH = 270, 110


class ChoiceField(QComboBox):
    """One of several values."""

    used = Signal()

    def __init__(self, row: Preference, kind: Choice) -> None:
        super().__init__()
        self._row, self._kind = row, kind
        self.setFixedWidth(FIELD_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(self._on_activated)

    def refresh(self) -> None:
        """Show what holds, and what there is to choose from."""
        choices, current = self._kind.choices(), self._row.current()
        self.blockSignals(True)
        self.clear()
        for value, (text, tip) in choices.items():
            self.addItem(text, value)
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        values = list(choices)
        self.setCurrentIndex(values.index(current) if current in values else 0)
        tips = (self._row.tip, choices[values[max(0, self.currentIndex())]][1])
        self.setToolTip("\n".join(tip for tip in tips if tip))
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page as long as the person did not come here."""
        _turn(self, event, super().wheelEvent)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        # Qt makes plain text of an enumeration's member: the value itself comes from the row.
        self._row.choose(list(self._kind.choices())[index])
        self.used.emit()


class SwitchField(CheckBox):
    """Yes or no."""

    used = Signal()

    def __init__(self, row: Preference) -> None:
        super().__init__(row.name)
        self._row = row
        self.setToolTip(row.tip)
        self.clicked.connect(self._on_clicked)

    def refresh(self) -> None:
        """Show what holds."""
        self.setChecked(self._row.current())

    @Slot(bool)
    def _on_clicked(self, is_on: bool) -> None:
        self._row.choose(is_on)
        self.used.emit()


class NumberField(QSpinBox):
    """A whole number; what is typed holds once it is complete."""

    used = Signal()

    def __init__(self, row: Preference, kind: Number) -> None:
        super().__init__()
        self._row = row
        self.setRange(kind.least, kind.most)
        self.setSuffix(kind.unit)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setKeyboardTracking(False)
        self.setFixedWidth(_NUMBER_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(row.tip)
        self.valueChanged.connect(self._on_changed)

    def refresh(self) -> None:
        """Show what holds."""
        self.blockSignals(True)
        self.setValue(self._row.current())
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page as long as the person did not come here."""
        _turn(self, event, super().wheelEvent)

    @Slot(int)
    def _on_changed(self, number: int) -> None:
        self._row.choose(number)
        self.used.emit()


Field = ChoiceField | SwitchField | NumberField


def make_field(row: Preference) -> Field:
    """Return the widget for a row."""
    if isinstance(row.kind, Choice):
        return ChoiceField(row, row.kind)
    return NumberField(row, row.kind) if isinstance(row.kind, Number) else SwitchField(row)


def _turn(field: QWidget, event: QWheelEvent, turn: Callable[[QWheelEvent], None]) -> None:
    if field.hasFocus():
        turn(event)
    else:
        event.ignore()
