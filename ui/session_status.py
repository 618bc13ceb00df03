"""Keeps the session's state: what is under way, in words, with times."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from core.model_list import MODELS
from core.model_store import ModelStore
from core.segment_request import Detections, ModelChoice, SegmentResult
from core.segmenters.registry import default_model
from core.texts import tr
from ui.segment_line import SegmentLine
from ui.session_state import Phase, SessionState

_TEXTS = {
    Phase.LOADING: tr("Loading the model"),
    Phase.ENCODING: tr("Getting the photo ready; clicks are kept"),
    Phase.DECODING: tr("Finding the object"),
    Phase.COMMITTING: tr("Making the selection"),
}


class SessionStatus(QObject):
    """Watches the line and makes a :class:`SessionState` of it."""

    changed = Signal()

    def __init__(self, line: SegmentLine, title_of: Callable[[ModelChoice], str], parent: QObject) -> None:
        super().__init__(parent)
        self._line = line
        self._title_of = title_of
        self._choice: ModelChoice | None = None
        self._step = ""
        self._message = ""
        self._has_failed = False
        self.state = SessionState()
        line.changed.connect(self._on_changed)
        line.reported.connect(self._on_reported)

    def set_choice(self, choice: ModelChoice) -> None:
        """Name another model, whose device and times are not known yet; the same at another strictness keeps them."""
        if choice.of_any_strictness != self._choice:
            self._choice = choice.of_any_strictness
            self._become(replace(self.state, model_title=self._title_of(choice), device_choice=None, seconds={}))
        self.clear_text()

    def say(self, text: str) -> None:
        """Show a hint while nothing is under way."""
        self._message, self._has_failed = text, False
        self._on_changed()

    def fail(self, text: str) -> None:
        """Show what failed and what to do, until something else is asked."""
        self._message, self._has_failed = text, True
        self._on_changed()

    def clear_text(self) -> None:
        """Take a hint or a failure away."""
        self._message, self._has_failed = "", False
        self._on_changed()

    def take(self, result: SegmentResult) -> None:
        """Show where and how fast an answer was computed; of words, which are not the chosen model's, only how fast."""
        if isinstance(result.answer, Detections):
            detect = {"detect": result.seconds["detect"]} if "detect" in result.seconds else {}
            self._become(replace(self.state, seconds={**self.state.seconds, **detect}))
            return
        seconds = {**self.state.seconds, **result.seconds}
        self._become(replace(self.state, device_choice=result.device_choice, seconds=seconds))

    def take_click(self, seconds: float) -> None:
        """Show how long a gesture waited for its preview."""
        self._become(replace(self.state, seconds={**self.state.seconds, "click": seconds}))

    @Slot()
    def _on_changed(self) -> None:
        phase = self._phase()
        if phase is not self.state.phase and phase not in (Phase.LOADING, Phase.ENCODING):
            self._step = ""
        if phase in _TEXTS:
            self._become(replace(self.state, phase=phase, text=tr(self._step) or _TEXTS[phase], fraction=None))
        else:
            self._become(replace(self.state, phase=phase, text=self._message, fraction=None))

    @Slot(str, object)
    def _on_reported(self, step: str, fraction: float | None) -> None:
        self._step = step
        self._become(replace(self.state, phase=self._phase(), text=tr(step), fraction=fraction))

    def _phase(self) -> Phase:
        if self._line.is_embedding:
            return Phase.LOADING if self._step.startswith("Loading") else Phase.ENCODING
        if self._line.is_asking:
            return Phase.COMMITTING if self._line.is_committing else Phase.DECODING
        return Phase.FAILED if self._has_failed else Phase.IDLE

    def _become(self, state: SessionState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit()


def model_title(choice: ModelChoice) -> str:
    """Return what a person calls the chosen model, without loading anything."""
    if choice.name:
        return MODELS[choice.name].title if choice.name in MODELS else choice.name
    if choice.weights is not None:
        return choice.weights.name
    return MODELS[default_model(ModelStore())].title
