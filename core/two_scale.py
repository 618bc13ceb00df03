"""Two-scale edges: the whole photo says which object is meant, crops along its outline say where exactly it ends.

An encoder that sees a photo reduced to about a thousand pixels cannot know the outline of a large photo to the pixel.
So the same segmenter looks at tiles along the outline that it drew, at a higher zoom, with prompts derived from that
outline; and in a band around it, the finer answer takes the place of the coarse one. A tile whose answer means
something else (it differs where the coarse outline is in no doubt) is left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, Logits, Mask, RgbImage, to_coverage, to_mask
from core.cancel import CancelToken
from core.edges import antialiased
from core.errors import NothingFoundError, PromptError
from core.geometry import Box, Rect, Size
from core.matting import refine_alpha, usual_band
from core.prompt import Prompt
from core.segment_request import Edge
from core.segmenter import BEYOND_WINDOW, Candidate, Embedding, SeesReduced, Segmenter
from core.two_scale_tiles import outline_tiles

_CELLS_OF_DOUBT = 2.0
"""How far from the coarse outline the fine one is believed, in cells of the coarse logits."""

_FULLY_BELIEVED = 0.6
"""Up to which share of that the fine logits count alone; beyond, the coarse ones fade in."""

_LEAST_AGREEMENT = 0.9
_LOOK_AT = 256
"""Side of the grid on which a tile's answers are compared."""

_POINTS_A_SIDE = 3
_MOST_LOGIT = 8.0
"""Surer than this is sure: an outcry of one scale must not drown the other."""

_SEAM = 0.125
"""Over which share of its side a tile fades out towards its border."""

_BLOCK = 1024


@dataclass(frozen=True, eq=False)
class _Fine:
    """What a tile of the photo was answered."""

    tile: Rect
    candidate: Candidate


def can_look_closer(segmenter: Segmenter, size: Size) -> bool:
    """Whether the segmenter sees so little of a photo of `size` that looking closer may show more."""
    return isinstance(segmenter, SeesReduced) and size.longest >= 1.5 * segmenter.input_side


def compute_detail(
    segmenter: Segmenter,
    embedding: Embedding,
    candidate: Candidate,
    image: RgbImage,
    edge: Edge,
    token: CancelToken,
    report: Callable[[float], None],
) -> Coverage | None:
    """Return the candidate's coverage, ``(H, W)`` of the photo, with its outline looked at closely.

    None if the segmenter sees all that there is, if there are too many places to look at, or if none of them was
    answered in the same sense.

    Parameters
    ----------
    embedding, image
        Of the whole photo, ``(H, W, 3)``; `candidate` was found in it.
    report
        Called with the fraction done, in [0, 1].

    Raises
    ------
    Cancelled
        If `token` was cancelled; looked at before and after each tile.
    SegmentationError
        If the segmenter fails.
    """
    size = embedding.image_size
    if not isinstance(segmenter, SeesReduced) or not can_look_closer(segmenter, size):
        return None
    tiles = outline_tiles(candidate, size, segmenter.input_side)
    band = ceil(_CELLS_OF_DOUBT * size.width / candidate.extent[0])
    found = []
    for number, tile in enumerate(tiles):
        report(number / (len(tiles) + 1))
        token.check()
        fine = _look(segmenter, candidate, image, tile, band, token)
        if fine is not None:
            found.append(_Fine(tile, fine))
    token.check()
    if not found:
        return None
    report(len(tiles) / (len(tiles) + 1))
    return _drawn(segmenter.to_soft(embedding, candidate), candidate, found, band, image, edge, token)


