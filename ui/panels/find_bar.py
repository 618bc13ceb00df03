"""What words found, in a line: how much of it is ticked, the list of it, and the button that goes on."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from core.texts import tr
from ui.icons import icon
from ui.panels.find_list import FindList
from ui.segment_session import SegmentSession
from ui.text_finds import nothing_shown, percent_of
from ui.theme import Theme


class FindBar(QWidget):
    """Shown while words are what is asked and their boxes are known, before masks and over them."""

    threshold_wanted = Signal(float)

    def __init__(self, session: SegmentSession, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._finds = session.finds
        self._theme = theme
        self.list_button = QPushButton()
        self.list_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the chevron follows the words
        self.list_button.setIconSize(QSize(16, 16))
        self.cut_button = QPushButton()
        self.cut_button.setProperty("role", "primary")
        self.cut_button.setToolTip(tr("Find the outlines in the ticked boxes (Enter)"))
        self.nothing = QLabel()
        self.lower_button = QPushButton()
        self.lower_button.setToolTip(tr("Show what fits the words best, however little"))
        for button in (self.list_button, self.cut_button, self.lower_button):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list = FindList(session.finds, theme, self)
        self._place()
        self._connect(theme)
        self._draw()
        self._refresh()

    def _place(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.nothing, self.lower_button, self.list_button, self.cut_button):
            row.addWidget(widget)

    def _connect(self, theme: Theme) -> None:
        self.list_button.clicked.connect(lambda: self.list.open_below(self.list_button))
        self.list.accepted.connect(self._session.accept)
        self.cut_button.clicked.connect(self._session.accept)
        self.lower_button.clicked.connect(self._on_lower)
        self._finds.changed.connect(self._refresh)
        theme.changed.connect(self._draw)

    @Slot()
    def _refresh(self) -> None:
        finds = self._finds
        count, ticked = len(finds.shown), finds.ticked_count
        is_empty = finds.is_choosing and not count
        self.list_button.setVisible(count > 0)
        self.list_button.setText(
            tr("{ticked} of {count}", ticked=ticked, count=count)
            if ticked < count
            else tr("{count} found", count=count)
        )
        self.list_button.setToolTip(tr("Choose what of it is cut out"))
        self.list_button.setAccessibleName(tr("What was found: {ticked} of {count} ticked", ticked=ticked, count=count))
        self.cut_button.setVisible(finds.is_choosing and count > 0)
        self.cut_button.setText(tr("Cut Out {ticked}", ticked=ticked) if ticked else tr("Cut Out"))
        self.cut_button.setEnabled(ticked > 0 and not finds.is_cutting)
        self.nothing.setVisible(is_empty)
        self.lower_button.setVisible(is_empty and finds.best_score > 0)
        if is_empty:
            limit = tr("Nothing at {threshold} % or more", threshold=round(100 * finds.threshold))
            self.nothing.setText(tr("Nothing found") if finds.best_score == 0 else limit)
            self.nothing.setToolTip(nothing_shown(finds))
            self.lower_button.setText(tr("Lower to {score}", score=finds.score_text))
        self.setVisible(finds.is_known)

    @Slot()
    def _on_lower(self) -> None:
        self.threshold_wanted.emit(percent_of(self._finds.best_score) / 100)

    @Slot()
    def _draw(self) -> None:
        self.list_button.setIcon(icon("chevron-down", self._theme.tokens, self._theme.tokens.text_muted))
