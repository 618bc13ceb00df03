"""The one segmenter and the one detector that are kept loaded, with what they remember of recent photos."""

import gc
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from core.device import Device, DeviceChoice, Precision
from core.embedding_store import EmbeddingStore
from core.model_store import ModelStore
from core.native_memory import give_back_memory
from core.predictor import DEFAULT_BUDGET, Predictor, RecentCache
from core.segment_request import ModelChoice
from core.segmenter import FollowsStrictness, Segmenter
from core.segmenters.registry import load_segmenter, resolve_name
from core.texts import mark, tr

if TYPE_CHECKING:
    from core.detectors.detector import Detector, DetectorEmbedding

SegmenterLoader: TypeAlias = Callable[[ModelChoice, ModelStore], Segmenter]
DetectorLoader: TypeAlias = "Callable[[ModelChoice, ModelStore], Detector]"

Loading: TypeAlias = Callable[[], AbstractContextManager[None]]
"""Makes what surrounds the loading of a model: who asks can tell the person about it, and time it."""

_STARVED = mark("the graphics card ran out of memory, so the processor took over")


@dataclass(frozen=True, eq=False)
class LoadedSegmenter:
    """A segmenter, what was asked for to get it, and where it really runs.

    `choice` has the model's name, and no strictness: that is in `asked`.
    """

    asked: ModelChoice
    choice: ModelChoice
    predictor: Predictor
    device_choice: DeviceChoice


@dataclass(frozen=True, eq=False)
class LoadedDetector:
    """A detector with its embeddings of recent photos."""

    choice: ModelChoice
    detector: "Detector"
    embeddings: "RecentCache[DetectorEmbedding]"


def load_detector_late(choice: ModelChoice, store: ModelStore) -> "Detector":
    """Load a detector; its module is imported only when words are asked for."""
    from core.detectors.registry import load_detector

    return load_detector(choice, store)


class LoadedModels:
    """Loads what a choice asks for unless it is loaded already, and frees what it replaces; used by one thread."""

    def __init__(
        self,
        store: ModelStore | None = None,
        load_segmenter: SegmenterLoader = load_segmenter,
        load_detector: DetectorLoader = load_detector_late,
        budget_bytes: int = DEFAULT_BUDGET,
        kept: EmbeddingStore | None = None,
    ) -> None:
        self._store = store or ModelStore()
        self._load_segmenter, self._load_detector = load_segmenter, load_detector
        self._budget, self._kept = budget_bytes, kept
        self._segmenter: LoadedSegmenter | None = None
        self._detector: LoadedDetector | None = None
        self._starved: set[ModelChoice] = set()

    def segmenter(self, asked: ModelChoice, loading: Loading) -> LoadedSegmenter:
        """Return the segmenter that is asked for; if it has to be loaded first, that is done inside ``loading()``.

        Another strictness alone loads nothing, and what is remembered of photos stays.

        Raises
        ------
        ModelUnavailableError, DeviceMemoryError
            As :func:`core.segmenters.registry.load_segmenter`; nothing is loaded then.
        """
        choice = self._resolved(asked)
        if self._segmenter is None or self._segmenter.choice != choice:
            return self._load(asked, choice, loading)
        if self._segmenter.asked.strictness != asked.strictness:
            self._segmenter = _adjusted(self._segmenter, asked)
        return self._segmenter

    def detector(self, choice: ModelChoice, loading: Loading) -> LoadedDetector:
        """Return the detector that is asked for; if it has to be loaded first, that is done inside ``loading()``.

        Raises
        ------
        ModelUnavailableError, DeviceMemoryError
            As :func:`core.detectors.registry.load_detector`; nothing is loaded then.
        """
        if self._detector is not None and self._detector.choice == choice:
            return self._detector
        with loading():
            if self._detector is not None:
                self._starved.discard(self._detector.choice)
                self._detector = None
                free_memory()
            detector = self._load_detector(self._placed(choice), self._store)
        self._detector = LoadedDetector(choice, detector, RecentCache(self._budget))
        return self._detector

    def move_to_processor(self, asked: ModelChoice | None, detector: ModelChoice | None) -> bool:
        """Free everything and let these choices run on the processor until others take their place.

        `asked` is a segmenter's choice; None for what was not at work. Return whether that changes anything; nothing
        is done if all of it runs there already.
        """
        choices = {detector} if detector is not None else set()
        if asked is not None:
            choices.add(self._resolved(asked))
        if all(self._is_on_processor(choice) for choice in choices):
            return False
        self._segmenter = self._detector = None
        self._starved |= choices
        free_memory()
        return True

    def unload(self) -> None:
        """Let go of every model and of what it remembers, and give the memory back."""
        self._segmenter = self._detector = None
        self._starved.clear()
        free_memory()

    def _load(self, asked: ModelChoice, choice: ModelChoice, loading: Loading) -> LoadedSegmenter:
        with loading():
            if self._segmenter is not None:
                self._starved.discard(self._segmenter.choice)
                self._segmenter = None
                free_memory()
            placed = replace(self._placed(choice), strictness=asked.strictness)
            segmenter = self._load_segmenter(placed, self._store)
        device_choice = segmenter.device_choice
        if choice in self._starved:
            device_choice = replace(device_choice, reason=tr(_STARVED))
        predictor = Predictor(segmenter, self._budget, self._kept)
        self._segmenter = LoadedSegmenter(asked, choice, predictor, device_choice)
        return self._segmenter

    def _resolved(self, asked: ModelChoice) -> ModelChoice:
        """Return the choice with the model's name, and without its strictness, which needs no loading."""
        alike = asked.of_any_strictness
        # Which model a file holds is read from the file, so not with every click.
        if self._segmenter is not None and asked.weights is not None:
            before = self._segmenter.asked
            if alike == before.of_any_strictness:
                return self._segmenter.choice
        return replace(alike, name=resolve_name(asked, self._store))

    def _placed(self, choice: ModelChoice) -> ModelChoice:
        if choice in self._starved:
            return replace(choice, device=Device.CPU, precision=Precision.AUTO)
        return choice

    def _is_on_processor(self, choice: ModelChoice) -> bool:
        if choice.device is Device.CPU or choice in self._starved:
            return True
        if self._segmenter is not None and self._segmenter.choice == choice:
            return self._segmenter.device_choice.device is Device.CPU
        if self._detector is not None and self._detector.choice == choice:
            return self._detector.detector.device_choice.device is Device.CPU
        return False


def _adjusted(loaded: LoadedSegmenter, asked: ModelChoice) -> LoadedSegmenter:
    segmenter = loaded.predictor.segmenter
    if isinstance(segmenter, FollowsStrictness):
        loaded.predictor.segmenter = segmenter.adjusted(asked.strictness)
    return replace(loaded, asked=asked)


def free_memory() -> None:
    """Give back what a model held, on the graphics card too; only if PyTorch was loaded at all."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    give_back_memory()
