"""The line of the model manager that tells of a speed test: how far it is, and what it recommends."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from core.self_test import SelfTestResult
from core.texts import tr
from ui.dialogs.dialog import button, paragraph, set_role


class SpeedStrip(QFrame):
    """Hidden while there is nothing to tell."""

    stop_wanted = Signal()
    model_chosen = Signal(str)  # name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("advice")
        self._name = ""
        self.text = paragraph("")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.bar.setAccessibleName(tr("Progress of the speed test"))
        self.stop_button, self.use_button = button(tr("Stop")), button("")
        self.stop_button.setAccessibleName(tr("Stop the speed test"))
        self.stop_button.clicked.connect(self.stop_wanted)
        self.use_button.clicked.connect(self._on_use)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self.text, 1)
        for widget in (self.bar, self.stop_button, self.use_button):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self.say("")

    def show_progress(self, step: str, fraction: float | None) -> None:
        """Show how far a test is."""
        self.bar.setRange(0, 0 if fraction is None else 1000)
        if fraction is not None:
            self.bar.setValue(round(1000 * fraction))
        self._show(step, "", is_busy=True)

    def show_result(self, result: SelfTestResult, is_used: bool) -> None:
        """Show what is recommended; `is_used` says that it answers clicks already."""
        best = result.recommended
        if best is None:
            self.say(result.reason)
            return
        self._name = best.name
        where = tr("{model} on {device}", model=best.spec.title, device=best.device.value.upper())
        megapixels = result.photo_size.width * result.photo_size.height / 1e6
        text = tr(
            "Recommended for clicks: {where}, {reason}. Measured on a photo of {megapixels:.0f} megapixels.",
            where=where,
            reason=result.reason,
            megapixels=megapixels,
        )
        self._show(text, "", is_busy=False, choice="" if is_used else tr("Use {model}", model=best.spec.title))

    def say(self, text: str, role: str = "") -> None:
        """Say something in a sentence; nothing if it is empty."""
        self._show(text, role, is_busy=False)

    def _show(self, text: str, role: str, is_busy: bool, choice: str = "") -> None:
        self.text.setText(text)
        set_role(self.text, role)
        self.bar.setVisible(is_busy)
        self.stop_button.setVisible(is_busy)
        self.use_button.setText(choice)
        self.use_button.setVisible(bool(choice))
        self.setVisible(bool(text))

    @Slot()
    def _on_use(self) -> None:
        self.model_chosen.emit(self._name)
