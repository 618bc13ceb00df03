"""What a correction turns: how likely each pixel is to change sides with the marks that contradict what was there.

A person who corrects clicks about the middle of what is wrong. So the outline of what was there is as far from the
click as the wrong part is wide, and nothing much deeper than that is meant: distances are counted in this depth. How
much each sign tells was fitted, a logistic regression with a ridge on corrections of photos with known masks.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask
from core.segmenters.classic_reach import travel
from core.segmenters.classic_task import Task

Field = NDArray[np.float32]
_STAND = 3.0
"""Log odds that a pixel in the clear stays on its side, where nothing contradicts."""
_INCLUDE_WEIGHTS = (-2.37, -0.64, 0.82, -2.07, -2.12, 0.95, 0.55, 0.55, -0.01, -0.23, -0.02, 0.14)
_EXCLUDE_WEIGHTS = (3.57, -0.89, -1.29, 0.63, -1.9, 0.65, 0.56, 2.16, 0.39, -0.11, 0.6, 0.05)
_SURE = 0.3
"""Share of the depth within which the surroundings of an include mark belong: a click never wins a speck alone."""
_SURELY = 4.0
_HOLE = 3.0
"""Log odds by which a small closed part turns more readily than an open one."""
_SMALL = 0.1
"""Largest share of what was there that such a part has."""
_RING = (0.7, 1.3)
_DEEPEST = 3.0
_LONGEST = 12.0
"""Depths of the wrong part beyond which distance says no more: nothing so far was fitted on."""
_UNOPPOSED = 1.0
_FARTHEST = 3.0
_LEAST = 1e-6


def odds_after(task: Task, cost: Field, prior: Field) -> tuple[Field, NDArray[np.int8]]:
    """Return how likely each pixel belongs after a correction, and which pixels may change sides.

    Parameters
    ----------
    task
        The prompt, with marks that contradict `prior` or only confirm it.
    cost
        ``(h, w)`` of :func:`edge_cost`.
    prior
        ``(h, w)`` float32 in [-1, 1], what was there.

    Returns
    -------
    tuple
        ``(h, w)`` float32, log odds; and ``(h, w)`` int8: 1 where pixels may be won, -1 where they may be lost, 0 where
        nothing contradicts what was there.
    """
    odds = np.asarray(_STAND * prior, dtype=np.float32)
    turning = np.zeros(task.shape, dtype=np.int8)
    for sign, weights in ((1, _INCLUDE_WEIGHTS), (-1, _EXCLUDE_WEIGHTS)):
        side = (prior <= 0) if sign > 0 else (prior > 0)
        wrong = (task.marks == sign) & side
        if wrong.any():
            side = _parts_with(side, wrong)
            width = _width(side, wrong, prior)
            turned = _signs(task, cost, side, wrong, task.marks == -sign, width) @ np.array(weights, dtype=np.float32)
            turned = turned + np.float32(_HOLE) * _is_hole(side, prior)
            if sign > 0:
                sure = _away(wrong) < _SURE * width
                turned = np.where(sure, np.maximum(turned, _SURELY), turned)
            odds = np.where(side, sign * turned, odds)
            turning[side] = sign
    return odds, turning


def _signs(task: Task, cost: Field, side: Mask, wrong: Mask, opposed: Mask, unit: float) -> Field:
    """Return what tells whether a pixel turns with the marks `wrong`, ``(h, w, 12)``.

    `side` is what they contradict, `opposed` are the marks that say otherwise, `unit` the depth in pixels to count in.
    """
    depth = _depth(side)
    away, walk = _away(wrong) / np.float32(unit), travel(cost, wrong)
    ring = (away > _RING[0]) & (away < _RING[1])
    usual = max(float(np.median(walk[ring])) if ring.any() else float(walk.max()), _LEAST)
    near = np.exp(-away * away)
    rest = side * (1 - near) + np.float32(_LEAST)
    by_walk = by_distance = np.full(task.shape, _UNOPPOSED, dtype=np.float32)
    if opposed.any():
        by_walk = _closer(walk, travel(cost, opposed), 0.02)
        by_distance = _closer(away, _away(opposed) / np.float32(unit), 0.1)
    far, far_to_walk = np.log(0.15 + np.minimum(away, _LONGEST)), np.log(0.1 + np.minimum(walk / usual, _LONGEST))
    alike = task.cells.evidence(near, rest)
    signs = (
        np.ones(task.shape),
        far,
        far_to_walk,
        np.log(0.02 + walk),
        np.minimum(depth / unit, _DEEPEST),
        alike,
        task.cells.evidence(~side + near + np.float32(_LEAST), rest),
        by_walk,
        by_distance,
        far * alike,
        far * far,
        far_to_walk * far_to_walk,
    )
    return np.stack(signs, axis=-1).astype(np.float32)


def _parts_with(side: Mask, marked: Mask) -> Mask:
    """Return the connected parts of a side that hold a mark: a click says nothing about a part apart."""
    _, labels = cv2.connectedComponents(side.astype(np.uint8), connectivity=8)
    return np.isin(labels, np.unique(labels[marked]))


def _depth(side: Mask) -> Field:
    """Return how far each pixel of a side is from the other one and from the picture's border, in pixels."""
    padded = cv2.copyMakeBorder(side.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(0,))
    return np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1], dtype=np.float32)


def _is_hole(side: Mask, prior: Field) -> bool:
    """Return whether a part is closed, and small beside what was there: then all of it is likely meant, hit or miss."""
    rim = np.concatenate([side[0], side[-1], side[:, 0], side[:, -1]])
    return not rim.any() and side.sum() < _SMALL * (prior > 0).sum()


def _width(side: Mask, wrong: Mask, prior: Field) -> float:
    """Return how deep the wrong part is, in pixels, at least 1: as deep as the mark lies, or all of a hole."""
    depth = _depth(side)
    return max(float(depth.max() if _is_hole(side, prior) else depth[wrong].max()), 1.0)


def _away(marks: Mask) -> Field:
    """Return how far each pixel is from the nearest mark, in pixels."""
    return np.asarray(cv2.distanceTransform((~marks).astype(np.uint8), cv2.DIST_L2, 5), dtype=np.float32)


def _closer(own: Field, other: Field, least: float) -> Field:
    """Return the log of how much closer the own marks are than the others."""
    return np.clip(np.log((other + np.float32(least)) / (own + np.float32(least))), -_FARTHEST, _FARTHEST)
