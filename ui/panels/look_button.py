"""The button at the end of the status bar: shows which view the canvas has, and opens the panel that changes it."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget

from core.texts import tr
from ui.canvas import Canvas
from ui.icons import icon
from ui.overlay_tint import View
from ui.panels.look_panel import VIEWS, LookPanel
from ui.remembered import Remembered
from ui.theme import Theme


class LookButton(QToolButton):
    """Owns the panel."""

    def __init__(
        self, canvas: Canvas, remembered: Remembered, theme: Theme, action: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._theme = theme
        self._action = action
        self.panel = LookPanel(remembered, theme, self)
        self.panel.view_wanted.connect(canvas.set_view)
        self.setIconSize(QSize(16, 16))
        self.setFixedHeight(24)
        self.setStyleSheet("padding: 0 4px;")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        canvas.view_changed.connect(self.refresh)
        theme.changed.connect(self.refresh)
        action.changed.connect(self.refresh)
        self.refresh()

    def open_panel(self) -> None:
        """Let the person choose."""
        self.panel.open_over(self)

    @Slot()
    def refresh(self) -> None:
        """Show the view as it stands."""
        segment = next(each for each in VIEWS if each.value is self._canvas.view)
        self.setIcon(icon(segment.icon, self._theme.tokens))
        # In other views marks are missing, or the photo itself: who came there by a key should read why.
        is_usual = segment.value is View.OVERLAY
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonIconOnly if is_usual else style.ToolButtonTextBesideIcon)
        self.setText(segment.text)
        words = tr("View: {view}", view=segment.text)
        self.setToolTip(f"{words}\n{self._action.toolTip()}")
        self.setAccessibleName(words)
        self.setEnabled(self._action.isEnabled())
        self.panel.show_view(segment.value)
