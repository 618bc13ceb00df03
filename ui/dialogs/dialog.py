"""What all dialogs look like: a title, some content, buttons at the bottom right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_MARGIN = 20


class Dialog(QDialog):
    """Opened with :meth:`open`, closed with Esc, gone afterwards."""

    def __init__(self, title: str, parent: QWidget | None, width: int = 460) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(_MARGIN, 18, _MARGIN, 16)
        # Not the dialog's own minimum: that would let longer words be cut off.
        self.column.addStrut(width - 2 * _MARGIN)
        self.column.setSpacing(12)

    def add_buttons(self, *buttons: QPushButton) -> None:
        """Place buttons at the bottom, the last one at the right."""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self.column.addSpacing(4)
        self.column.addLayout(row)


def button(text: str, is_default: bool = False) -> QPushButton:
    """Return a button; Enter presses the default one."""
    made = QPushButton(text)
    made.setAutoDefault(is_default)
    made.setDefault(is_default)
    if is_default:
        made.setProperty("role", "primary")
    return made


def paragraph(text: str, role: str = "") -> QLabel:
    """Return text that breaks its lines."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    return label


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another look, by a role of the style sheet."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
