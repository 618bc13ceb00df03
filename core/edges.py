"""From what a segmenter answered to the coverage of a cutout: hard, anti-aliased or matted edges.

An anti-aliased edge never moves the outline: coverage of 128 and above is exactly the mask it was made from. Big
photos are worked in strips, so that the memory needed beyond the result stays at some megabytes.
"""

from collections.abc import Callable, Iterator
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, Mask, RgbImage, to_coverage
from core.cancel import CancelToken
from core.geometry import Rect, Size
from core.matting import preview_alpha, refine_alpha, usual_band
from core.segment_request import Edge
from core.segmenter import Candidate, Embedding, Segmenter

_STRIP_PIXELS = 2_000_000
_CELLS_OF_DOUBT = 1.5


def soft_from_logits(candidate: Candidate, size: Size) -> Coverage:
    """Return the candidate's coverage of a photo of `size`, anti-aliased straight from the logits.

    The coverage at the outline is the signed distance to the zero crossing of the resampled logits plus one half;
    coverage of 128 and above is exactly ``candidate.logits_at(size) > 0``.
    """
    coverage = np.zeros(size.shape, dtype=np.uint8)
    for rect in strips(reach_of(candidate, size)):
        halo = rect.padded(1).clipped(size)
        soft = antialiased(candidate.logits_at(size, halo))
        coverage[rect.slices] = soft[rect.moved(-halo.x, -halo.y).slices]
    return coverage


def antialiased(field: NDArray[np.float32]) -> Coverage:
    """Return the coverage of the region where a smooth ``(H, W)`` float32 field is positive.

    Beside the outline it is one half plus the distance to the zero crossing in pixels, estimated as value over
    gradient; elsewhere 0 or 255. Coverage of 128 and above is exactly ``field > 0``.
    """
    inside = (field > 0).astype(np.uint8)
    kernel = np.ones((3, 3), np.uint8)
    coverage = inside * np.uint8(255)
    rows, columns = np.nonzero(cv2.dilate(inside, kernel) != cv2.erode(inside, kernel))
    if rows.size == 0:
        return coverage
    height, width = field.shape
    above, below = np.maximum(rows - 1, 0), np.minimum(rows + 1, height - 1)
    left, right = np.maximum(columns - 1, 0), np.minimum(columns + 1, width - 1)
    # At the border the difference spans one pixel instead of two.
    slope_y = (field[below, columns] - field[above, columns]) / np.maximum(below - above, 1)
    slope_x = (field[rows, right] - field[rows, left]) / np.maximum(right - left, 1)
    slope = np.maximum(np.hypot(slope_x, slope_y), np.float32(1e-6))
    value = field[rows, columns]
    soft = np.rint(np.clip(value / slope + 0.5, 0, 1) * 255).astype(np.uint8)
    coverage[rows, columns] = held_to(value > 0, soft)
    return coverage


def held_to(mask: Mask, soft: Coverage) -> Coverage:
    """Return `soft`, of the same shape, moved no more than needed for 128 and above to be exactly the mask."""
    return np.where(mask, np.maximum(soft, np.uint8(128)), np.minimum(soft, np.uint8(127)))


def compute_coverage(
    segmenter: Segmenter,
    embedding: Embedding,
    candidate: Candidate,
    image: RgbImage,
    edge: Edge,
    token: CancelToken,
    report_draft: Callable[[Coverage], None] | None = None,
) -> Coverage:
    """Return the candidate at the photo's full resolution with the edge that was asked for.

    `image` is the photo, ``(H, W, 3)``; only a matted edge looks at it. The band that is matted is that of
    :func:`band_for`. Before it is solved, which may take seconds, `report_draft` is called with a rough matte.

    Raises
    ------
    Cancelled
        If `token` was cancelled.
    """
    token.check()
    if edge is Edge.HARD:
        return to_coverage(segmenter.to_mask(embedding, candidate))
    soft = segmenter.to_soft(embedding, candidate)
    token.check()
    if edge is Edge.SOFT:
        return soft
    band = band_for(candidate, embedding.image_size)
    if report_draft is not None:
        report_draft(preview_alpha(image, soft, band))
        token.check()
    return refine_alpha(image, soft, band, token)


def band_for(candidate: Candidate, size: Size) -> int:
    """Return to how many pixels on either side of its outline a candidate's matte is worked out.

    At least one and a half cells of the logits, within which the outline may lie anywhere. A segmenter with a fine grid
    knows its outline better, but leaves hair out all the same: so the band is never narrower than
    :func:`core.matting.usual_band`.
    """
    cell = size.width / candidate.extent[0]
    return max(usual_band(size), ceil(_CELLS_OF_DOUBT * cell))


def reach_of(candidate: Candidate, size: Size) -> Rect:
    """Return the pixels of a photo of `size` beyond which no resampled logit is positive."""
    cells = Rect.of_mask(candidate.logits > 0)
    if cells.is_empty:
        return cells
    sx, sy = size.width / candidate.extent[0], size.height / candidate.extent[1]
    left, top = candidate.origin
    x0, y0 = int((cells.x - left - 1) * sx) - 1, int((cells.y - top - 1) * sy) - 1
    x1, y1 = ceil((cells.right - left + 1) * sx) + 1, ceil((cells.bottom - top + 1) * sy) + 1
    return Rect(x0, y0, x1 - x0, y1 - y0).intersect(candidate.window_in(size))


def strips(rect: Rect) -> Iterator[Rect]:
    """Cut a rectangle into strips of whole rows, of at most about two million pixels each."""
    rows = max(1, _STRIP_PIXELS // max(1, rect.width))
    for y in range(rect.y, rect.bottom, rows):
        yield Rect(rect.x, y, rect.width, min(rows, rect.bottom - y))
