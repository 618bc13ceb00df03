"""Undoable changes of a document.

A command is a true record of one gesture, as small as it can be: a changed selection is remembered as the block of
pixels that differs, changed layers (:mod:`core.layer_change`) as the layer values themselves, which share every array
that did not change.
"""

from dataclasses import dataclass, field
from typing import Protocol, Self

import numpy as np

from core.arrays import Coverage, freeze
from core.difference import Difference
from core.document import Document
from core.geometry import Rect
from core.recipe import Recipe, Step, recipe_after

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
    """Another selection, kept as what tells it from the one before.

    Between two selections that is their `difference`. From or to none it is the coverage of `rect`, read-only, as
    `before` or `after`; a block that would be a large part of a read-only array is that array itself, of the document's
    size: nothing is copied for it, and the document shares it. `recipe_before` and `recipe_after` say how the two
    selections came about, if that is known.
    """

    title: str
    rect: Rect
    before: Coverage | None = field(repr=False)
    after: Coverage | None = field(repr=False)
    recipe_before: Recipe | None = field(default=None, repr=False)
    recipe_after: Recipe | None = field(default=None, repr=False)
    difference: Difference | None = field(default=None, repr=False)

    @classmethod
    def between(
        cls,
        title: str,
        document: Document,
        selection: Coverage | None,
        within: Rect | None = None,
        step: Step | None = None,
    ) -> Self:
        """Return the command that gives `document` the selection `selection`, which `step` led to, if that is known.

        An all-zero array counts as none. Nothing outside of `within` differs; by default it may differ anywhere.
        The command's `rect` is empty if nothing changes. A writable `selection` is read, not kept.
        """
        old = document.selection
        new = selection if selection is not None and selection.any() else None
        rect = differing_rect(old, new, (within or document.rect).clipped(document.size))
        recipes = document.selection_recipe, recipe_after(document, step)
        if old is not None and new is not None:
            return cls(title, rect, None, None, *recipes, Difference.between(old, new, rect))
        before, after = (None if each is None else _block_of(each, rect) for each in (old, new))
        return cls(title, rect, before, after, *recipes)

    @property
    def nbytes(self) -> int:
        """Bytes of the difference, or of the block."""
        return sum(each.nbytes for each in (self.before, self.after, self.difference) if each is not None)

    def apply(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the new selection."""
        return self._write(document, self.after, self.recipe_after)

    def revert(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the former selection."""
        return self._write(document, self.before, self.recipe_before)

    def _write(self, document: Document, block: Coverage | None, recipe: Recipe | None) -> tuple[Document, Rect]:
        if self.difference is not None:
            selected = self.difference.applied_to(document.selection, document.size)
            return document.with_selection(selected, recipe), self.rect
        if block is None or block.shape == document.size.shape:
            return document.with_selection(block, recipe), self.rect
        if document.selection is None:
            selection = np.zeros(document.size.shape, dtype=np.uint8)
        else:
            selection = document.selection.copy()
        selection[self.rect.slices] = block
        return document.with_selection(selection, recipe), self.rect


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


def _block_of(coverage: Coverage, rect: Rect) -> Coverage:
    """Return `rect` of `coverage`, read-only: a copy, or all of it if it is read-only and `rect` a large part of it."""
    if not coverage.flags.writeable and rect.size.area * _LARGE_PART >= coverage.size:
        return coverage
    block = coverage[rect.slices].copy()
    freeze(block)
    return block


def differing_rect(old: Coverage | None, new: Coverage | None, within: Rect) -> Rect:
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
