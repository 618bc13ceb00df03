"""The bar at the top: undo, words, the model, and the two things that most people came for."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.panels.action_button import ActionButton, icon_button
from ui.panels.model_chip import ModelChip
from ui.panels.text_field import TextField


class Header(QFrame):
    """Places what it is given."""

    def __init__(
        self,
        left: tuple[QAction, ...],
        text_field: TextField,
        chip: ModelChip,
        right: tuple[QAction, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 12, 6)
        row.setSpacing(4)
        for action in left:
            row.addWidget(icon_button(action))
        row.addSpacing(8)
        row.addWidget(text_field, 3)
        row.addStretch(1)
        row.addSpacing(4)
        row.addWidget(chip)
        row.addSpacing(4)
        row.addWidget(ActionButton(right[0]))
        row.addSpacing(4)
        row.addWidget(ActionButton(right[1], is_primary=True))
