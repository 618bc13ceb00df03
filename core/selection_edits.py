"""What a person does to the selection: a function for each gesture makes its command, or None if it changes nothing.

Where a layer's mask has taken the selection's place, it is what changes (:mod:`core.coverage_target`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from core import mask_ops
from core.arrays import Coverage, freeze
from core.commands import ChangeSelection, Command
from core.coverage_target import change_target, target_coverage, target_layer
from core.document import Document
from core.geometry import Rect
from core.mask_change import ChangeMask
from core.mask_ops import SelectionMode
from core.polygon import fill_polygon
from core.recipe import LassoStep, Place, Recipe, Step, Whole, WholeStep
from core.texts import tr


def select(
    document: Document,
    coverage: Coverage | None,
    mode: SelectionMode = SelectionMode.NEW,
    title: str = "",
    step: Step | None = None,
) -> Command | None:
    """Select `coverage`, ``(H, W)`` of the document's size (None: nothing), joined as `mode` says.

    `step` is how it came about, `mode` included, if that is known.
    """
    return change_target(
        title or tr("Select object"), document, joined(target_coverage(document), coverage, mode), step=step
    )


def redraw_closely(
    document: Document, before: Coverage | None, coverage: Coverage, mode: SelectionMode, title: str
) -> Command | None:
    """Put `coverage` in the place of what the last prompt selected: its outline, looked at closely.

    `before` is what was selected until then, and `mode` how the prompt met it. What came about is told by the same
    steps, the last of which was done more closely.
    """
    command = change_target(title, document, joined(before, coverage, mode))
    if isinstance(command, ChangeSelection):
        return replace(command, recipe_after=_closely(document.selection_recipe))
    layer = target_layer(document)
    if isinstance(command, ChangeMask) and layer is not None:
        return replace(command, recipes=(layer.recipe, _closely(layer.recipe)))
    return command


def _closely(recipe: Recipe | None) -> Recipe | None:
    return None if recipe is None else recipe.looked_at_closely()


def select_outline(document: Document, corners: Sequence[Place], mode: SelectionMode, title: str) -> Command | None:
    """Select what a closed outline winds around, joined as `mode` says; nothing, if it holds no part of the photo."""
    coverage = fill_polygon(corners, document.size)
    if not coverage.any():
        return None
    freeze(coverage)
    return select(document, coverage, mode, title, LassoStep(tuple(corners), mode))


def select_all(document: Document) -> Command | None:
    """Select every pixel."""
    return change_target(tr("Select all"), document, _all_of(document), step=WholeStep(Whole.ALL))


def select_none(document: Document) -> Command | None:
    """Select nothing."""
    return change_target(tr("Select none"), document, None)


def invert(document: Document) -> Command | None:
    """Select what is not selected; every pixel, if none is."""
    current = target_coverage(document)
    inverted = _all_of(document) if current is None else mask_ops.invert(current)
    freeze(inverted)
    return change_target(tr("Invert selection"), document, inverted, step=WholeStep(Whole.INVERT))


def reshape(
    document: Document, change: Callable[[Coverage], Coverage], title: str, step: Step | None = None
) -> Command | None:
    """Select what `change` makes of the selection, as a new array; nothing happens without one.

    `step` says what that is, if it can be said.
    """
    current = target_coverage(document)
    if current is None:
        return None
    reshaped = change(current)
    freeze(reshaped)
    return change_target(title, document, reshaped, step=step)


def selected_area(document: Document) -> int:
    """Return the pixels of the rectangle around the selection; 0 without one."""
    return 0 if document.selection is None else Rect.of_mask(document.selection).size.area


def target_area(document: Document) -> int:
    """Return the pixels of the rectangle around what is selected, or around what the target mask shows."""
    current = target_coverage(document)
    return 0 if current is None else Rect.of_mask(current).size.area


def joined(current: Coverage | None, coverage: Coverage | None, mode: SelectionMode) -> Coverage | None:
    """Return what is selected after `coverage` met the selection `current` as `mode` says; None for nothing."""
    if mode is SelectionMode.NEW:
        return coverage
    if coverage is None:
        return None if mode is SelectionMode.INTERSECT else current
    if current is None:
        return coverage if mode is SelectionMode.ADD else None
    combined = mask_ops.combine(current, coverage, mode)
    freeze(combined)
    return combined


def _all_of(document: Document) -> Coverage:
    coverage = np.full(document.size.shape, 255, np.uint8)
    freeze(coverage)
    return coverage
