"""Where the outline of a selection is in doubt: stretches of it, ranked, for a person to look at.

A pixel of the outline is in doubt for two reasons, and as much as either says:

* *Contrast.* Let d be the distance between the mean colours just inside and just outside of the outline, and s their
  variance around these means (with some noise that every photo has). The outline explains d² / (d² + s) of how colours
  differ there; the rest is doubt. Where both sides look the same, all of it is.
* *Softness.* Let w be the width in pixels over which the coverage falls from full to nothing, beyond that of an
  anti-aliased edge. The doubt is w / (w + 16): an edge that fades over 16 pixels could as well be anywhere within.

Both are smoothed along the outline. A stretch is a run of it with doubt above a half; long runs are cut into pieces
that a screen can show. What is long and in much doubt comes first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, Mask, RgbImage
from core.cancel import CancelToken
from core.cut_source import CutSource
from core.document import Document
from core.geometry import Rect, Size

Field = NDArray[np.float32]

MOST_STRETCHES = 50
_LONGEST_SIDE = 1600
"""Of the reduced photo that is looked at; in its pixels are the next four."""

_WINDOW = 9
_SMOOTHED_OVER = 15
_SHORTEST = 8
_MARGIN = 8

_LONGEST_STRETCH = 240
"""In pixels of the photo: what fits on a screen at 200 %."""

_NOISE_VARIANCE = 3 * 8.0**2
_HALF_DOUBT_WIDTH = 16.0
_THRESHOLD = 0.5
_SIGMA = 1.0
_STEEPEST = 1 / np.sqrt(2 * np.pi) / _SIGMA
"""Of a hard edge that was blurred by that much, in coverage of [0, 1] a pixel."""


@dataclass(frozen=True, slots=True)
class DoubtfulStretch:
    """A part of an outline that should be looked at.

    Attributes
    ----------
    x, y
        Its middle, in photo pixels.
    rect
        The pixels that it runs through.
    doubt
        In [0, 1], the mean along it.
    length
        In photo pixels.
    is_soft
        Whether a wide soft edge is what makes the doubt, rather than weak contrast.
    """

    x: float
    y: float
    rect: Rect
    doubt: float
    length: float
    is_soft: bool

    @property
    def weight(self) -> float:
        """What stretches are ranked by: the doubt of all its pixels."""
        return self.doubt * self.length


def find_doubts_in(document: Document, token: CancelToken) -> tuple[DoubtfulStretch, ...]:
    """Return the stretches of the selection's outline that are in doubt, the most doubtful first.

    Raises
    ------
    Cancelled
        If `token` was cancelled.
    PromptError
        If no layer is visible.
    """
    if document.selection is None:
        return ()
    reach = Rect.of_mask(document.selection).padded(4 * _MARGIN).clipped(document.size)
    image = CutSource.of(document).to_model_part(reach)
    token.check()
    found = find_doubts(image, np.ascontiguousarray(document.selection[reach.slices]), reach, document.size)
    token.check()
    return found


def find_doubts(
    image: RgbImage, coverage: Coverage, reach: Rect | None = None, size: Size | None = None
) -> tuple[DoubtfulStretch, ...]:
    """Return the doubtful stretches of an outline; the photo's border is none.

    Parameters
    ----------
    image, coverage
        ``(H, W, 3)`` and ``(H, W)`` uint8: the pixels `reach` of a photo of `size`; by default, all of it.
    """
    reach = reach or Rect.of_size(Size.of(coverage))
    size = size or Size.of(coverage)
    step = max(1.0, reach.size.longest / _LONGEST_SIDE)
    shape = max(3, round(reach.width / step)), max(3, round(reach.height / step))
    small = np.asarray(cv2.resize(coverage, shape, interpolation=cv2.INTER_AREA), np.uint8)
    photo = np.asarray(cv2.resize(image, shape, interpolation=cv2.INTER_AREA), np.uint8)
    inside = small >= 128
    weak, soft = _weakness(photo, inside), _softness(small, step)
    inner = _inner(reach, size, inside.shape)
    grid = _Grid(reach, reach.width / shape[0], reach.height / shape[1])
    found = [stretch for line in _lines(inside) for stretch in _stretches(line, weak, soft, inner, grid)]
    return tuple(sorted(found, key=lambda stretch: -stretch.weight)[:MOST_STRETCHES])


@dataclass(frozen=True, slots=True)
class _Grid:
    """How the reduced photo lies in the photo."""

    reach: Rect
    step_x: float
    step_y: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        return self.reach.x + (x + 0.5) * self.step_x, self.reach.y + (y + 0.5) * self.step_y

    def rect(self, columns: NDArray[np.int32], rows: NDArray[np.int32]) -> Rect:
        left, top = self.place(columns.min() - 0.5, rows.min() - 0.5)
        right, bottom = self.place(columns.max() + 0.5, rows.max() + 0.5)
        return Rect(int(left), int(top), max(1, round(right - left)), max(1, round(bottom - top)))


def _weakness(photo: RgbImage, inside: Mask) -> Field:
    """Return for each pixel how little of the colours' variance around it the outline explains, in [0, 1]."""
    colour = photo.astype(np.float32)
    sides = [_side_mean(colour, side.astype(np.float32)) for side in (inside, ~inside)]
    (mean_in, var_in), (mean_out, var_out) = sides
    difference = np.square(mean_in - mean_out).sum(axis=2)
    return np.asarray(1 - difference / (difference + var_in + var_out + _NOISE_VARIANCE), np.float32)


