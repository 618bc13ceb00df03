"""The undoable change of a layer's mask, kept as what tells the two masks apart."""

from dataclasses import dataclass, field, replace
from typing import Self

from core.arrays import Coverage
from core.commands import differing_rect
from core.difference import Difference
from core.document import Document
from core.geometry import Rect
from core.layer import new_array_key
from core.recipe import Recipe, Step, extended


@dataclass(frozen=True, eq=False)
class ChangeMask:
    """Other coverage in a layer's mask, which is switched on.

    The rectangle of `difference` is counted from the layer's corner.
    """

    title: str
    layer_id: str
    difference: Difference = field(repr=False)
    was_enabled: bool
    keys: tuple[str, str]
    recipes: tuple[Recipe | None, Recipe | None] = (None, None)

    @classmethod
    def between(
        cls,
        title: str,
        document: Document,
        layer_id: str,
        mask: Coverage,
        within: Rect | None = None,
        step: Step | None = None,
    ) -> Self | None:
        """Return the command that gives a layer the mask `mask`, of its size; None if nothing changes.

        `step` led from the mask that it has to this one, if that is known.

        Nothing outside of `within`, counted from the layer's corner, differs; by default it may differ anywhere. A
        writable `mask` is read, not kept.

        Raises
        ------
        ValueError
            If the layer has no mask yet.
        """
        layer = document.layer(layer_id)
        if layer.mask is None:
            raise ValueError(f"the layer {layer_id} has no mask to change")
        whole = Rect.of_size(layer.rect.size)
        rect = differing_rect(layer.mask, mask, (within or whole).intersect(whole))
        if rect.is_empty:
            return None
        difference = Difference.between(layer.mask, mask, rect)
        keys, recipes = (layer.mask_key, new_array_key()), (layer.recipe, extended(layer.recipe, step, document))
        return cls(title, layer_id, difference, layer.is_mask_enabled, keys, recipes)

    @property
    def nbytes(self) -> int:
        """Bytes of the difference."""
        return self.difference.nbytes

    def apply(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the new mask."""
        return self._write(document, (self.keys[1], self.recipes[1]), is_enabled=True)

    def revert(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the former mask."""
        return self._write(document, (self.keys[0], self.recipes[0]), is_enabled=self.was_enabled)

    def _write(
        self, document: Document, known: tuple[str, Recipe | None], *, is_enabled: bool
    ) -> tuple[Document, Rect]:
        layer = document.layer(self.layer_id)
        mask = self.difference.applied_to(layer.mask, layer.rect.size)
        key, recipe = known
        changed = replace(layer, mask=mask, is_mask_enabled=is_enabled, recipe=recipe, mask_key=key)
        layers = tuple(changed if each is layer else each for each in document.layers)
        whole = document.with_layers(layers, document.active_layer_id, document.groups, document.active_group_id)
        if not document.is_shown(layer):
            return whole, Rect(0, 0, 0, 0)
        seen = self.difference.rect.moved(layer.x, layer.y) if self.was_enabled else layer.rect
        return whole, seen.clipped(document.size)
