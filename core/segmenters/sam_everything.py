"""Every object of a photo by SAM's own automatic mask generator, on the grid of the logits instead of on the photo.

The generator asks for a grid of points, keeps the masks that the network is sure of and that stay nearly the same
under another threshold, and drops doubles. Its code is the library's; what it sees as the photo is the grid: at the
size of a 24 MP photo one batch of masks alone would take tens of gigabytes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.arrays import Logits, freeze
from core.cancel import CancelToken
from core.geometry import Size
from core.segmenter import Candidate

if TYPE_CHECKING:
    from torch import Tensor

Decode: TypeAlias = "Callable[[Tensor], tuple[Tensor, Tensor]]"
"""Include points, ``(B, 2)`` float32 on the processor, each a prompt, in pixels of the encoder's frame -> the logits
``(B, 3, 256, 256)`` and scores ``(B, 3)`` of their readings."""


@dataclass(frozen=True, slots=True)
class Thoroughness:
    """How closely a photo is searched.

    Attributes
    ----------
    points_per_side
        The photo is asked at a grid of as many points each way.
    points_per_batch
        How many of them the decoder answers at once.
    lowest_score, lowest_stability
        What a mask needs to be kept: the network's estimate of it, and the overlap of what it is at logits of 1 and
        of -1; both in [0, 1].
    same
        Masks whose boxes overlap by more than this share of their union are one object.
    """

    points_per_side: int
    points_per_batch: int
    lowest_score: float = 0.88
    lowest_stability: float = 0.95
    same: float = 0.7


QUICK = Thoroughness(points_per_side=16, points_per_batch=4)
"""For processors, where every point takes tens of milliseconds, alone or in a batch."""

FULL = Thoroughness(points_per_side=32, points_per_batch=64)
"""The library's own figures, for graphics cards."""


def generate(
    decode: Decode,
    inner: Size,
    extent: tuple[float, float],
    thoroughness: Thoroughness,
    token: CancelToken,
    report: Callable[[float], None] | None,
) -> tuple[Candidate, ...]:
    """Return a candidate for each object, the largest first; may be empty.

    Parameters
    ----------
    inner
        The photo's size in the encoder's frame.
    extent
        Width and height of the part of the grid that covers the photo.
    report
        Called with the fraction done, in [0, 1], after each batch.

    Raises
    ------
    Cancelled
        If `token` was cancelled; looked at before each batch.
    """
    grid = Size(ceil(extent[0]), ceil(extent[1]))
    generator = _generator(_GridPredictor(decode, inner, grid), thoroughness, token, report)
    # The generator looks at nothing of the picture but its size.
    found = generator._generate_masks(np.broadcast_to(np.uint8(0), (*grid.shape, 3)))
    candidates = [
        Candidate(generator.logits[number], extent, min(max(float(score), 0.0), 1.0))
        for number, score in zip(found["numbers"], found["iou_preds"], strict=True)
    ]
    return tuple(sorted(candidates, key=lambda each: -np.count_nonzero(each.logits[: grid.height, : grid.width] > 0)))


class _GridPredictor:
    """Looks to the generator like the library's predictor after `set_image`, for a photo as large as the grid."""

    def __init__(self, decode: Decode, inner: Size, grid: Size) -> None:
        self._decode, self._grid = decode, grid
        self._scale = np.array([inner.width / grid.width, inner.height / grid.height])
        self.model = SimpleNamespace(mask_threshold=0.0)
        self.transform = self
        # What the generator itself computes stays on the processor: Apple's GPU has no float64, which it uses.
        self.device = "cpu"
        self.last: tuple[Tensor, Tensor] | None = None

    def set_image(self, image: object) -> None:
        """Do nothing: the photo is encoded already."""

    def reset_image(self) -> None:
        """Forget the last answer."""
        self.last = None

    def apply_coords(self, points: NDArray[np.float64], _: tuple[int, ...]) -> NDArray[np.float32]:
        """Return points on the grid, ``(B, 2)``, in pixels of the encoder's frame."""
        return np.asarray(points * self._scale, dtype=np.float32)

    def predict_torch(self, points: "Tensor", *_: object, **__: object) -> "tuple[Tensor, Tensor, Tensor]":
        """Return the logits on the grid ``(B, 3, h, w)``, the scores ``(B, 3)``, and the whole logits.

        `points` are ``(B, 1, 2)``: the generator asks for all readings of one include point at a time.
        """
        logits, scores = self._decode(points[:, 0])
        self.last = logits.float().cpu(), scores.float().cpu()
        logits, scores = self.last
        return logits[..., : self._grid.height, : self._grid.width], scores, logits


def _generator(
    predictor: _GridPredictor,
    thoroughness: Thoroughness,
    token: CancelToken,
    report: Callable[[float], None] | None,
) -> Any:
    from segment_anything import SamAutomaticMaskGenerator

    class Generator(SamAutomaticMaskGenerator):  # type: ignore[misc] # the libraries are untyped
        """The library's generator, which can be stopped, tells how far it is and keeps the logits."""

        def __init__(self, *arguments: object, **settings: object) -> None:
            super().__init__(*arguments, **settings)
            self.predictor = predictor
            self.done = 0
            self.logits: list[Logits] = []

        def _process_batch(self, points: NDArray[np.float64], *sizes: object) -> Any:
            import torch

            token.check()
            data = super()._process_batch(points, *sizes)
            # A number goes with every mask through the generator's later filters.
            data["numbers"] = torch.arange(len(self.logits), len(self.logits) + len(data["iou_preds"]))
            self.logits.extend(_logits_of(data, points, predictor))
            self.done += len(points)
            if report is not None:
                report(self.done / thoroughness.points_per_side**2)
            return data

    encoder = SimpleNamespace(img_size=1024)
    return Generator(
        SimpleNamespace(image_encoder=encoder, device="cpu"),
        points_per_side=thoroughness.points_per_side,
        points_per_batch=thoroughness.points_per_batch,
        pred_iou_thresh=thoroughness.lowest_score,
        stability_score_thresh=thoroughness.lowest_stability,
        box_nms_thresh=thoroughness.same,
    )


def _logits_of(data: Any, points: NDArray[np.float64], predictor: _GridPredictor) -> Iterator[Logits]:
    """Yield the whole logits of the masks of the last batch that the generator kept, told by point and score."""
    if predictor.last is None:
        raise ValueError("there is no last batch")
    logits, scores = predictor.last
    for point, score in zip(data["points"].numpy(), data["iou_preds"], strict=True):
        row = int(np.flatnonzero((points == point).all(axis=1))[0])
        reading = int((scores[row] == score).nonzero()[0])
        # A copy, else one mask that is kept would keep its whole batch alive.
        own = logits[row, reading].numpy().copy()
        freeze(own)
        yield own
