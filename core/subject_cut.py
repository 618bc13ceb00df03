"""What a photo is mainly of, from its colours alone: cuts around what stands out and around where subjects use to be.

Each cut is GrabCut (Rother, Kolmogorov, Blake 2004) started from a soft guess instead of a box, as in the saliency
cut of Cheng, Zhang, Mitra, Huang and Hu (2011), on a small picture. The guesses: what stands out from all four
borders, what stands out from the upper three, and a place in the middle that reaches down to the lower border, where
people and buildings stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask, RgbImage
from core.saliency import SalientPicture, otsu_threshold, standing_prior
from core.subject_score import subject_scores

Field = NDArray[np.float32]
_ROUNDS = 3
_SURELY_NOT = 0.08
_RIM = 2
_PART_SHARE = 0.3
_STANDING = (0.55, 0.45)
_STANDING_LEVEL = 0.6


@dataclass(frozen=True, eq=False)
class Sighting:
    """A patch of the small picture, ``(h, w)`` bool, neither empty nor all of it, and how likely it is the subject."""

    mask: Mask = field(repr=False)
    score: float


def cut_subjects(picture: SalientPicture) -> list[Sighting]:
    """Return what may be the main subject, the likeliest first; nothing if no cut holds something."""
    masks = [_main_parts(_cut(picture.image, *guess)) for guess in _guesses(picture)]
    masks = [mask for mask in masks if mask.any() and not mask.all()]
    scores = subject_scores(picture.cells, picture.saliency, picture.part, masks)
    sightings = [Sighting(mask, score) for mask, score in zip(masks, scores, strict=True)]
    return sorted(sightings, key=lambda sighting: -sighting.score)


def _guesses(picture: SalientPicture) -> Iterator[tuple[Field, Mask]]:
    """Yield how likely each pixel belongs, ``(h, w)`` in [0, 1] with even odds at 0.5, and what surely does not."""
    shape = picture.saliency.shape
    nowhere, rim = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    rim[:_RIM] = rim[:, :_RIM] = rim[:, -_RIM:] = True
    yield _around(picture.saliency, otsu_threshold(picture.saliency)), nowhere
    yield _around(standing_prior(shape, *_STANDING), _STANDING_LEVEL), rim
    yield _around(picture.standing, otsu_threshold(picture.standing)), rim


def _around(values: Field, level: float) -> Field:
    return np.asarray(np.clip(values / np.float32(2 * max(level, 1e-3)), 0, 1), dtype=np.float32)


def _cut(image: RgbImage, likely: Field, back: Mask) -> Mask:
    labels = np.where(likely > 0.5, np.uint8(cv2.GC_PR_FGD), np.uint8(cv2.GC_PR_BGD))
    labels[back | (likely < _SURELY_NOT)] = cv2.GC_BGD
    if not (labels & 1).any() or (labels & 1).all():
        return np.zeros(labels.shape, dtype=bool)
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(image, labels, (0, 0, 1, 1), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((labels & 1) > 0)


def _main_parts(mask: Mask) -> Mask:
    """Return the parts of a mask of nearly a third of the largest or more: two people are one subject."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = areas >= _PART_SHARE * max(int(areas.max()), 1)
    kept[0] = False
    return np.asarray(kept[labels]) if count > 1 else mask
