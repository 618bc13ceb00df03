"""Small documents of every shape for the tests of projects, and what makes two of them the same."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from core.background import (
    Background,
    BlurFill,
    ColorFill,
    Fit,
    GradientFill,
    GradientShape,
    ImageFill,
    Shadow,
)
from core.document import Document
from core.geometry import Size
from core.layer import Layer, new_array_key
from core.layer_group import LayerGroup
from core.recipe import Recipe, Whole, WholeStep
from core.recipe_json import to_json
from tests.core.icc_profiles import DISPLAY_P3

TEXTS = st.text(max_size=12)
SIDES = st.integers(1, 9)


PICTURE = ImageFill(np.full((3, 4, 4), 255, np.uint8), "Sky", Fit.STRETCH, 0.25, 1.0, 2.5)
BACKGROUNDS = [
    None,
    Background(),
    Background(ColorFill((1, 2, 3)), Shadow((9, 9, 9), 0.25, -3, 4, 1.5)),
    Background(GradientFill((0, 0, 0), (9, 8, 7), 12.5, GradientShape.RADIAL)),
    Background(BlurFill(3.5)),
    Background(PICTURE),
]


@st.composite
def layers(draw, number):
    width, height = draw(SIDES), draw(SIDES)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    pixels = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    has_mask = draw(st.booleans())
    layer = Layer(
        f"layer-{number}",
        draw(TEXTS),
        pixels,
        draw(st.integers(-20, 20)),
        draw(st.integers(-20, 20)),
        rng.integers(0, 256, (height, width), dtype=np.uint8) if has_mask else None,
        draw(st.booleans()),
        draw(st.floats(0, 1)),
        draw(st.booleans()),
        cut_from=(new_array_key(),) if draw(st.booleans()) else (),
    )
    return replace(layer, is_locked=draw(st.booleans()))


@st.composite
def groups(draw, stack):
    """Return some of the layers in groups, one in the other."""
    if len(stack) < 2 or not draw(st.booleans()):
        return stack, ()
    outer = LayerGroup("outer", draw(TEXTS), draw(st.floats(0, 1)), draw(st.booleans()), draw(st.booleans()))
    inner = LayerGroup("inner", draw(TEXTS), parent_id="outer")
    first, second, *others = stack
    return (replace(first, group_id="inner"), replace(second, group_id="outer"), *others), (outer, inner)


@st.composite
def documents(draw):
    size = Size(draw(SIDES), draw(SIDES))
    stack = tuple(draw(layers(number)) for number in range(draw(st.integers(0, 4))))
    if len(stack) > 1 and draw(st.booleans()):
        twin = stack[0]
        stack = (*stack, Layer("twin", "Twin", twin.pixels, cut_from=(twin.pixels_key,), pixels_key=twin.pixels_key))
    stack, around = draw(groups(stack))
    selection = np.random.default_rng(draw(st.integers(0, 9))).integers(0, 256, size.shape, dtype=np.uint8)
    selection[0, 0] = 255
    document = Document(
        size,
        stack,
        draw(st.sampled_from([layer.id for layer in stack])) if stack else None,
        None,
        draw(st.sampled_from([None, DISPLAY_P3])),
        draw(st.one_of(st.none(), st.tuples(st.floats(1, 1200), st.floats(1, 1200)))),
        draw(TEXTS),
        groups=around,
        background=draw(st.sampled_from(BACKGROUNDS)),
    )
    return chosen(draw, document, draw(st.sampled_from([None, selection])))


def chosen(draw, document, selection):
    """Return the document with `selection`, and with some of what can be chosen in it."""
    recipe = Recipe(document.size, (WholeStep(Whole.ALL),)) if draw(st.booleans()) else None
    document = document.with_selection(selection, recipe)
    active = document.active_layer
    if active is not None and active.group_id is not None and draw(st.booleans()):
        document = replace(document, active_group_id=active.group_id)
    if active is not None and active.mask is not None and not active.is_locked and draw(st.booleans()):
        document = replace(document, is_mask_target=True)
    return document


def facts_of(document):
    """Return everything that a project keeps, with keys by the order in which they appear."""
    names = {}

    def name(key):
        return names.setdefault(key, len(names))

    found = tuple(
        (
            *(
                layer.id,
                layer.group_id,
                layer.is_locked,
                layer.name,
                layer.x,
                layer.y,
                layer.opacity,
                layer.is_visible,
                layer.is_mask_enabled,
            ),
            *(layer.pixels.shape, layer.pixels.tobytes(), None if layer.mask is None else layer.mask.tobytes()),
            *(name(layer.pixels_key), name(layer.mask_key), tuple(map(name, layer.cut_from))),
        )
        for layer in document.layers
    )
    selection = None if document.selection is None else document.selection.tobytes()
    look = document.size, document.name, document.dpi, document.icc_profile, document.active_layer_id
    recipe = None if document.selection_recipe is None else to_json(document.selection_recipe)
    active = document.active_group_id, document.is_mask_target
    fill = None if document.background is None else document.background.fill
    picture = fill.pixels.tobytes() if isinstance(fill, ImageFill) else None
    behind = repr(document.background).partition("key=")[0], picture
    return *look, *active, behind, document.groups, recipe, selection, found
