"""The document's layers as a list for Qt: the top layer first, changed only through the editor."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)
from PySide6.QtGui import QImage

from core import item_edits
from core.layer import Layer
from core.thumbnails import layer_thumbnail
from ui.editor import Editor
from ui.qimage import to_qimage

_MIME = "application/x-clickcut-layer"
_PICTURE = 96
"""Longest side of a thumbnail in device pixels: sharp on a screen of two a pixel."""

Index = QModelIndex | QPersistentModelIndex


class LayerRole(IntEnum):
    """What the list tells beside a name."""

    ID = Qt.ItemDataRole.UserRole
    PICTURE = Qt.ItemDataRole.UserRole + 1
    IS_VISIBLE = Qt.ItemDataRole.UserRole + 2
    DETAIL = Qt.ItemDataRole.UserRole + 3


class LayerModel(QAbstractListModel):
    """Row 0 is the top layer, as people see a stack; the document counts from the bottom."""

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._layers: tuple[Layer, ...] = ()
        self._pictures: dict[str, QImage] = {}
        editor.document_replaced.connect(self.refresh)
        editor.layers_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the layers as they stand; a list of the same layers keeps its selection and scroll position."""
        document = self._editor.document
        layers = tuple(reversed(document.layers)) if document is not None else ()
        if [layer.id for layer in layers] == [layer.id for layer in self._layers]:
            self._layers = layers
            if layers:
                self.dataChanged.emit(self.index(0), self.index(len(layers) - 1))
        else:
            self.beginResetModel()
            self._layers = layers
            self.endResetModel()
        wanted = {_picture_key(layer) for layer in layers}
        self._pictures = {key: picture for key, picture in self._pictures.items() if key in wanted}

    def row_of(self, layer_id: str | None) -> int:
        """Return the row of a layer; -1 if there is none."""
        return next((row for row, layer in enumerate(self._layers) if layer.id == layer_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of layers."""
        return 0 if parent.isValid() else len(self._layers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows."""
        if not index.isValid():
            return None
        layer = self._layers[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return layer.name
        if role == LayerRole.ID:
            return layer.id
        if role == LayerRole.IS_VISIBLE:
            return layer.is_visible
        if role == LayerRole.DETAIL:
            return _detail(layer)
        if role == LayerRole.PICTURE:
            return self._picture(layer)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{layer.name}, {'shown' if layer.is_visible else 'hidden'}, {_detail(layer)}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename a layer; an empty name changes nothing."""
        name = str(value).strip()
        if not index.isValid() or role != Qt.ItemDataRole.EditRole or not name:
            return False
        self._editor.rename_layer(self._layers[index.row()].id, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let rows be chosen, renamed and dragged, and dropped between rows only."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemIsDragEnabled
        )

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt calls it by this name
        """Allow moving."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt calls it by this name
        """Return the one type that is taken."""
        return [_MIME]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:  # type: ignore[override]  # noqa: N802 - Qt's name
        """Carry the layer's id."""
        mime = QMimeData()
        mime.setData(_MIME, QByteArray(str(indexes[0].data(LayerRole.ID)).encode()))
        return mime

    def dropMimeData(  # noqa: N802 - Qt calls it by this name
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move the layer above the one in `row`."""
        del column
        row_from = self.row_of(bytes(data.data(_MIME).data()).decode())
        if action != Qt.DropAction.MoveAction or row_from < 0:
            return False
        target = row if row >= 0 else parent.row() if parent.isValid() else len(self._layers)
        if target > row_from:
            target -= 1
        layer_id, index = self._layers[row_from].id, len(self._layers) - 1 - target
        self._editor.change(lambda document: item_edits.move_item(document, layer_id, None, index))
        # The list is right already: Qt must not take the dragged row away.
        return False

    def _picture(self, layer: Layer) -> QImage:
        from core.color import to_srgb

        key = _picture_key(layer)
        if key not in self._pictures:
            document = self._editor.document
            small = layer_thumbnail(layer, _PICTURE)
            self._pictures[key] = to_qimage(to_srgb(small, document.icc_profile if document is not None else None))
        return self._pictures[key]


def _picture_key(layer: Layer) -> str:
    return f"{layer.pixels_key}/{layer.mask_key if layer.shown_mask is not None else ''}"


def _detail(layer: Layer) -> str:
    words = [f"{layer.rect.width} × {layer.rect.height}"]
    if layer.opacity < 1:
        words.append(f"{round(100 * layer.opacity)} %")
    if layer.mask is not None:
        words.append("mask" if layer.is_mask_enabled else "mask off")
    return " · ".join(words)
