"""A form for the options of any export format, made from their description."""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QLabel, QLineEdit, QSpinBox, QWidget

from core.export.options import ExportOptions, OptionInfo, option_fields
from core.texts import tr
from ui.check_box import CheckBox
from ui.dialogs.color_button import ColorButton

_NUMBER_WIDTH = 120


class _Whole(QSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the form as long as the person did not come here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _Real(QDoubleSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the form as long as the person did not come here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


_Field = CheckBox | QComboBox | _Whole | _Real | QLineEdit | ColorButton


class OptionForm(QWidget):
    """Shows options and lets them be changed."""

    changed = Signal()

    def __init__(self, options: ExportOptions, hidden: Collection[str] = ()) -> None:
        super().__init__()
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(14)
        self._form.setVerticalSpacing(8)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._fields: dict[str, _Field] = {}
        self._options = options
        self.show_options(options, hidden)

    @property
    def fields(self) -> dict[str, _Field]:
        """The widgets, by the options' names."""
        return dict(self._fields)

    def options(self) -> ExportOptions:
        """Return what was chosen (raises :class:`core.export.options.ExportError` if that cannot be)."""
        return replace(self._options, **{name: _value(each) for name, each in self._fields.items()})

    def show_options(self, options: ExportOptions, hidden: Collection[str] = ()) -> None:
        """Show other options, perhaps of another format; those that are `hidden` are kept as they are."""
        while self._form.rowCount():
            self._form.removeRow(0)
        self._options, self._fields = options, {}
        for name, _, info in option_fields(type(options)):
            if name in hidden:
                continue
            made = self._made(getattr(options, name), info)
            made.setToolTip(tr(info.tip))
            made.setAccessibleName(tr(info.label))
            self._fields[name] = made
            if isinstance(made, CheckBox):
                self._form.addRow(made)
            else:
                label = QLabel(tr(info.label))
                label.setToolTip(tr(info.tip))
                label.setBuddy(made)
                label.setMinimumHeight(made.sizeHint().height())  # or it stands above the middle of its field
                self._form.addRow(label, made)
        self._refresh()

    def _made(self, value: Any, info: OptionInfo) -> _Field:
        if isinstance(value, bool):
            box = CheckBox(tr(info.label))
            box.setChecked(value)
            box.toggled.connect(self._on_changed)
            return box
        if isinstance(value, StrEnum):
            return self._choice(value, info)
        if isinstance(value, tuple):
            return self._color(value, info)
        if isinstance(value, str):
            line = QLineEdit(value)
            line.textChanged.connect(self._on_changed)
            return line
        number: _Whole | _Real = _Whole() if isinstance(value, int) else _Real()
        number.setRange(int(info.least), int(info.most))
        number.setValue(value)
        number.setSuffix(f" {tr(info.unit)}" if info.unit else "")
        number.setFixedWidth(_NUMBER_WIDTH)
        number.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        number.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        number.valueChanged.connect(self._on_changed)
        return number

    def _choice(self, value: StrEnum, info: OptionInfo) -> QComboBox:
        combo = QComboBox()
        for each in type(value):
            combo.addItem(tr(info.words[each]))
        combo.setProperty("values", [each.value for each in type(value)])
        combo.setProperty("kind", type(value))
        combo.setCurrentIndex(list(type(value)).index(value))
        combo.currentIndexChanged.connect(self._on_changed)
        return combo

    def _color(self, value: tuple[int, int, int], info: OptionInfo) -> ColorButton:
        swatch = ColorButton(tr(info.label), value)
        swatch.setFixedSize(swatch.sizeHint())

        def show(color: tuple[int, int, int], _: str) -> None:
            swatch.show_color(color)
            self._on_changed()

        swatch.chosen.connect(show)
        return swatch

    @Slot()
    def _on_changed(self) -> None:
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        """Let what means nothing be grey."""
        for name, _, info in option_fields(type(self._options)):
            if info.depends_on and name in self._fields:
                is_needed = bool(_value(self._fields[info.depends_on]))
                self._fields[name].setEnabled(is_needed)
                label = self._form.labelForField(self._fields[name])
                if label is not None:
                    label.setEnabled(is_needed)


def _value(made: _Field) -> object:
    if isinstance(made, CheckBox):
        return made.isChecked()
    if isinstance(made, QComboBox):
        return made.property("kind")(made.property("values")[made.currentIndex()])
    if isinstance(made, ColorButton):
        return made.color
    return made.text() if isinstance(made, QLineEdit) else made.value()
