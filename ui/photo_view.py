"""A widget that shows the document: which part of it, how large, and how the selection is shown."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QHideEvent, QImage, QPainter, QPaintEvent, QPalette, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStyle, QWidget

from core.geometry import Rect
from core.texts import tr
from ui.canvas_content import CanvasContent
from ui.canvas_frame import Backdrop, CanvasFrame
from ui.edge_colours import EdgeColours
from ui.editor import Editor
from ui.overlay_tint import View
from ui.pyramid import CompositePyramid
from ui.segment_session import SegmentSession
from ui.selection_look import SelectionLook
from ui.viewport import Viewport

_ANT_STEP_MS = 130
_CYCLE = tuple(View)


class PhotoView(QWidget):
    """Painting only brings to the screen what :class:`CanvasFrame` composes, and draws the marks over it.

    It has no marks and no gestures of its own: :class:`ui.canvas.Canvas` adds them.
    """

    zoom_changed = Signal(float)  # device pixels per photo pixel
    viewport_changed = Signal()
    view_changed = Signal()
    photo_changed = Signal(object)  # Rect of the photo that looks different

    def __init__(self, editor: Editor, session: SegmentSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewport: Viewport | None = None
        self._view = View.OVERLAY
        self._look = SelectionLook()
        self._is_original_held = False
        self._phase = 0
        self._marks = QRegion()
        self._checker = QColor(255, 255, 255), QColor(208, 208, 208)
        self._frame = CanvasFrame(self.backdrop)
        self._content = CanvasContent(editor, session, self)
        self._ant_timer = QTimer(self)
        self._ant_timer.setInterval(_ANT_STEP_MS)
        self._ant_timer.timeout.connect(self._on_ants)
        self._content.replaced.connect(self._on_replaced)
        self._content.photo_changed.connect(self._on_photo_changed)
        self._content.tint_changed.connect(self._on_tint_changed)
        self._content.edges_changed.connect(self._on_edges_changed)
        self._content.scene_changed.connect(self._sync_scene)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Photo"))
        self._on_replaced()

    # --- for the window ---

    @property
    def zoom(self) -> float:
        """Device pixels per photo pixel; 1 without a document."""
        return 1.0 if self._viewport is None else self._viewport.zoom

    @property
    def viewport(self) -> Viewport | None:
        """Which part of the photo is shown; None without a document."""
        return self._viewport

    @property
    def view(self) -> View:
        """How the selection is shown."""
        return self._view

    @property
    def photo(self) -> CompositePyramid | None:
        """The document's pixels at every size; None without a document."""
        return self._content.photo

    @property
    def backdrop(self) -> Backdrop:
        """The colours behind and around the photo."""
        return Backdrop(self.palette().color(QPalette.ColorRole.Window), *self._checker)

    @property
    def look(self) -> SelectionLook:
        """What the overlay view draws of the selection."""
        return self._look

    @property
    def picture(self) -> QImage:
        """What was painted last, in device pixels, without the marks."""
        return self._frame.image

    @property
    def is_preparing(self) -> bool:
        """Whether some of the photo is only shown roughly yet."""
        return self._content.is_preparing

    @property
    def is_animating(self) -> bool:
        """Whether the selection's outline marches."""
        return self._ant_timer.isActive()

    def zoom_in(self) -> None:
        """Zoom to the next larger round value."""
        if self._viewport is not None:
            self._set_viewport(self._viewport.stepped(is_in=True))

    def zoom_out(self) -> None:
        """Zoom to the next smaller round value."""
        if self._viewport is not None:
            self._set_viewport(self._viewport.stepped(is_in=False))

    def fit(self) -> None:
        """Show the whole photo."""
        if self._viewport is not None:
            self._set_viewport(self._viewport.fitted())

    def centre_on(self, x: float, y: float) -> None:
        """Bring a point of the photo to the middle, as far as its edges allow."""
        if self._viewport is not None:
            self._set_viewport(self._viewport.centred_on(x, y, self.zoom))

    def set_zoom(self, zoom: float) -> None:
        """Zoom to a value, 1.0 for one photo pixel on one screen pixel, with the middle kept."""
        if self._viewport is not None:
            self._set_viewport(self._viewport.zoomed_to(zoom))

    def look_at(self, x: float, y: float, zoom: float) -> None:
        """Show a point of the photo in the middle, at a zoom as for :meth:`set_zoom`."""
        if self._viewport is not None:
            self._set_viewport(self._viewport.centred_on(x, y, zoom))

    def set_view(self, view: View) -> None:
        """Show the selection otherwise."""
        if view is not self._view:
            self._view = view
            self._sync_scene()
            self.view_changed.emit()

    def cycle_view(self) -> None:
        """Show the selection in the next way."""
        self.set_view(_CYCLE[(_CYCLE.index(self._view) + 1) % len(_CYCLE)])

    def set_look(self, look: SelectionLook) -> None:
        """Show the selection otherwise in the overlay view."""
        if look != self._look:
            self._look = look
            self._frame.set_look(look)
            self.update()
            self._sync_timers()

    def set_edge_colours(self, edge_colours: EdgeColours) -> None:
        """Show soft edges in the object's own colours, as soon as these are known."""
        self._content.set_edge_colours(edge_colours)

    def set_checker(self, light: QColor, dark: QColor) -> None:
        """Use other colours for the checkerboard below transparent pixels."""
        self._checker = light, dark
        self._frame.set_backdrop(self.backdrop)
        self.update()
        self.photo_changed.emit(Rect(0, 0, 0, 0) if self._content.size is None else Rect.of_size(self._content.size))

    # --- Qt's side ---

    def sizeHint(self) -> QSize:
        """Return a size that shows something."""
        return QSize(800, 600)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bring the picture and the marks to the screen."""
        if self._viewport is None:
            with QPainter(self) as painter:
                painter.fillRect(event.rect(), self.backdrop.surround)
            return
        self._frame.refresh()
        image, ratio = self._frame.image, self._viewport.pixel_ratio
        with QPainter(self) as painter:
            painter.drawImage(QRectF(0, 0, image.width() / ratio, image.height() / ratio), image, QRectF(image.rect()))
            self._marks = self._draw_marks(painter, self._viewport)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the photo fitted, or its middle in the middle."""
        del event
        self._fit_to_widget()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to prepare and to animate."""
        super().showEvent(event)
        self._sync_timers()

    def hideEvent(self, event: QHideEvent) -> None:
        """Do nothing while nobody sees it."""
        super().hideEvent(event)
        self._sync_timers()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._frame.set_backdrop(self.backdrop)
            self.update()

    def event(self, event: QEvent) -> bool:
        """Follow the screen's density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._fit_to_widget()
        return super().event(event)

    # --- within ---

    @property
    def _shown_view(self) -> View:
        return View.ORIGINAL if self._is_original_held else self._view

    def _hold_original(self, is_held: bool) -> None:
        if is_held != self._is_original_held:
            self._is_original_held = is_held
            self._sync_scene()

    def _draw_marks(self, painter: QPainter | None, viewport: Viewport) -> QRegion:
        """Draw what lies over the photo, if there is a painter, and return where it lies."""
        del painter, viewport
        return QRegion()

    @property
    def _is_at_rest(self) -> bool:
        """Whether the person's hand is not busy here."""
        return True

    def _fit_to_widget(self) -> None:
        if self._viewport is not None:
            resized = self._viewport.resized(self.width(), self.height(), self.devicePixelRatioF())
            self._set_viewport(resized)

    @Slot(object)
    def _set_viewport(self, viewport: Viewport | None) -> None:
        if viewport == self._viewport:
            return
        before, self._viewport = self.zoom, viewport
        self.viewport_changed.emit()
        self._sync_scene()
        if self.zoom != before:
            self.zoom_changed.emit(self.zoom)

    @Slot()
    def _sync_scene(self) -> None:
        """Show the document, the prompt and the view as they stand now."""
        scene = self._content.scene(self._shown_view)
        if scene is None or self._viewport is None:
            self._frame.clear()
        else:
            self._frame.show(scene, self._viewport)
        self.update()
        self._sync_timers()

    def _sync_timers(self) -> None:
        is_seen = self.isVisible() and self._viewport is not None
        self._content.set_seen(is_seen)
        has_outline = self._content.has_selection and self._look.has_ants
        is_marching = is_seen and has_outline and self._shown_view is View.OVERLAY
        # A system that is told to do without animations keeps the outline still.
        moves = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0
        if (is_marching and moves) != self._ant_timer.isActive():
            self._ant_timer.stop() if self._ant_timer.isActive() else self._ant_timer.start()

    def _repaint_device(self, rect: Rect) -> None:
        if self._viewport is None or rect.is_empty:
            return
        ratio = self._viewport.pixel_ratio
        area = QRectF(rect.x / ratio, rect.y / ratio, rect.width / ratio, rect.height / ratio)
        self.update(area.toAlignedRect())

    @Slot()
    def _on_replaced(self) -> None:
        size = self._content.size
        if size is None:
            self._set_viewport(None)
        else:
            fresh = Viewport(size, max(1, self.width()), max(1, self.height()), self.devicePixelRatioF())
            self._set_viewport(fresh.fitted())
        self._sync_scene()
        self.photo_changed.emit(Rect(0, 0, 0, 0) if size is None else Rect.of_size(size))
        self.setAccessibleDescription(
            tr("No photo is open.") if size is None else tr("A photo of {size} pixels.", size=size)
        )

    @Slot(object)
    def _on_photo_changed(self, rect: Rect) -> None:
        if self._viewport is not None:
            if self._shown_view in (View.ORIGINAL, View.ON_CHECKER):
                self._sync_scene()
            self._repaint_device(self._frame.invalidate(self._viewport.to_device_rect(rect)))
        self.photo_changed.emit(rect)

    @Slot(object)
    def _on_edges_changed(self, rect: Rect) -> None:
        if self._viewport is not None:
            self._repaint_device(self._frame.invalidate(self._viewport.to_device_rect(rect)))

    @Slot(object)
    def _on_tint_changed(self, rect: Rect) -> None:
        scene = self._content.scene(self._shown_view)
        if self._viewport is None or scene is None:
            return
        self._frame.show(scene, self._viewport)
        self._repaint_device(self._frame.invalidate_tint(self._viewport.to_device_rect(rect)))
        self._sync_timers()

    @Slot()
    def _on_ants(self) -> None:
        # Marching says "still selected": nobody misses it in the background or while the hand is busy.
        if self._is_at_rest and self.isActiveWindow() and self._frame.has_ants:
            self._phase += 1
            self._repaint_device(self._frame.march(self._phase))