def _look(
    segmenter: Segmenter, coarse: Candidate, image: RgbImage, tile: Rect, band: int, token: CancelToken
) -> Candidate | None:
    """Return the tile's answer that means what the coarse candidate means; None if none does."""
    field = coarse.logits_at(Size.of(image), tile)
    view = _View.of(field, band)
    prompt = view.prompt(tile)
    if prompt is None:
        return None
    embedding = segmenter.embed(np.ascontiguousarray(image[tile.slices]), token)
    token.check()
    try:
        answers = segmenter.predict(embedding, prompt).candidates
        hint = _hint(answers[0], field)
        if hint is not None:
            answers += segmenter.predict(embedding, prompt, hint).candidates
    except (NothingFoundError, PromptError):
        return None  # the crop shows nothing that the segmenter can make out
    agreements = [view.agreement(answer) for answer in answers]
    best = int(np.argmax(agreements))
    return answers[best] if agreements[best] >= _LEAST_AGREEMENT else None


@dataclass(frozen=True, eq=False)
class _View:
    """A tile as the coarse candidate has it, on a small grid: the mask, and how far each cell is from its outline."""

    mask: Mask
    depth: NDArray[np.float32]
    """In cells."""

    is_sure: Mask
    """Where the outline is farther than the band."""

    @classmethod
    def of(cls, field: Logits, band: int) -> "_View":
        height, width = field.shape
        step = max(height, width) / _LOOK_AT
        shape = max(1, round(width / step)), max(1, round(height / step))
        mask = np.asarray(cv2.resize(field, shape, interpolation=cv2.INTER_LINEAR) > 0)
        depth = _depth(mask)
        return cls(mask, depth, np.asarray(depth > band / step))

    def prompt(self, tile: Rect) -> Prompt | None:
        """Return what to ask in the tile's own coordinates: the box of the mask, and points deep in and out of it."""
        if not self.mask.any():
            return None
        rect, scale = Rect.of_mask(self.mask), tile.width / self.mask.shape[1]
        box = Box(rect.x * scale, rect.y * scale, rect.right * scale, rect.bottom * scale)
        prompt = Prompt().with_box(box)
        for side, is_include in ((self.mask, True), (~self.mask, False)):
            for x, y in _deep_points(np.where(side & (self.is_sure | is_include), self.depth, np.float32(0))):
                prompt = prompt.with_point((x + 0.5) * scale, (y + 0.5) * scale, is_include)
        return prompt

    def agreement(self, answer: Candidate) -> float:
        """Return how alike answer and mask are where there is no doubt: of inside and outside, the lower overlap."""
        fine = answer.preview(Size.of(self.mask))
        return min(_overlap(fine[self.is_sure], self.mask[self.is_sure], side) for side in (True, False))


def _overlap(fine: Mask, coarse: Mask, side: bool) -> float:
    """Return the intersection over union of one side; 1 if neither has any of it."""
    either = np.count_nonzero((fine == side) | (coarse == side))
    return 1.0 if either == 0 else np.count_nonzero((fine == side) & (coarse == side)) / either


def _depth(mask: Mask) -> NDArray[np.float32]:
    """Return how far each cell is from the other side of the outline; the border is no outline."""
    inside = mask.astype(np.uint8)
    both = cv2.distanceTransform(inside, cv2.DIST_L2, 3) + cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3)
    return np.asarray(both, np.float32)


