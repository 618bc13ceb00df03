"""Every action by its name: type some letters of it, Enter does it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from core.texts import tr

_WIDTH, _ROW, _MOST_ROWS = 480, 30, 11
_TOP = 88


@dataclass(frozen=True, eq=False)
class PaletteEntry:
    """An action, and the menu that it stands in."""

    action: QAction
    menu: str

    @property
    def name(self) -> str:
        """What the action does, as it stands in its menu."""
        return self.action.text().partition("\t")[0].replace("&", "").rstrip("…")


class CommandPalette(QFrame):
    """A field with a list below, over the window. Actions that cannot be done now are shown, and do nothing."""

    def __init__(self, entries: Sequence[PaletteEntry], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("commandPalette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entries = entries
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("What do you want to do?"))
        self.field.setAccessibleName(tr("Search for a command"))
        self.field.setClearButtonEnabled(True)
        self.list = _command_list()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.field.textChanged.connect(self._refresh)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._run)
        self._refresh("")

    def open_over(self, window: QWidget) -> None:
        """Open in the upper middle of a window."""
        self.setFixedWidth(min(_WIDTH, window.width() - 32))
        self.adjustSize()
        self.move(window.mapToGlobal(QPoint((window.width() - self.width()) // 2, min(_TOP, window.height() // 8))))
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it by this name
        """Let arrows, Enter and Esc mean the list while letters go to the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentItem())
                return True
            if key == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _refresh(self, text: str) -> None:
        self.list.clear()
        for entry in best_matches(text, self._entries):
            keys = entry.action.shortcut().toString(entry.action.shortcut().SequenceFormat.NativeText)
            item = QTreeWidgetItem(self.list, [f"{entry.menu}: {entry.name}", keys])
            item.setData(0, Qt.ItemDataRole.UserRole, entry)
            item.setIcon(0, entry.action.icon())
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setDisabled(not entry.action.isEnabled())
        if not self.list.topLevelItemCount():
            QTreeWidgetItem(self.list, [tr("No command is called that")]).setDisabled(True)
        self._step(1)

    def _step(self, step: int) -> None:
        """Choose the next row, or the one before, that can be done."""
        rows, row = self.list.topLevelItemCount(), self.list.currentIndex().row()
        items = (self.list.topLevelItem(each) for each in range(rows))
        doable = [each for each, item in enumerate(items) if item is not None and not item.isDisabled()]
        if doable:
            after = [each for each in doable if (each - row) * step > 0]
            chosen = (after or doable)[0 if step > 0 else -1]
            self.list.setCurrentIndex(self.list.model().index(chosen, 0))

    @Slot(QTreeWidgetItem)
    def _run(self, item: QTreeWidgetItem | None) -> None:
        entry = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(entry, PaletteEntry) and entry.action.isEnabled():
            self.close()
            entry.action.trigger()


def best_matches(text: str, entries: Sequence[PaletteEntry]) -> list[PaletteEntry]:
    """Return the entries that hold every word of `text`, the closest first; all of them for no text.

    The starts of words count more than their middles, initials in a row least, and what can be done now more than what
    cannot.
    """
    rated = [(-_rating(text, entry), place) for place, entry in enumerate(entries)]
    return [entries[place] for rating, place in sorted(rated) if rating < 0]


def _rating(text: str, entry: PaletteEntry) -> float:
    wanted, name = text.casefold().split(), f"{entry.name} {entry.menu}".casefold()
    bonus = 0.5 if entry.action.isEnabled() else 0.0
    rating = 1.0
    for word in wanted:
        fit = _fit(word, name)
        if not fit:
            return 0.0
        rating += fit
    return rating + bonus


def _fit(word: str, name: str) -> float:
    """Return how well `word` fits into `name`: 3 at the start of a word, 2 within one, 1 as initials, else 0."""
    if f" {word}" in f" {name}":
        return 3.0
    if word in name:
        return 2.0
    return 1.0 if word in "".join(part[0] for part in name.split()) else 0.0


def _command_list() -> QTreeWidget:
    commands = QTreeWidget()
    commands.setAccessibleName(tr("Commands"))
    commands.setColumnCount(2)
    commands.setHeaderHidden(True)
    commands.setRootIsDecorated(False)
    commands.setUniformRowHeights(True)
    commands.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    commands.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    commands.setFixedHeight(_ROW * _MOST_ROWS)
    header = commands.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, header.ResizeMode.Stretch)
    header.setSectionResizeMode(1, header.ResizeMode.ResizeToContents)
    return commands
