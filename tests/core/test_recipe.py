"""What came to a selection, as data: steps follow one another, fit photos of one shape, and survive being text."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.geometry import Box, Size
from core.mask_ops import SelectionMode
from core.prompt import PointPrompt, Prompt
from core.recipe import (
    HairStep,
    LassoStep,
    PromptStep,
    Question,
    Recipe,
    RecipeError,
    StrokeStep,
    Whole,
    WholeStep,
    Words,
)
from core.recipe_json import from_json, read_recipe, to_json, write_recipe
from core.scribble import Scribble
from core.segment_request import Edge
from core.segmenter import Strictness

SIZE = Size(80, 60)
CLICK = PromptStep((Question(Prompt((PointPrompt(20, 30),))),), model="classic")
STROKE = StrokeStep(((1.5, 2.0), (30.0, 4.25)), 12.0, 0.8)
LASSO = LassoStep(((1, 1), (9, 1), (5, 8)), SelectionMode.SUBTRACT)

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
_prompts = st.builds(
    lambda first, later, *rest: PromptStep((first, *later), *rest),
    _first,
    st.lists(_corrections, max_size=3),
    _modes,
    st.sampled_from(Edge),
    _words,
    st.builds(Strictness, _shares, _shares),
    st.booleans(),
)
_STROKE = _widths, _shares, st.booleans(), _shares, _shares
_steps = (
    _prompts
    | st.builds(LassoStep, st.lists(_places, min_size=3, max_size=6).map(tuple), _modes)
    | st.builds(StrokeStep, _paths, _widths, _shares, st.booleans(), _shares)
    | st.builds(lambda place, *rest: StrokeStep((place,), *rest[:-1], (rest[-1],)), _places, *_STROKE)
    | st.builds(HairStep, _paths, _widths)
    | st.builds(WholeStep, st.sampled_from(Whole))
)
recipes = st.builds(
    Recipe, st.builds(Size, st.integers(1, 9000), st.integers(1, 9000)), st.lists(_steps, max_size=5).map(tuple)
)


@given(recipes)
@settings(max_examples=40)
def test_a_recipe_that_became_text_comes_back_as_it_was(recipe):
    assert from_json(to_json(recipe)) == recipe


@given(recipes, st.data())
@settings(max_examples=40)
def test_a_recipe_that_is_damaged_anywhere_is_read_or_refused_with_one_sentence(recipe, data):
    text = to_json(recipe)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    junk = data.draw(st.text(max_size=5) | st.sampled_from(["NaN", "1e999", "[]", "null"]))
    sentence = ""
    try:
        from_json(text[:start] + junk + text[end:])
    except RecipeError as error:
        sentence = str(error)
    assert sentence == "" or (sentence.endswith(".") and "\n" not in sentence)


def damaged(**changes):
    plain = json.loads(to_json(Recipe(SIZE, (CLICK, STROKE))))
    return json.dumps({**plain, **changes})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "no recipe of Clickcut"),
        ("{}", "no recipe of Clickcut"),
        (damaged(format="other"), "no recipe of Clickcut"),
        (damaged(version=3), "is of version 3, and only 1 to 2 are understood"),
        (damaged(version=0), "is of version 0"),
        (damaged(version=1, steps=[{"do": "prompt", "questions": [{}], "is_detailed": True}]), "step 1 cannot be done"),
        (damaged(steps=[{"do": "prompt", "questions": [{}], "is_detailed": 1}]), "is_detailed is not what it should"),
        (damaged(version=True), "is of version True"),
        (damaged(version="x" * 1000), "is of version 'xxx"),
        (damaged(size=None), "size is not what it should be"),
        (damaged(size={"width": 0, "height": 4}), "its photo has no pixels"),
        (damaged(steps=[{}]), "part 1 of steps does not say what it does"),
        (damaged(steps=[{"do": "dance"}]), "a kind that is not known here, “dance”"),
        (damaged(steps=[{"do": "stroke"}]), "part 1 of steps does not say its path"),
        (damaged(steps=[{"do": "hair", "path": [[1, 2, 3]], "width": 4}]), "has 3 numbers instead of 2"),
        (damaged(steps=[{"do": "hair", "path": [[1, float("nan")]], "width": 4}]), "a number that cannot be meant"),
        (damaged(steps=[{"do": "hair", "path": [[1, 10**30]], "width": 4}]), "a number that cannot be meant"),
        (damaged(steps=[{"do": "hair", "path": [[1, True]], "width": 4}]), "is not what it should be"),
        (damaged(steps=[{"do": "hair", "path": [[1, 1]], "width": -4}]), "step 1 cannot be done"),
        (damaged(steps=[{"do": "hair", "path": [[1, 1]], "width": 4, "run": "x"}]), "is not known here, “run”"),
        (damaged(steps=[{"do": "hair", "path": [[0, 0]] * 100_001, "width": 4}]), "at most 100000 make sense"),
        (damaged(steps=[{"do": "lasso", "corners": [[0, 0], [1, 1]]}]), "step 1 cannot be done"),
        (
            damaged(steps=[{"do": "lasso", "corners": [], "mode": "xor"}]),
            "mode is none of new, add",
        ),
        (damaged(steps=[{"do": "prompt", "questions": []}]), "step 1 cannot be done"),
        (damaged(steps=[{"do": "prompt", "questions": [{}, {}]}]), "step 1 cannot be done"),
        (damaged(steps=[{"do": "prompt", "questions": [{"candidate": -1}]}]), "step 1 cannot be done"),
        (damaged(steps=[{"do": "prompt", "questions": [{"prompt": {"text": "dog"}}]}]), "step 1 cannot be done"),
        (damaged(steps=[{"do": "prompt", "questions": [{}], "model": "x" * 3000}]), "more than 2000 letters"),
        (damaged(steps={"0": 1}), "steps is no list"),
    ],
)
def test_what_is_no_sound_recipe_is_refused_with_a_sentence_that_says_why(text, says):
    with pytest.raises(RecipeError, match=r"^The recipe .*\.$") as refused:
        from_json(text)
    assert says in str(refused.value)


def test_a_file_comes_back_and_one_that_is_no_text_or_not_there_is_refused(tmp_path):
    path = tmp_path / "cup.recipe.json"
    write_recipe(Recipe(SIZE, (CLICK,)), path)
    assert read_recipe(path) == Recipe(SIZE, (CLICK,))
    path.write_bytes(b"\x89PNG\r\n\xff")
    with pytest.raises(RecipeError, match=r"cup\.recipe\.json is no recipe: it is not text"):
        read_recipe(path)
    with pytest.raises(RecipeError, match="cannot be read: No such file"):
        read_recipe(tmp_path / "gone.json")


def test_a_recipe_of_the_first_version_is_read_as_before():
    assert from_json(damaged(version=1)) == Recipe(SIZE, (CLICK, STROKE))


def test_of_a_recipe_only_the_last_prompt_can_be_looked_at_closely():
    recipe = Recipe(SIZE, (STROKE, CLICK))
    assert recipe.looked_at_closely().steps == (STROKE, replace(CLICK, is_detailed=True))
    for other in (Recipe(SIZE), Recipe(SIZE, (CLICK, STROKE))):
        with pytest.raises(ValueError, match="only the outline of a prompt"):
            other.looked_at_closely()


def test_a_step_that_begins_anew_makes_those_before_it_forgotten():
    recipe = Recipe(SIZE).then(CLICK).then(STROKE).then(replace(CLICK, mode=SelectionMode.ADD))
    assert len(recipe.steps) == 3
    assert recipe.last_prompt == 2
    assert recipe.then(WholeStep(Whole.INVERT)).steps[-2:] == (recipe.steps[2], WholeStep(Whole.INVERT))
    for anew in (CLICK, replace(LASSO, mode=SelectionMode.NEW), WholeStep(Whole.ALL)):
        assert recipe.then(anew).steps == (anew,)


def test_a_recipe_fits_every_photo_of_its_shape_and_no_other():
    recipe = Recipe(SIZE, (CLICK, STROKE, LASSO, HairStep(((4, 5),), 6)))
    twice = recipe.fitted(Size(160, 120))
    assert twice.steps[0].questions[0].prompt.points == (PointPrompt(40, 60),)
    assert twice.steps[1] == StrokeStep(((3, 4), (60, 8.5)), 24, 0.8)
    assert twice.steps[2].corners == ((2, 2), (18, 2), (10, 16))
    assert twice.steps[3] == HairStep(((8, 10),), 12)
    assert twice.fitted(SIZE) == recipe
    assert recipe.fitted(Size(81, 61)).size == Size(81, 61), "a pixel is lost to rounding"
    with pytest.raises(RecipeError, match="a photo of 80 x 60 pixels, and this one has 60 x 80"):
        recipe.fitted(Size(60, 80))


def test_the_first_place_is_where_the_object_was_pointed_at():
    other = PromptStep((Question(Prompt().with_point(1, 1, True)),), SelectionMode.SUBTRACT)
    words = Question(Prompt(text="dog"), words=Words())
    mine = PromptStep((words, Question(Prompt().with_point(2, 2, False).with_point(3, 4, True))))
    assert Recipe(Size(9, 9), (other, mine)).first_place == (3, 4)
    assert Recipe(Size(9, 9), (other,)).first_place is None
