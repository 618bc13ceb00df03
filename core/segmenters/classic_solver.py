"""From points and a box on a small picture to masks of different reach."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask
from core.segmenters.classic_colour import ColourCells
from core.segmenters.classic_cut import cut
from core.segmenters.classic_frame import distance_field
from core.segmenters.classic_reach import edge_cost, travel

Field = NDArray[np.float32]
_TRUST_IN_PLACE = (1.0, 0.6, 0.35)
_EXCLUDE_REACH = 0.8
_PULL = 8.0
_PRIOR = 2.0
_PLACE_BESIDE_PRIOR = 0.3
_BAND = 3.0
_FINE_STRENGTH = 3.0
_STRENGTH = 3.0
_REACHES = (0.35, 0.8, 1.8)


@dataclass(frozen=True, eq=False)
class Task:
    """A prompt on a frame.

    Attributes
    ----------
    cells, contrast
        The frame's colours, sorted for counting and for following edges.
    includes, excludes
        ``(column, row)`` of the clicks.
    allowed
        ``(h, w)`` bool: where the object may lie at all, the inside of the box.
    has_box
        Whether that is a person's box, which an object fills.
    prior
        ``(h, w)`` float32 in [-1, 1], what was on the screen before the last click, or None.
    """

    cells: ColourCells = field(repr=False)
    contrast: NDArray[np.uint8] = field(repr=False)
    includes: tuple[tuple[int, int], ...]
    excludes: tuple[tuple[int, int], ...]
    allowed: Mask = field(repr=False)
    has_box: bool
    prior: Field | None = field(repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        """``(h, w)`` of the frame."""
        return self.allowed.shape[0], self.allowed.shape[1]


def solve(coarse: Task, fine: Task) -> list[Mask]:
    """Return masks of growing reach on the fine frame, none empty.

    The include clicks lie in and the exclude clicks out of each. Both tasks are the same prompt on the same part of
    the photo: colours and place are settled on the coarse one, the outline on the fine one.
    """
    seeds, fine_seeds = _seeds(coarse), _seeds(fine)
    cost = edge_cost(coarse.cells.lab)
    places = _places_in_box(coarse, cost) if coarse.has_box else _places_of_clicks(coarse, cost)
    pull = _pull_of_clicks(coarse, cost)
    masks = []
    for near in places:
        rough = _settled(coarse, near, pull, *seeds)
        masks.append(kept_parts(_outlined(fine, rough, near, pull, *fine_seeds), fine.includes))
    return [mask for mask in masks if mask.any()]


def _pull_of_clicks(task: Task, cost: Field) -> Field:
    """Return what the clicks say about their surroundings, ``(h, w)``, in units of evidence."""
    pull = np.zeros(task.shape, dtype=np.float32)
    if task.excludes:
        pull -= np.float32(_PULL) * _closeness_to_excludes(task, cost)
    return pull


def _closeness_to_excludes(task: Task, cost: Field) -> Field:
    """Return how surely each pixel goes with an exclude click, ``(h, w)`` in [0, 1]; nearer include clicks win."""
    walk = travel(cost, _at(task.shape, task.excludes))
    closeness = np.exp(-((walk / np.float32(_EXCLUDE_REACH)) ** 2))
    if task.includes:
        other = travel(cost, _at(task.shape, task.includes))
        closeness = closeness * np.clip(2 * other / (walk + other + 1e-6) - 0.5, 0, 1)
    return np.asarray(closeness, dtype=np.float32)


def _places_of_clicks(task: Task, cost: Field) -> list[Field]:
    """Return how likely each pixel is for its place alone, ``(h, w)`` in [0, 1], for every reach."""
    distance = travel(cost, _at(task.shape, task.includes))
    return [np.exp(-((distance / np.float32(reach)) ** 2)).astype(np.float32) for reach in _REACHES]


def _places_in_box(task: Task, cost: Field) -> list[Field]:
    """Return the same for a box: unlikely at its sides and where the sides are reached without crossing an edge."""
    rows, columns = np.nonzero(task.allowed)
    y = (np.arange(task.shape[0]) + 0.5 - rows.min()) / (np.ptp(rows) + 1) * 2 - 1
    x = (np.arange(task.shape[1]) + 0.5 - columns.min()) / (np.ptp(columns) + 1) * 2 - 1
    round_off = np.exp(-(np.abs(y)[:, None] ** 3 + np.abs(x) ** 3) * 0.9)
    ground = travel(cost, ~task.allowed) if not task.allowed.all() else np.ones(task.shape)
    from_side = 1 - np.exp(-ground / max(float(np.percentile(ground[task.allowed], 50)), 1e-3))
    near = (0.9 * round_off**0.5 * np.sqrt(from_side)) * task.allowed
    return [np.clip(near * gain, 0, 1).astype(np.float32) for gain in (0.75, 1.0, 1.35)]


def _seeds(task: Task) -> tuple[Mask, Mask]:
    """Return what surely belongs and surely does not."""
    radius = max(1, round(0.006 * np.hypot(*task.shape)))
    front, back = np.zeros(task.shape, np.uint8), np.zeros(task.shape, np.uint8)
    for column, row in task.includes:
        cv2.circle(front, (column, row), radius, 1, -1)
    for column, row in task.excludes:
        cv2.circle(back, (column, row), radius, 1, -1)
        cv2.circle(front, (column, row), radius, 0, -1)
    for column, row in task.includes:
        back[row, column], front[row, column] = 0, 1
    is_front = (front > 0) & (task.allowed | _at(task.shape, task.includes))
    return is_front, ((back > 0) | ~task.allowed) & ~is_front


def _at(shape: tuple[int, int], places: tuple[tuple[int, int], ...]) -> Mask:
    mask = np.zeros(shape, dtype=bool)
    for column, row in places:
        mask[row, column] = True
    return mask


def _settled(task: Task, near: Field, pull: Field, front: Mask, back: Mask) -> Mask:
    """Estimate colours and cut in turns, trusting the place less every time; return the last mask."""
    place = _place_of(task, near, back, front)
    weights = np.asarray(_mixed(near, front, back))
    mask = front
    for trust in _TRUST_IN_PLACE:
        evidence = task.cells.evidence(weights, 1 - weights) + np.float32(trust) * place + pull
        mask = cut(task.contrast, evidence, _STRENGTH, front, back)
        weights = _mixed(mask * (0.2 + 0.8 * near), front, back)
    return mask


def _place_of(task: Task, near: Field, back: Mask, front: Mask) -> Field:
    place = np.clip(np.log((near + 0.02) / (1.02 - near)), -3, 3)
    if task.prior is not None:
        place = place * np.float32(_PLACE_BESIDE_PRIOR) + np.float32(_PRIOR) * task.prior
    return np.asarray(place, dtype=np.float32)


def _mixed(near: Field, front: Mask, back: Mask) -> Field:
    """Return weights of the object's colours: never quite 0 or 1 but where clicks say so."""
    weights = near * 0.98 + 0.01
    weights[front], weights[back] = 1, 0
    return np.asarray(weights, dtype=np.float32)


