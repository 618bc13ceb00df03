"""Everything that a person can prefer, on one page. What is chosen holds at once."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from ui.dialogs.dialog import Dialog, button
from ui.preferences import Preference

_FIELD_WIDTH = 270


class PreferencesDialog(Dialog):
    """A line for every preference, under headings; actions that lead to larger pages stand below."""

    def __init__(self, rows: Sequence[Preference], further: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__("Preferences", parent, width=520)
        self._rows = rows
        self.fields: dict[str, QComboBox] = {}
        self.column.addLayout(self._lines())
        self.column.addStretch(1)
        close = button("Close", is_default=True)
        close.clicked.connect(self.accept)
        pages = [button(f"{action.iconText()}…") for action in further]
        for page, action in zip(pages, further, strict=True):
            page.setToolTip(action.toolTip())
            page.clicked.connect(action.trigger)
        self.add_buttons(*pages, close)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what holds; what can be chosen in one line may depend on another."""
        for row in self._rows:
            field, choices, current = self.fields[row.name], row.choices(), row.current()
            field.blockSignals(True)
            field.clear()
            for value, (text, tip) in choices.items():
                field.addItem(text, value)
                field.setItemData(field.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
            values = list(choices)
            field.setCurrentIndex(values.index(current) if current in values else 0)
            field.setToolTip(choices[values[max(0, field.currentIndex())]][1])
            field.blockSignals(False)

    def _lines(self) -> QGridLayout:
        lines = QGridLayout()
        lines.setHorizontalSpacing(16)
        lines.setVerticalSpacing(8)
        lines.setColumnStretch(0, 1)
        group = ""
        for row in self._rows:
            if row.group != group:
                group = row.group
                heading = QLabel(group)
                heading.setProperty("role", "heading")
                heading.setContentsMargins(0, 10 if lines.rowCount() > 1 else 0, 0, 0)
                lines.addWidget(heading, lines.rowCount(), 0, 1, 2)
            field = self.fields[row.name] = QComboBox()
            field.setFixedWidth(_FIELD_WIDTH)
            field.setAccessibleName(f"{group}: {row.name}")
            field.activated.connect(lambda index, row=row: self._on_chosen(row, index))
            label = QLabel(row.name)
            label.setBuddy(field)
            place = lines.rowCount()
            lines.addWidget(label, place, 0)
            lines.addWidget(field, place, 1)
        return lines

    def _on_chosen(self, row: Preference, index: int) -> None:
        # Qt makes plain text of an enumeration's member: the value itself comes from the row.
        row.choose(list(row.choices())[index])
        self.refresh()
