"""How far a pixel is from the marks or from the outside of a box, for a walk that edges slow down."""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask

Field = NDArray[np.float32]
_LENGTH = 200
_EVEN_GROUND = 0.08


def edge_cost(lab: Field) -> Field:
    """Return the price of a step on each pixel, ``(h, w)``: 0.08 on even ground, about 1 on edges of two scales."""
    total = np.zeros(lab.shape[:2], dtype=np.float32)
    for sigma in (1.0, 2.5):
        smooth = cv2.GaussianBlur(lab, (0, 0), sigma)
        across = np.abs(cv2.Sobel(smooth, cv2.CV_32F, 1, 0)).sum(axis=2)
        down = np.abs(cv2.Sobel(smooth, cv2.CV_32F, 0, 1)).sum(axis=2)
        edge = np.hypot(across, down)
        total += edge / max(float(np.percentile(edge, 95)), 8.0)
    return np.asarray(_EVEN_GROUND + total / 2, dtype=np.float32)


def travel(cost: Field, starts: Mask) -> Field:
    """Return the price of the cheapest walk to each pixel from the nearest start.

    Parameters
    ----------
    cost
        ``(h, w)`` float32 of :func:`edge_cost`.
    starts
        ``(h, w)`` bool, at least one of them True.

    Returns
    -------
    Field
        ``(h, w)`` float32; 1 is a walk of a quarter of the diagonal over ground of average price.
    """
    from skimage.graph import MCP_Geometric

    height, width = starts.shape
    step = max(1.0, max(starts.shape) / _LENGTH)
    small = max(2, round(width / step)), max(2, round(height / step))
    coarse = cv2.resize(cost, small, interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(starts)
    places = np.unique(
        np.stack([rows * small[1] // height, columns * small[0] // width], axis=1),
        axis=0,
    )
    distance, _ = MCP_Geometric(coarse).find_costs(places)
    scaled = cv2.resize(distance.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(
        scaled / (0.25 * float(np.hypot(*small)) * float(coarse.mean())),
        dtype=np.float32,
    )
