"""The ways to change a selection's outline by an amount: exactly, or quickly and roughly for a slider on the move."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil, sqrt
from typing import TYPE_CHECKING

import cv2
import numpy as np

from core import mask_ops
from core.arrays import Coverage, freeze
from core.geometry import Rect, Size
from core.texts import mark, tr

if TYPE_CHECKING:
    from core.document import Document

ROUGH_PIXELS = 1 << 20
"""A rough answer is computed on at most about so many pixels: some 30 ms of work."""


class Reshape(StrEnum):
    """What is done to the outline."""

    GROW = "grow"
    SHRINK = "shrink"
    BORDER = "border"
    SMOOTH = "smooth"
    FEATHER = "feather"
    ISLANDS = "islands"
    HOLES = "holes"

    @property
    def is_area(self) -> bool:
        """Whether its amount counts pixels of an area; else it is a distance in pixels."""
        return self in (Reshape.ISLANDS, Reshape.HOLES)


LARGEST_DISTANCE, LARGEST_AREA = 250, 10_000_000

_TITLES = {
    Reshape.GROW: mark("Grow selection"),
    Reshape.SHRINK: mark("Shrink selection"),
    Reshape.BORDER: mark("Select border"),
    Reshape.SMOOTH: mark("Smooth selection"),
    Reshape.FEATHER: mark("Feather selection"),
    Reshape.ISLANDS: mark("Remove islands"),
    Reshape.HOLES: mark("Fill holes"),
}
_WHOLE = (Reshape.GROW, Reshape.SHRINK, Reshape.BORDER)
"""Those that move an outline by whole pixels."""

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reshaped:
    """What is selected after a change of the outline.

    Attributes
    ----------
    coverage
        ``(H, W)``, read-only.
    rect
        Holds every pixel that differs from before.
    is_exact
        Whether it is the answer itself, not a rough one.
    """

    coverage: Coverage = field(repr=False)
    rect: Rect
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Reshaping:
    """One change of the outline.

    Attributes
    ----------
    amount
        A distance in pixels; for islands the area in pixels below which they go, for holes the one up to which they
        are filled.
    """

    kind: Reshape
    amount: int

    @property
    def title(self) -> str:
        """What the person does, as in "Undo <title>"."""
        return tr(_TITLES[self.kind])

    def kept_place(self, document: "Document") -> Place | None:
        """Return the place whose island stays: the first that was pointed at, if the selection is what changes."""
        recipe = None if document.is_mask_target else document.selection_recipe
        return None if recipe is None or self.kind is not Reshape.ISLANDS else recipe.first_place

    def apply(self, coverage: Coverage, keep: Place | None = None) -> Coverage:
        """Return the changed selection as a new array; the island under `keep`, ``(x, y)``, stays in any case."""
        return _changed(self.kind, coverage, self.amount, keep)

    def compute(self, coverage: Coverage, keep: Place | None = None) -> Reshaped:
        """Return :meth:`apply` with where it differs."""
        return _reshaped(coverage, self.apply(coverage, keep), is_exact=True)

    def compute_roughly(self, coverage: Coverage, keep: Place | None = None) -> Reshaped:
        """Return about what :meth:`compute` does, in a time that does not follow the selection's size.

        A large selection is changed on a reduced copy, and where that differs it is enlarged into the selection
        itself: an outline that stays where it is stays as sharp as it is.
        """
        reach = self.amount + 2 if not self.kind.is_area else 2
        rect = Rect.of_mask(coverage).padded(reach).clipped(Size.of(coverage))
        scale = ceil(sqrt(rect.size.area / ROUGH_PIXELS))
        if scale < 2 or (self.kind in _WHOLE and self.amount < 2 * scale):
            return self.compute(coverage, keep)
        size = Size(ceil(rect.width / scale), ceil(rect.height / scale))
        part = coverage[rect.slices].copy()
        before = np.asarray(cv2.resize(part, (size.width, size.height), interpolation=cv2.INTER_AREA), np.uint8)
        place = None if keep is None else ((keep[0] - rect.x) / scale, (keep[1] - rect.y) / scale)
        amount = self.amount / (scale * scale if self.kind.is_area else scale)
        after = _changed(self.kind, before, round(amount) if self.kind in _WHOLE else amount, place)
        result = coverage.copy()
        differs = cv2.dilate((after != before).astype(np.uint8), np.ones((3, 3), np.uint8))
        shape = rect.width, rect.height
        differs = cv2.resize(differs, shape, interpolation=cv2.INTER_NEAREST)
        cv2.copyTo(cv2.resize(after, shape), differs, part)
        result[rect.slices] = part
        return _reshaped(coverage, result, is_exact=False)


def _reshaped(before: Coverage, after: Coverage, is_exact: bool) -> Reshaped:
    freeze(after)
    return Reshaped(after, Rect.of_mask(before).unite(Rect.of_mask(after)), is_exact)


def _changed(kind: Reshape, coverage: Coverage, amount: float, keep: Place | None) -> Coverage:
    if kind is Reshape.ISLANDS:
        return mask_ops.remove_islands(coverage, amount, keep)
    if kind is Reshape.HOLES:
        return mask_ops.fill_holes(coverage, amount)
    if kind in _WHOLE:
        return _BY_WHOLE_PIXELS[kind](coverage, int(amount))
    return mask_ops.smooth(coverage, amount) if kind is Reshape.SMOOTH else mask_ops.feather(coverage, amount)


_BY_WHOLE_PIXELS: dict[Reshape, Callable[[Coverage, int], Coverage]] = {
    Reshape.GROW: mask_ops.grow,
    Reshape.SHRINK: mask_ops.shrink,
    Reshape.BORDER: mask_ops.border,
}
