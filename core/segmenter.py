"""What a segmenter is, and the values that pass between it and everybody else.

A segmenter is stateless: :meth:`Segmenter.embed` does the slow work on a photo once, :meth:`Segmenter.predict`
answers any number of prompts from what it made. Its own resizing and padding never leave its module.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, Logits, Mask, RgbImage
from core.cancel import CancelToken
from core.device import DeviceChoice
from core.geometry import Box, Rect, Size
from core.prompt import Prompt
from core.resampling import resampled

BEYOND_WINDOW = -10.0
"""The logit of what lies outside of a candidate's window: certainly not the object."""

LOWEST_CONFIDENCE = 0.01
"""What a segmenter that finds every object in one pass is less sure of is noise, and there are thousands of it."""

_ROUNDING = 1e-6
"""Pixels by which a window's border may miss a whole number for want of digits."""


@dataclass(frozen=True, slots=True)
class Strictness:
    """How sure a segmenter that finds every object in one pass must be, and how alike two objects may be.

    Attributes
    ----------
    confidence
        Lowest score of an object that counts, in [0, 1]; one below :data:`LOWEST_CONFIDENCE` counts as that.
    overlap
        Two boxes that overlap by more than this share of their union are one object, in [0, 1].
    """

    confidence: float = 0.4
    overlap: float = 0.9


@dataclass(frozen=True, eq=False)
class Embedding:
    """What a segmenter made of one photo.

    `payload` belongs to the segmenter called `segmenter` and means nothing to others; `nbytes` is the memory it holds.
    """

    segmenter: str
    image_size: Size
    payload: Any = field(repr=False)
    nbytes: int


@dataclass(frozen=True, eq=False)
class Candidate:
    """One of the masks that a segmenter offers for a prompt.

    Attributes
    ----------
    logits
        Scores on the segmenter's grid, > 0 = object. Read-only. Given back to :meth:`Segmenter.predict` with the next
        prompt, they refine the answer.
    extent
        Width and height, in cells of the grid, of the whole photo.
    score
        The segmenter's own estimate, in [0, 1], of the intersection over union with what was meant.
    origin
        Where the photo's upper left corner lies, in cells of the grid: negative where the grid covers only a part of
        the photo, positive where it has a rim around it.
    window
        The part of the photo that can hold the object, in shares of its width and height; None for all of it.
        Outside of it, no logit counts.
    """

    logits: Logits = field(repr=False)
    extent: tuple[float, float]
    score: float
    origin: tuple[float, float] = (0.0, 0.0)
    window: Box | None = None

    def window_in(self, size: Size) -> Rect:
        """Return the pixels that lie in the window, with their upper left corners, of a photo drawn at `size`."""
        if self.window is None:
            return Rect.of_size(size)
        x, right = (ceil(share * size.width - _ROUNDING) for share in (self.window.x0, self.window.x1))
        y, bottom = (ceil(share * size.height - _ROUNDING) for share in (self.window.y0, self.window.y1))
        return Rect(x, y, right - x, bottom - y).clipped(size)

    def logits_at(self, size: Size, region: Rect | None = None) -> Logits:
        """Return the logits resampled to a photo drawn at `size`, or to its part `region`, bilinearly.

        A part is exactly that part of the whole. The cost follows the pixels asked for, not the photo, so a preview
        costs what the screen shows.
        """
        region = region or Rect.of_size(size)
        if self.window is None:
            return self._resampled(size, region)
        logits = np.full((max(0, region.height), max(0, region.width)), BEYOND_WINDOW, np.float32)
        inner = self.window_in(size).intersect(region)
        if not inner.is_empty:
            logits[inner.moved(-region.x, -region.y).slices] = self._resampled(size, inner)
        return logits

    def _resampled(self, size: Size, region: Rect) -> Logits:
        if region.is_empty:
            return np.empty((max(0, region.height), max(0, region.width)), np.float32)
        sx, sy = self.extent[0] / size.width, self.extent[1] / size.height
        columns = (np.arange(region.x, region.right) + 0.5) * sx + (self.origin[0] - 0.5)
        rows = (np.arange(region.y, region.bottom) + 0.5) * sy + (self.origin[1] - 0.5)
        return resampled(self.logits, columns, rows)

    def preview(self, size: Size, region: Rect | None = None) -> Mask:
        """Return the mask of a photo drawn at `size`, or of its part `region`, straight from the logits."""
        return self.logits_at(size, region) > 0


