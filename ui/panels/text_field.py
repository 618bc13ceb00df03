"""The field for words, with the slider that says how strictly they are taken."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from core.detectors.phrases import split_phrases
from core.errors import AppError, PromptError
from core.texts import tr
from ui.icons import icon
from ui.segment_session import SegmentSession
from ui.slider import Slider
from ui.theme import Theme


class TextField(QWidget):
    """Enter looks for the words; Esc gives the keyboard back to the photo. Words that cannot be asked stay, marked."""

    asked = Signal(str)
    refused = Signal(object)  # AppError: the words cannot be asked
    left = Signal()  # the person is done typing
    threshold_changed = Signal(float)

    def __init__(self, session: SegmentSession, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._theme = theme
        self._edit = QLineEdit()
        self._edit.setPlaceholderText(tr("Type what to find, e.g. dog, red car"))
        self._edit.setAccessibleName(tr("What to find"))
        self._edit.setToolTip(
            tr("Words for what to find (T)\nSeveral things are separated by commas; Enter looks for them")
        )
        self._edit.setClearButtonEnabled(False)
        self._edit.setMinimumWidth(140)
        self._edit.setMaximumWidth(420)
        self._mark = QAction(tr("Find"), self)
        self._mark.triggered.connect(self._on_return)
        self._edit.addAction(self._mark, QLineEdit.ActionPosition.LeadingPosition)
        self._threshold = _ThresholdSlider()
        self._is_showing = False
        self._threshold.slider.valueChanged.connect(self._on_threshold)
        self._edit.textEdited.connect(lambda: self._mark_faulty(False))
        self._edit.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._edit, 1)
        row.addWidget(self._threshold)
        row.addStretch(0)  # the field stays where it is, however many words the chip has
        session.prompt_changed.connect(self._on_prompt_changed)
        session.finds.changed.connect(self._on_prompt_changed)
        session.failed.connect(self._on_failed)
        theme.changed.connect(self._draw)
        self._draw()
        self._on_prompt_changed()

    @property
    def text(self) -> str:
        """What is typed."""
        return self._edit.text()

    def focus(self) -> None:
        """Let the person type."""
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._edit.selectAll()

    def set_threshold(self, threshold: float) -> None:
        """Take words otherwise, as if the person had moved the slider to this score in [0, 1]."""
        self._threshold.slider.setValue(round(threshold * 100))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it by this name
        """Leave on Esc, and ask on Enter: neither may go on to the window, where it would end an open prompt."""
        is_press = watched is self._edit and event.type() == QEvent.Type.KeyPress
        if not is_press or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_return()
        else:
            return super().eventFilter(watched, event)
        return True

    @Slot()
    def _on_return(self) -> None:
        text = self._edit.text().strip()
        if not text:
            return
        try:
            split_phrases(text)
        except PromptError as error:
            self._mark_faulty(True)
            self.refused.emit(error)
            return
        self._mark_faulty(False)
        self.asked.emit(text)
        self.left.emit()

    @Slot(int)
    def _on_threshold(self, value: int) -> None:
        if not self._is_showing:
            self.threshold_changed.emit(value / 100)

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        # The detector knows words that are too long for it, which nobody else does.
        if isinstance(error, PromptError) and self._session.prompt.text == self._edit.text().strip() != "":
            self._mark_faulty(True)

    def _mark_faulty(self, is_faulty: bool) -> None:
        if bool(self._edit.property("role")) is not is_faulty:
            self._edit.setProperty("role", "error" if is_faulty else "")
            self._edit.style().unpolish(self._edit)
            self._edit.style().polish(self._edit)

    @Slot()
    def _on_prompt_changed(self) -> None:
        # Also while they are looked for, so that nothing moves when they are found.
        is_asked = self._session.finds.is_known or self._session.finds.is_looking
        had_focus = self._threshold.slider.hasFocus()
        self._threshold.setVisible(is_asked)
        self._is_showing = True
        self.set_threshold(self._session.threshold)
        self._is_showing = False
        if had_focus and not is_asked:
            # Else the keyboard would go to whatever comes next, and Space would press it.
            self.left.emit()

    @Slot()
    def _draw(self) -> None:
        self._mark.setIcon(icon("search", self._theme.tokens, self._theme.tokens.text_muted))


class _ThresholdSlider(QWidget):
    """How sure the detector must be; shown while words are what is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.slider = Slider()
        self.slider.setRange(1, 100)
        self.slider.setFixedWidth(80)
        self.slider.setAccessibleName(tr("How sure a find must be, in percent"))
        self.setToolTip(tr("How sure a find must be\nTo the left more is found, to the right only what is certain"))
        self._value = QLabel()
        self._value.setMinimumSize(QSize(self._value.fontMetrics().horizontalAdvance("≥ 100 %"), 0))
        self.slider.valueChanged.connect(self._on_value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.slider)
        row.addWidget(self._value)
        self._on_value(self.slider.value())

    @Slot(int)
    def _on_value(self, value: int) -> None:
        self._value.setText(f"≥ {value} %")
