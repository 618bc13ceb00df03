"""Buttons that do what an action does."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget


class ActionButton(QPushButton):
    """Takes text, tooltip, key and whether it can be pressed from its action; a primary one has no icon."""

    def __init__(
        self, action: QAction, text: str = "", is_primary: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._action = action
        self._text = text
        self._is_primary = is_primary
        if is_primary:
            self.setProperty("role", "primary")
        self.setIconSize(QSize(20, 20))
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._on_changed)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        text = self._text or self._action.iconText()
        self.setAccessibleName(text)
        self.setText(text if self._is_primary else f" {text}")  # Qt leaves no air between icon and text
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
        if not self._is_primary:
            self.setIcon(self._action.icon())


def icon_button(action: QAction) -> QToolButton:
    """Return a small button that shows the action's icon alone; its name is for screen readers."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(20, 20))
    button.setAccessibleName(action.iconText())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
