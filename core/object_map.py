"""The objects of a photo in order: what lies in what, which one is under a point, and each one drawn without overlaps.

Objects are kept from the largest to the smallest. That is the order in which they are stacked: a pixel belongs to the
smallest object that covers it, so an object lies above the one that holds it.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, Mask, freeze, to_mask
from core.edges import reach_of
from core.geometry import Rect, Size
from core.segmenter import Candidate
from core.texts import tr

Labels: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]
"""``(H, W)``: 0 = no object, n = the n-th one, counted from 1. uint8 up to 255 objects, uint16 above."""

MOST_BYTE_LABELS = 255
MOST_LABELS = 65535

_LENGTH = 256
"""Longest side of the grid on which objects are compared."""

_MOSTLY = 0.8
"""Share of an object that lies in the one that it is a part of: two outlines never agree to the pixel."""


@dataclass(frozen=True, eq=False, slots=True)
class PhotoObject:
    """One object in its place among the others of an :class:`ObjectMap`.

    Attributes
    ----------
    number
        From 1, the largest object first. It stays with the object when others are filtered away.
    reach
        Pixels of the photo beyond which the candidate is nowhere positive.
    area
        Pixels of the photo, estimated on a small grid, with everything that lies in it.
    parent
        Index in :attr:`ObjectMap.objects` of the smallest object in which most of this one lies; None at the top.
    depth
        How many objects it lies in, one in the other; 0 without a parent.
    """

    number: int
    candidate: Candidate = field(repr=False)
    reach: Rect
    area: int
    parent: int | None = None
    depth: int = 0

    @property
    def name(self) -> str:
        """Its name for the person, such as "Object 7"."""
        return tr("Object {number}", number=self.number)

    @property
    def score(self) -> float:
        """The segmenter's own estimate of how right it is, in [0, 1]."""
        return self.candidate.score


@dataclass(frozen=True, eq=False)
class ObjectMap:
    """The objects of one photo, from the largest to the smallest; made by :meth:`of`.

    Attributes
    ----------
    size
        The photo's.
    objects
        In the order in which they are stacked, bottom first: a parent comes before its children.
    """

    size: Size
    objects: tuple[PhotoObject, ...]
    _shares: NDArray[np.float32] = field(repr=False)
    """``(N, N)``: which share of object i lies in object j, in [0, 1]."""

    @classmethod
    def of(cls, candidates: Sequence[Candidate], size: Size) -> "ObjectMap":
        """Put the candidates of a photo of `size` in order; those that are empty are left out.

        Takes about a millisecond an object. Equally large ones keep the order in which they came.
        """
        grid = size.fitted(_LENGTH)
        seen = [(candidate, reach_of(candidate, size)) for candidate in candidates]
        seen = [(candidate, reach) for candidate, reach in seen if not reach.is_empty]
        masks = np.stack([_on_grid(*each, grid, size) for each in seen]) if seen else np.zeros((0, grid.area), bool)
        areas = masks.sum(axis=1, dtype=np.int64)
        order = np.argsort(-areas, kind="stable")
        objects = [
            PhotoObject(number, seen[i][0], seen[i][1], max(1, round(int(areas[i]) * size.area / grid.area)))
            for number, i in enumerate(order, start=1)
        ]
        return _linked(size, objects, _shares_of(masks[order]))

    def at(self, x: float, y: float) -> int | None:
        """Return the index of the smallest object that covers the photo's pixel under (x, y), None if none does."""
        return next(iter(self._covering(x, y)), None)

    def objects_at(self, x: float, y: float) -> tuple[int, ...]:
        """Return the indices of all objects that cover the photo's pixel under (x, y), the smallest first."""
        return tuple(self._covering(x, y))

    def at_least(self, score: float) -> "ObjectMap":
        """Return the map of the objects whose score is at least `score`; their numbers and names stay."""
        kept = [index for index, each in enumerate(self.objects) if each.score >= score]
        return _linked(self.size, [self.objects[index] for index in kept], self._shares[np.ix_(kept, kept)])

    def labels_at(self, size: Size, region: Rect | None = None) -> Labels:
        """Return the labels of the photo drawn at `size`, or of its part `region`, straight from the logits.

        A pixel's label is 1 + the index of the smallest object that covers it. The cost follows the pixels asked for.
        For the photo's full resolution see :func:`core.object_layers.draw_objects`: a segmenter may draw finer.
        """
        region = region or Rect.of_size(size)
        labels = empty_labels(region.size, len(self.objects))
        for label, each in enumerate(self.objects, start=1):
            rect = _scaled(each.reach, self.size, size).intersect(region)
            if not rect.is_empty:
                labels[rect.moved(-region.x, -region.y).slices][each.candidate.preview(size, rect)] = label
        return labels

    def _covering(self, x: float, y: float) -> "Sequence[int]":
        pixel = Rect(floor(x), floor(y), 1, 1)
        if pixel.clipped(self.size).is_empty:
            return ()
        return [
            index
            for index in range(len(self.objects) - 1, -1, -1)
            if not self.objects[index].reach.intersect(pixel).is_empty
            and self.objects[index].candidate.preview(self.size, pixel)[0, 0]
        ]


