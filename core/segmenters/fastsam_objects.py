"""What FastSAM's network found in a photo, and the objects among it that are sure and different enough.

The network answers for thousands of places: a box, how sure it is of an object there, and 32 coefficients. The object's
outline is the sum of 32 prototypes, which all places share, weighted by its coefficients, and cut off at its box.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.arrays import freeze
from core.edges import reach_of
from core.geometry import Box, Rect
from core.prompt import PointPrompt
from core.segmenter import LOWEST_CONFIDENCE, Candidate, Strictness
from core.segmenters.fastsam_frame import Frame

Places: TypeAlias = NDArray[np.float64]
"""``(..., 2)``: x and y in pixels of the photo."""

ROW = 37
"""Numbers for each place that the network answers for: four of the box, the confidence, 32 coefficients."""

MOST = 300
"""Objects of a photo, as in ultralytics: the surest ones."""

_CHUNK = 32
"""Objects whose cells are counted at once: in 8 MB."""

_DOUBTFUL_CELLS = 16
"""An object of fewer cells has its pixels counted one by one."""

_LATTICE = 64
"""Places each way at which a box is looked at, whatever its size: its share is told to about a percent."""


@dataclass(frozen=True, eq=False)
class Findings:
    """All that the network said about one photo, with the objects of the strictness that was last asked for.

    Attributes
    ----------
    prototypes
        ``(32, h, w)`` float32, on cells of four pixels of the frame.
    rows
        ``(N, 37)`` float32: left, top, right and bottom in the frame, confidence above :data:`LOWEST_CONFIDENCE`,
        coefficients.
    """

    frame: Frame
    prototypes: NDArray[np.float32] = field(repr=False)
    rows: NDArray[np.float32] = field(repr=False)
    _sieved: "dict[Strictness, PhotoObjects]" = field(default_factory=dict, repr=False)

    @property
    def nbytes(self) -> int:
        """The memory that it holds, with the objects."""
        return self.prototypes.nbytes + self.rows.nbytes + MOST * (ROW + 10) * 8

    def objects(self, strictness: Strictness) -> "PhotoObjects":
        """Return the objects that pass; found once, and then remembered until another strictness is asked for."""
        if strictness not in self._sieved:
            objects = _sieve(self, strictness)
            self._sieved.clear()
            self._sieved[strictness] = objects
        return self._sieved[strictness]


@dataclass(frozen=True, eq=False)
class PhotoObjects:
    """The objects of a photo, the surest first. Arrays hold one row for each.

    Attributes
    ----------
    frame, prototypes
        As in :class:`Findings`.
    boxes
        ``(K, 4)`` float64: left, top, right, bottom in pixels of the photo.
    scores
        ``(K,)`` float32: how sure the network is, in [0, 1].
    coefficients
        ``(K, 32)`` float32.
    areas
        ``(K,)`` float64: pixels of the photo, above 0; counted in cells of the prototypes where there are many.
    """

    frame: Frame
    prototypes: NDArray[np.float32] = field(repr=False)
    boxes: NDArray[np.float64] = field(repr=False)
    scores: NDArray[np.float32] = field(repr=False)
    coefficients: NDArray[np.float32] = field(repr=False)
    areas: NDArray[np.float64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.boxes)

    def candidate(self, index: int) -> Candidate:
        """Return an object with its logits on the cells around its box."""
        return _candidate(self.frame, self.prototypes, self.boxes[index], self.scores[index], self.coefficients[index])

    def that_hold(self, points: Sequence[PointPrompt]) -> NDArray[np.intp]:
        """Return the indices of the objects that hold every include point and no exclude point.

        A point lies in an object if the pixel under it does, at the photo's full resolution.
        """
        pixels = np.floor(np.array([(point.x, point.y) for point in points]))
        includes = np.array([point.is_include for point in points])
        return np.flatnonzero((self._covers(pixels + 0.5) == includes).all(axis=1))

    def overlaps(self, box: Box) -> NDArray[np.float64]:
        """Return each object's intersection over union with a box: of its pixels, as ultralytics counts it.

        The object's own box would be no measure: it says nothing of how much of it the object fills.
        """
        x = box.x0 + (np.arange(_LATTICE) + 0.5) * box.width / _LATTICE
        y = box.y0 + (np.arange(_LATTICE) + 0.5) * box.height / _LATTICE
        lattice = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        area = box.width * box.height
        shared = np.minimum(self._covers(lattice).mean(axis=1) * area, self.areas)
        return np.asarray(shared / (self.areas + area - shared))

    def _covers(self, places: Places) -> NDArray[np.bool_]:
        """Return ``(K, P)``: whether each object covers each of the places ``(P, 2)``."""
        covered = self.coefficients @ _sampled(self.prototypes, self.frame.to_cells(places)) > 0
        for axis in (0, 1):
            pixels = np.floor(places[:, axis])
            covered &= (pixels >= self.boxes[:, axis, None]) & (pixels < self.boxes[:, axis + 2, None])
        return covered


def _sieve(findings: Findings, strictness: Strictness) -> PhotoObjects:
    """Return the surest of each group of alike boxes, by the greedy suppression that ultralytics uses."""
    import torch
    from torchvision.ops import nms

    rows = findings.rows[findings.rows[:, 4] > max(strictness.confidence, LOWEST_CONFIDENCE)]
    with torch.inference_mode():
        kept = nms(torch.from_numpy(rows[:, :4].copy()), torch.from_numpy(rows[:, 4].copy()), strictness.overlap)
    rows = rows[kept[:MOST].numpy()]
    frame, prototypes = findings.frame, findings.prototypes
    boxes, scores, coefficients = frame.to_photo(rows[:, :4]), rows[:, 4], np.ascontiguousarray(rows[:, 5:])
    areas = np.fromiter(_areas(frame, prototypes, boxes, coefficients), np.float64, len(rows))
    for index in np.flatnonzero(areas < _DOUBTFUL_CELLS * _pixels_a_cell(frame)):
        # The pixels lie between the cells: few cells may hold none of them, or none some.
        candidate = _candidate(frame, prototypes, boxes[index], scores[index], coefficients[index])
        reach = reach_of(candidate, frame.photo)
        areas[index] = 0 if reach.is_empty else np.count_nonzero(candidate.preview(frame.photo, reach))
    there = areas > 0
    return PhotoObjects(frame, prototypes, boxes[there], scores[there], coefficients[there], areas[there])


def _areas(
    frame: Frame, prototypes: NDArray[np.float32], boxes: NDArray[np.float64], coefficients: NDArray[np.float32]
) -> Iterator[float]:
    """Yield each object's pixels, counted in the cells whose middles lie in its box."""
    shape, flat = prototypes.shape[1:], prototypes.reshape(len(prototypes), -1)
    corners = np.ceil(frame.to_cells(boxes.reshape(-1, 2, 2)) - 0.5).astype(int)
    for start in range(0, len(boxes), _CHUNK):
        inside = (coefficients[start : start + _CHUNK] @ flat > 0).reshape(-1, *shape)
        for mask, ((left, top), (right, bottom)) in zip(inside, corners[start : start + _CHUNK], strict=True):
            yield int(np.count_nonzero(mask[top:bottom, left:right])) * _pixels_a_cell(frame)


