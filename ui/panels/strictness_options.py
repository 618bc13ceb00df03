"""How sure a model that finds every object in one pass must be, beside the tools that point at objects."""

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.texts import tr
from ui.model_flow import ModelFlow
from ui.panels.percent_slider import PercentSlider
from ui.segment_session import SegmentSession

SURE_TIP = tr("How sure the model must be of an object\nFurther left there are more objects, and more mistakes")

_ROOMY = 1180
"""Width of the window from which it fits beside the candidates of an open prompt."""


class StrictnessOptions(QWidget):
    """Hidden for models that do not look at it, and where there is no room."""

    def __init__(self, session: SegmentSession, models: ModelFlow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._models = models
        self.sure = PercentSlider(tr("How sure"), SURE_TIP)
        self.sure.moved.connect(self._on_moved)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 0, 0)
        row.addWidget(self.sure)
        session.choice_changed.connect(self.refresh)
        session.prompt_changed.connect(self.refresh)
        models.changed.connect(self.refresh)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the room that there is."""
        super().resizeEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the model's strictness as it stands."""
        has_room = not self._session.is_open or self.window().width() >= _ROOMY
        self.setVisible(self._models.has_strictness and has_room)
        self.sure.show_share(self._models.strictness.confidence)

    @Slot(float)
    def _on_moved(self, share: float) -> None:
        self._models.set_strictness(replace(self._models.strictness, confidence=share))
