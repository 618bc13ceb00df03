"""How a layer looks in the list: an eye, a picture on a checkerboard, a name, and what is special about it."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.icons import pixmap
from ui.panels.layer_model import LayerRole
from ui.theme import Theme

_HEIGHT, _PICTURE, _EYE, _CHECK = 52, 40, 20, 5

Index = QModelIndex | QPersistentModelIndex


class LayerDelegate(QStyledItemDelegate):
    """Paints and edits a row; a click on the eye is not a click on the row."""

    visibility_toggled = Signal(str)  # layer id

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the same height for all."""
        del option, index
        return QSize(160, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        tokens, row = self._theme.tokens, _Row(_rect(option))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter, option)
        is_visible = bool(index.data(LayerRole.IS_VISIBLE))
        color = tokens.text if is_visible else tokens.text_muted
        eye = pixmap("eye" if is_visible else "eye-off", color, _EYE, painter.device().devicePixelRatio())
        painter.drawPixmap(row.eye.topLeft(), eye)
        painter.setOpacity(1.0 if is_visible else 0.45)
        self._paint_picture(painter, row.picture, index.data(LayerRole.PICTURE))
        painter.setOpacity(1.0)
        self._paint_words(painter, row.words, index, color)
        painter.restore()

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """Show or hide the layer when its eye is clicked."""
        is_press = event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        if isinstance(event, QMouseEvent) and _is_on_eye(event, option):
            if is_press:
                self.visibility_toggled.emit(index.data(LayerRole.ID))
            return True
        return super().editorEvent(event, model, option, index)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802
        """Return a field for the name."""
        del option, index
        editor = QLineEdit(parent)
        editor.setObjectName("layerName")
        editor.setAccessibleName("Layer name")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Place the field over the name."""
        del index
        words = _Row(_rect(option)).words
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

    def _paint_picture(self, painter: QPainter, area: QRect, picture: QImage) -> None:
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

    def __init__(self, area: QRect) -> None:
        middle = area.center().y() + 1
        self.eye = QRect(area.x() + 12, middle - _EYE // 2, _EYE, _EYE)
        self.eye_reach = QRect(area.x(), area.y(), self.eye.right() + 6 - area.x(), area.height())
        self.picture = QRect(self.eye.right() + 11, middle - _PICTURE // 2, _PICTURE, _PICTURE)
        left = self.picture.right() + 11
        self.words = QRect(left, area.y() + 5, area.right() - 10 - left, area.height() - 10)


def _is_on_eye(event: QMouseEvent, option: QStyleOptionViewItem) -> bool:
    is_left = event.button() == Qt.MouseButton.LeftButton
    return is_left and _Row(_rect(option)).eye_reach.contains(event.position().toPoint())


def _rect(option: QStyleOptionViewItem) -> QRect:
    return QRect(option.rect)