def _deep_points(depth: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """Return up to three cells ``(x, y)``, the deepest and then the deepest far from those before."""
    rest = depth.copy()
    for _ in range(_POINTS_A_SIDE):
        y, x = np.unravel_index(int(np.argmax(rest)), rest.shape)
        if rest[y, x] <= 0:
            return
        yield int(x), int(y)
        cv2.circle(rest, (int(x), int(y)), max(2, int(min(rest[y, x], _LOOK_AT / 3))), 0.0, -1)


def _hint(answer: Candidate, field: Logits) -> Candidate | None:
    """Return the coarse logits of a tile on the grid of an answer in it; None for a grid that is not simple."""
    width, height = round(answer.extent[0]), round(answer.extent[1])
    if answer.origin != (0.0, 0.0) or height > answer.logits.shape[0] or width > answer.logits.shape[1]:
        return None
    logits = np.full(answer.logits.shape, BEYOND_WINDOW, np.float32)
    logits[:height, :width] = cv2.resize(field, (width, height), interpolation=cv2.INTER_AREA)
    logits.flags.writeable = False
    return Candidate(logits, answer.extent, answer.score)


def _drawn(
    coverage: Coverage,
    coarse: Candidate,
    found: Sequence[_Fine],
    band: int,
    image: RgbImage,
    edge: Edge,
    token: CancelToken,
) -> Coverage:
    """Return the coarse coverage with its band drawn from both scales, with the edge that was asked for."""
    size, result = Size.of(coverage), coverage.copy()
    for block in Rect.of_size(size).tiles(_BLOCK):
        if any(not fine.tile.intersect(block).is_empty for fine in found):
            token.check()
            _draw_block(result, coarse, found, band, block)
    if edge is Edge.HARD:
        return to_coverage(to_mask(result))
    if edge is Edge.MATTE:
        return refine_alpha(image, result, usual_band(size), token)
    return result


def _draw_block(result: Coverage, coarse: Candidate, found: Sequence[_Fine], band: int, block: Rect) -> None:
    """Draw the band in `block` of the photo anew, in place."""
    size = Size.of(result)
    around = block.padded(band + 1).clipped(size)
    wide = coarse.logits_at(size, around)
    near = _depth(wide > 0)
    if near.min() > band:
        return
    one_more = block.padded(1).clipped(size)
    part = one_more.moved(-around.x, -around.y).slices
    field, share = _clipped(wide[part]), _fading(np.asarray(near[part] / band, np.float32))
    total, weight = np.zeros_like(field), np.zeros_like(field)
    for fine in found:
        _add(total, weight, fine, one_more, size)
    share = share * np.minimum(weight, 1)
    mixed = field * (1 - share) + total / np.maximum(weight, np.float32(1e-6)) * share
    drawn = antialiased(np.asarray(mixed, np.float32))
    inner = block.moved(-one_more.x, -one_more.y).slices
    result[block.slices] = np.where(share[inner] > 0, drawn[inner], result[block.slices])


def _add(total: NDArray[np.float32], weight: NDArray[np.float32], fine: _Fine, rect: Rect, size: Size) -> None:
    """Add a tile's logits, and how much they count, where the tile meets the pixels `rect`."""
    common = fine.tile.intersect(rect)
    if common.is_empty:
        return
    logits = _clipped(fine.candidate.logits_at(fine.tile.size, common.moved(-fine.tile.x, -fine.tile.y)))
    counts = _ramp(fine.tile.x, fine.tile.right, size.width, common.x, common.right)[None, :]
    counts = counts * _ramp(fine.tile.y, fine.tile.bottom, size.height, common.y, common.bottom)[:, None]
    inner = common.moved(-rect.x, -rect.y).slices
    total[inner] += logits * counts
    weight[inner] += counts


def _ramp(start: int, stop: int, length: int, first: int, last: int) -> NDArray[np.float32]:
    """Return, along one side, how much a tile counts at its pixels `first` to `last`; the photo's border is no seam."""
    place = np.arange(first, last, dtype=np.float32) + np.float32(0.5)
    seam = np.float32(_SEAM * (stop - start))
    rise = np.ones_like(place) if start == 0 else (place - start) / seam
    fall = np.ones_like(place) if stop == length else (stop - place) / seam
    return np.asarray(np.clip(np.minimum(rise, fall), 0, 1), np.float32)


def _fading(distance: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much the fine scale counts at distances from the coarse outline, 1 being the band's border."""
    return np.asarray(np.clip((1 - distance) / (1 - _FULLY_BELIEVED), 0, 1), np.float32)


def _clipped(logits: Logits) -> NDArray[np.float32]:
    return np.asarray(np.clip(logits, -_MOST_LOGIT, _MOST_LOGIT), np.float32)
