"""What to do with unsaved work that was left behind."""

from collections.abc import Callable

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.project.recovery import LeftBehind
from core.texts import tr
from ui.dialogs.dialog import Dialog, button, paragraph

_PICTURE_SIDE = 128


class RecoveryDialog(Dialog):
    """Open it, throw it away, or decide at the next start."""

    def __init__(
        self,
        work: LeftBehind,
        answer: Callable[[bool], object],
        later: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Unsaved work"), parent, width=460)
        self._answer = answer
        self.recover_button = button(tr("Recover"), is_default=True)
        self.discard_button, self.later_button = button(tr("Discard")), button(tr("Decide later"))
        name = work.note.name if len(work.note.name) <= 60 else f"{work.note.name[:57]}…"
        when = QDateTime.fromSecsSinceEpoch(int(work.note.saved_at))
        text = QVBoxLayout()
        text.addWidget(paragraph(tr("Clickcut was closed unexpectedly"), "heading"))
        text.addWidget(
            paragraph(
                tr(
                    "What you did to “{name}” is still here, as it was on {when}. Do you want it back?",
                    name=name,
                    when=_words(when),
                )
            )
        )
        text.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        if work.thumbnail is not None:
            row.addWidget(_picture(work.thumbnail, name, self.devicePixelRatioF()), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        self.column.addLayout(row)
        self.add_buttons(self.discard_button, self.later_button, self.recover_button)
        self.rejected.connect(later)
        self.later_button.clicked.connect(self.reject)
        self.discard_button.clicked.connect(lambda: self._end(False))
        self.recover_button.clicked.connect(lambda: self._end(True))

    def _end(self, is_wanted: bool) -> None:
        self.accept()
        self._answer(is_wanted)


def _words(when: QDateTime) -> str:
    return QLocale().toString(when, QLocale.FormatType.ShortFormat)


def _picture(png: bytes, name: str, ratio: float) -> QLabel:
    picture = QPixmap()
    picture.loadFromData(png)
    label = QLabel()
    if not picture.isNull():
        side = round(_PICTURE_SIDE * ratio)
        shape, way = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        picture = picture.scaled(side, side, shape, way)
        picture.setDevicePixelRatio(ratio)
        label.setPixmap(picture)
    label.setAccessibleName(tr("The work on {name}", name=name))
    return label
