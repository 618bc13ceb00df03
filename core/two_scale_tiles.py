"""Which squares of a photo to look at more closely: few ones that hold all of an outline."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.geometry import Rect, Size
from core.segmenter import Candidate

MOST_TILES = 24
_SIDES_A_PHOTO = 4
"""Into how many tiles the photo's longer side is cut: four times the zoom shows what the first look left out."""

_INNER = 0.75
"""What share of a tile's side counts as seen well: objects need surroundings."""

_WIDER = 1.25
_WIDEST = 1 / 1.5
_GRID = 1024

Points = NDArray[np.float64]


def outline_tiles(candidate: Candidate, size: Size, least: int) -> tuple[Rect, ...]:
    """Return tiles of a photo of `size` that together hold the candidate's outline, at most `MOST_TILES`.

    `least` is the smallest side of a tile, in pixels. Empty if there is no outline, or if so few tiles would be hardly
    smaller than the photo.
    """
    lines = _outlines(candidate, size)
    if not lines:
        return ()
    side = max(float(least), size.longest / _SIDES_A_PHOTO)
    while side <= size.longest * _WIDEST:
        tiles = _cover(lines, size, round(side))
        if len(tiles) <= MOST_TILES:
            return tuple(tiles)
        side *= _WIDER
    return ()


def _outlines(candidate: Candidate, size: Size) -> list[Points]:
    """Return the closed outlines, each ``(N, 2)`` x, y in the photo; what lies at the photo's border is none."""
    small = size.fitted(_GRID)
    mask = candidate.preview(small).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    scale = np.array([size.width / small.width, size.height / small.height])
    last = np.array([small.width - 1, small.height - 1])
    lines = []
    for contour in sorted(contours, key=len, reverse=True):
        points = contour[:, 0]
        inner = ((points > 0) & (points < last)).all(axis=1)
        if inner.any():
            lines.append((points[inner] + 0.5) * scale)
    return lines


def _cover(lines: Sequence[Points], size: Size, side: int) -> list[Rect]:
    """Return tiles along the lines, each as far along as it can see, until all points are seen well."""
    tiles: list[Rect] = []
    for line in lines:
        is_seen = np.zeros(len(line), np.bool_)
        for tile in tiles:
            is_seen |= _sees(tile, line, size)
        while not is_seen.all():
            tile = _tile_from(line[int(np.argmin(is_seen)) :], size, side)
            tiles.append(tile)
            if len(tiles) > MOST_TILES:
                return tiles
            is_seen |= _sees(tile, line, size)
            is_seen[int(np.argmin(is_seen))] |= _is_stuck(tiles)
    return tiles


def _is_stuck(tiles: Sequence[Rect]) -> bool:
    """Whether the last tile is the one before once more: then rounding keeps a point from being seen."""
    return len(tiles) > 1 and tiles[-1] == tiles[-2]


def _tile_from(points: Points, size: Size, side: int) -> Rect:
    """Return the tile in the middle of which lies the beginning of a line, as much of it as it sees well."""
    spans = np.maximum.accumulate(points) - np.minimum.accumulate(points)
    beyond = (spans > side * _INNER - 1).any(axis=1)
    count = int(np.argmax(beyond)) if beyond.any() else len(points)
    seen = points[: max(1, count)]
    x, y = (seen.min(axis=0) + seen.max(axis=0)) / 2
    width, height = min(side, size.width), min(side, size.height)
    left = min(max(0, round(x - width / 2)), size.width - width)
    top = min(max(0, round(y - height / 2)), size.height - height)
    return Rect(left, top, width, height)


def _sees(tile: Rect, line: Points, size: Size) -> NDArray[np.bool_]:
    """Return which points lie in the middle of the tile; towards the photo's border there is nothing more to see."""
    margin = (1 - _INNER) / 2
    left = tile.x + (tile.width * margin if tile.x > 0 else 0)
    right = tile.right - (tile.width * margin if tile.right < size.width else 0)
    top = tile.y + (tile.height * margin if tile.y > 0 else 0)
    bottom = tile.bottom - (tile.height * margin if tile.bottom < size.height else 0)
    x, y = line[:, 0], line[:, 1]
    return np.asarray((x >= left) & (x <= right) & (y >= top) & (y <= bottom))
