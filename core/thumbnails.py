"""Small pictures of layers and candidates, for lists. Quick enough to be made while a person waits."""

from collections.abc import Sequence

import cv2
import numpy as np

from core.arrays import Coverage, Mask, RgbaImage, RgbImage
from core.geometry import Rect, Size
from core.layer import Layer
from core.segmenter import Candidate

_SAMPLES = 3
"""Pixels looked at for one of the result, in each direction; more do not show at this size."""

_DIM = 0.28
_MARGIN = 0.12


def shrunk(pixels: RgbaImage, longest: int) -> RgbaImage:
    """Return ``(H, W, 4)`` pixels so small that no side exceeds `longest`; a small picture stays as it is."""
    size = Size.of(pixels)
    target = size.fitted(longest)
    step = max(1, size.longest // (longest * _SAMPLES))
    sampled = np.ascontiguousarray(pixels[::step, ::step])
    if Size.of(sampled) == target:
        return sampled
    resized = cv2.resize(sampled, (target.width, target.height), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, dtype=np.uint8)


def layer_thumbnail(layer: Layer, longest: int) -> RgbaImage:
    """Return a picture of the layer as it shows, its mask applied and its opacity not."""
    small = shrunk(layer.pixels, longest)
    mask = layer.shown_mask
    if mask is None:
        return small
    step = max(1, max(mask.shape) // (longest * _SAMPLES))
    target = Size.of(small)
    covered = cv2.resize(
        np.ascontiguousarray(mask[::step, ::step]), (target.width, target.height), interpolation=cv2.INTER_AREA
    )
    small = small.copy()
    small[..., 3] = np.asarray(cv2.multiply(small[..., 3], covered, scale=1 / 255), dtype=np.uint8)
    return small


def mask_thumbnail(mask: Coverage, longest: int) -> Coverage:
    """Return a small ``(H, W)`` picture of a mask."""
    target = Size.of(mask).fitted(longest)
    step = max(1, max(mask.shape) // (longest * _SAMPLES))
    sampled = np.ascontiguousarray(mask[::step, ::step])
    return np.asarray(cv2.resize(sampled, (target.width, target.height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def candidate_thumbnails(photo: RgbImage, candidates: Sequence[Candidate], side: int) -> tuple[RgbaImage, ...]:
    """Return one opaque ``(side, side, 4)`` picture a candidate: the photo around all, dark where it is not meant.

    Parameters
    ----------
    photo
        The whole photo, small: ``(h, w, 3)``; a few hundred pixels will do.
    """
    size = Size.of(photo)
    masks = [candidate.preview(size) for candidate in candidates]
    if not masks:
        return ()
    region = _square_around(Rect.of_mask(np.logical_or.reduce(masks)), size)
    return tuple(_shown(photo, mask, region, side) for mask in masks)


def _square_around(rect: Rect, size: Size) -> Rect:
    """Return the square that holds `rect` and some margin, as far inside the photo as it goes."""
    if rect.is_empty:
        rect = Rect.of_size(size)
    edge = round(rect.size.longest * (1 + 2 * _MARGIN)) + 2
    x = rect.x + (rect.width - edge) // 2
    y = rect.y + (rect.height - edge) // 2
    x = min(max(x, 0), size.width - edge) if edge <= size.width else (size.width - edge) // 2
    y = min(max(y, 0), size.height - edge) if edge <= size.height else (size.height - edge) // 2
    return Rect(x, y, edge, edge)


def _shown(photo: RgbImage, mask: Mask, region: Rect, side: int) -> RgbaImage:
    inside = region.clipped(Size.of(photo))
    square = np.zeros((region.height, region.width, 3), dtype=np.uint8)
    part = photo[inside.slices].astype(np.float32)
    part *= np.where(mask[inside.slices], np.float32(1.0), np.float32(_DIM))[..., None]
    square[inside.moved(-region.x, -region.y).slices] = part.astype(np.uint8)
    way = cv2.INTER_AREA if region.width > side else cv2.INTER_LINEAR
    resized = cv2.resize(square, (side, side), interpolation=way)
    return np.asarray(cv2.cvtColor(resized, cv2.COLOR_RGB2RGBA), dtype=np.uint8)