def _side_mean(colour: Field, weight: Field) -> tuple[Field, Field]:
    """Return the mean colour of one side in a window around each pixel, and the variance summed over the channels."""
    window = (_WINDOW, _WINDOW)
    total = np.maximum(cv2.blur(weight, window), np.float32(1e-6))[..., None]
    mean = cv2.blur(colour * weight[..., None], window) / total
    square = cv2.blur(np.square(colour) * weight[..., None], window) / total
    variance = np.maximum(square - np.square(mean), 0).sum(axis=2)
    return np.asarray(mean, np.float32), np.asarray(variance, np.float32)


def _softness(small: Coverage, step: float) -> Field:
    """Return for each pixel the doubt that the width of a soft edge makes, in [0, 1)."""
    field = cv2.GaussianBlur(small.astype(np.float32) / 255, (0, 0), _SIGMA, borderType=cv2.BORDER_REPLICATE)
    slope = np.hypot(cv2.Scharr(field, cv2.CV_32F, 1, 0), cv2.Scharr(field, cv2.CV_32F, 0, 1)) / 32
    # The first pixel of an outline lies up to a pixel beside the steepest place, so the steepest one near it counts.
    steepest = cv2.dilate(np.asarray(slope, np.float32), np.ones((3, 3), np.uint8))
    width = (1 / np.maximum(steepest, 1e-4) - 1 / (0.8 * _STEEPEST)).clip(0, None) * step
    return np.asarray(width / (width + _HALF_DOUBT_WIDTH), np.float32)


def _inner(reach: Rect, size: Size, shape: tuple[int, int]) -> Mask:
    """Return which pixels of the reduced photo do not lie at the photo's border."""
    inner = np.ones(shape, np.bool_)
    inner[0] &= reach.y > 0
    inner[-1] &= reach.bottom < size.height
    inner[:, 0] &= reach.x > 0
    inner[:, -1] &= reach.right < size.width
    return inner


def _lines(inside: Mask) -> Iterator[NDArray[np.int32]]:
    """Return the outlines, each as ``(N, 2)`` x, y of its pixels around."""
    contours, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    for contour in contours:
        if len(contour) >= _SHORTEST:
            yield np.asarray(contour[:, 0], np.int32)


def _stretches(
    line: NDArray[np.int32], weak: Field, soft: Field, inner: Mask, grid: _Grid
) -> Iterator[DoubtfulStretch]:
    columns, rows = line[:, 0], line[:, 1]
    counts = inner[rows, columns]
    weakness, softness = (_around(field[rows, columns]) for field in (weak, soft))
    doubt = 1 - (1 - weakness) * (1 - softness)
    for run in _runs((doubt > _THRESHOLD) & counts):
        step = (grid.step_x + grid.step_y) / 2
        for part in np.array_split(run, max(1, round(run.size * step / _LONGEST_STRETCH))):
            if part.size >= _SHORTEST:
                middle = part[part.size // 2]
                yield DoubtfulStretch(
                    *grid.place(float(columns[middle]), float(rows[middle])),
                    rect=grid.rect(columns[part], rows[part]),
                    doubt=float(doubt[part].mean()),
                    length=float(part.size * step),
                    is_soft=bool(softness[part].mean() > weakness[part].mean()),
                )


def _around(values: Field) -> Field:
    """Return values along a closed line, smoothed."""
    reach = min(_SMOOTHED_OVER // 2, values.size // 2)
    width = 2 * reach + 1
    padded = np.pad(values, reach, mode="wrap")
    return np.asarray(np.convolve(padded, np.full(width, 1 / width), mode="valid"), np.float32)


def _runs(is_in: Mask) -> Iterator[NDArray[np.intp]]:
    """Return the indices of each run along a closed line, in order; one may go over the line's end."""
    if is_in.all():
        yield np.arange(is_in.size)
        return
    start = int(np.argmin(is_in))  # outside of every run
    order = (np.arange(is_in.size) + start) % is_in.size
    changes = np.flatnonzero(np.diff(is_in[order].astype(np.int8)))
    for part in np.split(order, changes + 1):
        if is_in[part[0]]:
            yield part
