"""A row of small buttons of which exactly one is down."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ui.icons import icon
from ui.theme import Theme

Value = TypeVar("Value", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Segment(Generic[Value]):
    """One button: the value it stands for, its words, its icon and what it does."""

    value: Value
    text: str
    icon: str
    tip: str


class Segments(QFrame, Generic[Value]):
    """Lets one of a few values be chosen."""

    chosen = Signal(object)  # the value, by the person

    def __init__(
        self,
        name: str,
        segments: Sequence[Segment[Value]],
        theme: Theme,
        has_text: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("segments")
        self.setAccessibleName(name)
        self.setFixedHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._segments = tuple(segments)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 0, 1, 0)
        row.setSpacing(0)
        for index, segment in enumerate(segments):
            row.addWidget(self._button(index, segment, has_text))
        self._group.idClicked.connect(self._on_clicked)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_value(self, value: Value) -> None:
        """Show another value."""
        for index, segment in enumerate(self._segments):
            if segment.value == value:
                self._group.button(index).setChecked(True)

    def set_none(self) -> None:
        """Show that no value is chosen."""
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)

    def set_refusal(self, reason: str) -> None:
        """Let nothing be chosen, and say why; an empty reason lets everything be chosen again."""
        for index, segment in enumerate(self._segments):
            button = self._group.button(index)
            button.setEnabled(not reason)
            button.setToolTip(f"{segment.text}\n{reason or segment.tip}")

    @property
    def value(self) -> Value:
        """What is chosen."""
        return self._segments[max(0, self._group.checkedId())].value

    def _button(self, index: int, segment: Segment[Value], has_text: bool) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIconSize(QSize(20, 20))
        button.setText(segment.text)
        button.setToolTip(f"{segment.text}\n{segment.tip}")
        button.setAccessibleName(segment.text)
        style = Qt.ToolButtonStyle.ToolButtonTextOnly if has_text else Qt.ToolButtonStyle.ToolButtonIconOnly
        button.setToolButtonStyle(style)
        self._group.addButton(button, index)
        return button

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        self.chosen.emit(self._segments[index].value)

    @Slot()
    def _on_theme_changed(self) -> None:
        for index, segment in enumerate(self._segments):
            self._group.button(index).setIcon(icon(segment.icon, self._theme.tokens, has_chosen=True))
