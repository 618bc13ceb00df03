"""What came to a selection, as data: steps follow one another, fit photos of one shape, and survive being text."""

import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.geometry import Size
from core.mask_ops import SelectionMode
from core.prompt import PointPrompt, Prompt
from core.recipe import (
    HairStep,
    LassoStep,
    PromptStep,
    Question,
    Recipe,
    RecipeError,
    Step,
    StrokeStep,
    Whole,
    WholeStep,
    Words,
)
from core.recipe_json import from_json, read_recipe, to_json, write_recipe
from tests.core.random_recipes import STEPS, recipes

SIZE = Size(80, 60)
CLICK = PromptStep((Question(Prompt((PointPrompt(20, 30),))),), model="classic")
STROKE = StrokeStep(((1.5, 2.0), (30.0, 4.25)), 12.0, 0.8)
LASSO = LassoStep(((1, 1), (9, 1), (5, 8)), SelectionMode.SUBTRACT)


def test_every_kind_of_step_is_among_the_random_ones():
    assert set(STEPS) == set(get_args(Step))


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
        (damaged(version=1, is_of_photo=False), "not known here, “is_of_photo”"),
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
