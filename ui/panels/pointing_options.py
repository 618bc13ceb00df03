"""What else can be told to the tools that point at objects."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.panels.action_button import icon_button
from ui.segment_session import SegmentSession


class PointingOptions(QWidget):
    """The switch for what is shown before a click, which makes room while there is a prompt, and `strictness`."""

    def __init__(
        self, session: SegmentSession, ghost: QAction, strictness: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.ghost_button = icon_button(ghost)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.ghost_button)
        row.addWidget(strictness)
        session.prompt_changed.connect(self._refresh)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        self.ghost_button.setVisible(not self._session.is_open)
