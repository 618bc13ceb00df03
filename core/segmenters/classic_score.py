"""How good a mask looks: an estimate of its overlap with what was meant, from its outline, colours, shape and place.

A linear regression (with a ridge) of the intersection over union on the signs below, fitted on photos with known
masks; one set of weights for boxes and one for clicks. Of corrections, one that ignores them counts less.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask
from core.segmenters.classic_reach import travel
from core.segmenters.classic_task import Task

Field = NDArray[np.float32]
_LOWEST, _HIGHEST = 0.05, 0.97
_IGNORING = 0.15
_AROUND = 0.3
_NEARLY_ALL = 0.85
_BOX_WEIGHTS = (
    0.5513,
    -0.04,
    0.3094,
    -0.3004,
    0.0074,
    -0.1568,
    0.5007,
    -0.4211,
    -0.3184,
    -1.4118,
    0.0,
    0.3811,
)
_CLICK_WEIGHTS = (
    -0.3795,
    0.1388,
    0.1441,
    -0.3934,
    0.014,
    0.1571,
    0.1646,
    0.3586,
    -0.0855,
    -0.116,
    0.5141,
    0.5564,
)


def scores_of(task: Task, cost: Field, masks: Sequence[Mask]) -> list[float]:
    """Return an estimate in [0, 1] for each non-empty mask of the task's frame."""
    signs = describe(task, cost, masks)
    weights = np.array(_BOX_WEIGHTS if task.has_box else _CLICK_WEIGHTS)
    estimates = signs @ weights[1:] + weights[0]
    estimates = estimates - _IGNORING * _ignoring(task, cost, masks)
    return [float(np.clip(estimate, _LOWEST, _HIGHEST)) for estimate in estimates]


def describe(task: Task, cost: Field, masks: Sequence[Mask]) -> NDArray[np.float64]:
    """Return the signs of each mask, ``(n, 11)``."""
    agreement = _agreement(masks)
    return np.array(
        [
            [
                *_outline_signs(task, cost, mask),
                *_shape_signs(mask),
                *_place_signs(task, mask),
                agreement[number],
            ]
            for number, mask in enumerate(masks)
        ]
    )


def _ignoring(task: Task, cost: Field, masks: Sequence[Mask]) -> NDArray[np.float64]:
    """Return how far each mask ignores what was excluded from it, ``(n,)`` in [0, 1].

    Above 0 is one that keeps nearly all of the even surroundings of the excluded places that it held before.
    """
    held = task.prior is not None and (task.prior > 0)
    corrected = np.asarray((task.marks < 0) & held)
    if not corrected.any():
        return np.zeros(len(masks))
    around = np.exp(-((travel(cost, corrected) / np.float32(_AROUND)) ** 2)) * held
    kept = np.array([float(around[mask].sum()) for mask in masks]) / float(around.sum())
    return np.asarray(np.maximum(kept - _NEARLY_ALL, 0) / (1 - _NEARLY_ALL))


def _agreement(masks: Sequence[Mask]) -> list[float]:
    """Return each mask's mean overlap with the others."""
    flat = np.array([mask.ravel() for mask in masks], dtype=np.float32)
    common = flat @ flat.T
    areas = np.diag(common)
    overlap = common / np.maximum(areas[:, None] + areas - common, 1)
    return [float((row.sum() - 1) / max(len(masks) - 1, 1)) for row in overlap]


def _outline_signs(task: Task, cost: Field, mask: Mask) -> tuple[float, float, float]:
    """Return edge strength on the outline, colour difference across it, and the share of it on the picture's border."""
    inside = mask.astype(np.uint8)
    kernel = np.ones((3, 3), np.uint8)
    outline = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, kernel, borderType=cv2.BORDER_REPLICATE) > 0
    rim = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    on_border = float(rim.sum()) / max(float(rim.sum()) + float(outline.sum()) / 2, 1.0)
    edge = float(cost[outline].mean()) if outline.any() else 0.0
    ring = (cv2.dilate(inside, np.ones((15, 15), np.uint8)) > 0) & ~mask
    front = task.cells.shares(mask.astype(np.float32))
    back = task.cells.shares(ring.astype(np.float32))
    return min(edge, 2.0), 1 - float(np.sqrt(front * back).sum()), on_border


def _shape_signs(mask: Mask) -> tuple[float, float, float]:
    """Return how much of the picture and of its own convex hull a mask fills, and how compact it is."""
    inside = mask.astype(np.uint8)
    area = float(mask.sum())
    contours, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = np.concatenate(contours)
    hull = cv2.contourArea(cv2.convexHull(points)) + 1
    length = sum(cv2.arcLength(contour, closed=True) for contour in contours) + 4
    return (
        float(np.log(area / mask.size)),
        min(1.0, area / hull),
        min(1.0, 4 * np.pi * area / length**2),
    )


def _place_signs(task: Task, mask: Mask) -> tuple[float, float, float, float]:
    """Return how full the box is, how near its sides are reached, and how deep and central the aim is."""
    if task.has_box:
        rows, columns = np.nonzero(task.allowed)
        own_rows, own_columns = np.nonzero(mask)
        gaps = (
            (own_rows.min() - rows.min()) / (np.ptp(rows) + 1),
            (rows.max() - own_rows.max()) / (np.ptp(rows) + 1),
            (own_columns.min() - columns.min()) / (np.ptp(columns) + 1),
            (columns.max() - own_columns.max()) / (np.ptp(columns) + 1),
        )
        return (
            float(mask.sum() / rows.size),
            float(max(gaps)),
            float(np.abs(np.array(gaps) - 0.045).mean()),
            0.0,
        )
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(0,))
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    column, row = task.aim
    deep = float(depth[row, column] / max(float(depth.max()), 1.0))
    rows, columns = np.nonzero(mask)
    off = float(np.hypot(rows.mean() - row, columns.mean() - column) / np.sqrt(mask.sum()))
    return deep, deep * deep, min(off, 2.0), float(depth.max() / np.hypot(*mask.shape))
