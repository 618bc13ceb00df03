"""What a person paints and selects on: the selection, or the mask of the active layer in its place.

Tools and edits that join, grow or soften coverage ask here for what they change, and say here what it becomes; they
need not know which of the two it is.
"""

import numpy as np

from core.arrays import Coverage, freeze
from core.commands import ChangeSelection, Command
from core.document import Document
from core.geometry import Rect
from core.layer import Layer
from core.mask_change import ChangeMask
from core.recipe import Step
from core.texts import tr


def target_layer(document: Document) -> Layer | None:
    """Return the layer whose mask takes the selection's place; None if none does."""
    return document.active_layer if document.is_mask_target else None


def target_coverage(document: Document) -> Coverage | None:
    """Return the coverage that is changed, ``(H, W)`` of the document's size, read-only; None for an empty selection.

    Where a layer does not reach, its mask covers nothing. A mask may be all zero.
    """
    layer = target_layer(document)
    if layer is None or layer.mask is None:
        return document.selection
    if layer.rect == document.rect:
        return layer.mask
    coverage = np.zeros(document.size.shape, np.uint8)
    seen = layer.rect.intersect(document.rect)
    coverage[seen.slices] = layer.mask[seen.moved(-layer.x, -layer.y).slices]
    freeze(coverage)
    return coverage


def change_target(
    title: str,
    document: Document,
    coverage: Coverage | None,
    within: Rect | None = None,
    step: Step | None = None,
) -> Command | None:
    """Return the command that makes `coverage`, of the document's size, of the target; None if nothing changes.

    `step` is how a selection came to be `coverage`, if that is known. None is no coverage at all. Nothing outside of
    `within` differs; by default it may differ anywhere in the document. What a mask covers outside of the document
    stays. A writable array is read, not kept.
    """
    layer = target_layer(document)
    if layer is None or layer.mask is None:
        command = ChangeSelection.between(title, document, coverage, within, step)
        return None if command.rect.is_empty else command
    seen = layer.rect.intersect(document.rect)
    part = seen if within is None else seen.intersect(within)
    if coverage is not None and layer.rect == document.rect:
        return ChangeMask.between(title, document, layer.id, coverage, part, step)
    mask, local = layer.mask.copy(), part.moved(-layer.x, -layer.y)
    mask[local.slices] = 0 if coverage is None else coverage[part.slices]
    return ChangeMask.between(title, document, layer.id, mask, local, step)


def paintable(document: Document) -> tuple[Coverage, tuple[int, int]]:
    """Return a writable copy of the target, a mask as large as its layer, and where its corner lies in the document."""
    layer = target_layer(document)
    if layer is not None and layer.mask is not None:
        return layer.mask.copy(), (layer.x, layer.y)
    selection = document.selection
    return np.zeros(document.size.shape, np.uint8) if selection is None else selection.copy(), (0, 0)


def painted(
    document: Document, coverage: Coverage, rect: Rect, is_erase: bool, step: Step | None = None
) -> Command | None:
    """Return the command for what was painted on :func:`paintable` inside `rect` of the document; None if nothing.

    `step` is the stroke, if it is known.
    """
    layer = target_layer(document)
    if layer is None:
        title = tr("Erase from selection") if is_erase else tr("Paint selection")
        command = ChangeSelection.between(title, document, coverage, rect, step)
        return None if command.rect.is_empty else command
    title = tr("Hide with mask") if is_erase else tr("Show with mask")
    return ChangeMask.between(title, document, layer.id, coverage, rect.moved(-layer.x, -layer.y), step)


def with_target(document: Document, coverage: Coverage) -> Document:
    """Return the document as it will look with `coverage`, of its size, as its target."""
    layer = target_layer(document)
    if layer is None or layer.mask is None:
        return document.with_selection(coverage)
    seen = layer.rect.intersect(document.rect)
    if seen == layer.rect:
        return with_mask_of_target(document, coverage[seen.slices])
    mask = layer.mask.copy()
    mask[seen.moved(-layer.x, -layer.y).slices] = coverage[seen.slices]
    return with_mask_of_target(document, mask)


def with_mask_of_target(document: Document, mask: Coverage) -> Document:
    """Return the document as it will look with `mask`, of its layer's size, as its target."""
    layer = target_layer(document)
    if layer is None:
        return document
    shown = layer.with_mask(mask)
    layers = tuple(shown if each is layer else each for each in document.layers)
    return document.with_layers(layers, layer.id, active_group_id=document.active_group_id)


def is_same_target(snapshot: Document, now: Document) -> bool:
    """Whether what was computed from the target of `snapshot` still holds for that of `now`."""
    before, after = target_layer(snapshot), target_layer(now)
    if before is None or after is None:
        return before is after and snapshot.selection is now.selection
    return (before.id, before.mask_key, before.rect) == (after.id, after.mask_key, after.rect)
