"""Measures the models that are here, one after the other, and recommends one for clicks."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from statistics import median
from time import perf_counter
from typing import TypeAlias, TypeVar

import cv2
import numpy as np

from core.arrays import RgbImage, freeze
from core.byte_progress import Report
from core.cancel import CancelToken
from core.device import Device, DeviceFacts, Precision, probe
from core.errors import AppError, NothingFoundError
from core.geometry import Size
from core.loaded_models import DetectorLoader, SegmenterLoader, free_memory, load_detector_late
from core.memory_use import PeakMemory
from core.model_list import MODELS, ModelSpec, Task, find_spec
from core.model_store import ModelStore
from core.prompt import PointPrompt, Prompt
from core.segment_request import ModelChoice
from core.segmenters.registry import FALLBACK_MODEL, availability, load_segmenter
from core.texts import tr

PHOTO_SIZE = Size(4000, 3000)
"""What models are measured on: twelve megapixels."""

FIRST_CLICK_SECONDS, CLICK_SECONDS = 3.0, 0.15
"""What counts as quick: for the first click on a photo, and for every further one."""

USUAL_CLICKS = 5
"""What one object takes, about; a model that is slow to click is slow each time, getting a photo ready is done once."""

QUALITY = ("sam_vit_h", "sam_vit_l", "sam_vit_b", "mobile_sam", "fastsam_x", "fastsam_s", FALLBACK_MODEL)
"""Segmenters, the most precise first: by mask AP on COCO, as the README of EdgeSAM compares SAM, MobileSAM and FastSAM,
and within a family by the size of the network."""

_DISCS = (
    (0.3, 0.4, (210, 40, 30)),
    (0.65, 0.55, (40, 70, 210)),
    (0.5, 0.8, (30, 150, 60)),
    (0.2, 0.8, (220, 190, 40)),
    (0.8, 0.25, (240, 240, 240)),
)
"""The discs on the photo that is measured on, which are clicked: their middles as parts of its sides, and colours."""

_WORDS = ("a red ball", "a blue ball", "a green plate")

_LONG_SECONDS = 5.0
"""What takes longer is measured once; what is quicker a second time, when nothing has to be set up any more."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one model took on one device.

    Attributes
    ----------
    precision
        What it really computed with; what was asked for if it did not come to that.
    load_seconds, encode_seconds, click_seconds
        Reading the weights (for the first model with the libraries), getting a photo ready, and answering one click,
        or one phrase for a detector. None for what it did not come to.
    peak_bytes
        The process's memory at its height, beyond what was in use before; None where the system does not tell.
    error
        Why it could not be measured, in words for the person; empty if it could.
    """

    name: str
    device: Device
    precision: Precision
    load_seconds: float | None = None
    encode_seconds: float | None = None
    click_seconds: float | None = None
    peak_bytes: int | None = None
    error: str = ""

    @property
    def spec(self) -> ModelSpec:
        """The model as the list describes it."""
        return MODELS[self.name]

    @property
    def first_click_seconds(self) -> float:
        """From the opened photo to the first answer of a loaded model; infinite if it does not come to that."""
        if self.encode_seconds is None or self.click_seconds is None:
            return float("inf")
        return self.encode_seconds + self.click_seconds


@dataclass(frozen=True, slots=True)
class SelfTestResult:
    """All measurements in the order of the model list; the recommended one, if any worked, and why, in words."""

    photo_size: Size
    measurements: tuple[Measurement, ...]
    recommended: Measurement | None
    reason: str


T = TypeVar("T")

Told: TypeAlias = Callable[[Measurement], object]


@dataclass(frozen=True, slots=True)
class Means:
    """What a self-test works with."""

    load_segmenter: SegmenterLoader = load_segmenter
    load_detector: DetectorLoader = load_detector_late
    probe: Callable[[], DeviceFacts] = probe
    photo_size: Size = PHOTO_SIZE


def run_self_test(
    store: ModelStore,
    report: Report,
    token: CancelToken,
    names: Sequence[str] = (),
    precision: Precision = Precision.AUTO,
    told: Told = lambda _measurement: None,
    means: Means | None = None,
) -> SelfTestResult:
    """Measure every model that is here on every device that is here, and recommend one (see :func:`recommend`).

    A model that fails is reported with its error, and the next one has its turn.

    Parameters
    ----------
    names
        Only these, by their names in the model list; empty = all that are ready.
    told
        Told each measurement as soon as it is there.

    Raises
    ------
    Cancelled
        If `token` was cancelled; checked between all steps. A running native call is not interrupted.
    UnknownModelError
        If no model has one of the names.
    """
    means = means or Means()
    specs = [find_spec(name) for name in names]
    specs = specs or [spec for spec in MODELS.values() if availability(spec, store).is_ready]
    report(tr("Drawing a photo to measure on"), 0.0)
    photo = draw_photo(means.photo_size)
    runs = [(spec, device) for spec in specs for device in _devices_for(spec, means, report, token)]
    measured: list[Measurement] = []
    for spec, device in runs:
        bench = _Bench(spec, ModelChoice(spec.name, None, device, precision), store, means, token)
        measured.append(bench.measure(photo, lambda words: report(words, len(measured) / len(runs))))
        told(measured[-1])
    report(tr("Measured"), 1.0)
    best, reason = recommend(measured)
    return SelfTestResult(means.photo_size, tuple(measured), best, reason)


def recommend(measured: Sequence[Measurement]) -> tuple[Measurement | None, str]:
    """Choose the segmenter to click with, and say why in words for the person.

    The most precise one (:data:`QUALITY`) among those that answer the first click within :data:`FIRST_CLICK_SECONDS`
    of opening a photo and every further one within :data:`CLICK_SECONDS`; on the device where its first answer comes
    sooner. If none is as quick as that, the one that is done soonest with a photo and :data:`USUAL_CLICKS` clicks.
    None if no segmenter was measured.
    """
    able = [one for one in measured if one.spec.task is Task.SEGMENT and not one.error]
    if not able:
        return None, tr("No model for clicks was measured.")
    if len(able) == 1:
        return able[0], tr("the only one that is here")
    quick = [one for one in able if _is_quick(one)]
    if not quick:
        fastest = min(able, key=_photo_seconds)
        return fastest, tr("the fastest of those that are here; none answers as quickly as one would like")
    best = min(quick, key=lambda one: (_rank(one.name), one.first_click_seconds))
    return best, tr("the most precise of those that answer quickly here")


def draw_photo(size: Size) -> RgbImage:
    """Return a photo to measure on: soft colours and noise with a few discs, the same every time; read-only."""
    rng = np.random.default_rng(7)
    coarse = rng.integers(60, 200, (9, 12, 3), dtype=np.uint8)
    photo = cv2.resize(coarse, (size.width, size.height), interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(0, 24, (256, 256, 3), dtype=np.uint8)
    rows, columns = -(-size.height // 256), -(-size.width // 256)
    photo = cv2.add(photo, np.tile(grain, (rows, columns, 1))[: size.height, : size.width])
    radius = round(0.1 * min(size.width, size.height))
    for x, y, color in _DISCS:
        cv2.circle(photo, (round(x * size.width), round(y * size.height)), radius, color, -1, cv2.LINE_AA)
    made = np.asarray(photo, dtype=np.uint8)
    freeze(made)
    return made


@dataclass(eq=False)
class _Bench:
    """One model on one device."""

    spec: ModelSpec
    choice: ModelChoice
    store: ModelStore
    means: Means
    token: CancelToken

    def measure(self, photo: RgbImage, say: Callable[[str], object]) -> Measurement:
        self.token.check()
        title = tr("{model} on {device}", model=self.spec.title, device=self.choice.device.value.upper())
        blank = Measurement(self.spec.name, self.choice.device, self.choice.precision)
        free_memory()
        memory = PeakMemory()
        run = self._detector if self.spec.task is Task.DETECT else self._segmenter
        try:
            measured = run(blank, photo, lambda step: say(f"{title}: {step}"))
        except (AppError, MemoryError) as error:
            words = str(error) or tr("There is not enough memory for this model.")
            return replace(blank, error=words)
        finally:
            free_memory()
        return replace(measured, peak_bytes=memory.extra_bytes())

    def _segmenter(self, blank: Measurement, photo: RgbImage, say: Callable[[str], object]) -> Measurement:
        say(tr("loading"))
        segmenter, load = _timed(lambda: self.means.load_segmenter(self.choice, self.store))
        self.token.check()
        say(tr("getting a photo ready"))
        embedding, encode = _best_of_two(lambda: segmenter.embed(photo, self.token), self.token)
        say(tr("clicking"))
        size = Size.of(photo)
        prompts = [Prompt((PointPrompt(x * size.width, y * size.height),)) for x, y, _ in _DISCS]
        clicks = self._each(prompts, lambda prompt: segmenter.predict(embedding, prompt))
        precision = segmenter.device_choice.precision
        return replace(
            blank, precision=precision, load_seconds=load, encode_seconds=encode, click_seconds=median(clicks)
        )

    def _detector(self, blank: Measurement, photo: RgbImage, say: Callable[[str], object]) -> Measurement:
        say(tr("loading"))
        detector, load = _timed(lambda: self.means.load_detector(self.choice, self.store))
        self.token.check()
        say(tr("getting a photo ready"))
        embedding, encode = _best_of_two(lambda: detector.embed(photo, self.token), self.token)
        say(tr("looking for words"))
        phrases = self._each(_WORDS, lambda word: detector.detect(embedding, (word,), self.token))
        precision = detector.device_choice.precision
        return replace(
            blank, precision=precision, load_seconds=load, encode_seconds=encode, click_seconds=median(phrases)
        )

    def _each(self, questions: Sequence[T], ask: Callable[[T], object]) -> list[float]:
        """Return the seconds that each answer takes; that nothing is found takes its time, too."""
        seconds = []
        for question in questions:
            self.token.check()
            start = perf_counter()
            with suppress(NothingFoundError):
                ask(question)
            seconds.append(perf_counter() - start)
        return seconds


def _devices_for(spec: ModelSpec, means: Means, report: Report, token: CancelToken) -> tuple[Device, ...]:
    if not spec.files:
        return (Device.CPU,)
    token.check()
    report(tr("Looking for graphics cards"), 0.0)
    facts = means.probe()
    there = {Device.CPU: True, Device.CUDA: facts.has_cuda, Device.MPS: facts.has_mps}
    return tuple(device for device, is_there in there.items() if is_there)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = perf_counter()
    result = work()
    return result, perf_counter() - start


def _best_of_two(work: Callable[[], T], token: CancelToken) -> tuple[T, float]:
    first = _timed(work)
    token.check()
    if first[1] > _LONG_SECONDS:
        return first
    second = _timed(work)
    token.check()
    return min(first, second, key=lambda one: one[1])


def _is_quick(one: Measurement) -> bool:
    return (
        one.first_click_seconds <= FIRST_CLICK_SECONDS
        and one.click_seconds is not None
        and one.click_seconds <= CLICK_SECONDS
    )


def _photo_seconds(one: Measurement) -> float:
    """Return what one object of a photo takes with a model that was measured."""
    return one.first_click_seconds + (USUAL_CLICKS - 1) * (one.click_seconds or 0.0)


def _rank(name: str) -> int:
    return QUALITY.index(name) if name in QUALITY else len(QUALITY)
