"""What a detector is, and the values that pass between it and everybody else.

A detector finds what words name. It is stateless like a segmenter: :meth:`Detector.embed` looks at a photo once,
:meth:`Detector.detect` then answers any words from what it saw. Its own resizing and padding never leave its module.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.arrays import RgbImage
from core.cancel import CancelToken
from core.device import DeviceChoice
from core.geometry import Box, Size

SCORE_FLOOR = 0.01
"""Detections that score no more than this are never shown: far below any useful threshold, they are noise."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A scored, labelled box.

    Attributes
    ----------
    box
        In photo pixels, inside the photo, at least one pixel wide and high.
    score
        The detector's confidence in [0, 1]. Comparable within one detector only.
    label
        The phrase that it answers, as the person wrote it.
    """

    box: Box
    score: float
    label: str


@dataclass(frozen=True, eq=False)
class DetectorEmbedding:
    """What a detector saw in one photo.

    `payload` belongs to the detector called `detector` and means nothing to others; `nbytes` is the memory it holds.
    """

    detector: str
    image_size: Size
    payload: Any = field(repr=False)
    nbytes: int


class Detector(Protocol):
    """A model that finds boxes for words. Used by one thread at a time."""

    @property
    def name(self) -> str:
        """Its name in the model list."""

    @property
    def device_choice(self) -> DeviceChoice:
        """Where and how precisely it computes."""

    def embed(self, image: RgbImage, token: CancelToken) -> DetectorEmbedding:
        """Do the slow work on a photo, once.

        Raises
        ------
        Cancelled
            If `token` was cancelled; checked before and after every slow step.
        SegmentationError
            If the model fails on this photo.
        """

    def detect(
        self, embedding: DetectorEmbedding, phrases: Sequence[str], token: CancelToken | None = None
    ) -> tuple[Detection, ...]:
        """Return every box that one of the phrases may name, best first, all above :data:`SCORE_FLOOR`.

        Overlapping boxes of the same thing are all there; :func:`core.detectors.filtering.filter_detections` thins
        them out. May be empty.

        Raises
        ------
        PromptError
            If there is no phrase, or one that the model cannot be asked: without a word, too long, in a script that
            it was not taught.
        Cancelled
            If `token` was cancelled.
        SegmentationError
            If the model fails.
        """
