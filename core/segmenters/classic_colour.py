"""How much a pixel looks like the object and how much like its surroundings.

Colours in CIE Lab are counted in the cells of a coarse histogram whose neighbours share their counts, a density
estimate that costs the same whatever is asked of it, is the same for a mirrored photo, and needs no random start.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbImage

Field = NDArray[np.float32]
_BINS = (12, 12, 12, 5)
_NARROWEST = (2.0, 2.0, 2.0, 0.4)
_ROUGH_REACH = 0.02
_MOST = 3.5


@dataclass(frozen=True, eq=False)
class ColourCells:
    """Which histogram cell each pixel of a frame falls in.

    Attributes
    ----------
    lab
        ``(h, w, 3)`` float32, CIE Lab.
    index
        ``(h, w)`` intp, the number of the histogram cell.
    """

    lab: Field = field(repr=False)
    index: NDArray[np.intp] = field(repr=False)

    @classmethod
    def of(cls, image: RgbImage) -> "ColourCells":
        """Sort the pixels of ``(h, w, 3)`` uint8 into cells that span the colours that occur."""
        lab = np.asarray(
            cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB),
            dtype=np.float32,
        )
        index = np.zeros(image.shape[:2], dtype=np.intp)
        signs = (*np.moveaxis(lab, 2, 0), _roughness(lab[..., 0]))
        for values, bins, narrowest in zip(signs, _BINS, _NARROWEST, strict=True):
            low, high = np.percentile(values, (0.5, 99.5))
            width = max(float(high - low) / (bins - 2), narrowest)
            place = np.clip((values - (low + high) / 2) / width + bins / 2, 0, bins - 1)
            index = index * bins + place.astype(np.intp)
        return cls(lab, index)

    def shares(self, weights: Field) -> NDArray[np.float64]:
        """Return how pixels of the given weights, ``(h, w)``, spread over the histogram's cells; sums to 1."""
        counts = np.bincount(self.index.ravel(), weights=weights.ravel(), minlength=int(np.prod(_BINS)))
        spread = _spread(counts.astype(np.float64).reshape(_BINS)).ravel()
        return np.asarray(spread / max(float(spread.sum()), 1e-6))

    def density(self, weights: Field) -> Field:
        """Return the share that each pixel's colour has among the pixels of the given weights, both ``(h, w)``."""
        return np.asarray(self.shares(weights)[self.index], dtype=np.float32)

    def evidence(self, front: Field, back: Field) -> Field:
        """Return the log of how much likelier each colour is in front than behind, ``(h, w)``, at most 3.5."""
        floor = np.float32(3e-5)
        ratio = np.log((self.density(front) + floor) / (self.density(back) + floor))
        return np.asarray(np.clip(ratio, -_MOST, _MOST), dtype=np.float32)


def _roughness(lightness: Field) -> Field:
    """Return how much the lightness varies around each pixel, ``(h, w)``, on a logarithmic scale."""
    sigma = _ROUGH_REACH * max(lightness.shape)
    mean = cv2.GaussianBlur(lightness, (0, 0), sigma)
    variance = cv2.GaussianBlur(lightness * lightness, (0, 0), sigma) - mean * mean
    return np.asarray(np.log1p(np.sqrt(np.maximum(variance, 0))), dtype=np.float32)


def _spread(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share each cell's count with its neighbours along every axis, by 1 : 2 : 1."""
    for axis in range(counts.ndim):
        moved = np.moveaxis(counts, axis, 0)
        padded = np.concatenate([moved[:1], moved, moved[-1:]])
        counts = np.moveaxis((padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4, 0, axis)
    return counts
