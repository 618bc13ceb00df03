"""What a person does to the selection: a function for each gesture makes its command, or None if it changes nothing."""

from collections.abc import Callable

import numpy as np

from core import mask_ops
from core.arrays import Coverage, freeze
from core.commands import ChangeSelection, Command
from core.document import Document
from core.geometry import Rect
from core.mask_ops import SelectionMode


def select(
    document: Document, coverage: Coverage | None, mode: SelectionMode = SelectionMode.NEW, title: str = "Select object"
) -> Command | None:
    """Select `coverage`, ``(H, W)`` of the document's size (None: nothing), joined as `mode` says."""
    return _change(title, document, joined(document.selection, coverage, mode))


def select_all(document: Document) -> Command | None:
    """Select every pixel."""
    return _change("Select all", document, _all_of(document))


def select_none(document: Document) -> Command | None:
    """Select nothing."""
    return _change("Select none", document, None)


def invert(document: Document) -> Command | None:
    """Select what is not selected; every pixel, if none is."""
    if document.selection is None:
        return _change("Invert selection", document, _all_of(document))
    inverted = mask_ops.invert(document.selection)
    freeze(inverted)
    return _change("Invert selection", document, inverted)


def reshape(document: Document, change: Callable[[Coverage], Coverage], title: str) -> Command | None:
    """Select what `change` makes of the selection, as a new array; nothing happens without one."""
    if document.selection is None:
        return None
    reshaped = change(document.selection)
    freeze(reshaped)
    return _change(title, document, reshaped)


def selected_area(document: Document) -> int:
    """Return the pixels of the rectangle around the selection; 0 without one."""
    return 0 if document.selection is None else Rect.of_mask(document.selection).size.area


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


def _change(title: str, document: Document, selection: Coverage | None) -> Command | None:
    command = ChangeSelection.between(title, document, selection)
    return None if command.rect.is_empty else command
