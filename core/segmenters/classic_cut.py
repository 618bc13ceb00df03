"""One graph cut: the outline that pays least, between evidence pixel by pixel and edges worth following.

Boykov, Jolly: "Interactive Graph Cuts" (2001). OpenCV's GrabCut serves as the solver: its colour models are frozen to
one Gaussian each, laid out so that they hand on exactly the evidence that is drawn into the first channel of the
picture it is given. The other two channels carry the photo's main colour contrasts, which set the price of an edge.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask
from core.geometry import Rect, Size

Field = NDArray[np.float32]
_LEVELS = 24
_BOUND = 4.0
_UNSEEN = 1e6


def contrast_channels(lab: Field) -> NDArray[np.uint8]:
    """Return the two main axes of a frame's colours, ``(h, w, 2)`` uint8, drawn to fill their range."""
    flat = lab.reshape(-1, 3).astype(np.float64)
    centred = flat - flat.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    # The largest eigenvalues come last; a sign is chosen so that the same colours give the same channels.
    main = axes[:, [2, 1]]
    main = main * np.where(main.sum(axis=0) < 0, -1, 1)
    projected = centred @ main
    spread = max(float(np.abs(projected).max()), 1.0)
    levels = np.rint(projected / spread * 127 + 128).clip(0, 255)
    return np.asarray(levels.astype(np.uint8).reshape(*lab.shape[:2], 2))


def cut(
    contrast: NDArray[np.uint8],
    evidence: Field,
    strength: float,
    front: Mask,
    back: Mask,
) -> Mask:
    """Return the mask of least cost.

    Parameters
    ----------
    contrast
        ``(h, w, 2)`` uint8 of :func:`contrast_channels`.
    evidence
        ``(h, w)`` float32, the log of how much likelier a pixel belongs than not; clipped to [-4, 4].
    strength
        How much evidence counts against edges; 1 = as in GrabCut.
    front, back
        ``(h, w)`` bool, pixels that surely belong and surely do not; `back` wins where both are set.
    """
    mask = front & ~back
    open_part = Rect.of_mask(~(front | back))
    if open_part.is_empty:
        return mask
    # What is settled is left out of the graph, but for a rim that the rest leans on.
    part = open_part.padded(1).clipped(Size.of(mask)).slices
    mask[part] = _cut_part(contrast[part], evidence[part], strength, mask[part], back[part])
    return mask


def _cut_part(
    contrast: NDArray[np.uint8],
    evidence: Field,
    strength: float,
    front: Mask,
    back: Mask,
) -> Mask:
    level = (np.clip(evidence, -_BOUND, _BOUND) / _BOUND + 1) * (_LEVELS / 2)
    picture = np.dstack([np.rint(level).astype(np.uint8), contrast])
    labels = np.where(evidence > 0, np.uint8(cv2.GC_PR_FGD), np.uint8(cv2.GC_PR_BGD))
    labels[front] = cv2.GC_FGD
    labels[back] = cv2.GC_BGD
    # Two Gaussians at 0 and _LEVELS differ in log density by _LEVELS / variance per level.
    variance = _LEVELS * _LEVELS / (2 * _BOUND * strength)
    behind, before = _frozen_model(0, variance), _frozen_model(_LEVELS, variance)
    cv2.grabCut(picture, labels, (0, 0, 1, 1), behind, before, 1, cv2.GC_EVAL_FREEZE_MODEL)
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))


def _frozen_model(level: float, variance: float) -> NDArray[np.float64]:
    """Return a colour model of one Gaussian that looks at the first channel alone, in GrabCut's layout."""
    model = np.zeros((1, 65))
    model[0, 0] = 1.0
    model[0, 5:8] = (level, 128.0, 128.0)
    model[0, 20:29] = np.diag([variance, _UNSEEN, _UNSEEN]).ravel()
    return model
