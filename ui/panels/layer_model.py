"""The document's layers and groups as a list for Qt: the top one first, changed only through the editor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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

from core import group_edits, item_edits
from core.document import Document
from core.layer import Layer
from core.layer_group import LayerGroup
from core.layer_tree import Branch, Tree, contains, items_in, place_of, tree_of, without
from core.texts import tr, tr_n
from ui.editor import Editor
from ui.layer_drag import DragFolder, LayerDrag
from ui.panels.layer_pictures import LayerPictures

_MIME = "application/x-clickcut-layer"

Index = QModelIndex | QPersistentModelIndex


class LayerRole(IntEnum):
    """What the list tells beside a name."""

    ID = Qt.ItemDataRole.UserRole
    PICTURE = Qt.ItemDataRole.UserRole + 1
    IS_VISIBLE = Qt.ItemDataRole.UserRole + 2
    DETAIL = Qt.ItemDataRole.UserRole + 3
    MASK = Qt.ItemDataRole.UserRole + 4
    LOOK = Qt.ItemDataRole.UserRole + 5


@dataclass(frozen=True, slots=True)
class RowLook:
    """How a row differs from a plain layer's.

    Attributes
    ----------
    depth
        How many groups are around it.
    is_shown
        Whether it is visible, and all groups around it.
    is_target, is_mask_target
        Whether it is the active layer with a mask and its pixels, or its mask, are worked on.
    """

    depth: int
    is_group: bool
    is_open: bool
    is_shown: bool
    is_locked: bool
    is_target: bool
    is_mask_target: bool
    is_mask_enabled: bool


@dataclass(frozen=True, eq=False, slots=True)
class _Row:
    item: Layer | LayerGroup
    look: RowLook
    parent_id: str | None


class LayerModel(QAbstractListModel):
    """Row 0 is the top, as people see a stack; the document counts from the bottom. A closed group shows no members."""

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._rows: tuple[_Row, ...] = ()
        self._pictures = LayerPictures()
        self._dragged = DragFolder()
        editor.document_replaced.connect(self.refresh)
        editor.layers_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the layers as they stand; a list of the same rows keeps its selection and scroll position."""
        document = self._editor.document
        rows = () if document is None else tuple(_rows(document, tree_of(document), 0, None))
        if [row.item.id for row in rows] == [row.item.id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        self._pictures.keep(() if document is None else document.layers)

    def row_of(self, item_id: str | None) -> int:
        """Return the row of a layer or group; -1 if none shows it."""
        return next((row for row, each in enumerate(self._rows) if each.item.id == item_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return row.item.name
        if role in (LayerRole.PICTURE, LayerRole.MASK):
            return self._picture(row.item, role == LayerRole.MASK)
        told: dict[int, Callable[[], object]] = {
            LayerRole.ID: lambda: row.item.id,
            LayerRole.IS_VISIBLE: lambda: row.item.is_visible,
            LayerRole.DETAIL: lambda: self._detail(row),
            LayerRole.LOOK: lambda: row.look,
            Qt.ItemDataRole.AccessibleTextRole: lambda: f"{row.item.name}, {self._spoken(row)}",
        }
        return told[role]() if role in told else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename a layer or a group; an empty name changes nothing."""
        name = str(value).strip()
        if not index.isValid() or role != Qt.ItemDataRole.EditRole or not name:
            return False
        item_id = self._rows[index.row()].item.id
        self._editor.change(lambda document: item_edits.rename_item(document, item_id, name))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let rows be chosen, renamed and dragged, and dropped between rows or on groups."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = (
            Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemIsDragEnabled
        )
        return flags | Qt.ItemFlag.ItemIsDropEnabled if self._rows[index.row()].look.is_group else flags

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt calls it by this name
        """Allow moving."""
        return Qt.DropAction.MoveAction

    def supportedDragActions(self) -> Qt.DropAction:  # noqa: N802 - Qt calls it by this name
        """Allow moving within the list, and copying to other programs."""
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt calls it by this name
        """Return the one type that is taken."""
        return [_MIME]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:  # type: ignore[override]  # noqa: N802 - Qt's name
        """Carry the items' ids, and a layer that is alone as a picture for other programs."""
        ids = [str(index.data(LayerRole.ID)) for index in indexes]
        document = self._editor.document
        if len(ids) == 1 and document is not None and document.has_layer(ids[0]):
            mime: QMimeData = LayerDrag(document, ids[0], self._dragged)
        else:
            mime = QMimeData()
        mime.setData(_MIME, QByteArray("\n".join(ids).encode()))
        return mime

    def dropMimeData(  # noqa: N802 - Qt calls it by this name
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move items above the one in `row`, or into the group that they were dropped on."""
        del column
        ids, document = bytes(data.data(_MIME).data()).decode().split("\n"), self._editor.document
        if action != Qt.DropAction.MoveAction or document is None or any(self.row_of(each) < 0 for each in ids):
            return False
        place = self._place(document, ids, row, parent)
        if place is not None:
            group_id, index = place
            self._editor.change(lambda now: group_edits.move_items(now, ids, group_id, index))
        # The list is right already: Qt must not take the dragged rows away.
        return False

    def _place(self, document: Document, ids: Sequence[str], row: int, parent: Index) -> tuple[str | None, int] | None:
        """Return the group, and the place there from the bottom without the items, where a drop puts them.

        None where they are, or inside of a group that is dragged.
        """
        rest = tree_of(document)
        own = place_of(rest, ids[0])[0]
        for item_id in ids:
            rest = without(rest, item_id)
        above = self._rows[row - 1] if 0 < row <= len(self._rows) else None
        below = self._rows[row] if 0 <= row < len(self._rows) else None
        if row < 0 and parent.isValid():
            above = self._rows[parent.row()]
        elif above is not None and not (above.look.is_group and above.look.is_open and contains(rest, above.item.id)):
            is_lowest = above.parent_id == own and (below is None or below.parent_id != own)
            if is_lowest:
                return own, 0  # what is dragged to the bottom of its group stays in it
            above = None
        if above is not None:
            group_id = above.item.id
            return (group_id, len(items_in(rest, group_id))) if contains(rest, group_id) else None
        if below is None:
            return None, 0
        if not contains(rest, below.item.id):
            return None
        group_id_below, index = place_of(rest, below.item.id)
        return group_id_below, index + 1

    def _picture(self, item: Layer | LayerGroup, is_mask: bool) -> QImage | None:
        document = self._editor.document
        if isinstance(item, LayerGroup) or document is None:
            return None
        return self._pictures.mask(item) if is_mask else self._pictures.pixels(item, document.icc_profile)

    def _detail(self, row: _Row) -> str:
        item, words = row.item, []
        if isinstance(item, Layer):
            words.append(f"{item.rect.width} × {item.rect.height}")
        elif self._editor.document is not None:
            count = len(self._editor.document.members(item.id))
            words.append(tr_n("{n} layer", "{n} layers", count))
        if item.opacity < 1:
            words.append(f"{round(100 * item.opacity)} %")
        if isinstance(item, Layer) and item.mask is not None:
            words.append(tr("mask") if item.is_mask_enabled else tr("mask off"))
        return " · ".join(words)

    def _spoken(self, row: _Row) -> str:
        look, words = row.look, [tr("shown") if row.look.is_shown else tr("hidden"), self._detail(row)]
        if look.is_group:
            words.append(tr("open group") if look.is_open else tr("closed group"))
        if look.is_locked:
            words.append(tr("locked"))
        if look.is_mask_target:
            words.append(tr("its mask is painted on"))
        return ", ".join(words)


def _rows(document: Document, tree: Tree, depth: int, parent_id: str | None) -> list[_Row]:
    rows = []
    for node in reversed(tree):
        if isinstance(node, Branch):
            rows.append(_Row(node.group, _group_look(document, node.group, depth), parent_id))
            if node.group.is_open:
                rows += _rows(document, node.items, depth + 1, node.id)
        else:
            rows.append(_Row(node, _layer_look(document, node, depth), parent_id))
    return rows


def _group_look(document: Document, group: LayerGroup, depth: int) -> RowLook:
    members = document.members(group.id)
    around = document.groups_of(members[0])[: depth + 1]
    is_shown = all(each.is_visible for each in around)
    is_locked = all(layer.is_locked for layer in members)
    return RowLook(depth, True, group.is_open, is_shown, is_locked, False, False, False)


def _layer_look(document: Document, layer: Layer, depth: int) -> RowLook:
    has_choice = layer.mask is not None and layer.id == document.active_layer_id and document.active_group_id is None
    is_mask = has_choice and document.is_mask_target
    return RowLook(
        depth,
        False,
        False,
        document.is_shown(layer),
        layer.is_locked,
        has_choice and not is_mask,
        is_mask,
        layer.is_mask_enabled,
    )
