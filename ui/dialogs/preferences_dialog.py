"""Everything that a person can prefer, in pages that can be searched. What is chosen holds at once."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.texts import tr
from ui.dialogs.dialog import Dialog, button
from ui.dialogs.preference_field import FIELD_WIDTH, Field, SwitchField, make_field
from ui.preference import Page

_LIST_WIDTH, _LIST_MARGIN, _LINE_HEIGHT = 158, 40, 32


class PreferencesDialog(Dialog):
    """Pages at the left, the rows of one at the right; a search shows what it hits of all of them.

    Parameters
    ----------
    action
        Returns the action of an id: pages have buttons that lead on.
    """

    def __init__(self, pages: Sequence[Page], action: Callable[[str], QAction], parent: QWidget | None = None) -> None:
        super().__init__(tr("Preferences"), parent, width=700)
        self.resize(760, 500)
        self._pages = pages
        self._sections = [_Section(page, action) for page in pages]
        self.fields = {name: field for section in self._sections for name, field in section.fields.items()}
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search"))
        self.search.setAccessibleName(tr("Search the preferences"))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setObjectName("pages")
        self.list.setAccessibleName(tr("Pages"))
        longest = max(self.list.fontMetrics().horizontalAdvance(page.name) for page in pages)
        self.list.setFixedWidth(max(_LIST_WIDTH, longest + _LIST_MARGIN))
        for page in pages:
            QListWidgetItem(page.name, self.list).setSizeHint(QSize(0, _LINE_HEIGHT))
        self._nothing = QLabel(tr("Nothing here is called that."))
        self._nothing.setProperty("role", "muted")
        self.restore_button, close = button(tr("Restore Defaults")), button(tr("Close"), is_default=True)
        self._place(close)
        for field in self.fields.values():
            field.used.connect(self.refresh)
        self.search.textChanged.connect(self._show_rows)
        self.list.currentRowChanged.connect(self._on_page_chosen)
        self.list.itemClicked.connect(self.search.clear)
        self.restore_button.clicked.connect(self._on_restore)
        close.clicked.connect(self.accept)
        self.list.setCurrentRow(0)
        self.list.setFocus()
        self.refresh()

    def choose(self, page: str) -> None:
        """Show a page."""
        self.search.clear()
        self.list.setCurrentRow([each.name for each in self._pages].index(page))

    @Slot()
    def refresh(self) -> None:
        """Show what holds; what can be chosen in one row may depend on another."""
        for section in self._sections:
            section.refresh()

    def _place(self, close: QPushButton) -> None:
        holder, both, bottom = QWidget(), QHBoxLayout(), QHBoxLayout()
        column = QVBoxLayout(holder)
        column.setContentsMargins(4, 2, 8, 2)
        column.setSpacing(18)
        for each in (*self._sections, self._nothing):
            column.addWidget(each)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(holder)
        area.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)
        both.setSpacing(16)
        both.addWidget(self.list)
        both.addWidget(area, 1)
        bottom.addWidget(self.restore_button)
        bottom.addStretch(1)
        bottom.addWidget(close)
        self.column.addWidget(self.search)
        self.column.addLayout(both, 1)
        self.column.addLayout(bottom)

    @Slot(int)
    def _on_page_chosen(self, row: int) -> None:
        name = self._pages[row].name
        self.restore_button.setToolTip(
            tr("Put everything on the page “{name}” back to what it is from the start", name=name)
        )
        self._show_rows()

    @Slot()
    def _show_rows(self) -> None:
        wanted = self.search.text().strip().casefold()
        for index, section in enumerate(self._sections):
            if wanted:
                section.show_hits(wanted)
            else:
                section.show_all(index == self.list.currentRow())
        self.restore_button.setEnabled(not wanted)
        self._nothing.setVisible(all(section.isHidden() for section in self._sections))

    @Slot()
    def _on_restore(self) -> None:
        for row in self._pages[self.list.currentRow()].rows:
            row.restore()
        self.refresh()


class _Section(QWidget):
    """The rows of one page, its name above them."""

    def __init__(self, page: Page, action: Callable[[str], QAction]) -> None:
        super().__init__()
        self._page = page
        self.fields: dict[str, Field] = {}
        self._labels: dict[str, QLabel] = {}
        self._further = QWidget()
        lines = QGridLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setHorizontalSpacing(16)
        lines.setVerticalSpacing(8)
        lines.setColumnStretch(0, 1)
        lines.setColumnMinimumWidth(1, FIELD_WIDTH)
        heading = QLabel(page.name)
        heading.setProperty("role", "heading")
        heading.setContentsMargins(0, 0, 0, 4)
        lines.addWidget(heading, 0, 0, 1, 2)
        for row in page.rows:
            self._add(lines, row.name, make_field(row), row.tip)
        buttons = QHBoxLayout(self._further)
        buttons.setContentsMargins(0, 6, 0, 0)
        for each in map(action, page.further):
            leads = button(f"{each.iconText()}…")
            leads.setToolTip(each.toolTip())
            leads.clicked.connect(each.trigger)
            buttons.addWidget(leads)
        buttons.addStretch(1)
        lines.addWidget(self._further, lines.rowCount(), 0, 1, 2)

    def refresh(self) -> None:
        """Show what holds."""
        for row in self._page.rows:
            field, is_open = self.fields[row.name], row.is_open()
            field.refresh()
            field.setEnabled(is_open)
            if row.name in self._labels:
                self._labels[row.name].setEnabled(is_open)

    def show_all(self, is_shown: bool) -> None:
        """Show every row, or nothing."""
        for row in self._page.rows:
            self._show_row(row.name, is_shown)
        self._further.setVisible(bool(self._page.further))
        self.setVisible(is_shown)

    def show_hits(self, wanted: str) -> None:
        """Show the rows whose words hold `wanted`, in lower case; all of them if the page itself is called that."""
        is_page = wanted in self._page.name.casefold()
        hits = {row.name for row in self._page.rows if is_page or wanted in row.words.casefold()}
        for row in self._page.rows:
            self._show_row(row.name, row.name in hits)
        self._further.setVisible(bool(self._page.further) and is_page)
        self.setVisible(bool(hits))

    def _add(self, lines: QGridLayout, name: str, field: Field, tip: str) -> None:
        self.fields[name] = field
        field.setAccessibleName(f"{self._page.name}: {name}")
        place = lines.rowCount()
        if isinstance(field, SwitchField):
            lines.addWidget(field, place, 0, 1, 2)
            return
        label = self._labels[name] = QLabel(name)
        label.setWordWrap(True)
        label.setBuddy(field)
        label.setToolTip(tip)
        lines.addWidget(label, place, 0)
        lines.addWidget(field, place, 1, Qt.AlignmentFlag.AlignLeft)

    def _show_row(self, name: str, is_shown: bool) -> None:
        self.fields[name].setVisible(is_shown)
        if name in self._labels:
            self._labels[name].setVisible(is_shown)
