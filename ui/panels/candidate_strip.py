"""The readings of a prompt side by side, each with its picture and the segmenter's own score."""

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from core.texts import tr
from ui.candidate_pictures import MOST_CANDIDATES, CandidatePictures, candidate_names, score_text
from ui.segment_session import SegmentSession
from ui.theme import Theme

_SIDE = 36


class CandidateStrip(QWidget):
    """A click, or Tab on the canvas, looks at another candidate."""

    def __init__(
        self, session: SegmentSession, pictures: CandidatePictures, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures = pictures
        self.setAccessibleName(tr("Candidates"))
        self.buttons = tuple(CandidateButton(theme, self) for _ in range(MOST_CANDIDATES))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for index, button in enumerate(self.buttons):
            row.addWidget(button)
            button.clicked.connect(lambda _checked=False, index=index: session.choose_candidate(index))
        self._shown: object = None
        session.preview_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the candidates as they stand."""
        prediction = self._session.prediction
        candidates = prediction.candidates[:MOST_CANDIDATES] if prediction is not None else ()
        if candidates and prediction is not self._shown:
            self._draw_pictures()
        self._shown = prediction
        names = candidate_names(len(candidates))
        for index, button in enumerate(self.buttons):
            button.setVisible(index < len(candidates))
            if index < len(candidates):
                is_chosen = index == self._session.candidate_index
                button.show_candidate(names[index], score_text(candidates[index]), is_chosen)

    def _draw_pictures(self) -> None:
        prediction = self._session.prediction
        if prediction is not None:
            pictures = self._pictures.of(prediction, self.devicePixelRatioF())
            for button, picture in zip(self.buttons, pictures, strict=False):
                button.set_picture(picture)


class CandidateButton(QAbstractButton):
    """A picture, a name and a score."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = QPixmap()
        self._score = ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_picture(self, picture: QPixmap) -> None:
        """Show another picture."""
        self._picture = picture
        self.update()

    def show_candidate(self, name: str, score: str, is_chosen: bool) -> None:
        """Show a name and a score in percent."""
        self._score = score
        self.setText(name)
        self.setChecked(is_chosen)
        self.setAccessibleName(f"{name}, {self._score}")
        self.setToolTip(
            tr(
                "{name}: the model gives itself {score}\nClick to look at it, Tab on the photo goes through all",
                name=name,
                score=self._score,
            )
        )
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:  # noqa: N802 - Qt calls it by this name
        """Leave the mark to the session."""

    def sizeHint(self) -> QSize:
        """Return room for the picture and the longest name."""
        width = max(
            self.fontMetrics().horizontalAdvance(text) for text in (tr("Object"), tr("Larger"), "100 %", self.text())
        )
        return QSize(4 + _SIDE + 7 + width + 9, _SIDE + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button."""
        del event
        tokens = self._theme.tokens
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setBrush(QColor(self._ground()))
            is_marked = self.isChecked() or self.hasFocus()
            painter.setPen(QPen(QColor(tokens.accent), 1.0) if is_marked else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(frame, 6, 6)
            area = QRectF(4, (self.height() - _SIDE) / 2, _SIDE, _SIDE)
            path = QPainterPath()
            path.addRoundedRect(area, 4, 4)
            painter.save()
            painter.setClipPath(path)
            painter.drawPixmap(area, self._picture, QRectF(self._picture.rect()))
            painter.restore()
            self._draw_words(painter, int(area.right()) + 7)

    def _draw_words(self, painter: QPainter, left: int) -> None:
        tokens, middle = self._theme.tokens, self.height() // 2
        room = self.rect().adjusted(left, 0, -4, 0)
        painter.setPen(QColor(tokens.text))
        upper = room.adjusted(0, 0, 0, middle - self.height() + 1)
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, self.text())
        painter.setPen(QColor(tokens.text_muted))
        lower = room.adjusted(0, middle + 1, 0, 0)
        painter.drawText(lower, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self._score)

    def _ground(self) -> str:
        tokens = self._theme.tokens
        if self.isDown():
            return tokens.pressed
        if self.isChecked():
            return tokens.accent_soft
        return tokens.hover if self.underMouse() else tokens.surface
