"""The outline of a classic candidate at the photo's full resolution, drawn from the photo's colours.

Away from the outline the candidate's field decides. Within some cells of it, affine models of the colour (the fast
guided filter) fitted on the grid carry the field to the photo's pixels. Only tiles that the outline crosses are worked.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, Mask
from core.edges import antialiased, reach_of, soft_from_logits, strips
from core.geometry import Rect
from core.matting_guided import fit_affine_model
from core.segmenter import Candidate
from core.segmenters.classic_frame import DOUBT, ClassicPhoto

Field = NDArray[np.float32]
_TILE_CELLS = 64
_RADIUS = 3
_MARGIN_CELLS = 2 * _RADIUS + 2
_EPSILON = 1e-4


def draw_mask(photo: ClassicPhoto, candidate: Candidate) -> Mask:
    """Return the candidate's mask of the photo, ``(H, W)``."""
    mask = np.zeros(photo.size.shape, dtype=bool)
    for rect in strips(reach_of(candidate, photo.size)):
        mask[rect.slices] = candidate.preview(photo.size, rect)
    for rect, values in _drawn_tiles(photo, candidate):
        mask[rect.slices] = values > 0
    return mask


def draw_soft(photo: ClassicPhoto, candidate: Candidate) -> Coverage:
    """Return the candidate's coverage of the photo with an anti-aliased edge; 128 and above is :func:`draw_mask`."""
    coverage = soft_from_logits(candidate, photo.size)
    for rect, values in _drawn_tiles(photo, candidate):
        coverage[rect.slices] = antialiased(values)
    return coverage


def _drawn_tiles(photo: ClassicPhoto, candidate: Candidate) -> Iterator[tuple[Rect, Field]]:
    """Yield the tiles that the outline crosses with their field, in cells, on the photo's pixels."""
    if photo.grid_size == photo.size:
        return
    # A field this clear everywhere has no outline within the photo.
    doubtful = np.abs(candidate.logits) < DOUBT
    for cells in _tiles(photo):
        if doubtful[cells.slices].any():
            yield _drawn(photo, candidate, cells)


def _drawn(photo: ClassicPhoto, candidate: Candidate, cells: Rect) -> tuple[Rect, Field]:
    grid, size = photo.grid_size, photo.size
    near = cells.padded(_MARGIN_CELLS).clipped(grid)
    inside = (candidate.logits[near.slices] > 0).astype(np.float32)
    model = fit_affine_model(photo.grid[near.slices], inside, _RADIUS, _EPSILON)
    rect = _pixels(cells, photo)
    colour = model.applied(photo.pixels, rect, near, grid)
    rough = candidate.logits_at(size, rect)
    # The weight falls to nothing at the limit of doubt, so that the two fields join without a step.
    weight = np.clip(2 - 2 * np.abs(rough) / np.float32(DOUBT), 0, 1)
    values = rough + weight * ((colour - np.float32(0.5)) * np.float32(2 * DOUBT) - rough)
    return rect, np.asarray(values, dtype=np.float32)


def _tiles(photo: ClassicPhoto) -> Iterator[Rect]:
    grid = Rect.of_size(photo.grid_size)
    for y in range(0, grid.height, _TILE_CELLS):
        for x in range(0, grid.width, _TILE_CELLS):
            yield Rect(x, y, _TILE_CELLS, _TILE_CELLS).intersect(grid)


def _pixels(cells: Rect, photo: ClassicPhoto) -> Rect:
    grid, size = photo.grid_size, photo.size
    x0, y0 = cells.x * size.width // grid.width, cells.y * size.height // grid.height
    x1, y1 = (
        cells.right * size.width // grid.width,
        cells.bottom * size.height // grid.height,
    )
    return Rect(x0, y0, x1 - x0, y1 - y0)
