"""The tools at the left: one column of them, or two where the window is low."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QToolButton, QWidget

from core.texts import tr

_SPACING, _MARGIN = 4, 8


class ToolBar(QFrame):
    """One button a tool; which one is down is the action's business."""

    def __init__(self, groups: Sequence[Sequence[QAction]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolBar")
        self.setAccessibleName(tr("Tools"))
        self._groups = [[_button(action) for action in actions] for actions in groups]
        self._lines = [_line() for _ in groups[1:]]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(6, _MARGIN, 6, _MARGIN)
        self._grid.setSpacing(_SPACING)
        self._columns = 0
        self._arrange(1)

    def minimumSizeHint(self) -> QSize:
        """Return room for two columns: a lower window shows the tools beside one another."""
        return QSize(super().minimumSizeHint().width(), self._height_of(2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use a second column where one does not fit."""
        super().resizeEvent(event)
        self._arrange(1 if self._height_of(1) <= self.height() else 2)

    def _height_of(self, columns: int) -> int:
        rows = sum(-(-len(group) // columns) for group in self._groups)
        button = self._groups[0][0].sizeHint().height()
        return 2 * _MARGIN + rows * (button + _SPACING) + len(self._lines) * (1 + _SPACING)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        while self._grid.count():
            self._grid.takeAt(0)
        self._grid.setRowStretch(self._grid.rowCount() - 1, 0)
        row = 0
        for index, group in enumerate(self._groups):
            if index:
                self._grid.addWidget(self._lines[index - 1], row, 0, 1, columns)
                row += 1
            for place, button in enumerate(group):
                self._grid.addWidget(button, row + place // columns, place % columns)
            row += -(-len(group) // columns)
        self._grid.setRowStretch(row, 1)


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(24, 24))
    button.setAccessibleName(action.iconText())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line
