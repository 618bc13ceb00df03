"""What can be told about every object of the photo: how sure the model must be, and what becomes of them."""

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from core.texts import tr, tr_n
from ui.model_flow import ModelFlow
from ui.object_session import ObjectSession, SearchState
from ui.panels.action_button import ActionButton
from ui.panels.percent_slider import PercentSlider
from ui.panels.strictness_options import SURE_TIP

_OVERLAP_TIP = tr(
    "How much two objects may overlap before they count as one\nFurther right more of them are told apart"
)

_GAP = 10


class EverythingOptions(QWidget):
    """How many there are, sliders that act at once, and buttons for all that is shown.

    A model that is itself more or less strict is told so; what others find is filtered by their scores.
    """

    def __init__(
        self,
        objects: ObjectSession,
        models: ModelFlow,
        explode: QAction,
        export: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._objects = objects
        self._models = models
        self.count = QLabel()
        self.sure = PercentSlider(tr("How sure"), SURE_TIP)
        self.sure.moved.connect(self._on_sure)
        self.overlap = PercentSlider(tr("Overlap"), _OVERLAP_TIP, 70)
        self.overlap.moved.connect(self._on_overlap)
        self.search_button = QPushButton()
        self.search_button.setAutoDefault(False)
        self.search_button.clicked.connect(self._on_search)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for widget in (self.count, self.sure, self.overlap):
            row.addWidget(widget)
        row.addStretch(1)
        self.buttons = ActionButton(explode, tr("To Layers")), ActionButton(export, tr("Export…"))
        for button in (self.search_button, *self.buttons):
            row.addWidget(button)
        objects.changed.connect(self.refresh)
        models.changed.connect(self.refresh)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the room that there is."""
        super().resizeEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show how things stand."""
        is_running = self._objects.search is SearchState.RUNNING
        self.count.setText(_count_text(self._objects))
        self.search_button.setText(
            tr("Stop") if is_running else tr("Find") if self._objects.found is None else tr("Find Again")
        )
        self.search_button.setToolTip(
            tr("Stop the search") if is_running else tr("Look for every object with the chosen model")
        )
        has_strictness = self._models.has_strictness
        self.overlap.setVisible(has_strictness)
        self._fit_count()
        strictness = self._models.strictness
        self.sure.show_share(strictness.confidence if has_strictness else self._objects.least_score)
        self.overlap.show_share(strictness.overlap)

    def _fit_count(self) -> None:
        """Say how many there are where there is room for it, and let nothing jump when that changes."""
        beside = (self.sure, self.overlap, self.search_button, *self.buttons)
        taken = sum(each.minimumSizeHint().width() + _GAP for each in beside if not each.isHidden())
        room, text = self.width() - taken, self.count.fontMetrics().horizontalAdvance
        self.count.setVisible(room >= text(self.count.text()))
        self.count.setMinimumWidth(max(0, min(room, text(tr("100 of 100 objects")))))

    @Slot(float)
    def _on_sure(self, share: float) -> None:
        if self._models.has_strictness:
            self._models.set_strictness(replace(self._models.strictness, confidence=share))
        else:
            self._objects.set_least_score(share)

    @Slot(float)
    def _on_overlap(self, share: float) -> None:
        self._models.set_strictness(replace(self._models.strictness, overlap=share))

    @Slot()
    def _on_search(self) -> None:
        if self._objects.search is SearchState.RUNNING:
            self._objects.stop()
        else:
            self._objects.find()


def _count_text(objects: ObjectSession) -> str:
    if objects.found is None or objects.shown is None:
        return tr("No objects yet") if objects.search is not SearchState.EMPTY else tr("No objects")
    count, shown = len(objects.found.objects), len(objects.shown.objects)
    if shown < count:
        return tr("{shown} of {count} objects", shown=shown, count=count)
    return tr_n("{n} object", "{n} objects", count)
