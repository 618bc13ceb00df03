"""The document's composite, prepared for the screen at every level (:mod:`ui.pyramid_levels`).

The work is done in square blocks. What a view asks for is prepared at once as far as that is quick; a larger request
is answered from a coarse overview, and the blocks follow a few at a time through :meth:`CompositePyramid.prepare_next`.
So a photo of a hundred megapixels shows at once and never blocks the window.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from core.backdrop import with_coarse_background
from core.background import BlurFill
from core.color import to_srgb
from core.compositor import composite
from core.document import Document
from core.geometry import Rect
from ui.pyramid_levels import LEVELS, halve, level_rect, level_size
from ui.qimage import to_screen

Block = tuple[int, int]
"""Row and column of a block."""

BLOCK = 512
"""Side of a block in photo pixels; a multiple of the coarsest level's ``2**LEVELS``."""

_OVERVIEW = 1024
"""The overview's longest side is at most this, in pixels."""

_AT_ONCE = 16 * BLOCK * BLOCK
_AT_ONCE_CONVERTED = 4 * BLOCK * BLOCK
_AT_ONCE_BLURRED = 2 * BLOCK * BLOCK
"""Photo pixels prepared inside one request: four megapixels, one if a colour profile has to be converted, half a one
if there is something blurred behind the layers: its sliders have to follow the hand."""

_FULL_BLOCKS = 256
"""Blocks kept at full size, a megabyte each: more than the largest screen shows at 51 %."""


