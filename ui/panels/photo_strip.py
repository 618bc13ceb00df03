"""The photos of the series in a row below the canvas; a click or Enter opens one."""

from enum import IntEnum
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.texts import tr
from ui.file_flow import FileFlow
from ui.icons import pixmap
from ui.photo_thumbnails import PhotoThumbnails
from ui.remembered import Remembered
from ui.theme import Theme

_PICTURE_WIDTH, _PICTURE_HEIGHT, _MARGIN = 96, 64, 6

Index = QModelIndex | QPersistentModelIndex


class _Role(IntEnum):
    PICTURE = Qt.ItemDataRole.UserRole
    IS_OPEN = Qt.ItemDataRole.UserRole + 1


class PhotoStripModel(QAbstractListModel):
    """The paths of a series, and which of them is open."""

    def __init__(self, thumbnails: PhotoThumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._paths: tuple[Path, ...] = ()
        self._open = -1
        thumbnails.came.connect(self._on_came)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, in the order in which they are shown."""
        return self._paths

    def show_series(self, paths: tuple[Path, ...], open_: int) -> None:
        """Show these files, of which the one at the place `open_` is open."""
        if paths != self._paths:
            self.beginResetModel()
            self._paths, self._open = paths, open_
            self._thumbnails.forget()
            self.endResetModel()
        elif open_ != self._open:
            former, self._open = self._open, open_
            for row in (former, open_):
                self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """Return the number of photos."""
        return 0 if parent.isValid() else len(self._paths)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is shown of a photo; asking for its picture has it made."""
        if not index.isValid() or index.row() >= len(self._paths):
            return None
        path, is_open = self._paths[index.row()], index.row() == self._open
        if role == Qt.ItemDataRole.DisplayRole:
            return path.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return path.name + "\n" + tr("Click to open it")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            place = tr(
                "{name}, photo {number} of {count}", name=path.name, number=index.row() + 1, count=len(self._paths)
            )
            return tr("{photo}, open", photo=place) if is_open else place
        if role == _Role.IS_OPEN:
            return is_open
        return self._thumbnails.of(path) if role == _Role.PICTURE else None

    @Slot(object)
    def _on_came(self, path: Path) -> None:
        if path in self._paths:
            index = self.index(self._paths.index(path))
            self.dataChanged.emit(index, index)


class PhotoStrip(QListView):
    """Shown if the person wants it and there are several photos; follows which one is open."""

    chosen = Signal(object)  # Path

    def __init__(
        self,
        files: FileFlow,
        thumbnails: PhotoThumbnails,
        remembered: Remembered,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._files = files
        self._remembered = remembered
        self.photos = PhotoStripModel(thumbnails, self)
        self.setModel(self.photos)
        self.setObjectName("photoStrip")
        self.setAccessibleName(tr("Photos of the series"))
        self.setItemDelegate(_PhotoDelegate(theme, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(_item_size(self).height() + bar + 2 * self.frameWidth() + 2)
        self.clicked.connect(self._on_chosen)
        self.activated.connect(self._on_chosen)
        files.series_changed.connect(self.refresh)
        remembered.changed.connect(self.refresh)
        theme.changed.connect(self.viewport().update)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the series as it stands."""
        series = self._files.series
        is_wanted = self._remembered.settings.has_photo_strip and series is not None and len(series.paths) > 1
        self.setVisible(is_wanted)
        if series is not None and is_wanted:
            self.photos.show_series(series.paths, series.index)
            index = self.photos.index(series.index)
            self.setCurrentIndex(index)
            self.scrollTo(index, QListView.ScrollHint.EnsureVisible)

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        # A double click, and Enter on some systems, is heard of twice.
        if not index.data(_Role.IS_OPEN):
            self.chosen.emit(self.photos.paths[index.row()])


class _PhotoDelegate(QStyledItemDelegate):
    """Paints a picture over its name."""

    def __init__(self, theme: Theme, strip: QListView) -> None:
        super().__init__(strip)
        self._theme = theme
        self._strip = strip

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the same size for all."""
        del option, index
        return _item_size(self._strip)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a photo; the open one has a frame."""
        tokens, area = self._theme.tokens, QRect(getattr(option, "rect", QRect()))
        state = getattr(option, "state", QStyle.StateFlag.State_None)
        is_open, is_hot = bool(index.data(_Role.IS_OPEN)), bool(state & QStyle.StateFlag.State_MouseOver)
        is_current = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setBrush(QColor(tokens.accent_soft if is_open else tokens.hover if is_hot else tokens.surface))
        line = tokens.accent if is_open else tokens.outline
        style = Qt.PenStyle.DotLine if is_current and not is_open else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(line), 1.5, style) if is_open or is_current else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(area).adjusted(2, 2, -2, -2), 5, 5)
        room = QRect(area.x() + _MARGIN, area.y() + _MARGIN, _PICTURE_WIDTH, _PICTURE_HEIGHT)
        self._paint_picture(painter, room, index.data(_Role.PICTURE))
        words = QRect(room.x(), room.bottom() + 2, room.width(), area.bottom() - room.bottom() - _MARGIN + 2)
        painter.setPen(QColor(tokens.text if is_open else tokens.text_muted))
        name = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, name)
        painter.restore()

    def _paint_picture(self, painter: QPainter, room: QRect, picture: QImage | None) -> None:
        if picture is None or picture.isNull():
            name = "image" if picture is None else "warning"
            sign = pixmap(name, self._theme.tokens.text_muted, 20, self._strip.devicePixelRatioF())
            painter.drawPixmap(room.center().x() - 10, room.center().y() - 10, sign)
            return
        size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(room.topLeft(), size)
        place.moveCenter(room.center())
        painter.drawImage(place, picture)


def _item_size(strip: QListView) -> QSize:
    text = strip.fontMetrics().height()
    return QSize(_PICTURE_WIDTH + 2 * _MARGIN, _PICTURE_HEIGHT + text + 2 * _MARGIN + 2)
