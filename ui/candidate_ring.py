"""The readings of a click, offered around it: pointing at one shows it, a click chooses it."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QCursor,
    QEnterEvent,
    QHelpEvent,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QToolTip

from core.geometry import Box
from core.prompt import Prompt
from core.segmenter import Candidate, Prediction
from core.texts import tr
from ui.candidate_pictures import MOST_CANDIDATES, PICTURE_SIDE, CandidatePictures, candidate_names, score_text
from ui.canvas import Canvas
from ui.ring_place import Place, ring_places
from ui.segment_session import SegmentSession
from ui.session_state import Phase
from ui.viewport import Viewport

_WIDTH, _HEIGHT = 56, 64
_PLATE = QColor(20, 21, 25, 225)
_ACCENT, _LIGHT = QColor(38, 132, 255), QColor(255, 255, 255)
_GRID = 256
"""Longest side of the grid on which it is looked up where the object is."""


class CandidateRing(QObject):
    """Comes with the answer to a mark that leaves more than one reading, and goes with the next gesture.

    Pointing at a reading shows it as if it were chosen, so that what is kept is always what is shown; when the pointer
    leaves, the one that was chosen is back.
    """

    def __init__(self, canvas: Canvas, session: SegmentSession, pictures: CandidatePictures) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._session = session
        self._pictures = pictures
        self._asked = session.prompt
        self._stale: Prediction | None = None
        self._offered: Prediction | None = None
        self._anchor: Place | None = None  # in photo pixels
        self._pointer: Place | None = None  # in photo pixels, where a button was last let go
        self._chosen = 0
        self.items = tuple(RingItem(canvas) for _ in range(MOST_CANDIDATES))
        for index, item in enumerate(self.items):
            item.clicked.connect(lambda _checked=False, index=index: self._choose(index))
            item.pointed.connect(lambda is_pointed, index=index: self._look_at(index, is_pointed))
        canvas.installEventFilter(self)
        canvas.viewport_changed.connect(self._place)
        session.prompt_changed.connect(self._on_prompt_changed)
        session.preview_changed.connect(self._on_preview_changed)
        session.state_changed.connect(self._on_state_changed)

    @property
    def is_shown(self) -> bool:
        """Whether the readings are offered, perhaps outside of the view."""
        return self._offered is not None

    def hide(self) -> None:
        """Offer nothing until the next mark is answered."""
        self._anchor = self._offered = None
        if any(item.hasFocus() for item in self.items):
            self._canvas.setFocus()
        for item in self.items:
            item.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it by this name
        """Go when something else is done on the canvas."""
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick) and _is_pointing(event):
            self.hide()
        elif kind == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            viewport = self._canvas.viewport
            at = event.position()
            self._pointer = None if viewport is None else viewport.to_image(at.x(), at.y())
        return super().eventFilter(watched, event)

    def _choose(self, index: int) -> None:
        self._chosen = index
        self._session.choose_candidate(index)

    def _look_at(self, index: int, is_pointed: bool) -> None:
        if self.is_shown:
            self._session.choose_candidate(index if is_pointed else self._chosen)

    @Slot()
    def _on_prompt_changed(self) -> None:
        before, self._asked = self._asked, self._session.prompt
        if self._asked == before:
            return
        self.hide()
        self._stale = self._session.prediction
        self._anchor = newest_mark(before, self._asked, self._pointer)

    @Slot()
    def _on_preview_changed(self) -> None:
        prediction = self._session.prediction
        if prediction is None or prediction is self._stale or self._anchor is None:
            return
        if prediction is not self._offered:
            self._offer(prediction)
        elif not any(item.is_pointed_at for item in self.items):
            self._chosen = self._session.candidate_index
        self._mark_chosen()

    @Slot()
    def _on_state_changed(self) -> None:
        if self._session.state.phase is Phase.COMMITTING:
            self.hide()

    def _offer(self, prediction: Prediction) -> None:
        candidates = prediction.candidates[:MOST_CANDIDATES]
        if len(candidates) < 2:
            self.hide()
            return
        self._offered, self._chosen = prediction, self._session.candidate_index
        names = candidate_names(len(candidates))
        for item, candidate, name, picture in zip(
            self.items, candidates, names, self._pictures.of(prediction, self._canvas.devicePixelRatioF()), strict=False
        ):
            item.show_candidate(name, score_text(candidate), picture)
        self._place()

    def _mark_chosen(self) -> None:
        for index, item in enumerate(self.items):
            item.setChecked(index == self._session.candidate_index)

    @Slot()
    def _place(self) -> None:
        """Put the items around the mark; where that is out of the view, or has no room around it, none is shown."""
        viewport, candidate = self._canvas.viewport, self._session.candidate
        if self._offered is None or self._anchor is None or viewport is None or candidate is None:
            return
        count, anchor = min(MOST_CANDIDATES, len(self._offered.candidates)), viewport.to_view(*self._anchor)
        is_seen = 0 <= anchor[0] <= viewport.width and 0 <= anchor[1] <= viewport.height
        covers = _Covering(candidate, viewport)
        view = viewport.width, viewport.height
        places = ring_places(anchor, count, (_WIDTH, _HEIGHT), view, covers) if is_seen else ()
        for item, place in zip(self.items, places, strict=False):
            item.move(round(place[0] - _WIDTH / 2), round(place[1] - _HEIGHT / 2))
            item.resting = QCursor.pos()
        for index, item in enumerate(self.items):
            item.setVisible(index < len(places))


class RingItem(QAbstractButton):
    """A round picture with a score below it.

    Attributes
    ----------
    resting
        Where on the screen the pointer was when this came. If it came under the pointer, nobody has pointed at it.
    """

    pointed = Signal(bool)  # whether the pointer has come, or gone

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._picture = QPixmap()
        self._score = ""
        self.is_pointed_at = False
        self.resting = QPoint()
        self.setMouseTracking(True)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard to the photo
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(_WIDTH, _HEIGHT)
        self.hide()

    def show_candidate(self, name: str, score: str, picture: QPixmap) -> None:
        """Show another reading."""
        self._score, self._picture = score, picture
        self.setText(name)
        self.setAccessibleName(f"{name}, {score}")
        self.setToolTip(
            tr("{name}: the model gives itself {score}\nClick to choose it (Tab, Alt+wheel)", name=name, score=score)
        )
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say what it is beside all readings, not over the next one."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            right = max(item.geometry().right() for item in self._beside() if item.isVisible())
            # Qt writes a little below and to the right of where it is told to.
            QToolTip.showText(self._canvas.mapToGlobal(QPoint(right + 6, self.y() - 8)), self.toolTip(), self)
            return True
        return super().event(event)

    def _beside(self) -> list["RingItem"]:
        return self._canvas.findChildren(RingItem)

    def hitButton(self, place: object) -> bool:  # noqa: N802 - Qt calls it by this name
        """Return True: all of it is the button."""
        del place
        return True

    def sizeHint(self) -> QSize:
        """Return its size, which is always the same."""
        return QSize(_WIDTH, _HEIGHT)

    def nextCheckState(self) -> None:  # noqa: N802 - Qt calls it by this name
        """Leave the mark to the session."""

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show this reading."""
        super().enterEvent(event)
        self._point_from(event.globalPosition())

    def leaveEvent(self, event: QEvent) -> None:
        """Show the chosen reading."""
        super().leaveEvent(event)
        if self.is_pointed_at:
            self._point(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Be pointed at no longer: nothing tells a hidden thing that the pointer has left."""
        super().hideEvent(event)
        self.is_pointed_at = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take every button: a right click here excludes nothing on the photo."""
        super().mousePressEvent(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show this reading, and keep the pointer from the photo below."""
        super().mouseMoveEvent(event)
        self._point_from(event.globalPosition())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take every button."""
        super().mouseReleaseEvent(event)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture in its ring, and the score."""
        del event
        is_marked = self.isChecked()
        disc = QRectF((_WIDTH - PICTURE_SIDE) / 2, 3, PICTURE_SIDE, PICTURE_SIDE)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_PLATE)
            painter.drawEllipse(disc.adjusted(-3, -3, 3, 3))
            path = QPainterPath()
            path.addEllipse(disc)
            painter.save()
            painter.setClipPath(path)
            painter.drawPixmap(disc, self._picture, QRectF(self._picture.rect()))
            painter.restore()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(_ACCENT if is_marked else _LIGHT, 3.0 if is_marked else 1.5))
            painter.drawEllipse(disc)
            if self.hasFocus():
                painter.setPen(QPen(_LIGHT, 1.0))
                painter.drawEllipse(disc.adjusted(2, 2, -2, -2))
            self._draw_score(painter, is_marked)

    def _draw_score(self, painter: QPainter, is_marked: bool) -> None:
        width = min(_WIDTH - 2.0, painter.fontMetrics().horizontalAdvance(self._score) + 12.0)
        plate = QRectF((_WIDTH - width) / 2, _HEIGHT - 20, width, 18)
        painter.setPen(QPen(_LIGHT, 1.0) if is_marked else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(18, 84, 186) if is_marked else _PLATE)
        painter.drawRoundedRect(plate, 9, 9)
        painter.setPen(_LIGHT)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self._score)

    def _point_from(self, place: QPointF) -> None:
        if not self.is_pointed_at and place.toPoint() != self.resting:
            self._point(True)

    def _point(self, is_pointed: bool) -> None:
        self.is_pointed_at = is_pointed
        self.pointed.emit(is_pointed)


def newest_mark(before: Prompt, after: Prompt, pointer: Place | None) -> Place | None:
    """Return where, in photo pixels, the mark lies that was put or moved between two prompts; None if none was.

    Of a box it is the corner nearest to `pointer`, which has just let go of it.
    """
    for point in after.points:
        if point not in before.points:
            return point.x, point.y
    for scribble in after.scribbles:
        if scribble not in before.scribbles:
            return scribble.path[-1]
    if after.box is not None and after.box != before.box:
        return _corner_near(after.box, pointer)
    return None


def _corner_near(box: Box, pointer: Place | None) -> Place:
    corners = [(x, y) for x in (box.x1, box.x0) for y in (box.y1, box.y0)]
    if pointer is None:
        return corners[0]
    return min(corners, key=lambda corner: (corner[0] - pointer[0]) ** 2 + (corner[1] - pointer[1]) ** 2)


class _Covering:
    """Tells whether a candidate lies under a point of the view."""

    def __init__(self, candidate: Candidate, viewport: Viewport) -> None:
        self._viewport = viewport
        self._grid = viewport.image.fitted(_GRID)
        self._mask = candidate.preview(self._grid)

    def __call__(self, view_x: float, view_y: float) -> bool:
        x, y = self._viewport.to_image(view_x, view_y)
        size = self._viewport.image
        if not (0 <= x < size.width and 0 <= y < size.height):
            return False
        column, row = x * self._grid.width / size.width, y * self._grid.height / size.height
        return bool(self._mask[int(row), int(column)])


def _is_pointing(event: QEvent) -> bool:
    """Whether a press is no panning with the middle button."""
    return isinstance(event, QMouseEvent) and event.button() != Qt.MouseButton.MiddleButton
