"""What in a photo stands out from its borders.

Three signs, each cheap on a small picture: colours rare along the borders (contrast), edges that must be crossed on
the way in from a border (geodesic saliency: Wei, Wen, Zhu, Sun 2012), and the middle of the picture.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask, RgbImage
from core.geometry import Rect, Size
from core.segmenters.classic_colour import ColourCells
from core.segmenters.classic_frame import resized
from core.segmenters.classic_reach import edge_cost, travel

Field = NDArray[np.float32]
_LENGTH = 200
_BORDER = 0.03
_CENTRE_WIDTH = 0.45
_SMALLEST_SHARE = 0.01
_STANDING = (0.7, 0.6)


@dataclass(frozen=True, eq=False)
class SalientPicture:
    """A photo drawn small, and how much each place of it stands out.

    Attributes
    ----------
    image
        ``(h, w, 3)`` uint8, at most 200 long, no side below four.
    cells
        Its colours.
    saliency
        ``(h, w)`` float32 in [0, 1]: how much each place stands out from all borders.
    standing
        The same for what may reach down to the lower border.
    part
        ``(h, w)`` bool: the main salient patch.
    """

    image: RgbImage = field(repr=False)
    cells: ColourCells = field(repr=False)
    saliency: Field = field(repr=False)
    standing: Field = field(repr=False)
    part: Mask = field(repr=False)

    @classmethod
    def of(cls, image: RgbImage) -> "SalientPicture":
        """Look at a photo ``(H, W, 3)`` uint8."""
        size = Size.of(image).fitted(_LENGTH)
        small = resized(image, Size(max(size.width, 4), max(size.height, 4)))
        cells = ColourCells.of(small)
        shape = cells.lab.shape[:2]
        rim = _rim(shape)
        saliency = _standing_out(cells, rim, _centre(shape))
        upper = rim.copy()
        upper[-_margin(shape) :] = False
        standing = _standing_out(cells, upper, standing_prior(shape, *_STANDING))
        return cls(small, cells, saliency, standing, salient_part(saliency))


def _standing_out(cells: ColourCells, rim: Mask, prior: Field) -> Field:
    contrast = _stretched(-np.log(cells.density(rim.astype(np.float32)) + np.float32(1e-4)))
    walk = _stretched(travel(edge_cost(cells.lab), rim))
    saliency = (0.5 * contrast + 0.5 * walk) * prior
    return _stretched(cv2.GaussianBlur(saliency, (0, 0), 0.01 * max(rim.shape) + 0.5))


def otsu_threshold(saliency: Field) -> float:
    """Return the threshold of Otsu (1979) of values in [0, 1]."""
    levels = np.rint(saliency * 255).astype(np.uint8)
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float(threshold) / 255


def standing_prior(shape: tuple[int, ...], height: float, width: float) -> Field:
    """Return how likely each place belongs to what stands in the middle: falling off upwards and to the sides.

    `height` and `width` are the standard deviations, in halves of the picture.
    """
    y, x = (np.linspace(-1, 1, side) for side in shape)
    prior = np.exp(-(np.minimum(0, y)[:, None] ** 2) / (2 * height**2) - x**2 / (2 * width**2))
    return np.asarray(prior, dtype=np.float32)


def salient_part(saliency: Field) -> Mask:
    """Return the main salient patch, ``(h, w)`` bool: all of the picture if nothing stands out.

    Patches above the threshold of Otsu (1979) with at least a third of the weight of the heaviest one.
    """
    levels = np.rint(saliency * 255)
    high = (levels > np.rint(otsu_threshold(saliency) * 255)).astype(np.uint8)
    count, labels = cv2.connectedComponents(high, connectivity=8)
    sums = np.bincount(labels.ravel(), weights=saliency.ravel(), minlength=count)
    sums[0] = 0
    part = labels == int(np.argmax(sums))
    if count < 2 or part.mean() < _SMALLEST_SHARE:
        return np.ones(saliency.shape, dtype=bool)
    # Neighbours of nearly the same weight belong to the same subject.
    kept = sums >= 0.35 * sums.max()
    return np.asarray(kept[labels])


def deepest_point(part: Mask) -> tuple[float, float]:
    """Return the middle ``(x, y)`` of the pixel farthest from the outline of a patch, in the picture's pixels."""
    padded = cv2.copyMakeBorder(part.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(0,))
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
    row, column = np.unravel_index(int(np.argmax(depth)), depth.shape)
    return float(column) + 0.5, float(row) + 0.5


def _margin(shape: tuple[int, ...]) -> int:
    return max(1, round(_BORDER * min(shape)))


def _rim(shape: tuple[int, ...]) -> Mask:
    height, width = shape
    inner = Rect(0, 0, width, height).padded(-_margin(shape))
    rim = np.ones((height, width), dtype=bool)
    if not inner.is_empty:
        rim[inner.slices] = False
    return rim


def _centre(shape: tuple[int, ...]) -> Field:
    y, x = (np.linspace(-1, 1, side) for side in shape)
    prior = np.exp(-(y[:, None] ** 2 + x**2) / (2 * _CENTRE_WIDTH * 2 * _CENTRE_WIDTH))
    return np.asarray(prior, dtype=np.float32)


def _stretched(values: NDArray[np.generic]) -> Field:
    field = np.asarray(values, dtype=np.float32)
    low, high = float(field.min()), float(np.percentile(field, 99.5))
    if high - low < 1e-6:
        return np.zeros(field.shape, dtype=np.float32)
    return np.asarray(np.clip((field - low) / (high - low), 0, 1), dtype=np.float32)
