"""The list of what words found: every box with its tick, label and score, for eyes and keyboards."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.texts import tr
from ui.text_finds import TextFinds, percent_text
from ui.theme import Theme
from ui.tick import draw_tick

_ROW, _MOST_ROWS, _WIDTH = 30, 12, 292
_BOX, _GAP, _METER = 16, 9, 44
_SCORE_ROLE = Qt.ItemDataRole.UserRole

_Index = QModelIndex | QPersistentModelIndex


class FindList(QFrame):
    """Opens below a button. Space ticks, arrows move, Enter goes on, Esc closes; the row's box stands out meanwhile."""

    accepted = Signal()

    def __init__(self, finds: TextFinds, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("findList")
        # A click on the button that opened it closes it, and does not open it again.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self._finds = finds
        self._is_refreshing = False
        self.list = QListWidget()
        self.list.setItemDelegate(_FindDelegate(theme, self.list))
        self.list.setAccessibleName(tr("What was found"))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.itemChanged.connect(self._on_item_changed)
        self.list.itemEntered.connect(self.list.setCurrentItem)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self._summary = QLabel()
        self._summary.setProperty("role", "muted")
        self.all_button, self.none_button = _link(tr("All"), tr("Tick all")), _link(tr("None"), tr("Tick none"))
        self.all_button.clicked.connect(lambda: finds.set_all_ticked(True))
        self.none_button.clicked.connect(lambda: finds.set_all_ticked(False))
        self._place()
        finds.changed.connect(self.refresh)
        self.refresh()

    def open_below(self, anchor: QWidget) -> None:
        """Open below `anchor`, inside its window if that has room to the right: there it hides no photo."""
        self.refresh()
        rows = min(max(1, self.list.count()), _MOST_ROWS)
        self.list.setFixedHeight(rows * _ROW + 2 * self.list.frameWidth() + 2)
        self.setFixedWidth(_WIDTH)
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
        screen = anchor.screen().availableGeometry()
        right = min(screen.right(), anchor.window().frameGeometry().right() - 8)
        corner.setX(max(min(corner.x(), right - _WIDTH), screen.left()))
        corner.setY(min(corner.y(), max(screen.top(), screen.bottom() - self.height())))
        self.move(corner)
        self.show()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)
        self.list.setCurrentRow(0)
        self._on_row_changed(0)

    @Slot()
    def refresh(self) -> None:
        """Show the boxes as they stand."""
        shown = self._finds.shown
        self._is_refreshing = True
        while self.list.count() > len(shown):
            self.list.takeItem(self.list.count() - 1)
        for row, find in enumerate(shown):
            item = self.list.item(row) if row < self.list.count() else _new_item(self.list)
            item.setText(find.detection.label)
            item.setData(_SCORE_ROLE, find.detection.score)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{find.detection.label}, {find.score_text}")
            item.setToolTip(find.detection.label)
            item.setCheckState(Qt.CheckState.Checked if find.is_ticked else Qt.CheckState.Unchecked)
        self._is_refreshing = False
        self._summary.setText(tr("{ticked} of {count} ticked", ticked=self._finds.ticked_count, count=len(shown)))
        self.all_button.setEnabled(self._finds.ticked_count < len(shown))
        self.none_button.setEnabled(self._finds.ticked_count > 0)
        if self.isVisible() and not shown:
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter; the list leaves it alone."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.hide()
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Point at no box any more."""
        super().hideEvent(event)
        self._finds.set_hot(None)

    def _place(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(6, 0, 0, 0)
        top.setSpacing(0)
        top.addWidget(self._summary, 1)
        top.addWidget(self.all_button)
        top.addWidget(self.none_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.list)

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        if not self._is_refreshing:
            self._finds.set_ticked(self.list.row(item), item.checkState() is Qt.CheckState.Checked)

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        if self.isVisible() and not self._is_refreshing:
            self._finds.set_hot(row if row >= 0 else None)


class _FindDelegate(QStyledItemDelegate):
    """Draws a row; a click anywhere on it ticks, like Space."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return a row's size."""
        del option, index
        return QSize(_WIDTH - 40, _ROW)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Tick, or tick off."""
        del option
        is_click = event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent)
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if not is_click and not (is_space and event.type() == QEvent.Type.KeyPress):
            return False
        is_ticked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked
        return model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw tick, label, and the score as figure and bar."""
        tokens, row = self._theme.tokens, option.rect
        is_ticked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
        score = float(index.data(_SCORE_ROLE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft))
            painter.drawRoundedRect(QRectF(row).adjusted(2, 1, -2, -1), 4, 4)
        self._draw_check(painter, row, is_ticked)
        figures = painter.fontMetrics().horizontalAdvance("100 %")
        words = row.adjusted(8 + _BOX + _GAP, 0, -(8 + _METER + _GAP + figures + _GAP), 0)
        painter.setPen(QColor(tokens.text if is_ticked else tokens.text_muted))
        label = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, label)
        right = QRect(row.right() - 8 - figures, row.top(), figures, row.height())
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, percent_text(score))
        self._draw_meter(painter, QRectF(right.left() - _GAP - _METER, row.center().y() - 1.5, _METER, 4), score)
        painter.restore()

    def _draw_check(self, painter: QPainter, row: QRect, is_ticked: bool) -> None:
        tokens = self._theme.tokens
        box = QRectF(row.left() + 8.5, row.center().y() - _BOX / 2 + 0.5, _BOX, _BOX)
        painter.setPen(QPen(QColor(tokens.accent if is_ticked else tokens.outline), 1))
        painter.setBrush(QColor(tokens.accent if is_ticked else tokens.field))
        painter.drawRoundedRect(box, 4, 4)
        if is_ticked:
            draw_tick(painter, box, QColor(tokens.on_accent), 2)

    def _draw_meter(self, painter: QPainter, area: QRectF, score: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.pressed))
        painter.drawRoundedRect(area, 2, 2)
        painter.setBrush(QColor(self._theme.tokens.accent))
        painter.drawRoundedRect(QRectF(area.x(), area.y(), max(3.0, area.width() * score), area.height()), 2, 2)


def _new_item(parent: QListWidget) -> QListWidgetItem:
    item = QListWidgetItem(parent)
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled
        | Qt.ItemFlag.ItemIsSelectable
        | Qt.ItemFlag.ItemIsUserCheckable
        | Qt.ItemFlag.ItemNeverHasChildren
    )
    return item


def _link(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "link")
    button.setAccessibleName(name)
    button.setAutoDefault(False)
    return button
