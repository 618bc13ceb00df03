"""How likely a patch of a small picture is what the photo is mainly of: an estimate from the patch alone.

A linear regression (with a ridge) of the intersection over union on the signs below, fitted on photos with known
masks.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask
from core.segmenters.classic_colour import ColourCells
from core.segmenters.classic_reach import edge_cost

Field = NDArray[np.float32]
_LOWEST, _HIGHEST = 0.05, 0.97
_BASE = 0.0699
_WEIGHTS = (
    -0.0405,
    0.0685,
    0.2884,
    0.0282,
    -0.001,
    -0.3566,
    -0.4165,
    -1.1682,
    0.0879,
    0.2248,
    -0.0395,
    0.3105,
    0.0838,
)


def subject_scores(cells: ColourCells, saliency: Field, part: Mask, masks: Sequence[Mask]) -> list[float]:
    """Return an estimate in [0, 1] for each mask.

    Parameters
    ----------
    cells
        The colours of the small picture, ``(h, w)`` pixels.
    saliency, part
        What stands out in it, as :mod:`core.saliency` says.
    masks
        ``(h, w)`` bool, neither empty nor all of the picture.
    """
    if not masks:
        return []
    estimates = describe(cells, saliency, part, masks) @ np.array(_WEIGHTS) + _BASE
    return [float(np.clip(estimate, _LOWEST, _HIGHEST)) for estimate in estimates]


def describe(cells: ColourCells, saliency: Field, part: Mask, masks: Sequence[Mask]) -> NDArray[np.float64]:
    """Return the signs of each mask, ``(n, 13)``; parameters as :func:`subject_scores`."""
    cost = edge_cost(cells.lab)
    return np.array(
        [
            [
                *_outline_signs(cells, cost, mask),
                *_shape_signs(mask),
                float(saliency[mask].mean() - saliency[~mask].mean()),
                overlap(mask, part),
                _agreement(mask, masks),
            ]
            for mask in masks
        ]
    )


def overlap(one: Mask, other: Mask) -> float:
    """Return the intersection over the union of two masks of one shape; 0 if both are empty."""
    return float((one & other).sum() / max(int((one | other).sum()), 1))


def _agreement(mask: Mask, masks: Sequence[Mask]) -> float:
    """Return a mask's mean overlap with the others; 1 if there are none."""
    others = [overlap(mask, other) for other in masks if other is not mask]
    return sum(others) / len(others) if others else 1.0


def _outline_signs(cells: ColourCells, cost: Field, mask: Mask) -> tuple[float, float, float]:
    """Return edge strength on the outline, and colour difference to what is close by and to everything else."""
    inside = mask.astype(np.uint8)
    kernel = np.ones((3, 3), np.uint8)
    outline = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, kernel, borderType=cv2.BORDER_REPLICATE) > 0
    ring = (cv2.dilate(inside, np.ones((15, 15), np.uint8)) > 0) & ~mask
    front = cells.shares(mask.astype(np.float32))
    near, far = (cells.shares(place.astype(np.float32)) for place in (ring, ~mask))
    return (
        min(float(cost[outline].mean()), 2.0),
        1 - float(np.sqrt(front * near).sum()),
        1 - float(np.sqrt(front * far).sum()),
    )


def _shape_signs(mask: Mask) -> tuple[float, ...]:
    """Return what size, place and form tell.

    Size and its square on a logarithmic scale, distance from the middle across and down, the covered share of the
    upper three borders and of the lower one, and of the convex hull.
    """
    height, width = mask.shape
    rows, columns = np.nonzero(mask)
    size = float(np.log(mask.mean()))
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.contourArea(cv2.convexHull(np.concatenate(contours))) + 1
    return (
        size,
        size * size,
        abs((float(columns.mean()) + 0.5) / width - 0.5),
        abs((float(rows.mean()) + 0.5) / height - 0.5),
        float(np.concatenate([mask[0], mask[:, 0], mask[:, -1]]).mean()),
        float(mask[-1].mean()),
        min(1.0, float(mask.sum()) / hull),
    )
