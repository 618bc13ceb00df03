"""How the magic wand tells a colour from others."""

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from core.flood_fill import Reach
from core.segment_request import Edge
from core.texts import tr
from ui.panels.segments import Segment, Segments
from ui.panels.size_options import make_box, make_slider
from ui.theme import Theme
from ui.wand_settings import WandSettings

_REACHES = (
    Segment(Reach.CONNECTED, tr("Connected"), "wand", tr("Only what hangs together with the place that is clicked")),
    Segment(Reach.EVERYWHERE, tr("Everywhere"), "everything", tr("What has the colour anywhere in the picture")),
)
_EDGES = (
    Segment(Edge.HARD, tr("Hard"), "edge-hard", tr("Every pixel belongs or does not")),
    Segment(Edge.SOFT, tr("Soft"), "edge-soft", tr("A smooth outline")),
)
_TIP = tr("How far a colour may be from the one that is clicked")


class WandOptions(QWidget):
    """Tolerance, where to look, and the edge."""

    def __init__(self, settings: WandSettings, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.slider = make_slider(255, tr("Tolerance"), _TIP)
        self.slider.setMinimumWidth(50)
        self.box = make_box(0, 255, "", tr("Tolerance from 0 to 255"))
        self.box.setFixedWidth(56)
        self.reaches: Segments[Reach] = Segments(tr("Where to look"), _REACHES, theme, has_text=True)
        self.edges: Segments[Edge] = Segments(tr("Edge of the wand"), _EDGES, theme, has_text=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (QLabel(tr("Tolerance")), self.slider, self.box, self.reaches, self.edges):
            row.addWidget(widget)
        row.addStretch(1)
        self.slider.valueChanged.connect(self._on_tolerance)
        self.box.valueChanged.connect(self._on_tolerance)
        self.reaches.chosen.connect(self._on_reach)
        self.edges.chosen.connect(self._on_edge)
        settings.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the wand as it is set."""
        wand = self._settings.wand
        self.slider.setValue(wand.tolerance)
        self.box.setValue(wand.tolerance)
        self.reaches.set_value(wand.reach)
        self.edges.set_value(Edge.SOFT if wand.is_smooth else Edge.HARD)

    @Slot(int)
    def _on_tolerance(self, tolerance: int) -> None:
        self._settings.set_wand(replace(self._settings.wand, tolerance=tolerance))

    @Slot(object)
    def _on_reach(self, reach: Reach) -> None:
        self._settings.set_wand(replace(self._settings.wand, reach=reach))

    @Slot(object)
    def _on_edge(self, edge: Edge) -> None:
        self._settings.set_wand(replace(self._settings.wand, is_smooth=edge is Edge.SOFT))
