"""From the choice of a model or a device to one that answers: what is missing is offered where the person stands."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from core.device import Device, Precision
from core.errors import AppError, ModelUnavailableError
from core.model_list import MODELS, ModelSpec, Task
from core.model_store import ModelStore
from core.segment_request import Edge, ModelChoice
from core.segmenter import Strictness
from core.segmenters.registry import FALLBACK_MODEL, Availability, availability, default_model
from core.texts import tr
from ui.message import Message, MessageAction, MessageKind
from ui.remembered import Remembered
from ui.segment_session import SegmentSession
from ui.session_state import Phase


class ModelQuestions(Protocol):
    """What a person is asked about models."""

    def offer_model(self, spec: ModelSpec, ready: Callable[[], object]) -> None:
        """Offer to get a model's weights; `ready` is called when they are there."""


class ModelFlow(QObject):
    """Keeps the session's models and the settings the same, and gets what is missing."""

    said = Signal(object)  # Message
    taken_back = Signal(object)  # a Message that does not hold any more
    changed = Signal()  # the choice, or what is installed

    def __init__(
        self,
        session: SegmentSession,
        store: ModelStore,
        remembered: Remembered,
        questions: ModelQuestions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._store = store
        self._remembered = remembered
        self._questions = questions
        self._apply_settings()
        self._complaint: Message | None = None
        self._phase = session.state.phase
        session.failed.connect(self._on_failed)
        session.state_changed.connect(self._on_state_changed)

    @property
    def device(self) -> Device:
        """Where the person wants models to run."""
        return self._session.choice.device

    @property
    def model(self) -> str:
        """Name of the model that answers clicks."""
        return self._session.choice.name or default_model(self._store)

    @property
    def detector(self) -> str:
        """Name of the model that finds words; empty while none is there."""
        from core.detectors.registry import default_detector

        return self._session.detector.name or default_detector(self._store) or ""

    @property
    def precision(self) -> Precision:
        """How the person wants models to count."""
        return self._session.choice.precision

    @property
    def is_chosen(self) -> bool:
        """Whether the person chose the model for clicks, instead of leaving it to what is there."""
        return bool(self._session.choice.name)

    def offered(self, task: Task) -> tuple[Availability, ...]:
        """Return every model for `task` that this version can run, with whether it is there."""
        specs = (spec for spec in MODELS.values() if spec.task is task and spec.is_supported)
        return tuple(availability(spec, self._store) for spec in specs)

    def choose_model(self, name: str) -> None:
        """Let a model answer clicks, or words if it is a detector; one that is not there is offered first."""
        spec = MODELS[name]
        if availability(spec, self._store).is_ready:
            self._use(spec)
        else:
            self._questions.offer_model(spec, lambda: self._use(spec))

    def choose_best(self, task: Task) -> None:
        """Let the best model that is there do `task`, now and at later starts."""
        if task is Task.DETECT:
            self._remembered.change(detector="")
            self._session.set_detector(replace(self._session.detector, name=""))
        else:
            self._remembered.change(model="")
            self._session.set_choice(replace(self._session.choice, name=default_model(self._store), weights=None))
        self.changed.emit()

    def choose_device(self, device: Device) -> None:
        """Let models run elsewhere."""
        self._remembered.change(device=device.value)
        self._session.set_choice(replace(self._session.choice, device=device))
        self._session.set_detector(replace(self._session.detector, device=device))
        self.changed.emit()

    @property
    def kept_mb(self) -> int:
        """What the photos that are kept prepared on disk may take, in MB; 0 = none are kept."""
        return self._remembered.settings.embedding_cache_mb

    def keep_prepared(self, megabytes: int) -> None:
        """Keep what encoders make of photos on disk, so that opening one again needs no encoder; 0 removes it all."""
        self._remembered.change(embedding_cache_mb=megabytes)
        self.changed.emit()

    def choose_precision(self, precision: Precision) -> None:
        """Let models count otherwise."""
        self._remembered.change(precision=precision.value)
        self._session.set_choice(replace(self._session.choice, precision=precision))
        self._session.set_detector(replace(self._session.detector, precision=precision))
        self.changed.emit()

    def let_go(self, name: str) -> str:
        """Use what is there instead of a model whose files have gone, and return a sentence that says so.

        The next start takes the best that is there then.
        """
        self.choose_best(MODELS[name].task)
        if MODELS[name].task is Task.DETECT:
            return (
                tr("{model} finds words now.", model=MODELS[self.detector].title)
                if self.detector
                else tr("No model for words is left.")
            )
        return tr("{model} answers clicks now.", model=MODELS[self.model].title)

    def set_threshold(self, threshold: float) -> None:
        """Take words more or less strictly."""
        self._remembered.change(threshold=threshold)
        self._session.set_threshold(threshold)

    @property
    def has_strictness(self) -> bool:
        """Whether the model that answers clicks looks at :attr:`strictness`."""
        return MODELS[self.model].has_strictness

    @property
    def strictness(self) -> Strictness:
        """How sure the model must be of an object, and how unlike two objects are."""
        return self._session.choice.strictness

    def set_strictness(self, strictness: Strictness) -> None:
        """Let the model be more or less strict, and remember it."""
        self._remembered.change(confidence=strictness.confidence, overlap=strictness.overlap)
        self._session.set_choice(replace(self._session.choice, strictness=strictness))

    @property
    def edge(self) -> Edge:
        """How the outline of later selections is drawn."""
        return self._session.edges.usual

    def set_edge(self, edge: Edge) -> None:
        """Draw the outline of later selections otherwise."""
        self._remembered.change(edge=edge.value)
        self._session.edges.set_usual(edge)

    def choose_edge(self, edge: Edge) -> None:
        """Draw the outline of what is pointed at otherwise: of a layer whose prompt is open again, that one's alone."""
        if self._session.live is not None:
            self._session.edges.set_once(edge)
        else:
            self.set_edge(edge)

    def ask_text(self, text: str) -> None:
        """Look for what the words name; without a detector, offer one."""
        if not text.strip():
            return
        if self.detector:
            self._session.ask_text(text)
            return
        first = next(iter(self.offered(Task.DETECT))).spec
        self._questions.offer_model(first, lambda: self._use_and_ask(first, text))

    def _use_and_ask(self, spec: ModelSpec, text: str) -> None:
        self._use(spec)
        self._session.ask_text(text)

    def _use(self, spec: ModelSpec) -> None:
        if spec.task is Task.DETECT:
            self._remembered.change(detector=spec.name)
            self._session.set_detector(replace(self._session.detector, name=spec.name))
        else:
            self._remembered.change(model=spec.name)
            self._session.set_choice(replace(self._session.choice, name=spec.name, weights=None))
        self.changed.emit()

    def _apply_settings(self) -> None:
        settings = self._remembered.settings
        device, precision = Device(settings.device), Precision(settings.precision)
        strictness = Strictness(settings.confidence, settings.overlap)
        self._session.set_choice(ModelChoice(self._kept(settings.model), None, device, precision, strictness))
        self._session.set_detector(ModelChoice(self._kept(settings.detector), None, device, precision))
        self._session.set_threshold(settings.threshold)
        self._session.edges.set(Edge(settings.edge))

    def _kept(self, name: str) -> str:
        """Return a remembered name if that model is still there, else none: the best that is there then answers."""
        return name if name in MODELS and availability(MODELS[name], self._store).is_ready else ""

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        action = None
        if isinstance(error, ModelUnavailableError) and self.model != FALLBACK_MODEL:
            action = MessageAction(
                tr("Use {model}", model=MODELS[FALLBACK_MODEL].title), lambda: self.choose_model(FALLBACK_MODEL)
            )
        self._complaint = Message(str(error), MessageKind.ERROR, action)
        self.said.emit(self._complaint)

    @Slot()
    def _on_state_changed(self) -> None:
        before, self._phase = self._phase, self._session.state.phase
        was_at_rest = before in (Phase.IDLE, Phase.FAILED)
        if was_at_rest and self._phase not in (before, Phase.FAILED) and self._complaint is not None:
            # Something else is asked, or nothing any more: what failed is not the matter now.
            complaint, self._complaint = self._complaint, None
            self.taken_back.emit(complaint)
