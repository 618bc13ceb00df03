"""How the outline of the selection is drawn: tried, looked at on other grounds, and applied."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from core.edge_edits import WIDEST_BAND
from core.segment_request import Edge
from core.texts import tr
from ui.check_box import CheckBox
from ui.edge_trial import EdgeTrial
from ui.panels.action_button import icon_button
from ui.panels.segments import Segment, Segments
from ui.panels.size_options import make_box, make_slider
from ui.remembered import Remembered
from ui.theme import Theme

_EDGES = (
    Segment(Edge.HARD, tr("Hard"), "edge-hard", tr("Every pixel of the selection belongs or does not")),
    Segment(Edge.SOFT, tr("Soft"), "edge-soft", tr("A smooth outline where the selection has one")),
    Segment(
        Edge.MATTE, tr("Matte"), "edge-matte", tr("Works hair and fur out from the photo, in a band along the outline")
    ),
)
_BAND_TIP = tr("To how many pixels on either side of the outline hair is looked for")

_DETAIL_TIP = tr(
    "SAM models see large photos reduced: after a commit they look at the outline again, at a higher zoom.\n"
    "Only with models that take at most 1.5 s to look at a photo"
)
_WIDEST = 16_777_215
"""Qt's word for a width without limit."""


class EdgePanel(QWidget):
    """A heading with the hair brush, a row of edges; below, while one is tried, what there is to say about it.

    Parameters
    ----------
    hair
        Takes the hair brush.
    grounds
        Show the selection on black, on white and so on.
    """

    def __init__(
        self,
        trial: EdgeTrial,
        remembered: Remembered,
        theme: Theme,
        hair: QAction,
        grounds: tuple[QAction, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._trial = trial
        self._remembered = remembered
        self._is_showing = False
        self.hair_button = icon_button(hair)
        self.edges: Segments[Edge] = Segments(tr("Edge of the selection"), _EDGES, theme, has_text=True)
        self.band_row = self._make_band()
        self.apply_button = QPushButton(tr("Apply"))
        self.apply_button.setProperty("role", "primary")
        self.apply_button.setToolTip(tr("Apply (Enter)"))
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.setToolTip(tr("Leave the selection as it was (Esc)"))
        for button in (self.apply_button, self.cancel_button):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.ground_row = _row(*(icon_button(action) for action in grounds), None)
        self.end_row = _row(None, self.cancel_button, self.apply_button, spacing=8)
        self.detail_box = CheckBox(tr("Look closer after a commit"))
        self.detail_box.setToolTip(_DETAIL_TIP)
        self.detail_box.toggled.connect(lambda is_on: remembered.change(is_edge_detailed=is_on))
        self._arrange()
        hair.triggered.connect(trial.apply)
        self.edges.chosen.connect(self._on_edge_chosen)
        self.apply_button.clicked.connect(trial.apply)
        self.cancel_button.clicked.connect(trial.cancel)
        trial.changed.connect(self.refresh)
        remembered.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is tried."""
        trial = self._trial
        self.edges.setEnabled(trial.can_begin)
        if trial.edge is None:
            self.edges.set_none()
        else:
            self.edges.set_value(trial.edge)
        self.band_row.setVisible(trial.edge is Edge.MATTE)
        for row in (self.ground_row, self.end_row):
            row.setVisible(trial.edge is not None)
        self.detail_box.setVisible(trial.edge is None)  # a low window has no room for all at once
        self._is_showing = True
        self.band_slider.setValue(trial.band)
        self.band_box.setValue(trial.band)
        self.auto_button.setChecked(trial.is_automatic)
        self._is_showing = False
        self.detail_box.setChecked(self._remembered.settings.is_edge_detailed)
        self.apply_button.setEnabled(not trial.is_applying)

    def take_key(self, key: Qt.Key) -> bool:
        """Apply with Enter, leave with Esc; return whether a key meant something."""
        if self._trial.edge is None:
            return False
        if key == Qt.Key.Key_Escape:
            self._trial.cancel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._trial.cancel() if self.cancel_button.hasFocus() else self._trial.apply()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Apply or leave."""
        if not self.take_key(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def _make_band(self) -> QWidget:
        self.band_slider = make_slider(WIDEST_BAND, tr("Width of the band"), _BAND_TIP)
        self.band_slider.setMinimum(1)
        self.band_slider.setMinimumWidth(44)
        self.band_slider.setMaximumWidth(_WIDEST)
        self.band_box = make_box(1, WIDEST_BAND, " px", tr("Width of the band in pixels"))
        self.band_box.setToolTip(_BAND_TIP)
        for widget in (self.band_slider, self.band_box):
            widget.valueChanged.connect(self._on_band_moved)
        self.auto_button = QToolButton()
        self.auto_button.setText(tr("Auto"))
        self.auto_button.setAccessibleName(tr("Automatic width of the band"))
        self.auto_button.setToolTip(tr("As wide as the outline is in doubt"))
        self.auto_button.setCheckable(True)
        self.auto_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.auto_button.clicked.connect(self._on_automatic)
        label = QLabel(tr("Band"))
        label.setToolTip(_BAND_TIP)
        return _row(label, self.band_slider, self.band_box, self.auto_button, spacing=7)

    def _arrange(self) -> None:
        heading = QLabel(tr("Edge"))
        heading.setProperty("role", "heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 10)
        column.setSpacing(6)
        for row in (_row(heading, None, self.hair_button, self.edges), self.band_row, self.ground_row, self.end_row):
            column.addWidget(row)
        column.addWidget(self.detail_box)

    @Slot(object)
    def _on_edge_chosen(self, edge: Edge) -> None:
        self._trial.choose(edge)

    @Slot(int)
    def _on_band_moved(self, band: int) -> None:
        if not self._is_showing:
            self._trial.set_band(band)

    @Slot(bool)
    def _on_automatic(self, is_automatic: bool) -> None:
        self._trial.set_band(None if is_automatic else self._trial.band)


def _row(*widgets: QWidget | None, spacing: int = 2) -> QWidget:
    """Return widgets next to one another, with air where one is None."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return holder
