"""The hair brush: how much of what a person painted over is selected is worked out anew from the photo's colours."""

from dataclasses import dataclass
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, Mask, RgbImage, to_mask
from core.brush import BrushStroke
from core.cancel import CancelToken
from core.commands import Command
from core.coverage_target import change_target, target_coverage
from core.cut_source import CutSource
from core.document import Document
from core.geometry import Rect, Size
from core.matting import preview_alpha, refine_hair
from core.recipe import HairStep
from core.texts import mark, tr

TITLE = mark("Refine hair")
_SMALLEST_CONTEXT = 16
"""At least so many pixels around a stroke are looked at; otherwise as many as the brush is wide."""

_SEAM = 0.2
"""How wide the border of a stroke is in which a draft fades in, as a share of the brush's width."""


@dataclass(frozen=True, slots=True)
class HairStroke:
    """Where a round brush was swept over hair, fur or a soft edge.

    Attributes
    ----------
    path
        ``(x, y)`` in photo pixels, from corner to corner; at least one. A stroke may leave the photo.
    width
        The brush's diameter in photo pixels.
    """

    path: tuple[tuple[float, float], ...]
    width: float

    def rect_in(self, size: Size) -> Rect:
        """Return the pixels of a photo of `size` that hold all of the stroke; empty if it lies outside."""
        xs, ys = zip(*self.path, strict=True)
        reach = self.width / 2 + 1
        x, y = floor(min(xs) - reach), floor(min(ys) - reach)
        return Rect(x, y, ceil(max(xs) + reach) - x, ceil(max(ys) + reach) - y).clipped(size)

    def mask_in(self, region: Rect) -> Mask:
        """Return the pixels of `region` that the stroke covers at least by half, ``(region.height, region.width)``."""
        painted = np.zeros(region.size.shape, np.uint8)
        brush = BrushStroke(painted, False, self.width, 1.0)
        for x, y in self.path:
            brush.move_to(x - region.x, y - region.y)
        return to_mask(painted)


def draft_hair(document: Document, stroke: HairStroke) -> Command | None:
    """Return quickly what :func:`solve_hair` will roughly return (errors as there)."""
    view = _View.of(document, stroke)
    if view is None:
        return None
    # The filter smooths over the band's width: over the brush's, as the hair may lie anywhere below it.
    rough = preview_alpha(view.image, view.coverage, max(1, round(stroke.width / 2)), view.hair)
    # What it makes of the stroke's border does not meet what is selected beside it: without fading in, that is a seam.
    share = np.minimum(_depth(view.hair) * np.float32(1 / max(1.0, stroke.width * _SEAM)), 1)
    faded = np.rint(rough * share + view.coverage * (1 - share)).astype(np.uint8)
    return view.change(document, faded, stroke)


def solve_hair(document: Document, stroke: HairStroke, token: CancelToken) -> Command | None:
    """Return the change that works out anew, from the visible picture, what is selected under a stroke.

    The selection beside the stroke stays as it is. None without a selection, or if nothing changes.

    Raises
    ------
    Cancelled
        If `token` was cancelled.
    PromptError
        If no layer is visible.
    """
    view = _View.of(document, stroke)
    if view is None:
        return None
    return view.change(document, refine_hair(view.image, view.coverage, view.hair, token), stroke)


@dataclass(frozen=True, eq=False)
class _View:
    """The part of the document that a stroke is worked out on."""

    region: Rect
    image: RgbImage
    coverage: Coverage
    hair: Mask

    @classmethod
    def of(cls, document: Document, stroke: HairStroke) -> "_View | None":
        """Return None if nothing is selected, or none of the stroke lies in the document and near an edge."""
        rect = stroke.rect_in(document.size)
        current = target_coverage(document)
        if current is None or rect.is_empty:
            return None
        region = rect.padded(max(_SMALLEST_CONTEXT, ceil(stroke.width))).clipped(document.size)
        coverage = np.ascontiguousarray(current[region.slices])
        # Deeper inside than half of the brush there is no hair: without this, broad strokes leave little that is known.
        is_solid = _depth(coverage == 255) > stroke.width / 2
        hair = stroke.mask_in(region) & ~is_solid
        if not hair.any():
            return None
        return cls(region, CutSource.of(document).to_model_part(region), coverage, hair)

    def change(self, document: Document, coverage: Coverage, stroke: HairStroke) -> Command | None:
        current = target_coverage(document)
        if current is None:
            return None
        selection = current.copy()
        selection[self.region.slices] = coverage
        return change_target(tr(TITLE), document, selection, self.region, HairStep(stroke.path, stroke.width))


def _depth(mask: Mask) -> NDArray[np.float32]:
    """Return how far the pixels of a mask are from what is not in it, in pixels; 0 outside. The border is no edge."""
    return np.asarray(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3), np.float32)
