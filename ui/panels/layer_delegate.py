"""How a layer or a group looks in the list: an eye, pictures of pixels and mask, a name, and what is special."""

from enum import Enum

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.texts import tr
from ui.icons import pixmap
from ui.panels.layer_model import LayerRole, RowLook
from ui.theme import Theme

_HEIGHT, _PICTURE, _EYE, _CHECK, _LOCK, _INDENT = 50, 36, 20, 5, 16, 14

Index = QModelIndex | QPersistentModelIndex


class Spot(Enum):
    """A part of a row where a click does something of its own."""

    EYE = "eye"
    CHEVRON = "chevron"
    PICTURE = "picture"
    MASK = "mask"
    LOCK = "lock"


class LayerDelegate(QStyledItemDelegate):
    """Paints and edits a row; a click on the eye, the chevron, the mask or the lock is not a click on the row."""

    double_clicked = Signal(str)  # the id of the layer or group, beside the spots that do something of their own
    spot_clicked = Signal(Spot, str, bool)  # the spot, the id of the layer or group, whether Shift is held

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the same height for all."""
        del option, index
        return QSize(160, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        tokens, look = self._theme.tokens, _look(index)
        row = _Row(_rect(option), look, index.data(LayerRole.MASK) is not None)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter, option)
        is_visible = bool(index.data(LayerRole.IS_VISIBLE))
        self._icon(
            painter, "eye" if is_visible else "eye-off", row.eye, tokens.text if is_visible else tokens.text_muted
        )
        painter.setOpacity(1.0 if look.is_shown else 0.45)
        if look.is_group:
            self._icon(painter, "chevron-down" if look.is_open else "chevron-right", row.chevron, tokens.text_muted)
            self._icon(painter, "folder", row.picture.adjusted(4, 8, -8, -4), tokens.text)
        else:
            self._paint_pictures(painter, row, look, index)
        painter.setOpacity(1.0)
        if look.is_locked:
            self._icon(painter, "lock", row.lock, tokens.text_muted)
        self._paint_words(painter, row.words, index, tokens.text if look.is_shown else tokens.text_muted)
        painter.restore()

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """Tell which part of a row was clicked."""
        is_press = event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return super().editorEvent(event, model, option, index)
        row = _Row(_rect(option), _look(index), index.data(LayerRole.MASK) is not None)
        spot = row.spot_at(event.position().toPoint())
        if event.type() == QEvent.Type.MouseButtonDblClick and spot in (None, Spot.PICTURE):
            self.double_clicked.emit(index.data(LayerRole.ID))
            return True
        if spot is None:
            return super().editorEvent(event, model, option, index)
        if is_press:
            is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.spot_clicked.emit(spot, index.data(LayerRole.ID), is_shift)
        # The pixels stand for the layer: there, the row is chosen and dragged as anywhere else.
        return spot is not Spot.PICTURE

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802
        """Return a field for the name."""
        del option, index
        editor = QLineEdit(parent)
        editor.setObjectName("layerName")
        editor.setAccessibleName(tr("Layer name"))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Place the field over the name."""
        words = _Row(_rect(option), _look(index), index.data(LayerRole.MASK) is not None).words
        editor.setGeometry(words.x() - 6, words.center().y() - 13, words.width() + 6, 26)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        tokens, state = self._theme.tokens, option.state
        area = QRectF(_rect(option)).adjusted(3, 2, -3, -2)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(tokens.accent_soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(tokens.hover))
        else:
            return
        has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(QColor(tokens.accent)) if has_focus else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _icon(self, painter: QPainter, name: str, area: QRect, color: str) -> None:
        drawn = pixmap(name, color, area.width(), painter.device().devicePixelRatio())
        painter.drawPixmap(area.topLeft(), drawn)

    def _paint_pictures(self, painter: QPainter, row: "_Row", look: RowLook, index: Index) -> None:
        tokens, mask = self._theme.tokens, index.data(LayerRole.MASK)
        shown = self._paint_picture(painter, row.picture, index.data(LayerRole.PICTURE))
        framed = shown if look.is_target else None
        if mask is not None:
            covered = self._paint_picture(painter, row.mask, mask)
            framed = covered if look.is_mask_target else framed
            if not look.is_mask_enabled:
                painter.setPen(QPen(QColor(tokens.danger), 2))
                painter.drawLine(covered.topLeft(), covered.bottomRight())
                painter.drawLine(covered.topRight(), covered.bottomLeft())
        if framed is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(framed.adjusted(-2, -2, 2, 2), 4, 4)

    def _paint_picture(self, painter: QPainter, area: QRect, picture: QImage) -> QRectF:
        tokens = self._theme.tokens
        scale = min(area.width() / picture.width(), area.height() / picture.height())
        shown = QRectF(0, 0, max(4.0, picture.width() * scale), max(4.0, picture.height() * scale))
        shown.moveCenter(QRectF(area).center())
        path = QPainterPath()
        path.addRoundedRect(shown, 3, 3)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(shown, QColor(tokens.checker_light))
        if picture.hasAlphaChannel():
            columns, rows = int(shown.width() // _CHECK) + 1, int(shown.height() // _CHECK) + 1
            for column in range(columns):
                for row in range(column % 2, rows, 2):
                    square = QRectF(shown.x() + column * _CHECK, shown.y() + row * _CHECK, _CHECK, _CHECK)
                    painter.fillRect(square, QColor(tokens.checker_dark))
        painter.drawImage(shown, picture)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.line)))
        painter.drawRoundedRect(shown, 3, 3)
        return shown

    def _paint_words(self, painter: QPainter, area: QRect, index: Index, color: str) -> None:
        tokens, metrics = self._theme.tokens, painter.fontMetrics()
        name = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, area.width())
        upper = QRect(area.x(), area.y(), area.width(), area.height() // 2)
        lower = upper.translated(0, area.height() // 2)
        painter.setPen(QColor(color))
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, name)
        detail = metrics.elidedText(str(index.data(LayerRole.DETAIL)), Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(QColor(tokens.text_muted))
        painter.drawText(lower, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, detail)


class _Row:
    """Where the parts of a row lie."""

    def __init__(self, area: QRect, look: RowLook, has_mask: bool) -> None:
        middle, self._look = area.center().y() + 1, look
        self.eye = QRect(area.x() + 10, middle - _EYE // 2, _EYE, _EYE)
        self._eye_reach = QRect(area.x(), area.y(), self.eye.right() + 5 - area.x(), area.height())
        left = self.eye.right() + 9 + _INDENT * look.depth
        self.chevron = QRect(left - 4, middle - 8, 16, 16)
        left += 14 if look.is_group else 0
        self.picture = QRect(left, middle - _PICTURE // 2, _PICTURE, _PICTURE)
        self.mask = self.picture.translated(_PICTURE + 7, 0) if has_mask else QRect()
        left = (self.mask if has_mask else self.picture).right() + 10
        right = area.right() - 8 - (_LOCK + 6 if look.is_locked else 0)
        self.lock = QRect(right + 6, middle - _LOCK // 2, _LOCK, _LOCK) if look.is_locked else QRect()
        self.words = QRect(left, area.y() + 5, right - left, area.height() - 10)

    def spot_at(self, point: QPoint) -> Spot | None:
        """Return the part under a point; None for the row itself."""
        reaches = [(Spot.EYE, self._eye_reach), (Spot.MASK, self.mask), (Spot.LOCK, self.lock)]
        if self._look.is_group:
            reaches.append((Spot.CHEVRON, self.chevron.adjusted(-4, -10, 4, 10)))
        else:
            reaches.append((Spot.PICTURE, self.picture))
        return next((spot for spot, reach in reaches if reach.contains(point)), None)


def _look(index: Index) -> RowLook:
    look: RowLook = index.data(LayerRole.LOOK)
    return look


def _rect(option: QStyleOptionViewItem) -> QRect:
    return QRect(option.rect)
