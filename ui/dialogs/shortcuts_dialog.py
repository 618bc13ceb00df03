"""All keys and gestures on one page."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from ui.dialogs.dialog import Dialog, button

GESTURES = (
    ("On the photo", "Click", "This belongs to the object"),
    ("On the photo", "Right click, Alt+click, Ctrl+click", "This does not belong"),
    ("On the photo", "Shift+click", "Another object, added to the selection"),
    ("On the photo", "Drag", "A box around the object; its grips correct it"),
    ("On the photo", "Shift, Alt, Alt+Shift while a drag begins", "Add, subtract, intersect"),
    ("On the photo", "Drag or click a point", "Move or delete it"),
    ("On the photo", "Click the sign of a stroke", "Delete it"),
    ("On the photo", "Alt+wheel", "Look at the next candidate"),
    ("Scribble", "Drag, click", "This belongs to the object"),
    ("Scribble", "Drag with the right button, Alt or Ctrl", "This does not belong"),
    ("Scribble", "Shift while a drag begins", "Another object, added to the selection"),
    ("Scribble", "[ and ]", "Smaller, larger"),
    ("Every object", "Click, Shift+click, Alt+click", "Select, add, subtract an object"),
    ("Every object", "Tab, Alt+wheel", "Look at the larger object around it"),
    ("View", "Wheel, Ctrl+wheel, pinch", "Zoom at the pointer"),
    ("View", "Space+drag, middle button, arrow keys", "Move the photo"),
    ("View", "\\ held down", "See the original"),
    ("Brush", "Right button", "The opposite of the tool"),
    ("Brush", "X", "Swap brush and eraser"),
    ("Brush", "[ and ]", "Smaller, larger"),
    ("Brush", "Shift+[ and Shift+]", "Softer, harder"),
    ("Hair brush", "Drag, click", "Work out how much of the hair there is selected"),
    ("Hair brush", "[ and ]", "Smaller, larger"),
)
"""Group, gesture, meaning: what no menu lists."""


class ShortcutsDialog(Dialog):
    """A table that can be searched."""

    def __init__(self, keys: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__("Keys and gestures", parent, width=560)
        self.resize(620, 560)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search keys and gestures")
        self.search.setClearButtonEnabled(True)
        self.table = _table([*GESTURES, *keys])
        close = button("Close", is_default=True)
        close.clicked.connect(self.accept)
        self.search.textChanged.connect(self._on_search)
        self.column.addWidget(self.search)
        self.column.addWidget(self.table, 1)
        self.add_buttons(close)

    def _on_search(self, text: str) -> None:
        wanted = text.casefold()
        for group in _items(self.table.invisibleRootItem()):
            shown = 0
            for row in _items(group):
                is_hit = wanted in f"{group.text(0)} {row.text(0)} {row.text(1)}".casefold()
                row.setHidden(not is_hit)
                shown += is_hit
            group.setHidden(not shown)


def _table(rows: Sequence[tuple[str, str, str]]) -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName("Keys and gestures")
    table.setColumnCount(2)
    table.setHeaderLabels(["Gesture or key", "What it does"])
    table.setRootIsDecorated(False)
    table.setItemsExpandable(False)
    table.setIndentation(12)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    groups: dict[str, QTreeWidgetItem] = {}
    for group, keys, meaning in rows:
        if group not in groups:
            groups[group] = QTreeWidgetItem(table, [group])
            font = groups[group].font(0)
            font.setBold(True)
            groups[group].setFont(0, font)
            groups[group].setFlags(Qt.ItemFlag.ItemIsEnabled)
        QTreeWidgetItem(groups[group], [keys, meaning])
    table.expandAll()
    table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    return table


def _items(parent: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (parent.child(index) for index in range(parent.childCount()))
    return [child for child in children if child is not None]
