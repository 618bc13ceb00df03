"""The column at the right, which holds panels."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

SIDE_WIDTH = 284
"""What it has at least; more where the words of a language need it."""


class SideColumn(QScrollArea):
    """Panels below one another that share what height there is, and scroll where it is too little."""

    def __init__(self, *panels: QWidget) -> None:
        super().__init__()
        self._column = QWidget()
        layout = QVBoxLayout(self._column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for panel in panels:
            layout.addWidget(panel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(self._column)
        self.viewport().setAutoFillBackground(False)
        self._column.setAutoFillBackground(False)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)

    def minimumSizeHint(self) -> QSize:
        """Return room for the widest panel: nothing scrolls sideways here."""
        # Before the style sheet holds, which is when it is shown, words ask for far too much.
        needed = self._column.minimumSizeHint().width() if self.isVisible() else 0
        bar = self.verticalScrollBar()
        needed += bar.sizeHint().width() if bar.maximum() else 0
        return QSize(max(SIDE_WIDTH, needed), super().minimumSizeHint().height())

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the room that is needed now."""
        super().showEvent(event)
        self.updateGeometry()

    @Slot()
    def _on_range_changed(self) -> None:
        self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it by this name
        """Ask for other room when a panel shows more or less."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
