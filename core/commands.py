"""Undoable changes of a document.

A command is a true record of one gesture, as small as it can be: a changed selection is remembered as the block of
pixels that differs, changed layers as the layer values themselves, which share every array that did not change.
"""

from dataclasses import dataclass, field
from typing import Protocol, Self

import numpy as np

from core.arrays import Coverage, freeze
from core.document import Document
from core.geometry import Rect
from core.layer import Layer

NOWHERE = Rect(0, 0, 0, 0)
_STRIP_ROWS = 64
_LARGE_PART = 4


class Command(Protocol):
    """One undoable change. Applied and reverted alternately, always to the document it left behind."""

    @property
    def title(self) -> str:
        """What the person did, as in "Undo <title>"."""

    @property
    def nbytes(self) -> int:
        """Memory that only this record keeps alive, in bytes."""

    def apply(self, document: Document) -> tuple[Document, Rect]:
        """Return the changed document, and the pixels that look different."""

    def revert(self, document: Document) -> tuple[Document, Rect]:
        """Return the document as it was before :meth:`apply`, and the pixels that look different."""


@dataclass(frozen=True, eq=False)
class ChangeSelection:
    """Another selection, kept as the block of coverage that differs.

    `before` and `after` are the coverage of `rect`, read-only; None where nothing at all was, or is, selected. A
    block that would be a large part of a read-only array is that array itself, of the document's size: nothing is
    copied for it, and the document shares it.
    """

    title: str
    rect: Rect
    before: Coverage | None = field(repr=False)
    after: Coverage | None = field(repr=False)

    @classmethod
    def between(cls, title: str, document: Document, selection: Coverage | None, within: Rect | None = None) -> Self:
        """Return the command that gives `document` the selection `selection`.

        An all-zero array counts as none. Nothing outside of `within` differs; by default it may differ anywhere.
        The command's `rect` is empty if nothing changes. A writable `selection` is read, not kept.
        """
        old = document.selection
        new = selection if selection is not None and selection.any() else None
        rect = _differing_rect(old, new, (within or document.rect).clipped(document.size))
        return cls(title, rect, _block(old, rect), _block(new, rect))

    @property
    def nbytes(self) -> int:
        """Bytes of the two blocks."""
        return sum(block.nbytes for block in (self.before, self.after) if block is not None)

    def apply(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the new selection."""
        return self._write(document, self.after)

    def revert(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the former selection."""
        return self._write(document, self.before)

    def _write(self, document: Document, block: Coverage | None) -> tuple[Document, Rect]:
        if block is None or block.shape == document.size.shape:
            return document.with_selection(block), self.rect
        if document.selection is None:
            selection = np.zeros(document.size.shape, dtype=np.uint8)
        else:
            selection = document.selection.copy()
        selection[self.rect.slices] = block
        return document.with_selection(selection), self.rect


@dataclass(frozen=True, eq=False)
class ChangeLayers:
    """Other layers, or the same in another order or look, and perhaps another active layer.

    `merge_key` marks changes of one kind to one layer, such as every step of a slider: consecutive ones with the same
    key become one undo step. None never merges.
    """

    title: str
    before: tuple[Layer, ...] = field(repr=False)
    after: tuple[Layer, ...] = field(repr=False)
    active_before: str | None
    active_after: str | None
    merge_key: tuple[str, str] | None = None

    @classmethod
    def between(
        cls,
        title: str,
        document: Document,
        layers: tuple[Layer, ...],
        active: str | None = None,
        merge_key: tuple[str, str] | None = None,
    ) -> Self:
        """Return the command that gives `document` these layers, bottom first.

        `active` becomes the active layer; by default it stays, or is the nearest one left when it is gone.
        """
        if active is None:
            active = _surviving_active(document, layers)
        return cls(title, document.layers, layers, document.active_layer_id, active, merge_key)

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays that only one side has."""
        before, after = _arrays(self.before), _arrays(self.after)
        return sum({**before, **after}[key] for key in before.keys() ^ after.keys())

    def apply(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the new layers."""
        return self._write(document, self.before, self.after, self.active_after)

    def revert(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the former layers."""
        return self._write(document, self.after, self.before, self.active_before)

    def merged_after(self, earlier: "ChangeLayers") -> "ChangeLayers":
        """Return the one change that `earlier` and then this one make."""
        return ChangeLayers(
            self.title, earlier.before, self.after, earlier.active_before, self.active_after, self.merge_key
        )

    def _write(
        self, document: Document, old: tuple[Layer, ...], new: tuple[Layer, ...], active: str | None
    ) -> tuple[Document, Rect]:
        is_kept = self.active_before == self.active_after
        if is_kept and any(layer.id == document.active_layer_id for layer in new):
            active = document.active_layer_id  # chosen since: choosing is no undoable change
        return document.with_layers(new, active), _changed_rect(old, new).clipped(document.size)


@dataclass(frozen=True, eq=False)
class Together:
    """Several changes that one gesture made; applied in order, reverted in the opposite one."""

    title: str
    commands: tuple[Command, ...]

    @property
    def nbytes(self) -> int:
        """Bytes of all parts."""
        return sum(command.nbytes for command in self.commands)

    def apply(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with all changes made."""
        rect = NOWHERE
        for command in self.commands:
            document, changed = command.apply(document)
            rect = rect.unite(changed)
        return document, rect

    def revert(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with all changes taken back."""
        rect = NOWHERE
        for command in reversed(self.commands):
            document, changed = command.revert(document)
            rect = rect.unite(changed)
        return document, rect


def _block(selection: Coverage | None, rect: Rect) -> Coverage | None:
    if selection is None:
        return None
    if not selection.flags.writeable and rect.size.area * _LARGE_PART >= selection.size:
        return selection
    block = selection[rect.slices].copy()
    freeze(block)
    return block


def _differing_rect(old: Coverage | None, new: Coverage | None, within: Rect) -> Rect:
    """Return the smallest rectangle that holds every difference in `within`."""
    if old is None or new is None:
        only = new if old is None else old
        found = NOWHERE if only is None else Rect.of_mask(only[within.slices])
        return found.moved(within.x, within.y)
    found = NOWHERE
    for top in range(within.y, within.bottom, _STRIP_ROWS):  # a whole array of differences is slow to allocate
        strip = Rect(within.x, top, within.width, min(_STRIP_ROWS, within.bottom - top))
        differing = Rect.of_mask(old[strip.slices] != new[strip.slices])
        found = found.unite(differing.moved(strip.x, strip.y))
    return found


def _arrays(layers: tuple[Layer, ...]) -> dict[str, int]:
    sizes = {layer.pixels_key: layer.pixels.nbytes for layer in layers}
    sizes.update({layer.mask_key: layer.mask.nbytes for layer in layers if layer.mask is not None})
    return sizes


def _surviving_active(document: Document, layers: tuple[Layer, ...]) -> str | None:
    if any(layer.id == document.active_layer_id for layer in layers):
        return document.active_layer_id
    if not layers or document.active_layer_id is None:
        return layers[-1].id if layers else None
    return layers[max(0, min(document.index_of(document.active_layer_id) - 1, len(layers) - 1))].id


def _changed_rect(old: tuple[Layer, ...], new: tuple[Layer, ...]) -> Rect:
    """Return the pixels that look different, at most: all of every layer that changed its look or its place."""
    old_places = {layer.id: (index, layer) for index, layer in enumerate(old)}
    new_places = {layer.id: (index, layer) for index, layer in enumerate(new)}
    rect = NOWHERE
    for layer_id in old_places.keys() | new_places.keys():
        was, now = old_places.get(layer_id), new_places.get(layer_id)
        if was is not None and now is not None and _looks_same(was, now, len(old) == len(new)):
            continue
        for place in (was, now):
            if place is not None and place[1].is_visible:
                rect = rect.unite(place[1].rect)
    return rect


def _looks_same(was: tuple[int, Layer], now: tuple[int, Layer], are_as_many: bool) -> bool:
    """Whether a layer looks the same; its place matters only when none came or went, as that moves the others."""
    if are_as_many and was[0] != now[0]:
        return False
    return _look(was[1]) == _look(now[1])


def _look(layer: Layer) -> tuple[object, ...]:
    mask_key = None if layer.shown_mask is None else layer.mask_key
    return layer.pixels_key, mask_key, layer.x, layer.y, layer.opacity, layer.is_visible