@dataclass(frozen=True, eq=False, slots=True)
class DrawnObject:
    """One object at the photo's full resolution, without what belongs to the objects above it.

    Attributes
    ----------
    rect
        Its place in the photo: the bounding rectangle of what is left of it.
    packed
        Its coverage, compressed; hundreds of objects would not fit into memory otherwise.
    """

    name: str
    score: float
    rect: Rect
    packed: bytes = field(repr=False)

    @classmethod
    def of(cls, name: str, score: float, rect: Rect, coverage: Coverage) -> "DrawnObject":
        """Return the object whose coverage of `rect`, ``(rect.height, rect.width)``, is given."""
        return cls(name, score, rect, zlib.compress(np.ascontiguousarray(coverage).data, 1))

    @property
    def coverage(self) -> Coverage:
        """Its coverage of :attr:`rect`, ``(rect.height, rect.width)``, read-only; unpacked at every call."""
        return np.frombuffer(zlib.decompress(self.packed), np.uint8).reshape(self.rect.size.shape)


@dataclass(frozen=True, eq=False, slots=True)
class DrawnObjects:
    """The objects of a photo of `size` as disjoint layers, the bottom one first.

    No two share a pixel by half or more, and their coverages add up to that of all objects united. Objects that are
    wholly covered by others are not among them.
    """

    size: Size
    layers: tuple[DrawnObject, ...]

    def coverage(self) -> Coverage:
        """Return the coverage of all objects united, ``(H, W)``, as a new array."""
        united = np.zeros(self.size.shape, np.uint8)
        for layer in self.layers:
            part: Coverage = united[layer.rect.slices]
            np.maximum(part, layer.coverage, out=part)
        return united

    def labels(self) -> Labels:
        """Return the label map ``(H, W)``, as a new read-only array: n where the n-th of :attr:`layers` is, from 1."""
        labels = empty_labels(self.size, len(self.layers))
        for label, layer in enumerate(self.layers, start=1):
            labels[layer.rect.slices][to_mask(layer.coverage)] = label
        freeze(labels)
        return labels


def empty_labels(size: Size, count: int) -> Labels:
    """Return a label map of zeros in which `count` objects can be told apart.

    Raises
    ------
    ValueError
        If there are more than 65,535.
    """
    if count > MOST_LABELS:
        raise ValueError(f"a label map holds at most {MOST_LABELS} objects, not {count}")
    if count <= MOST_BYTE_LABELS:
        return np.zeros(size.shape, np.uint8)
    return np.zeros(size.shape, np.uint16)


def _on_grid(candidate: Candidate, reach: Rect, grid: Size, size: Size) -> Mask:
    """Return the candidate's mask on the grid, flat; at least one cell, even of what is smaller than a cell."""
    mask = candidate.preview(grid)
    if not mask.any():
        x, y = reach.x + reach.width / 2, reach.y + reach.height / 2
        mask[int(y * grid.height / size.height), int(x * grid.width / size.width)] = True
    return mask.ravel()


def _shares_of(masks: Mask) -> NDArray[np.float32]:
    """Return which share of each mask, ``(N, cells)``, lies in each other one, ``(N, N)``.

    Counted in bits, and only where the mask lies at all: most objects of a photo are small.
    """
    packed = np.packbits(masks, axis=1)
    words = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64)
    common = np.zeros((len(masks), len(masks)), np.float32)
    for index, own in enumerate(words):
        filled = np.flatnonzero(own)
        span = slice(filled[0], filled[-1] + 1) if filled.size else slice(0)
        counts = np.bitwise_count(words[: index + 1, span] & own[span]).sum(axis=1, dtype=np.int64)
        common[index, : index + 1] = common[: index + 1, index] = counts
    return np.asarray(common / np.maximum(common.diagonal(), 1)[:, None], dtype=np.float32)


def _linked(size: Size, objects: Sequence[PhotoObject], shares: NDArray[np.float32]) -> ObjectMap:
    """Return the map of objects that come in order, each with its parent."""
    linked: list[PhotoObject] = []
    for index, each in enumerate(objects):
        around = np.flatnonzero(shares[index, :index] >= _MOSTLY)
        parent = int(around[-1]) if around.size else None
        linked.append(replace(each, parent=parent, depth=0 if parent is None else linked[parent].depth + 1))
    freeze(shares)
    return ObjectMap(size, tuple(linked), shares)


def _scaled(rect: Rect, size: Size, drawn: Size) -> Rect:
    """Return the pixels of a photo drawn at `drawn` that a rectangle of the photo of `size` touches."""
    sx, sy = drawn.width / size.width, drawn.height / size.height
    x, y = floor(rect.x * sx), floor(rect.y * sy)
    return Rect(x, y, ceil(rect.right * sx) - x, ceil(rect.bottom * sy) - y)