@dataclass(frozen=True, eq=False)
class Prediction:
    """The answer to one prompt: one to three candidates, from the smallest reading (a part) to the largest.

    `preferred_index` is set by a segmenter that knows better than the scores which candidate was meant.
    """

    candidates: tuple[Candidate, ...]
    preferred_index: int | None = None

    @property
    def best_index(self) -> int:
        """Index of the candidate that the segmenter prefers, else of the one with the highest score."""
        if self.preferred_index is not None:
            return self.preferred_index
        return max(range(len(self.candidates)), key=lambda i: self.candidates[i].score)

    @property
    def best(self) -> Candidate:
        """The candidate at :attr:`best_index`."""
        return self.candidates[self.best_index]


class Segmenter(Protocol):
    """A model that turns a photo and a prompt into masks. Used by one thread at a time."""

    @property
    def name(self) -> str:
        """Its name in the model list."""

    @property
    def device_choice(self) -> DeviceChoice:
        """Where and how precisely it computes."""

    def embed(self, image: RgbImage, token: CancelToken) -> Embedding:
        """Do the slow work on a photo, once.

        Raises
        ------
        Cancelled
            If `token` was cancelled; checked before every slow step. What is finished is returned all the same: the
            request that takes this one's place is mostly about the same photo.
        SegmentationError
            If the model fails on this photo.
        """

    def predict(self, embedding: Embedding, prompt: Prompt, previous: Candidate | None = None) -> Prediction:
        """Answer a prompt of points and a box (words have become boxes by then).

        `previous` is the candidate that the person saw when making this prompt out of the last one.

        Raises
        ------
        PromptError
            If the prompt cannot be answered (:meth:`core.prompt.Prompt.checked`).
        NothingFoundError
            If the answer is empty.
        """

    def to_mask(self, embedding: Embedding, candidate: Candidate) -> Mask:
        """Return the candidate's mask at the photo's full resolution."""

    def to_soft(self, embedding: Embedding, candidate: Candidate) -> Coverage:
        """Return the candidate at full resolution with an anti-aliased edge; 128 and above is :meth:`to_mask`."""


@runtime_checkable
class FindsEverything(Protocol):
    """A segmenter with a way of its own to find every object of a photo."""

    def find_everything(
        self, embedding: Embedding, token: CancelToken, report: Callable[[float], None] | None = None
    ) -> tuple[Candidate, ...]:
        """Return one candidate for each object, the largest first; may be empty.

        Parameters
        ----------
        report
            Called with the fraction done, in [0, 1].

        Raises
        ------
        Cancelled
            If `token` was cancelled.
        SegmentationError
            If the model fails.
        """


@runtime_checkable
class FollowsStrictness(Protocol):
    """A segmenter that finds every object in one pass, and sieves them by how sure it is and how alike they are."""

    def adjusted(self, strictness: Strictness) -> "Segmenter":
        """Return this segmenter with another strictness; the two share the model, and each other's embeddings."""


@runtime_checkable
class SeesReduced(Protocol):
    """A segmenter whose encoder reduces large photos, and may know more of a part of one than of the whole."""

    @property
    def input_side(self) -> int:
        """To how many pixels the longer side of a photo is reduced."""


@runtime_checkable
class AnswersBoxes(Protocol):
    """A segmenter that answers many boxes faster at once than one by one."""

    def predict_boxes(
        self, embedding: Embedding, boxes: Sequence[Box], token: CancelToken
    ) -> tuple[Candidate | None, ...]:
        """Return for each box the best candidate that :meth:`Segmenter.predict` would give, None where it finds none.

        Raises
        ------
        Cancelled, PromptError, SegmentationError
            As :meth:`Segmenter.predict`; `token` is looked at between batches.
        """


@runtime_checkable
class DrawsPatches(Protocol):
    """A segmenter that knows nothing but colours: a patch that colours tell apart is as good as its own answer."""

    def draw_patches(self, embedding: Embedding, patches: Sequence[tuple[Mask, float]]) -> tuple[Candidate, ...]:
        """Return a candidate for each patch, in their order.

        Parameters
        ----------
        patches
            Masks of one shape, each of the whole photo at a reduced size, with scores in [0, 1].
        """


@runtime_checkable
class KeepsEmbeddings(Protocol):
    """A segmenter whose embeddings can be stored and read back, also by a later start of the program."""

    @property
    def fingerprint(self) -> str:
        """Names everything that an embedding depends on besides the photo: weights, precision, preparation."""

    def pack(self, embedding: Embedding) -> dict[str, NDArray[Any]]:
        """Return the embedding as arrays by name, enough for :meth:`unpack`."""

    def unpack(self, image_size: Size, arrays: Mapping[str, NDArray[Any]]) -> Embedding:
        """Return the embedding of a photo of `image_size` from its arrays.

        Raises
        ------
        ValueError
            If the arrays are not what :meth:`pack` gives for a photo of that size.
        """
