"""Drawing the selection's outline anew: hard, anti-aliased, or matted from the photo's colours."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from core.arrays import Coverage
from core.cancel import CancelToken
from core.commands import Command
from core.coverage_target import change_target, target_coverage
from core.cut_source import CutSource
from core.document import Document
from core.edges import antialiased, held_to, strips
from core.geometry import Rect, Size
from core.matting import matted_reach, preview_alpha, refine_alpha
from core.recipe import EdgeStep
from core.segment_request import Edge
from core.texts import mark, tr

TITLE = mark("Redraw edge")
WIDEST_BAND = 200
_SOFTENING = 1.0
"""Standard deviation, in pixels, of the blur that tells how a staircase of pixels runs."""


@dataclass(frozen=True, slots=True)
class EdgeStyle:
    """How an outline is to be drawn.

    `band` is to how many pixels on either side of it a matte is worked out, 1 to `WIDEST_BAND`; other edges do not
    look at it.
    """

    edge: Edge
    band: int


class Redrawn(NamedTuple):
    """A selection, ``(H, W)`` of the document's size, with another edge; outside of `rect` it is as it was."""

    coverage: Coverage
    rect: Rect
    style: EdgeStyle


def hardened(coverage: Coverage) -> Coverage:
    """Return 255 where at least half of a pixel belongs, else 0."""
    return np.asarray(cv2.threshold(coverage, 127, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def softened(coverage: Coverage) -> Coverage:
    """Return the coverage with a smooth edge of about a pixel; 128 and above is what it was before."""
    size = Size.of(coverage)
    result = np.zeros_like(coverage)
    for rect in strips(Rect.of_mask(coverage).padded(1).clipped(size)):
        halo = rect.padded(4).clipped(size)
        hard = hardened(coverage[halo.slices])
        field = cv2.GaussianBlur(hard.astype(np.float32), (0, 0), _SOFTENING, borderType=cv2.BORDER_REPLICATE)
        soft = held_to(hard >= 128, antialiased(np.asarray(field - np.float32(127.5), np.float32)))
        result[rect.slices] = soft[rect.moved(-halo.x, -halo.y).slices]
    return result


def redraw(
    document: Document,
    style: EdgeStyle,
    token: CancelToken,
    report: Callable[[float], None] = lambda _fraction: None,
) -> Redrawn | None:
    """Return the selection, or the mask in its place, with the edge that `style` says; None without a selection.

    A matte is worked out from the picture that objects are cut from; `report` is told the fraction done, in [0, 1].

    Raises
    ------
    Cancelled
        If `token` was cancelled.
    PromptError
        If a matte is wanted and no layer is visible.
    """
    current = target_coverage(document)
    if current is None:
        return None
    reach = matted_reach(current, style.band)
    if style.edge is not Edge.MATTE:
        draw = hardened if style.edge is Edge.HARD else softened
        return _placed(current, reach, draw(current[reach.slices]), style)
    image = CutSource.of(document).to_model_part(reach)
    token.check()
    part = np.ascontiguousarray(current[reach.slices])
    return _placed(current, reach, refine_alpha(image, part, style.band, token, report=report), style)


def redraw_roughly(document: Document, style: EdgeStyle) -> Redrawn | None:
    """Return quickly what :func:`redraw` will roughly return; None if that is quick itself (errors as there)."""
    current = target_coverage(document)
    if current is None or style.edge is not Edge.MATTE:
        return None
    reach = matted_reach(current, style.band)
    image = CutSource.of(document).to_model_part(reach)
    part = np.ascontiguousarray(current[reach.slices])
    return _placed(current, reach, preview_alpha(image, part, style.band), style)


def take_redrawn(document: Document, redrawn: Redrawn) -> Command | None:
    """Return the change to a selection or mask that was drawn anew; None if it is the one that is there."""
    step = EdgeStep(redrawn.style.edge, redrawn.style.band)
    return change_target(tr(TITLE), document, redrawn.coverage, redrawn.rect, step)


def _placed(selection: Coverage, rect: Rect, part: Coverage, style: EdgeStyle) -> Redrawn:
    coverage = selection.copy()
    coverage[rect.slices] = part
    coverage.flags.writeable = False
    return Redrawn(coverage, rect, style)
