"""What is shown while no photo is open: the ways to open one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.file_presence import is_file
from core.texts import tr
from ui.icons import application_icon, icon
from ui.panels.action_button import ActionButton
from ui.remembered import Remembered
from ui.theme import Theme

_MOST_RECENT = 4
_CARD_WIDTH, _MARGIN = 460, 28


class Welcome(QWidget):
    """A card in the middle; the whole of it takes what is dropped, which the window sees to.

    Parameters
    ----------
    installed
        Says which models are there.
    """

    recent_chosen = Signal(object)  # Path
    sample_wanted = Signal()

    def __init__(
        self,
        remembered: Remembered,
        theme: Theme,
        open_: QAction,
        paste: QAction,
        models: QAction,
        installed: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAccessibleName(tr("Cut out anything"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._remembered = remembered
        self._theme = theme
        self._installed = installed
        self._recent = _RecentFiles()
        self.models = QLabel()
        self.models.setProperty("role", "muted")
        self.models.setWordWrap(True)
        self._models_button = ActionButton(models, tr("Models…"))
        self._sample = QPushButton(" " + tr("Try a sample photo"))
        self._sample.setIconSize(QSize(20, 20))
        self._sample.clicked.connect(self.sample_wanted)
        self._sample.setToolTip(tr("Open a photo that comes with the program"))
        self._buttons = _Buttons(
            ActionButton(open_, tr("Open a photo…"), is_primary=True), ActionButton(paste, tr("Paste")), self._sample
        )
        self._place()
        remembered.changed.connect(self.refresh)
        theme.changed.connect(self.refresh)

    def showEvent(self, event: QShowEvent) -> None:
        """Look anew which files are there."""
        super().showEvent(event)
        self.refresh()

    def show_drop(self, is_over: bool) -> None:
        """Show whether what is dragged over the window would be taken."""
        self.setProperty("isDropTarget", is_over)
        for widget in (self, self._card):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    @Slot()
    def refresh(self) -> None:
        """Show the recent files that are still there."""
        if not self.isVisible():
            return
        self._sample.setIcon(icon("sample", self._theme.tokens))
        there = [path for path in map(Path, self._remembered.settings.recent_files) if is_file(path)]
        self.models.setText(self._installed())
        self._fit(there[:_MOST_RECENT])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the room that there is."""
        super().resizeEvent(event)
        self.refresh()

    def _fit(self, recent: list[Path]) -> None:
        """Show what the room allows: buttons below one another, and fewer files, before anything is cut off."""
        room = self.size().shrunkBy(self._outer.contentsMargins())
        self._card.setMinimumWidth(min(_CARD_WIDTH, room.width()))  # larger fonts need more
        self._buttons.fit(room.width() - 2 * _MARGIN)
        width = min(room.width(), max(_CARD_WIDTH, self._card.minimumSizeHint().width()))
        self._picture.show()
        count = len(recent)
        self._recent.show_files(recent, self.recent_chosen.emit, self._theme)
        while self._column.totalHeightForWidth(width) > room.height() and not self._picture.isHidden():
            if count:
                count -= 1
                self._recent.show_files(recent[:count], self.recent_chosen.emit, self._theme)
            else:
                self._picture.hide()

    def _place(self) -> None:
        self._picture = picture = QLabel()
        title = QLabel(tr("Cut out anything"))
        picture.setPixmap(application_icon().pixmap(QSize(64, 64), self.devicePixelRatioF()))
        title.setObjectName("title")
        lead = QLabel(tr("Drop a photo here, open one, or paste a picture.\nThen click on what you want to keep."))
        lead.setProperty("role", "muted")
        lead.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._card = QFrame()
        self._card.setObjectName("card")
        self._column = column = QVBoxLayout(self._card)
        column.setContentsMargins(_MARGIN, 28, _MARGIN, 24)
        column.setSpacing(0)
        for widget, space in ((picture, 12), (title, 6), (lead, 20), (self._buttons, 0)):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addSpacing(space)
        column.addWidget(self._recent)
        column.addSpacing(18)
        foot = QHBoxLayout()
        foot.setContentsMargins(9, 0, 0, 0)
        foot.setSpacing(12)
        foot.addWidget(self.models, 1)
        foot.addWidget(self._models_button)
        column.addLayout(foot)
        self._outer = outer = QVBoxLayout(self)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._card)
        middle.addStretch(1)
        outer.setContentsMargins(12, 12, 12, 12)
        outer.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(3)


class _RecentFiles(QFrame):
    """One button a file: its name, and its folder in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("recent")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 18, 0, 0)
        self._column.setSpacing(0)

    def show_files(self, paths: list[Path], choose: Callable[[Path], object], theme: Theme) -> None:
        """Show these files; nothing if there are none."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(paths))
        if not paths:
            return
        heading = QLabel(tr("Recent"))
        heading.setProperty("role", "muted")
        heading.setContentsMargins(9, 0, 0, 4)
        self._column.addWidget(heading)
        for path in paths:
            self._column.addWidget(_file_button(path, choose, theme))


def _file_button(path: Path, choose: Callable[[Path], object], theme: Theme) -> QPushButton:
    button = QPushButton()
    button.setIcon(icon("image", theme.tokens, theme.tokens.text_muted))
    button.setIconSize(QSize(20, 20))
    room = _CARD_WIDTH - 2 * _MARGIN - 70
    button.setText(button.fontMetrics().elidedText(path.name, Qt.TextElideMode.ElideMiddle, room))
    button.setToolTip(str(path))
    button.setAccessibleName(tr("Open {name}", name=path.name))
    button.clicked.connect(lambda: choose(path))
    return button


class _Buttons(QWidget):
    """Side by side, or the last one below the others where that is too wide."""

    def __init__(self, *buttons: QPushButton) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._made = buttons
        for column, button in enumerate(buttons):
            self._grid.addWidget(button, 0, column)

    def fit(self, room: int) -> None:
        """Stand so that no button is wider than what `room` leaves it, in pixels."""
        *others, last = self._made
        needed = sum(button.sizeHint().width() for button in self._made) + 8 * len(others)
        self._grid.removeWidget(last)
        if needed > room:
            self._grid.addWidget(last, 1, 0, 1, len(others))
        else:
            self._grid.addWidget(last, 0, len(others))