def _pixels_a_cell(frame: Frame) -> float:
    return frame.photo.area / (frame.extent[0] * frame.extent[1])


def _candidate(
    frame: Frame,
    prototypes: NDArray[np.float32],
    box: NDArray[np.float64],
    score: np.float32,
    coefficients: NDArray[np.float32],
) -> Candidate:
    (x0, y0), (x1, y1) = frame.to_cells(box.reshape(2, 2))
    # One cell more on every side, for the pixels between.
    left, top, right, bottom = floor(x0) - 1, floor(y0) - 1, ceil(x1) + 1, ceil(y1) + 1
    count, rows, columns = prototypes.shape
    cells = Rect(left, top, max(1, right - left), max(1, bottom - top)).intersect(Rect(0, 0, columns, rows))
    part = prototypes[:, cells.y : cells.bottom, cells.x : cells.right].reshape(count, -1)
    logits = (coefficients @ part).reshape(cells.height, cells.width)
    freeze(logits)
    width, height = frame.photo.width, frame.photo.height
    window = Box(box[0] / width, box[1] / height, box[2] / width, box[3] / height)
    origin = (frame.origin[0] - cells.x, frame.origin[1] - cells.y)
    return Candidate(logits, frame.extent, float(score), origin, window)


def _sampled(prototypes: NDArray[np.float32], cells: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return ``(32, P)``: the prototypes at places ``(P, 2)`` in cells, interpolated between their middles."""
    last = np.array(prototypes.shape[:0:-1]) - 1
    places = np.clip(cells - 0.5, 0, last)
    first = np.floor(places).astype(np.intp)
    second = np.minimum(first + 1, last)
    (fx, fy) = (places - first).astype(np.float32).T
    (x0, y0), (x1, y1) = first.T, second.T
    upper = prototypes[:, y0, x0] * (1 - fx) + prototypes[:, y0, x1] * fx
    lower = prototypes[:, y1, x0] * (1 - fx) + prototypes[:, y1, x1] * fx
    return np.asarray(upper * (1 - fy) + lower * fy)
