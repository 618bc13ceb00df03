"""What a prompt may mean: for every reading, how likely each pixel is for its place alone."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask
from core.segmenters.classic_correction import odds_after
from core.segmenters.classic_reach import travel
from core.segmenters.classic_task import Task

Field = NDArray[np.float32]
_GAINS = ((0.6, 5.0), (0.8, 3.0), (1.0, 3.0), (1.0, 8.0), (1.2, 5.0), (1.5, 3.0))
_REACHES = ((0.3, 8.0), (0.45, 4.0), (0.65, 3.0), (0.65, 8.0), (0.9, 4.0), (1.3, 4.0))
_ZEALS = (-1.0, 0.5, 2.0)
"""Log odds by which the readings of a correction differ."""
_CORRECTED_OPENNESS = 0.3
_CORRECTED_STRENGTH = 4.0
_TRUST = (0.7, 0.3)
_FARTHEST_ODDS = 3.0
_EXCLUDE_REACH = 0.8
_PULL = 8.0


@dataclass(frozen=True, eq=False)
class Reading:
    """One way to read a prompt.

    Attributes
    ----------
    near
        ``(h, w)`` float32 in [0, 1]: how likely each pixel belongs, for its place alone.
    place
        ``(h, w)`` float32: the same as log odds, as evidence.
    pull
        ``(h, w)`` float32: evidence that stands whatever the colours say.
    openness
        ``(h, w)`` float32 in [0, 1]: how much colours count.
    trust
        How much `place` counts in each round.
    strength
        How much evidence counts against edges.
    """

    near: Field = field(repr=False)
    place: Field = field(repr=False)
    pull: Field = field(repr=False)
    openness: Field = field(repr=False)
    trust: tuple[float, ...]
    strength: float


def readings_of(task: Task, cost: Field) -> list[Reading]:
    """Return the readings of a prompt: of corrections to what was there, else of growing reach."""
    if task.prior is not None and task.is_correction:
        return _corrections(task, cost, task.prior)
    places = _places_in_box(task, cost) if task.has_box else _places_of_clicks(task, cost)
    pull = np.zeros(task.shape, dtype=np.float32)
    if (task.marks < 0).any():
        closeness = _closeness(*_walks(cost, task.marks < 0, task.marks > 0), _EXCLUDE_REACH)
        pull = -np.float32(_PULL) * closeness
        places = [(near * (1 - closeness), strength) for near, strength in places]
    openness = np.ones(task.shape, dtype=np.float32)
    return [Reading(near, _odds(near), pull, openness, _TRUST, strength) for near, strength in places]


def _odds(near: Field) -> Field:
    odds = np.log((near + 0.02) / (1.02 - near))
    return np.asarray(np.clip(odds, -_FARTHEST_ODDS, _FARTHEST_ODDS), dtype=np.float32)


def _corrections(task: Task, cost: Field, prior: Field) -> list[Reading]:
    """Return readings that turn more or less of what contradicting marks may turn, and keep the rest."""
    odds, turning = odds_after(task, cost, prior)
    openness = np.full(task.shape, np.float32(_CORRECTED_OPENNESS))
    zero = np.zeros(task.shape, dtype=np.float32)
    readings = []
    for zeal in _ZEALS:
        place = np.asarray(odds + np.float32(zeal) * turning, dtype=np.float32)
        near = np.where(turning == 0, (prior + 1) / 2, 1 / (1 + np.exp(-place))).astype(np.float32)
        readings.append(Reading(near, place, zero, openness, (1.0,), _CORRECTED_STRENGTH))
    return readings


def _walks(cost: Field, marked: Mask, others: Mask) -> tuple[Field, Field | None]:
    """Return the price of walks from some marks, and of those from others if there are any."""
    return travel(cost, marked), travel(cost, others) if others.any() else None


def _closeness(walk: Field, other: Field | None, reach: float) -> Field:
    """Return how surely each pixel goes with some marks, ``(h, w)`` in [0, 1]; what is nearer to others does not."""
    closeness = np.exp(-((walk / np.float32(reach)) ** 2))
    if other is not None:
        closeness = closeness * np.clip(2 * other / (walk + other + 1e-6) - 0.5, 0, 1)
    return np.asarray(closeness, dtype=np.float32)


def _places_of_clicks(task: Task, cost: Field) -> list[tuple[Field, float]]:
    """Return how likely each pixel is for its place alone, ``(h, w)`` in [0, 1], for every reach."""
    distance = travel(cost, task.marks > 0)
    return [
        (np.exp(-((distance / np.float32(reach)) ** 2)).astype(np.float32), strength) for reach, strength in _REACHES
    ]


def _places_in_box(task: Task, cost: Field) -> list[tuple[Field, float]]:
    """Return the same for a box: unlikely at its sides and where the sides are reached without crossing an edge."""
    rows, columns = np.nonzero(task.allowed)
    y = (np.arange(task.shape[0]) + 0.5 - rows.min()) / (np.ptp(rows) + 1) * 2 - 1
    x = (np.arange(task.shape[1]) + 0.5 - columns.min()) / (np.ptp(columns) + 1) * 2 - 1
    round_off = np.exp(-(np.abs(y)[:, None] ** 3 + np.abs(x) ** 3) * 0.9)
    ground = travel(cost, ~task.allowed) if not task.allowed.all() else np.ones(task.shape)
    from_side = 1 - np.exp(-ground / max(float(np.percentile(ground[task.allowed], 50)), 1e-3))
    near = (0.9 * round_off**0.5 * np.sqrt(from_side)) * task.allowed
    return [(np.clip(near * gain, 0, 1).astype(np.float32), strength) for gain, strength in _GAINS]
