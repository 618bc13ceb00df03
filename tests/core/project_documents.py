"""Small documents of every shape, and what a project keeps of them."""

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
from core.geometry import Rect, Size
from core.layer import Layer, new_array_key
from core.layer_group import LayerGroup
from core.prompt import Prompt
from core.recipe import PromptStep, Question, Recipe
from tests.core.facts import NOT_IN_FILES, Facts
from tests.core.icc_profiles import DISPLAY_P3
from tests.core.random_recipes import recipes_for

TEXTS = st.text(max_size=12)
SIDES = st.integers(1, 9)
SHARES = st.sampled_from([1.0, 1.0, 0.5, 0.0]) | st.floats(0, 1)


PICTURE = ImageFill(np.full((3, 4, 4), 255, np.uint8), "Sky", Fit.STRETCH, 0.25, 1.0, 2.5)
BACKGROUNDS = [
    None,
    Background(),
    Background(ColorFill((1, 2, 3)), Shadow((9, 9, 9), 0.25, -3, 4, 1.5)),
    Background(GradientFill((0, 0, 0), (9, 8, 7), 12.5, GradientShape.RADIAL)),
    Background(BlurFill(3.5)),
    Background(None, Shadow((200, 0, 0), 1.0, 2, -1)),
    Background(PICTURE),
]
CLICK = PromptStep((Question(Prompt().with_point(0.5, 0.5)),))


@st.composite
def rasters(draw, width, height):
    """Draw pixels: noise, opaque noise, or nothing that can be seen."""
    pixels = np.random.default_rng(draw(st.integers(0, 99))).integers(0, 256, (height, width, 4), dtype=np.uint8)
    alpha = draw(st.sampled_from([None, 255, 0]))
    if alpha is not None:
        pixels[..., 3] = alpha
    return pixels


@st.composite
def coverages(draw, size):
    """Draw coverage: a block of one value, noise, everything or nothing."""
    coverage = np.zeros(size.shape, np.uint8)
    kind = draw(st.sampled_from(["block", "noise", "all", "nothing"]))
    if kind == "noise":
        coverage[:] = np.random.default_rng(draw(st.integers(0, 99))).integers(0, 256, size.shape)
    elif kind == "all":
        coverage[:] = 255
    elif kind == "block":
        coverage[draw(rects_in(size)).slices] = draw(st.sampled_from([255, 128, 1]) | st.integers(0, 255))
    return coverage


@st.composite
def rects_in(draw, size):
    """Draw a block of pixels inside of a picture of `size`."""
    x, y = draw(st.integers(0, size.width - 1)), draw(st.integers(0, size.height - 1))
    return Rect(x, y, draw(st.integers(1, size.width - x)), draw(st.integers(1, size.height - y)))


@st.composite
def layers(draw, number, size):
    """Draw a layer: as large as the document, or of any size and place."""
    is_whole = draw(st.booleans())
    width, height = (size.width, size.height) if is_whole else (draw(SIDES), draw(SIDES))
    x, y = (0, 0) if is_whole else (draw(st.integers(-20, 20)), draw(st.integers(-20, 20)))
    return Layer(
        f"layer-{number}",
        draw(TEXTS),
        draw(rasters(width, height)),
        x,
        y,
        draw(st.none() | coverages(Size(width, height))),
        draw(st.booleans()),
        draw(SHARES),
        draw(st.sampled_from([True, True, False])),
        draw(st.sampled_from([False, False, True])),
        cut_from=(new_array_key(),) if draw(st.booleans()) else (),
        recipe=draw(st.none() | st.just(Recipe(size, (CLICK,)))),
    )


@st.composite
def cutouts(draw, photo, size):
    """Draw a layer that was cut out of another one, and can be opened again."""
    mask = draw(coverages(photo.rect.size))
    recipe = draw(st.just(Recipe(size, (CLICK,))) | recipes_for(st.just(size)))
    cutout = replace(photo, id="cutout", name="Cutout", mask=mask, mask_key=new_array_key(), is_locked=False)
    if draw(st.booleans()):
        cutout = cutout.with_pixels(draw(rasters(draw(SIDES), draw(SIDES))), photo.x, photo.y)
    return replace(cutout, recipe=recipe, cut_from=(photo.pixels_key,))


@st.composite
def groups(draw, stack):
    """Return some of the layers in groups, some of which lie in another."""
    if len(stack) < 2 or not draw(st.booleans()):
        return stack, ()
    outer = LayerGroup("outer", draw(TEXTS), draw(SHARES), draw(st.booleans()), draw(st.booleans()))
    inner = LayerGroup("inner", draw(TEXTS), draw(SHARES), parent_id="outer")
    first, second, *others = stack
    grouped = (replace(first, group_id="inner"), replace(second, group_id="outer"))
    if len(others) < 1 or not draw(st.booleans()):
        return (*grouped, *others), (outer, inner)
    beside = LayerGroup("beside", draw(TEXTS), draw(SHARES), draw(st.booleans()))
    return (*grouped, *others[:-1], replace(others[-1], group_id="beside")), (beside, outer, inner)


@st.composite
def documents(draw, min_layers=0):
    """Draw a document with up to five layers."""
    size = Size(draw(st.integers(1, 12)), draw(SIDES))
    stack = tuple(draw(layers(number, size)) for number in range(draw(st.integers(min_layers, 4))))
    if stack and draw(st.booleans()):
        stack = (*stack, draw(cutouts(replace(stack[0], cut_from=()), size)))
        stack = (replace(stack[0], cut_from=()), *stack[1:])
    stack, around = draw(groups(stack))
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
    return draw(chosen(document))


@st.composite
def chosen(draw, document):
    """Return the document with a selection, and with some of what can be chosen in it."""
    selection = draw(st.none() | coverages(document.size))
    if selection is not None and selection.any():
        recipe = draw(st.none() | st.just(Recipe(document.size, (CLICK,))) | recipes_for(st.just(document.size)))
        document = document.with_selection(selection, recipe)
    active = document.active_layer
    if active is not None and active.group_id is not None and draw(st.booleans()):
        document = replace(document, active_group_id=active.group_id)
    if active is not None and active.mask is not None and not active.is_locked and draw(st.booleans()):
        document = replace(document, is_mask_target=True)
    return document


def facts_of(document):
    """Return everything that a project keeps, with keys by the order in which they appear."""
    return Facts(NOT_IN_FILES, has_own_keys=True).of(document)
