"""A small overview in a corner of the canvas while the photo is larger than the view; dragging in it moves the view."""

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from core.geometry import Rect
from core.texts import tr
from ui.canvas_frame import CanvasFrame, Scene
from ui.overlay_tint import View
from ui.photo_view import PhotoView
from ui.viewport import Viewport

LONGEST = 168
_SHORTEST, _MARGIN = 16, 12
_SHARE = 3
"""It takes at most this part of the canvas's width and height."""

_LEAST = 48
"""Below this length it would show nothing of use."""

_PATIENCE_MS = 80
"""Between two drawings while the photo changes: a brush does not wait for it."""

_SHADE = QColor(0, 0, 0, 120)
_DARK, _LIGHT = QColor(0, 0, 0, 190), QColor(255, 255, 255)


class Minimap(QWidget):
    """Lies over the canvas and takes the pointer only where it lies."""

    def __init__(self, canvas: PhotoView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._is_wanted = True
        self._backdrop = canvas.backdrop
        self._frame = CanvasFrame(self._backdrop)
        self._map: Viewport | None = None
        self._grip: QPointF | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE_MS)
        self._timer.timeout.connect(self._draw)
        self._stale = Rect(0, 0, 0, 0)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Overview of the photo"))
        self.setAccessibleDescription(tr("Click or drag in it to move the view"))
        self.hide()
        canvas.viewport_changed.connect(self._on_viewport_changed)
        canvas.photo_changed.connect(self._on_photo_changed)
        self._on_viewport_changed()

    def set_wanted(self, is_wanted: bool) -> None:
        """Show it whenever there is more of the photo than the view shows, or never."""
        self._is_wanted = is_wanted
        self._on_viewport_changed()

    @property
    def shown_rect(self) -> QRectF:
        """Where in it the part of the photo is that the canvas shows, in logical pixels."""
        viewport = self._canvas.viewport
        if viewport is None or self._map is None:
            return QRectF()
        corners = (viewport.to_image(0, 0), viewport.to_image(viewport.width, viewport.height))
        (x0, y0), (x1, y1) = (self._map.to_view(*corner) for corner in corners)
        return QRectF(x0, y0, x1 - x0, y1 - y0).intersected(QRectF(self.rect()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bring the small picture to the screen, shaded where the canvas does not show it."""
        del event
        if self._map is None:
            return
        shown = self.shown_rect
        inside = shown.adjusted(1, 1, -1, -1)
        with QPainter(self) as painter:
            painter.drawImage(QRectF(self.rect()), self._frame.image, QRectF(self._frame.image.rect()))
            painter.save()
            painter.setClipRegion(QRegion(self.rect()) - QRegion(shown.toAlignedRect()))
            painter.fillRect(self.rect(), _SHADE)
            painter.restore()
            for pen in (QPen(_DARK, 3), QPen(_LIGHT, 1.4)):
                painter.setPen(pen)
                painter.drawRect(inside)
            painter.setPen(QPen(_DARK, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the view's rectangle, or bring it to the pointer first."""
        if event.button() is Qt.MouseButton.LeftButton:
            at, shown = event.position(), self.shown_rect
            self._grip = at - shown.center() if shown.contains(at) else QPointF()
            self._go_to(at - self._grip)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the view follow."""
        if self._grip is not None:
            self._go_to(event.position() - self._grip)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip = None
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take a second press like the first."""
        self.mousePressEvent(event)

    def _go_to(self, at: QPointF) -> None:
        if self._map is not None:
            self._canvas.centre_on(*self._map.to_image(at.x(), at.y()))

    @Slot()
    def _on_viewport_changed(self) -> None:
        viewport = self._canvas.viewport
        self._map = _map_of(viewport) if viewport is not None and self._is_wanted else None
        if self._map is None or viewport is None:
            self.hide()
            return
        width, height = int(self._map.width), int(self._map.height)
        self.setGeometry(int(viewport.width) - width - _MARGIN, int(viewport.height) - height - _MARGIN, width, height)
        if not self.isVisible():
            self._draw()
        self.show()
        self.update()

    @Slot(object)
    def _on_photo_changed(self, rect: Rect) -> None:
        self._stale = self._stale.unite(rect)
        if self._map is not None and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _draw(self) -> None:
        """Renew the picture where the photo changed since."""
        photo = self._canvas.photo
        if self._map is None or photo is None:
            return
        if self._backdrop != self._canvas.backdrop:
            self._backdrop = self._canvas.backdrop
            self._frame.set_backdrop(self._backdrop)
        stale, self._stale = self._stale, Rect(0, 0, 0, 0)
        self._frame.show(Scene(photo, view=View.ORIGINAL), self._map)
        self._frame.invalidate(self._map.to_device_rect(stale))
        self._frame.refresh()
        self.update()


def _map_of(viewport: Viewport) -> Viewport | None:
    """Return which part of the photo the overview shows, at which size: all of it, or None if it is not needed."""
    photo, view = viewport.image, viewport.scaled_size
    if view.width <= viewport.device_size.width and view.height <= viewport.device_size.height:
        return None
    room = min(LONGEST, viewport.width / _SHARE), min(LONGEST, viewport.height / _SHARE)
    scale = min(room[0] / photo.width, room[1] / photo.height)
    width, height = max(_SHORTEST, round(photo.width * scale)), max(_SHORTEST, round(photo.height * scale))
    if max(width, height) < _LEAST:
        return None
    ratio = viewport.pixel_ratio
    return Viewport(photo, width, height, ratio, zoom=min(width / photo.width, height / photo.height) * ratio)