def _outlined(task: Task, rough: Mask, near: Field, pull: Field, front: Mask, back: Mask) -> Mask:
    """Cut once more on the fine frame, within some pixels of the rough mask's outline."""
    size = (task.shape[1], task.shape[0])

    def enlarged(values: Field) -> Field:
        return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)

    depth = enlarged(distance_field(rough))
    near, pull = enlarged(near), enlarged(pull)
    weights = _mixed((depth > 0) * (0.2 + 0.8 * near), front, back)
    place = np.float32(_TRUST_IN_PLACE[-1]) * _place_of(task, near, back, front)
    evidence = task.cells.evidence(weights, 1 - weights) + place + pull
    front, back = front | ((depth > _BAND) & ~back), back | ((depth < -_BAND) & ~front)
    return cut(task.contrast, evidence, _FINE_STRENGTH, front, back)


def kept_parts(mask: Mask, includes: tuple[tuple[int, int], ...]) -> Mask:
    """Return the parts of a mask that hold a click; without clicks, those of at least a fifth of the largest."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = np.zeros(count, dtype=bool)
    if includes:
        for column, row in includes:
            kept[labels[row, column]] = True
    else:
        kept = areas >= 0.2 * areas.max()
    kept[0] = False
    return np.asarray(kept[labels])
