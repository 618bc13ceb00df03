"""Cutouts that stay live: a layer that remembers how it came about can be asked again, and be cut anew."""

from dataclasses import dataclass, field, replace
from typing import Self

from core.arrays import Coverage
from core.commands import Command
from core.cut_source import CutSource
from core.document import Document
from core.errors import PromptError
from core.geometry import Rect
from core.layer import Layer
from core.layer_change import ChangeLayers
from core.layer_choice import check_unlocked
from core.layer_edits import EDGE_CONTEXT, coverage_on, trimmed_layer, with_layer
from core.recipe import PromptStep, Recipe
from core.texts import mark, tr

TITLE = mark("Edit cutout")


@dataclass(frozen=True, eq=False)
class LiveCutout:
    """A layer that was cut out with a prompt, as it was when the person opened it again.

    Attributes
    ----------
    source
        What it was cut from, shown or not.
    index
        Which step of the recipe is the prompt that is opened: the last one.
    """

    layer_id: str
    name: str
    source: CutSource = field(repr=False)
    recipe: Recipe
    index: int

    @classmethod
    def of(cls, document: Document, layer_id: str) -> Self:
        """Return the cutout of a layer.

        Raises
        ------
        PromptError
            If it cannot be asked again, with a sentence that says why.
        LockedError
            If the layer is locked.
        """
        layer = document.layer(layer_id)
        check_unlocked(layer)
        recipe, name = layer.recipe, layer.name
        if recipe is None:
            raise PromptError(tr("How “{name}” came about is not known: it cannot be opened again.", name=name))
        index = recipe.last_prompt
        step = None if index is None else recipe.steps[index]
        if index is None or not isinstance(step, PromptStep) or step.questions[0].object_number is not None:
            raise PromptError(
                tr("“{name}” was made without a click or a word: there is nothing to open again.", name=name)
            )
        if recipe.size != document.size:
            raise PromptError(
                tr("The picture has another size since “{name}” was cut out: it cannot be opened again.", name=name)
            )
        return cls(layer_id, name, _source_of(document, layer), recipe, index)

    @property
    def step(self) -> PromptStep:
        """The prompt that is opened."""
        step = self.recipe.steps[self.index]
        if not isinstance(step, PromptStep):
            raise TypeError("the step is no prompt")
        return step

    def is_still_in(self, document: Document | None) -> bool:
        """Whether the layer is there as it was, apart from its look."""
        has_layer = document is not None and document.has_layer(self.layer_id)
        return document is not None and has_layer and document.layer(self.layer_id).recipe is self.recipe

    def recut(self, document: Document, coverage: Coverage, recipe: Recipe) -> Layer | None:
        """Return the layer with what `coverage`, ``(H, W)`` of the document's size, shows of what it was cut from.

        None if the layer is not there any more, or would show nothing. Slow when large.
        """
        if not document.has_layer(self.layer_id):
            return None
        layer = document.layer(self.layer_id)
        if layer.mask is not None:
            return layer.with_mask(coverage_on(layer, coverage, document), recipe)
        region = Rect.of_mask(coverage).padded(EDGE_CONTEXT).clipped(document.size)
        cut = trimmed_layer(self.source, self.source.cut(coverage, region), region, layer.name)
        return None if cut is None else replace(layer.with_pixels(cut.pixels, cut.x, cut.y, cut.deep), recipe=recipe)

    def take(self, document: Document, recut: Layer | None) -> Command | None:
        """Return the command that puts what :meth:`recut` made in the layer's place."""
        if recut is None or not document.has_layer(self.layer_id):
            return None
        now = document.layer(self.layer_id)
        look = replace(
            recut,
            name=now.name,
            opacity=now.opacity,
            is_visible=now.is_visible,
            is_locked=now.is_locked,
            group_id=now.group_id,
        )
        return ChangeLayers.between(tr(TITLE), document, with_layer(document, look))


def _source_of(document: Document, layer: Layer) -> CutSource:
    if layer.mask is not None and layer.rect.intersect(document.rect) == document.rect:
        return CutSource(document, (layer,))  # its pixels are untouched below the mask
    found = tuple(other for other in document.layers if not other.cut_from and other.pixels_key in layer.cut_from)
    if not found or {other.pixels_key for other in found} != set(layer.cut_from):
        raise PromptError(
            tr("The photo that “{name}” was cut from is gone, or one of the two was moved.", name=layer.name)
        )
    return CutSource(document, found)
