"""The prepared photo, with the colours along soft edges that an exported cutout has, as far as they are known.

Estimating them takes longer than a frame: what a view asks for is answered at once with what is there, and the tiles
that are missing are worked out elsewhere (:mod:`ui.edge_colours`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage
from core.document import Document
from core.edge_colours import REACH
from core.geometry import Rect, Size
from ui.pyramid import CompositePyramid
from ui.pyramid_levels import LEVELS, halve, level_rect

TILE = 256
"""Side of a tile in photo pixels; a multiple of the coarsest level's ``2**LEVELS``."""

_MOST_FULL = 160
"""Tiles kept at full size, a quarter of a megabyte each: more than a large screen shows at 100 %."""

_Pixels = NDArray[np.uint8]
_Place = tuple[int, int]


@dataclass(frozen=True, eq=False)
class CleanedTile:
    """A tile's screen pixels, ``(h, w, 4)``; None if no edge in it is soft."""

    rect: Rect
    pixels: _Pixels | None = field(repr=False)


class CleanedPhoto:
    """Reads as the pyramid does that it lies over.

    Parameters
    ----------
    selection
        What else is cut out, of the document's size; None for what the layers' masks leave.
    ask
        Called when tiles are missing.
    """

    def __init__(
        self,
        pyramid: CompositePyramid,
        document: Document,
        selection: Coverage | None,
        ask: Callable[["CleanedPhoto"], object],
    ) -> None:
        self._pyramid, self.document, self.selection, self._ask = pyramid, document, selection, ask
        self._coarse: dict[_Place, list[_Pixels]] = {}
        self._full: dict[_Place, _Pixels] = {}
        self._plain: set[_Place] = set()
        self._missing: dict[_Place, None] = {}
        self._outdated: set[_Place] = set()

    @property
    def size(self) -> Size:
        """The document's size."""
        return self._pyramid.size

    @property
    def is_opaque(self) -> bool:
        """Whether nothing shines through."""
        return self._pyramid.is_opaque

    def read(self, level: int, region: Rect) -> _Pixels:
        """Return a block of a level's screen pixels, to be used at once; tiles that are missing are asked for."""
        pixels, is_ours, knew = self._pyramid.read(level, region), False, len(self._missing)
        for place in self._places(region, level):
            tile = self._known(place, level)
            if tile is None:
                if place not in self._plain:
                    self._missing[place] = None
                continue
            if not is_ours:
                pixels, is_ours = pixels.copy(), True
            whole = level_rect(self._rect(place), level)
            part = whole.intersect(region)
            pixels[part.moved(-region.x, -region.y).slices] = tile[part.moved(-whole.x, -whole.y).slices]
        if len(self._missing) > knew:
            self._ask(self)
        return pixels

    def update(self, document: Document, selection: Coverage | None, rect: Rect) -> None:
        """Take over a document of the same size, and a selection, that differ only inside `rect`."""
        self.document, self.selection = document, selection
        for place in self._places(rect.padded(REACH).clipped(self.size), 0):
            if self._coarse.pop(place, None) is not None:
                self._full.pop(place, None)
                self._outdated.add(place)
            elif place not in self._plain:
                continue
            self._plain.discard(place)
            self._missing[place] = None  # nobody may read it again: only the selection over it changed

    def missing(self, most: int) -> list[Rect]:
        """Return some of the tiles that were asked for, the latest first."""
        return [self._rect(place) for place in islice(reversed(self._missing), most)]

    def take(self, tile: CleanedTile) -> bool:
        """Show a tile that was missing; return whether it looks different by that."""
        place = tile.rect.y // TILE, tile.rect.x // TILE
        is_outdated = place in self._outdated
        self._missing.pop(place, None)
        self._outdated.discard(place)
        if tile.pixels is None:
            self._plain.add(place)
            return is_outdated
        levels, finer = [], tile.pixels
        for level in range(1, LEVELS + 1):
            coarser = np.empty((*level_rect(tile.rect, level).size.shape, 4), np.uint8)
            halve(finer, coarser)
            levels.append(coarser)
            finer = coarser
        self._coarse[place], self._full[place] = levels, tile.pixels
        while len(self._full) > _MOST_FULL:
            del self._full[next(iter(self._full))]
        return True

    def _known(self, place: _Place, level: int) -> _Pixels | None:
        if level:
            levels = self._coarse.get(place)
            return None if levels is None else levels[level - 1]
        tile = self._full.pop(place, None)
        if tile is not None:
            self._full[place] = tile  # the last in the dictionary was used last
        return tile

    def _places(self, region: Rect, level: int) -> Iterator[_Place]:
        side = TILE >> level
        for row in range(region.y // side, -(-region.bottom // side)):
            for column in range(region.x // side, -(-region.right // side)):
                yield row, column

    def _rect(self, place: _Place) -> Rect:
        return Rect(place[1] * TILE, place[0] * TILE, TILE, TILE).clipped(self.size)
