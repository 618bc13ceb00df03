"""The list view of layers: several may be marked, dragged and dropped, and groups opened by keys."""

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from core.texts import tr
from ui.panels.layer_model import LayerRole

_EMPTY = tr("No layers yet.\nOpen a photo, or paste one.")


class LayerList(QListView):
    """Right and Left open and close a group, Delete deletes; without layers, it says how to get one."""

    deletion_wanted = Signal()  # of what is marked
    group_opened = Signal(str, bool)  # id of the group, whether it is to be open

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setObjectName("layerList")
        self.setAccessibleName(tr("Layers, the top one first"))
        self.setMouseTracking(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDragDropOverwriteMode(False)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)  # what other programs are offered
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMinimumHeight(70)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open or close the group, delete what is marked, or leave the key to the list."""
        index, key = self.currentIndex(), Qt.Key(event.key())
        look = index.data(LayerRole.LOOK) if index.isValid() else None
        is_open = key == Qt.Key.Key_Right
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and look is not None and look.is_group:
            if look.is_open != is_open:
                self.group_opened.emit(index.data(LayerRole.ID), is_open)
        elif key == Qt.Key.Key_Delete:
            self.deletion_wanted.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what is dragged from here; a photo from elsewhere is for the window."""
        self._take_own(event)
        if event.source() is self:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go."""
        self._take_own(event)
        if event.source() is self:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Move it there."""
        self._take_own(event)
        if event.source() is self:
            super().dropEvent(event)

    def _take_own(self, event: QDropEvent) -> None:
        if event.source() is self:
            event.setDropAction(Qt.DropAction.MoveAction)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or a sentence in their place."""
        super().paintEvent(event)
        if self.model().rowCount() == 0:
            with QPainter(self.viewport()) as painter:
                painter.setPen(self.palette().placeholderText().color())
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.viewport().rect().adjusted(12, 8, -12, -8), flags, _EMPTY)
