"""The document's composite, prepared for the screen at every level (:mod:`ui.pyramid_levels`).

The work is done in square blocks. What a view asks for is prepared at once as far as that is quick; a larger request
is answered from a coarse overview, and the blocks follow a few at a time through :meth:`CompositePyramid.prepare_next`.
So a photo of a hundred megapixels shows at once and never blocks the window.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.color import to_srgb
from core.compositor import composite_layers
from core.document import Document
from core.geometry import Rect
from core.layer import Layer
from ui.pyramid_levels import LEVELS, halve, level_rect, level_size
from ui.qimage import to_screen

BLOCK = 512
"""Side of a block in photo pixels; a multiple of the coarsest level's ``2**LEVELS``."""

_OVERVIEW = 1024
"""The overview's longest side is at most this, in pixels."""

_AT_ONCE = 16 * BLOCK * BLOCK
_AT_ONCE_CONVERTED = 4 * BLOCK * BLOCK
"""Photo pixels prepared inside one request: four megapixels, one if a colour profile has to be converted."""


class CompositePyramid:
    """Screen pixels of a stack of layers at every level.

    Parameters
    ----------
    document
        Gives the size, the colour space and, unless `layers` are given, the layers.
    layers
        What to show instead of the document's own layers, bottom first.
    """

    def __init__(self, document: Document, layers: Sequence[Layer] | None = None) -> None:
        self.size = document.size
        self.is_opaque = True
        self._icc_profile = document.icc_profile
        self._layers = tuple(document.layers if layers is None else layers)
        # Memory of an empty array is only taken where it is written: level 0 costs what has been looked at closely.
        self._levels = [np.empty((*level_size(self.size, k).shape, 4), dtype=np.uint8) for k in range(LEVELS + 1)]
        blocks = -(-self.size.height // BLOCK), -(-self.size.width // BLOCK)
        self._is_ready = np.zeros((2, *blocks), dtype=bool)
        self._is_painted = np.zeros((LEVELS + 1, *blocks), dtype=bool)
        self._wanted: list[tuple[int, int]] = []
        self._overview: tuple[int, NDArray[np.uint8]] | None = None

    @property
    def is_complete(self) -> bool:
        """Whether everything but the full size is prepared, and the full size where it was asked for."""
        return not self._is_due.any()

    def read(self, level: int, region: Rect) -> NDArray[np.uint8]:
        """Return a view of a block of a level's screen pixels; what is not prepared yet shows roughly.

        `region` lies inside the level. The view is overwritten when its pixels are prepared or change.
        """
        fine = min(level, 1)
        missing = [block for block in self._blocks(region, level) if not self._is_ready[fine][block]]
        limit = _AT_ONCE if self._icc_profile is None else _AT_ONCE_CONVERTED
        if len(missing) * BLOCK * BLOCK <= limit:
            for block in missing:
                self._prepare(block, with_full_size=level == 0)
        else:
            for block in missing:
                if not self._is_painted[level][block]:
                    self._paint_roughly(level, block)
            self._want(missing)
        return self._levels[level][region.slices]

    def prepare_next(self) -> Rect:
        """Prepare one more block, wanted ones first, and return its photo pixels; an empty rectangle when done."""
        is_due = self._is_due
        while self._wanted:
            block = self._wanted.pop(0)
            if is_due[block]:
                return self._prepare(block)
        due = np.argwhere(is_due)
        return self._prepare((int(due[0, 0]), int(due[0, 1]))) if len(due) else Rect(0, 0, 0, 0)

    def update(self, document: Document, rect: Rect, layers: Sequence[Layer] | None = None) -> None:
        """Take over a document of the same size whose composite differs only inside `rect`.

        A small change is prepared at once. After a large one the old pixels stay until :meth:`prepare_next` or
        :meth:`read` reaches them.
        """
        self._layers = tuple(document.layers if layers is None else layers)
        self._overview = None
        rect = _aligned(rect).clipped(self.size)
        if rect.width * rect.height <= BLOCK * BLOCK:
            self._reprepare(rect)
            return
        stale = [block for block in self._blocks(rect, 0) if self._is_painted[:, *block].any()]
        for block in stale:
            self._is_ready[:, *block] = False
        self._want(stale)

    @property
    def _is_due(self) -> NDArray[np.bool_]:
        return np.asarray(~self._is_ready[1] | (self._is_painted[0] & ~self._is_ready[0]))

    def _blocks(self, region: Rect, level: int) -> Iterator[tuple[int, int]]:
        side = BLOCK >> level
        for row in range(region.y // side, -(-region.bottom // side)):
            for column in range(region.x // side, -(-region.right // side)):
                yield row, column

    def _block_rect(self, block: tuple[int, int]) -> Rect:
        return Rect(block[1] * BLOCK, block[0] * BLOCK, BLOCK, BLOCK).clipped(self.size)

    def _want(self, blocks: list[tuple[int, int]]) -> None:
        first = set(blocks)
        self._wanted = blocks + [block for block in self._wanted if block not in first]

    def _prepare(self, block: tuple[int, int], with_full_size: bool = False) -> Rect:
        rect = self._block_rect(block)
        # What the full size shows already is kept right with the rest.
        self._is_painted[0][block] |= with_full_size
        self._is_ready[0][block] = self._is_painted[0][block]
        self._write(rect, bool(self._is_ready[0][block]))
        self._is_ready[1][block] = True
        self._is_painted[1:, *block] = True
        return rect

    def _reprepare(self, rect: Rect) -> None:
        for block in self._blocks(rect, 0):
            if self._is_ready[1][block]:
                self._write(rect.intersect(self._block_rect(block)), bool(self._is_ready[0][block]))

    def _write(self, rect: Rect, with_full_size: bool) -> None:
        """Compose `rect`, whose corner lies on a multiple of ``2**LEVELS``, and store it at every level."""
        finer = self._compose(rect)
        if with_full_size:
            self._levels[0][rect.slices] = finer
        for level in range(1, LEVELS + 1):
            target = self._levels[level][level_rect(rect, level).slices]
            halve(finer, target)
            finer = target

    def _compose(self, rect: Rect) -> NDArray[np.uint8]:
        pixels, is_opaque = to_screen(to_srgb(composite_layers(self._layers, rect), self._icc_profile))
        self.is_opaque = self.is_opaque and is_opaque
        return pixels

    def _paint_roughly(self, level: int, block: tuple[int, int]) -> None:
        step, overview = self._sampled()
        rect = self._block_rect(block)
        target = self._levels[level][level_rect(rect, level).slices]
        part = overview[rect.y // step : -(-rect.bottom // step), rect.x // step : -(-rect.right // step)]
        target[...] = cv2.resize(part, (target.shape[1], target.shape[0]), interpolation=cv2.INTER_LINEAR)
        self._is_painted[level][block] = True

    def _sampled(self) -> tuple[int, NDArray[np.uint8]]:
        """Return every n-th pixel of every n-th row, and n: cheap, as whole rows are never averaged."""
        if self._overview is None:
            step = 1
            while self.size.longest > step * _OVERVIEW:
                step *= 2
            columns = np.minimum(np.arange(0, self.size.width, step) + step // 2, self.size.width - 1)
            rows = [
                composite_layers(self._layers, Rect(0, min(y + step // 2, self.size.height - 1), self.size.width, 1))
                for y in range(0, self.size.height, step)
            ]
            rows = [row[:, columns] for row in rows]
            pixels, is_opaque = to_screen(to_srgb(np.concatenate(rows), self._icc_profile))
            self.is_opaque = self.is_opaque and is_opaque
            self._overview = step, pixels
        return self._overview


def _aligned(rect: Rect) -> Rect:
    coarse = level_rect(rect, LEVELS)
    return Rect(coarse.x << LEVELS, coarse.y << LEVELS, coarse.width << LEVELS, coarse.height << LEVELS)
