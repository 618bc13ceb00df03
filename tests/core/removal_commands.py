"""Commands that hide a background, at random (:mod:`tests.core.every_command`)."""

from hypothesis import strategies as st

from core import layer_edits
from core.recipe import PromptStep
from tests.core.every_command import coverages, makes


@makes(layer_edits.remove_background)
def _remove_background(draw, document):
    return layer_edits.remove_background(document, draw(coverages(document.size)), document.selection_recipe)


@makes(layer_edits.remove_background_closely)
def _remove_background_closely(draw, document):
    removed = [layer for layer in document.layers if layer.mask is not None and not layer.is_locked]
    removed = [layer for layer in removed if layer.recipe is None or _ends_with_prompt(layer.recipe)]
    if not removed:
        return None
    layer = draw(st.sampled_from(removed))
    before = draw(st.none() | coverages(layer.rect.size))
    return layer_edits.remove_background_closely(document, layer.id, before, draw(coverages(document.size)))


def _ends_with_prompt(recipe):
    return bool(recipe.steps) and isinstance(recipe.steps[-1], PromptStep)
