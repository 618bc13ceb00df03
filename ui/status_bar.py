"""The bar at the bottom: what the next gesture does, what is under way, and where the pointer is."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from core.document import Document
from core.geometry import Box
from core.texts import number, tr
from ui.elided_label import ElidedLabel
from ui.icons import icon
from ui.pixel_reading import Pixel
from ui.session_state import Phase, SessionState
from ui.theme import Theme

_SWATCH = 14


class StatusBar(QFrame):
    """Shows what it is told."""

    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self._theme = theme
        self._hint = ElidedLabel()
        self._hint.setObjectName("hint")
        self._work = _Work()
        self._work.cancel.clicked.connect(self.cancelled)
        self._position = _figure("99999, 99999")
        self._swatch = _Swatch()
        self._color = _figure("#dddddd 99 %")
        self._color.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._size = QLabel()
        self._place = QLabel()
        self._zoom = _figure("3200 %")
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(14)
        row.addWidget(self._hint, 1)
        row.addWidget(self._work)
        row.addWidget(self._position)
        row.addWidget(self._swatch)
        row.addWidget(self._color)
        row.addWidget(self._place)
        row.addWidget(self._size)
        row.addWidget(self._zoom)
        self.setFixedHeight(30)
        self._state = SessionState()
        # How each is called and the fraction that is done of it, in the order in which they began.
        self._works: dict[str, tuple[str, float | None]] = {}
        self._hint_text = self._document_size = ""
        self._box: Box | None = None
        theme.changed.connect(self._draw)
        self._draw()

    def add_button(self, button: QToolButton) -> None:
        """Let a button stand at the right end."""
        self._row.addWidget(button)

    @property
    def text(self) -> str:
        """What it says at the left."""
        return self._hint.text()

    @Slot(str)
    def show_hint(self, hint: str) -> None:
        """Say what the next gesture does."""
        self._hint_text = hint
        self._refresh()

    def show_state(self, state: SessionState) -> None:
        """Say what the segment worker does."""
        self._state = state
        self._refresh()

    def show_busy(self, work: str, is_busy: bool, fraction: float | None = None, words: str = "") -> None:
        """Say whether something other than the segment worker's work is under way.

        `work` says what in words, unless there are better `words` for what is done of it just now.

        What knows how much of it is done, as `fraction` in [0, 1], can be stopped.
        """
        if is_busy:
            self._works[work] = words or work, fraction
        else:
            self._works.pop(work, None)
        self._refresh()

    @Slot(object)
    def show_position(self, position: tuple[float, float] | None) -> None:
        """Say where the pointer is, in photo pixels."""
        self._position.setText("" if position is None else f"{int(position[0] // 1)}, {int(position[1] // 1)}")

    @property
    def position(self) -> str:
        """Where it says the pointer is, and which colour the photo has there."""
        return f"{self._position.text()} {self._color.text()}".strip()

    @property
    def size_text(self) -> str:
        """How large it says the box, or else the photo, is."""
        return self._size.text()

    @Slot(object)
    def show_pixel(self, pixel: Pixel | None) -> None:
        """Say which colour is under the pointer."""
        self._color.setText("" if pixel is None else pixel.text)
        self._swatch.show_pixel(pixel)

    def show_box(self, box: Box | None) -> None:
        """Say where a box is and how large, in the place of the photo's size; None for the photo's size again."""
        self._box = box
        self._say_size()

    @property
    def place(self) -> str:
        """Which photo of how many it says is open."""
        return self._place.text()

    def show_document(self, document: Document | None, place: str = "") -> None:
        """Say how large the photo is, and, as `place`, which one of several; empty for a photo alone."""
        self._place.setText(place)
        self._place.setVisible(bool(place))
        self._document_size = "" if document is None else f"{document.size.width} × {document.size.height} px"
        self._say_size()
        for label in (self._position, self._swatch, self._color, self._size, self._zoom):
            label.setVisible(document is not None)

    @Slot(float)
    def show_zoom(self, zoom: float) -> None:
        """Say how large the photo is shown; `zoom` is screen pixels a photo pixel."""
        percent = 100 * zoom
        self._zoom.setText(f"{number(percent, 0 if percent >= 9.95 else 1)} %")

    def _say_size(self) -> None:
        box = self._box
        place = (
            ""
            if box is None
            else tr(
                "{width:.0f} × {height:.0f} at {x:.0f}, {y:.0f}",
                width=box.width,
                height=box.height,
                x=box.x0,
                y=box.y0,
            )
        )
        self._size.setText(place or self._document_size)

    def _refresh(self) -> None:
        state = self._state
        is_hint = state.phase in (Phase.IDLE, Phase.FAILED)
        self._hint.setText(state.text if state.phase is Phase.IDLE and state.text else self._hint_text)
        if is_hint:
            text, fraction = next(iter(self._works.values()), ("", None))
            self._work.show_work(text, fraction, can_cancel=fraction is not None)
        else:
            self._work.show_work(state.text, state.fraction, can_cancel=True)

    @Slot()
    def _draw(self) -> None:
        self._work.cancel.setIcon(icon("close", self._theme.tokens))


class _Work(QWidget):
    """A sentence, a bar, and a button that stops it; hidden while nothing is under way."""

    def __init__(self) -> None:
        super().__init__()
        self._text = QLabel()
        self._bar = QProgressBar()
        self._bar.setFixedWidth(110)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        self.cancel = QToolButton()
        self.cancel.setIconSize(QSize(14, 14))
        self.cancel.setFixedSize(22, 22)
        self.cancel.setStyleSheet("padding: 0;")
        self.cancel.setToolTip(tr("Stop this"))
        self.cancel.setAccessibleName(tr("Stop what is under way"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._text, self._bar, self.cancel):
            row.addWidget(widget)
        self.hide()

    def show_work(self, text: str, fraction: float | None, can_cancel: bool) -> None:
        """Show what is under way; nothing if `text` is empty."""
        self.setVisible(bool(text))
        self._text.setText(text)
        self._bar.setRange(0, 0 if fraction is None else 100)
        if fraction is not None:
            self._bar.setValue(round(100 * fraction))
        self.cancel.setVisible(can_cancel)


class _Swatch(QWidget):
    """A small square in the colour under the pointer, over a checkerboard where it is not opaque."""

    def __init__(self) -> None:
        super().__init__()
        self._pixel: Pixel | None = None
        self.setFixedSize(_SWATCH, _SWATCH)

    def show_pixel(self, pixel: Pixel | None) -> None:
        """Show a colour; None for none."""
        self._pixel = pixel
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the square and a rim, which tells it from the bar."""
        del event
        pixel = self._pixel
        if pixel is None:
            return
        inner, half = self.rect().adjusted(1, 1, -1, -1), _SWATCH // 2 - 1
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Mid))
            painter.fillRect(inner, Qt.GlobalColor.white)
            for place in (inner.left(), inner.left() + half):
                painter.fillRect(place, place, half, half, Qt.GlobalColor.lightGray)
            painter.fillRect(inner, QColor(pixel.red, pixel.green, pixel.blue, pixel.alpha))


def _figure(widest: str) -> QLabel:
    label = QLabel()
    label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest))
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