class CompositePyramid:
    """Screen pixels of a document's layers at every level.

    The coarser levels are kept whole. Of the full size, only the blocks that were looked at last are kept.

    Parameters
    ----------
    document
        What to show.
    """

    def __init__(self, document: Document) -> None:
        self.size = document.size
        self.is_opaque = True
        self._icc_profile = document.icc_profile
        self._document = document
        self._levels = [np.empty((*level_size(self.size, k).shape, 4), np.uint8) for k in range(1, LEVELS + 1)]
        blocks = -(-self.size.height // BLOCK), -(-self.size.width // BLOCK)
        self._is_ready = np.zeros(blocks, dtype=bool)
        self._is_painted = np.zeros((LEVELS, *blocks), dtype=bool)
        self._full: dict[Block, NDArray[np.uint8]] = {}
        self._rough: set[Block] = set()
        self._wanted: list[Block] = []
        self._overview: tuple[int, NDArray[np.uint8]] | None = None

    @property
    def is_complete(self) -> bool:
        """Whether everything but the full size is prepared, and the full size where it is kept."""
        return bool(self._is_ready.all()) and not self._rough

    def read(self, level: int, region: Rect) -> NDArray[np.uint8]:
        """Return a block of a level's screen pixels, to be used at once; what is not prepared yet shows roughly.

        `region` lies inside the level.
        """
        blocks = list(self._blocks(region, level))
        missing = [block for block in blocks if not self._is_exact(block, level)]
        if len(missing) * BLOCK * BLOCK <= self._at_once:
            for block in missing:
                self._prepare(block, with_full_size=level == 0)
        else:
            for block in missing:
                self._paint_roughly(level, block)
            self._want(missing)
        return self._levels[level - 1][region.slices] if level else self._assembled(region, blocks)

    def prepare_next(self) -> Rect:
        """Prepare one more block, wanted ones first, and return its photo pixels; an empty rectangle when done."""
        while self._wanted:
            block = self._wanted.pop(0)
            if not self._is_ready[block] or block in self._rough:
                return self._prepare(block)
        unprepared = np.argwhere(~self._is_ready)
        if len(unprepared):
            return self._prepare((int(unprepared[0, 0]), int(unprepared[0, 1])))
        return self._prepare(next(iter(self._rough))) if self._rough else Rect(0, 0, 0, 0)

    def update(self, document: Document, rect: Rect) -> None:
        """Take over a document of the same size whose composite differs only inside `rect`.

        A small change is prepared at once. After a large one the old pixels stay until :meth:`prepare_next` or
        :meth:`read` reaches them.
        """
        self._document = document
        self._overview = None
        rect = _aligned(rect).clipped(self.size)
        if rect.width * rect.height <= BLOCK * BLOCK:
            self._reprepare(rect)
            return
        stale = list(self._blocks(rect, 0))
        for block in stale:
            self._is_ready[block] = False
        self._rough |= set(stale) & set(self._full)
        self._want(stale)

    @property
    def _at_once(self) -> int:
        background = self._document.background
        if background is not None and (background.shadow is not None or isinstance(background.fill, BlurFill)):
            return _AT_ONCE_BLURRED
        return _AT_ONCE if self._icc_profile is None else _AT_ONCE_CONVERTED

    def _is_exact(self, block: Block, level: int) -> bool:
        if level == 0:
            return block in self._full and block not in self._rough
        return bool(self._is_ready[block])

    def _blocks(self, region: Rect, level: int) -> Iterator[Block]:
        side = BLOCK >> level
        for row in range(region.y // side, -(-region.bottom // side)):
            for column in range(region.x // side, -(-region.right // side)):
                yield row, column

    def _block_rect(self, block: Block) -> Rect:
        return Rect(block[1] * BLOCK, block[0] * BLOCK, BLOCK, BLOCK).clipped(self.size)

    def _assembled(self, region: Rect, blocks: list[Block]) -> NDArray[np.uint8]:
        """Return pixels of the full size, which `blocks` hold."""
        pixels = np.empty((*region.size.shape, 4), dtype=np.uint8)
        for block in blocks:
            whole = self._block_rect(block)
            part = whole.intersect(region)
            tile = self._full[block] = self._full.pop(block)  # the last in the dictionary was used last
            pixels[part.moved(-region.x, -region.y).slices] = tile[part.moved(-whole.x, -whole.y).slices]
        return pixels

    def _keep_full(self, block: Block, pixels: NDArray[np.uint8]) -> None:
        self._full[block] = pixels
        while len(self._full) > _FULL_BLOCKS:
            oldest = next(iter(self._full))
            del self._full[oldest]
            self._rough.discard(oldest)

    def _want(self, blocks: list[Block]) -> None:
        # Those that wait already come first, or only the first few would ever follow a slider that is moved on and on.
        wanted = set(blocks)
        waiting = {block: None for block in self._wanted if block in wanted}
        fresh = [block for block in blocks if block not in waiting]
        self._wanted = [*waiting, *fresh, *(block for block in self._wanted if block not in wanted)]

    def _prepare(self, block: Block, with_full_size: bool = False) -> Rect:
        rect = self._block_rect(block)
        pixels = self._compose(rect)
        if with_full_size or block in self._full:
            self._keep_full(block, pixels)
            self._rough.discard(block)
        self._reduce(rect, pixels)
        self._is_ready[block] = True
        self._is_painted[:, *block] = True
        return rect

    def _reprepare(self, rect: Rect) -> None:
        """Renew part of the photo, whose corner lies on a multiple of ``2**LEVELS``, where it was prepared."""
        for block in self._blocks(rect, 0):
            whole = self._block_rect(block)
            part = rect.intersect(whole)
            if not self._is_ready[block]:
                continue
            pixels = self._compose(part)
            if block in self._full:
                self._full[block][part.moved(-whole.x, -whole.y).slices] = pixels
            self._reduce(part, pixels)

    def _reduce(self, rect: Rect, pixels: NDArray[np.uint8]) -> None:
        finer = pixels
        for level, coarser in enumerate(self._levels, start=1):
            target = coarser[level_rect(rect, level).slices]
            halve(finer, target)
            finer = target

    def _compose(self, rect: Rect) -> NDArray[np.uint8]:
        pixels, is_opaque = to_screen(to_srgb(composite(self._document, rect), self._icc_profile))
        self.is_opaque = self.is_opaque and is_opaque
        return pixels

    def _paint_roughly(self, level: int, block: Block) -> None:
        """Fill a block from the overview, unless it shows something already."""
        if block in self._full if level == 0 else self._is_painted[level - 1][block]:
            return
        step, overview = self._sampled()
        rect = self._block_rect(block)
        part = overview[rect.y // step : -(-rect.bottom // step), rect.x // step : -(-rect.right // step)]
        target = level_rect(rect, level)
        rough = cv2.resize(part, (target.width, target.height), interpolation=cv2.INTER_LINEAR)
        if level == 0:
            self._keep_full(block, np.asarray(rough, dtype=np.uint8))
            self._rough.add(block)
        else:
            self._levels[level - 1][target.slices] = rough
            self._is_painted[level - 1][block] = True

    def _sampled(self) -> tuple[int, NDArray[np.uint8]]:
        """Return every n-th pixel of every n-th row, and n: cheap, as whole rows are never averaged."""
        if self._overview is None:
            step = 1
            while self.size.longest > step * _OVERVIEW:
                step *= 2
            document = with_coarse_background(self._document)
            columns = np.minimum(np.arange(0, self.size.width, step) + step // 2, self.size.width - 1)
            rows = [
                composite(document, Rect(0, min(y + step // 2, self.size.height - 1), self.size.width, 1))
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
