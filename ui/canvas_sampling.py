"""Which pixels of the photo a block of screen pixels shows, and how they are brought to the screen's size.

At 100 % and above every photo pixel is a sharp square. Below, the next finer level of a pyramid is shrunk by less than
half with bilinear weights. A block drawn alone equals the same block out of a larger one, so that repaints leave no
seams.
"""

from collections.abc import Callable
from math import floor, log2

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage
from core.geometry import Rect, Size
from core.segmenter import Candidate
from ui.pyramid_levels import LEVELS, level_size
from ui.viewport import Viewport

Reader = Callable[[int, Rect], NDArray[np.uint8]]
"""Returns a block of a pyramid level's pixels, ``(h, w)`` or ``(h, w, 4)`` uint8."""


def level_for(zoom: float) -> int:
    """Return the coarsest level that still has at least one pixel for every device pixel."""
    return 0 if zoom >= 1 else min(LEVELS, floor(log2(1 / zoom) + 1e-9))


def sample(read: Reader, viewport: Viewport, rect: Rect) -> NDArray[np.uint8]:
    """Return what a block of device pixels shows, ``(rect.height, rect.width[, 4])`` uint8.

    Parameters
    ----------
    rect
        Lies within :attr:`Viewport.photo_rect`; may leave the view.
    """
    if viewport.zoom >= 1:
        columns, rows = _nearest(viewport, rect)
        region = _span(columns, rows)
        return _repeated(read(0, region), columns - region.x, rows - region.y)
    level = level_for(viewport.zoom)
    step = 1 / (viewport.zoom * 2**level)
    left, top = viewport.origin
    x, y = (rect.x + 0.5 - left) * step - 0.5, (rect.y + 0.5 - top) * step - 0.5
    region = _bounds(x, y, x + (rect.width - 1) * step, y + (rect.height - 1) * step)
    region = region.clipped(level_size(viewport.image, level))
    to_source = np.array([[step, 0, x - region.x], [0, step, y - region.y]], dtype=np.float64)
    shrunk = cv2.warpAffine(
        read(level, region),
        to_source,
        (rect.width, rect.height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(shrunk, dtype=np.uint8)


def sample_candidate(candidate: Candidate, viewport: Viewport, rect: Rect) -> Coverage:
    """Return 255 where a block of device pixels shows the candidate's object and 0 elsewhere (`rect` as above)."""
    if viewport.zoom >= 1:
        columns, rows = _nearest(viewport, rect)
        region = _span(columns, rows)
        mask = _to_bytes(candidate.logits_at(viewport.image, region))
        return _repeated(mask, columns - region.x, rows - region.y)
    left, top = viewport.origin
    return _to_bytes(candidate.logits_at(viewport.scaled_size, rect.moved(-left, -top)))


def _to_bytes(logits: NDArray[np.float32]) -> Coverage:
    return (logits > 0).view(np.uint8) * np.uint8(255)


def _nearest(viewport: Viewport, rect: Rect) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the photo column under the middle of every device column, and the row under that of every row."""
    left, top = viewport.origin
    columns = (np.arange(rect.x, rect.right) + (0.5 - left)) / viewport.zoom
    rows = (np.arange(rect.y, rect.bottom) + (0.5 - top)) / viewport.zoom
    last = Size(viewport.image.width - 1, viewport.image.height - 1)
    return columns.astype(np.intp).clip(0, last.width), rows.astype(np.intp).clip(0, last.height)


def _span(columns: NDArray[np.intp], rows: NDArray[np.intp]) -> Rect:
    x, y = int(columns[0]), int(rows[0])
    return Rect(x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1)


def _bounds(x0: float, y0: float, x1: float, y1: float) -> Rect:
    x, y = floor(x0), floor(y0)
    return Rect(x, y, floor(x1) + 2 - x, floor(y1) + 2 - y)


def _repeated(pixels: NDArray[np.uint8], columns: NDArray[np.intp], rows: NDArray[np.intp]) -> NDArray[np.uint8]:
    # Whole words move faster than four bytes; and few rows are widened before many are copied.
    if pixels.ndim == 3:
        words = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
        repeated = np.take(np.take(words, columns, axis=1), rows, axis=0)
        return repeated.view(np.uint8).reshape(len(rows), len(columns), 4)
    return np.take(np.take(pixels, columns, axis=1), rows, axis=0)
