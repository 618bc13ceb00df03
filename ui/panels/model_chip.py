"""The chip at the top right: which model answers, on which device, how fast; a click chooses others."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QColor, QCursor, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStyle, QStyleOptionToolButton, QToolButton, QWidget

from core.device import known_facts
from core.model_list import Task
from core.texts import tr
from ui.icons import pixmap
from ui.model_flow import ModelFlow
from ui.model_words import KEPT, devices_here, nearest_kept, offer_text, precisions_here, shown_precision
from ui.panels.chip_text import chip_parts, chip_tip
from ui.segment_session import SegmentSession
from ui.session_state import Phase
from ui.theme import Theme

T = TypeVar("T")

_DOT, _GAP, _CHEVRON, _SIDE = 8, 8, 14, 13


class ModelChip(QToolButton):
    """Says less when there is less room: times first, then the device."""

    manage_wanted = Signal()

    def __init__(self, session: SegmentSession, models: ModelFlow, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self._session = session
        self._models = models
        self._theme = theme
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.aboutToHide.connect(self._on_menu_left)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        session.state_changed.connect(self._on_state_changed)
        models.changed.connect(self._on_state_changed)
        theme.changed.connect(self.update)
        self._on_state_changed()

    @property
    def words(self) -> str:
        """What the chip says when it has room."""
        return " · ".join(chip_parts(self._session.state))

    def sizeHint(self) -> QSize:
        """Return room for everything."""
        return QSize(self._width_of(self.words), 32)

    def minimumSizeHint(self) -> QSize:
        """Return room for the model's name."""
        return QSize(self._width_of(self._session.state.model_title), 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a dot for the state, and as many words as fit."""
        del event
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""
        tokens, ratio = self._theme.tokens, self.devicePixelRatioF()
        with QPainter(self) as painter:
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelButtonTool, option, painter, self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._dot_color()))
            painter.drawEllipse(QRectF(_SIDE, (self.height() - _DOT) / 2, _DOT, _DOT))
            left = _SIDE + _DOT + _GAP
            painter.setPen(QColor(tokens.text))
            area = self.rect().adjusted(left, 0, -_SIDE - _CHEVRON - 4, 0)
            painter.drawText(
                area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._fitting(area.width())
            )
            mark = pixmap("chevron-down", tokens.text_muted, _CHEVRON, ratio)
            painter.drawPixmap(self.width() - _SIDE - _CHEVRON + 2, (self.height() - _CHEVRON) // 2, mark)

    def _fitting(self, width: int) -> str:
        parts = chip_parts(self._session.state)
        for count in range(len(parts), 0, -1):
            text = " · ".join(parts[:count])
            if self.fontMetrics().horizontalAdvance(text) <= width:
                return text
        return self.fontMetrics().elidedText(parts[0], Qt.TextElideMode.ElideRight, width)

    def _width_of(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text) + 2 * _SIDE + _DOT + _GAP + _CHEVRON + 8

    def _dot_color(self) -> str:
        tokens, state = self._theme.tokens, self._session.state
        if state.phase is Phase.FAILED:
            return tokens.danger
        return tokens.accent if state.is_busy else tokens.success

    @Slot()
    def _on_state_changed(self) -> None:
        self.setAccessibleName(tr("Model: {words}", words=self.words))
        self.setToolTip(chip_tip(self._session.state))
        self.updateGeometry()
        self.update()

    @Slot()
    def _on_menu_left(self) -> None:
        # The pointer went to the menu without leaving the chip, which would look pointed at until the next visit.
        self.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, self.rect().contains(self.mapFromGlobal(QCursor.pos())))
        self.update()

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        self._add_models(tr("Model for clicks and boxes"), Task.SEGMENT, self._models.model)
        self._add_models(tr("Model for words"), Task.DETECT, self._models.detector)
        self._menu.addSeparator()
        self._add_devices()
        self._add_precisions()
        self._add_kept()
        self._menu.addSeparator()
        manage = self._menu.addAction(tr("Manage models…"))
        manage.setToolTip(tr("Download, check, remove and measure the models"))
        manage.triggered.connect(self.manage_wanted)

    def _add_models(self, title: str, task: Task, chosen: str) -> None:
        self._menu.addSeparator()
        self._add_heading(title)
        group = QActionGroup(self._menu)
        for offered in self._models.offered(task):
            action = self._add_choice(group, offer_text(offered), offered.spec.name == chosen)
            action.setToolTip(tr(offered.spec.summary))
            name = offered.spec.name
            action.triggered.connect(lambda _checked, name=name: self._models.choose_model(name))

    def _add_devices(self) -> None:
        choices = {device: (text, "") for device, text in devices_here(known_facts(), self._models.device).items()}
        self._add_submenu(tr("Runs on"), choices, self._models.device, self._models.choose_device)

    def _add_precisions(self) -> None:
        device = self._models.device
        chosen = shown_precision(device, self._models.precision)
        self._add_submenu(tr("Precision"), precisions_here(device), chosen, self._models.choose_precision)

    def _add_kept(self) -> None:
        chosen = nearest_kept(self._models.kept_mb)
        self._add_submenu(tr("Prepared photos on disk"), KEPT, chosen, self._models.keep_prepared)

    def _add_submenu(
        self, title: str, choices: Mapping[T, tuple[str, str]], chosen: T, choose: Callable[[T], object]
    ) -> None:
        """Add a menu of one choice among several, each with its name and a tip; it says in its title what is chosen."""
        menu = self._menu.addMenu(f"{title}: {choices[chosen][0]}")
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        for value, (text, tip) in choices.items():
            action = self._add_choice(group, text, value == chosen, menu)
            action.setToolTip(tip)
            action.triggered.connect(lambda _checked, value=value: choose(value))

    def _add_choice(self, group: QActionGroup, text: str, is_chosen: bool, menu: QMenu | None = None) -> QAction:
        action = (menu or self._menu).addAction(text)
        action.setCheckable(True)
        action.setChecked(is_chosen)
        group.addAction(action)
        return action

    def _add_heading(self, text: str) -> None:
        heading = self._menu.addAction(text)
        heading.setEnabled(False)
