"""A recipe knows whether it is about the photo as its file holds it, or about more."""

import numpy as np
import pytest

from core.flood_fill import Wand
from core.geometry import Rect
from core.geometry_edits import Turn, crop, turn
from core.layer_edits import add_layer, cut_layer, insert_cutout
from core.prompt import PointPrompt, Prompt
from core.recipe import EdgeStep, PromptStep, Question, Recipe, StrokeStep, WandStep, extended
from core.segment_request import Edge
from tests.fakes import make_document

CLICK = PromptStep((Question(Prompt((PointPrompt(20, 30),))),))
STROKE = StrokeStep(((1.5, 2.0), (30.0, 4.25)), 12.0, 0.8)


def as_it_is(document):
    return document


def with_a_paste(document):
    pixels = np.full((6, 6, 4), 255, np.uint8)
    return add_layer(document, pixels, "Pasted").apply(document)[0]


def with_a_cutout(document):
    selected = document.with_selection(np.full(document.size.shape, 255, np.uint8))
    return insert_cutout(selected, cut_layer(selected)).apply(selected)[0].with_selection(None)


def flipped(document):
    return turn(document, Turn.FLIP_ACROSS).apply(document)[0]


def cropped(document):
    return crop(document, Rect(1, 1, 30, 30)).apply(document)[0]


@pytest.mark.parametrize(
    ("change", "step", "is_of_photo"),
    [
        (as_it_is, CLICK, True),
        (with_a_cutout, CLICK, True),
        (with_a_paste, CLICK, False),
        (with_a_paste, WandStep(1, 1, Wand()), False),
        (with_a_paste, EdgeStep(Edge.MATTE, 4), False),
        (with_a_paste, EdgeStep(Edge.SOFT, 4), True),
        (with_a_paste, STROKE, True),
        (flipped, STROKE, False),
        (cropped, CLICK, False),
    ],
)
def test_what_is_looked_at_decides(change, step, is_of_photo):
    document = change(make_document())
    recipe = extended(Recipe(document.size), step, document)
    assert recipe.is_of_photo == is_of_photo
    assert extended(recipe, STROKE, document).is_of_photo == is_of_photo


def test_a_step_that_begins_anew_on_the_photo_forgets_that_there_was_more():
    document = make_document()
    assert extended(Recipe(document.size, (STROKE,), is_of_photo=False), CLICK, document).is_of_photo
