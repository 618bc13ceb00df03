"""Recipes of every kind of step, for tests."""

from hypothesis import strategies as st

from core.flood_fill import Reach, Wand
from core.geometry import Box, Size
from core.mask_ops import SelectionMode
from core.prompt import PointPrompt, Prompt
from core.recipe import (
    EdgeStep,
    HairStep,
    LassoStep,
    OutlineStep,
    PromptStep,
    Question,
    Recipe,
    StrokeStep,
    WandStep,
    Whole,
    WholeStep,
    Words,
)
from core.reshaping import Reshape
from core.scribble import Scribble
from core.segment_request import Edge
from core.segmenter import Strictness

_numbers = st.floats(-1e6, 1e6)
_shares = st.floats(0, 1)
_places = st.tuples(_numbers, _numbers)
_paths = st.lists(_places, min_size=1, max_size=5).map(tuple)
_widths = st.floats(0.01, 1e5)
_words = st.text(min_size=1, max_size=20).filter(str.strip)
_points = st.builds(PointPrompt, _numbers, _numbers, st.booleans())
_scribbles = st.builds(Scribble, _paths, _widths, st.booleans())
_boxes = st.builds(Box.from_corners, _numbers, _numbers, _numbers, _numbers)
_choices = st.none() | st.integers(0, 9)
_marks = st.builds(
    Prompt,
    st.lists(_points, min_size=1, max_size=4).map(tuple),
    st.none() | _boxes,
    scribbles=st.lists(_scribbles, max_size=2).map(tuple),
)
_corrections = st.builds(Question, _marks, _choices)
_texts = st.builds(
    Question,
    st.builds(lambda text: Prompt(text=text), _words),
    _choices,
    st.builds(Words, _shares, _words, st.lists(st.integers(0, 50), max_size=3).map(tuple)),
)
_first = _corrections | _texts | st.just(Question()) | st.builds(Question, object_number=st.integers(0, 99))
_modes = st.sampled_from(SelectionMode)
_STROKE = _widths, _shares, st.booleans(), _shares, _shares

prompt_steps = st.builds(
    lambda first, later, *rest: PromptStep((first, *later), *rest),
    _first,
    st.lists(_corrections, max_size=3),
    _modes,
    st.sampled_from(Edge),
    _words,
    st.builds(Strictness, _shares, _shares),
    st.booleans(),
)
STEPS = {
    PromptStep: prompt_steps,
    LassoStep: st.builds(LassoStep, st.lists(_places, min_size=3, max_size=6).map(tuple), _modes),
    WandStep: st.builds(
        WandStep,
        _numbers,
        _numbers,
        st.builds(Wand, st.integers(0, 255), st.sampled_from(Reach), st.booleans()),
        _modes,
    ),
    StrokeStep: st.builds(StrokeStep, _paths, _widths, _shares, st.booleans(), _shares)
    | st.builds(lambda place, *rest: StrokeStep((place,), *rest[:-1], (rest[-1],)), _places, *_STROKE),
    HairStep: st.builds(HairStep, _paths, _widths),
    EdgeStep: st.builds(EdgeStep, st.sampled_from(Edge), st.integers(1, 200)),
    OutlineStep: st.builds(OutlineStep, st.sampled_from(Reshape), st.integers(1, 250), st.none() | _places),
    WholeStep: st.builds(WholeStep, st.sampled_from(Whole)),
}
"""Strategies, by the kind of step that they make."""

steps = st.one_of(*STEPS.values())


def recipes_for(sizes):
    """Return the strategy for recipes of photos of such sizes."""
    return st.builds(Recipe, sizes, st.lists(steps, max_size=5).map(tuple), st.booleans())


recipes = recipes_for(st.builds(Size, st.integers(1, 9000), st.integers(1, 9000)))
