"""Outlines: along the borders of pixels, so that filling gives the mask back, or between pixels, where it is half."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask

_RIGHT, _DOWN, _LEFT, _UP = range(4)


def crack_rings(mask: Mask) -> list[NDArray[np.int64]]:
    """Return the closed outlines of a mask, each as its corners, ``(N, 2)`` whole ``(x, y)``.

    Pixel (c, r) covers [c, c+1) x [r, r+1), so the corners lie between pixels. The object is to the right of the
    way that the corners go, y pointing down: outer outlines go clockwise, holes the other way. Pixels that touch at
    a corner only have outlines of their own. Filled by the even-odd rule, all rings together are the mask again.
    """
    starts, directions, width = _edges(mask)
    if not starts.size:
        return []
    keys = starts * 4 + directions
    order = np.argsort(keys)
    keys = keys[order]
    following = _following(keys, width)
    return _walked(keys, following, width)


def iso_rings(field: NDArray[np.number[Any]], level: float = 127.5) -> list[NDArray[np.float64]]:
    """Return the closed lines along which a field crosses `level`, each ``(N, 2)`` in ``(x, y)``, finer than pixels.

    Values stand for the centres of pixels: that of pixel (c, r) lies at (c + 0.5, r + 0.5). Around the field there is
    nothing. Filled by the even-odd rule, all rings together are where there is more than `level`.
    """
    from skimage.measure import find_contours

    padded = np.pad(field.astype(np.float64), 1, constant_values=min(float(field.min()), level - 1))
    # Between the rim and the emptiness around it the line would follow how empty that is: the picture ends there.
    lines = find_contours(padded, level)
    sides = field.shape[1], field.shape[0]
    rings = [(line[:-1, ::-1] - 0.5).clip(0, sides) for line in lines if len(line) > 3]
    return [ring for ring in rings if len(ring) >= 3]


def _edges(mask: Mask) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return where each border of a pixel starts, as ``y * width + x``, which way it goes, and that width."""
    padded = np.pad(np.asarray(mask, dtype=bool), 1)
    inner = padded[1:-1, 1:-1]
    width = mask.shape[1] + 1
    # The border of a pixel, the neighbour on its other side, and the corner that it starts at.
    sides = (
        (_RIGHT, padded[:-2, 1:-1], 0, 0),
        (_DOWN, padded[1:-1, 2:], 1, 0),
        (_LEFT, padded[2:, 1:-1], 1, 1),
        (_UP, padded[1:-1, :-2], 0, 1),
    )
    starts, directions = [], []
    for direction, neighbour, dx, dy in sides:
        rows, columns = np.nonzero(inner & ~neighbour)
        starts.append((rows + dy) * width + columns + dx)
        directions.append(np.full(rows.size, direction))
    return np.concatenate(starts).astype(np.int64), np.concatenate(directions).astype(np.int64), width


def _following(keys: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Return for each border, of sorted ``start * 4 + direction``, the index of the one that goes on from its end."""
    directions = keys % 4
    ends = keys // 4 + np.array([1, width, -1, -width])[directions]
    following = np.full(keys.size, -1, np.int64)
    # The sharpest turn towards the object first keeps what touches at a corner apart.
    for turn in (1, 0, 3):
        wanted = ends * 4 + (directions + turn) % 4
        places = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
        is_there = (following < 0) & (keys[places] == wanted)
        following[is_there] = places[is_there]
    return following


def _walked(keys: NDArray[np.int64], following: NDArray[np.int64], width: int) -> list[NDArray[np.int64]]:
    directions = keys % 4
    is_corner = np.empty(keys.size, dtype=bool)
    is_corner[following] = directions[following] != directions
    corners, onward, starts = is_corner.tolist(), following.tolist(), (keys // 4).tolist()
    is_seen = bytearray(keys.size)
    rings = []
    for first in range(len(onward)):
        if is_seen[first]:
            continue
        ring, at = [], first
        while not is_seen[at]:
            is_seen[at] = True
            if corners[at]:
                ring.append(starts[at])
            at = onward[at]
        points = np.array(ring, dtype=np.int64)
        rings.append(np.stack([points % width, points // width], axis=1))
    return rings
