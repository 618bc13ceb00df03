"""Recipes on the command line: what was asked once is asked again, on this photo and on others."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from core.recipe_json import read_recipe, to_json
from ui.terminal import run


@pytest.fixture(autouse=True)
def photo(tmp_path, monkeypatch):
    """A grey photo with an orange block, in the folder where the terminal is, and one twice as large."""
    pixels = np.full((60, 80, 3), (90, 100, 110), np.uint8)
    pixels[15:45, 20:60] = (230, 120, 30)
    pixels += np.random.default_rng(3).integers(0, 12, pixels.shape, dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    Image.fromarray(pixels).resize((160, 120)).save(tmp_path / "large.png")
    Image.fromarray(pixels[:, :60]).save(tmp_path / "square.png")
    monkeypatch.chdir(tmp_path)
    return pixels


def cut(*words, photo="photo.png"):
    return run(["cut", photo, "-o", "out.png", *words])


def opaque(path="out.png"):
    return np.asarray(Image.open(path))[..., 3]


@pytest.mark.parametrize(
    "words",
    [
        ("--point", "40,30"),
        ("--point", "40,30", "--exclude", "25,20", "--candidate", "1", "--edge", "hard"),
        ("--scribble", "25,30,55,32", "--exclude-scribble", "5,5,75,5", "--scribble-width", "4"),
        ("--box", "15,10,65,50", "--box", "2,2,12,12", "--exclude", "70,50"),
        ("--subject", "--exclude", "5,5", "--point", "40,30"),
    ],
)
def test_a_recipe_gives_the_same_file_as_what_it_was_made_of(words, tmp_path, capsys):
    assert cut("--model", "classic", "--recipe-out", "steps.json", "--mask-out", "mask.png", *words) == 0
    before = [(tmp_path / name).read_bytes() for name in ("out.png", "mask.png")]
    capsys.readouterr()
    assert cut("--recipe", "steps.json", "--mask-out", "mask.png", "--json") == 0
    assert [(tmp_path / name).read_bytes() for name in ("out.png", "mask.png")] == before
    told = json.loads(capsys.readouterr().out)
    assert told["model"] == "classic"
    assert told["mask_area"] == np.count_nonzero(np.asarray(Image.open("mask.png")))


def test_a_recipe_is_scaled_to_a_photo_of_the_same_shape_and_refused_on_another(capsys):
    assert cut("--model", "classic", "--recipe-out", "steps.json", "--point", "40,30") == 0
    small = opaque() > 127
    assert cut("--recipe", "steps.json", photo="large.png") == 0
    large = opaque()[::2, ::2] > 127
    assert (small & large).sum() > 0.9 * (small | large).sum()
    assert cut("--recipe", "steps.json", photo="square.png") == 2
    assert "about a photo of 80 x 60 pixels, and this one has 60 x 60" in capsys.readouterr().err


def test_a_model_that_is_named_answers_in_place_of_the_recipes_own(tmp_path, capsys):
    assert cut("--model", "classic", "--recipe-out", "steps.json", "--point", "40,30") == 0
    recipe = read_recipe(tmp_path / "steps.json")
    (tmp_path / "steps.json").write_text(to_json(recipe).replace('"classic"', '"sam_vit_b"'))
    assert cut("--recipe", "steps.json") == 4
    assert cut("--recipe", "steps.json", "--model", "classic") == 0


def test_a_recipe_that_was_made_on_more_than_the_photo_says_so(tmp_path, capsys):
    assert cut("--model", "classic", "--recipe-out", "steps.json", "--point", "40,30") == 0
    assert cut("--recipe", "steps.json") == 0
    assert "made on more than this photo" not in capsys.readouterr().out
    recipe = read_recipe(tmp_path / "steps.json")
    (tmp_path / "steps.json").write_text(to_json(replace(recipe, is_of_photo=False)))
    assert cut("--recipe", "steps.json") == 0
    assert "made on more than this photo as it is" in capsys.readouterr().out


def test_an_unsound_recipe_costs_nothing_and_writes_nothing(tmp_path, capsys):
    (tmp_path / "steps.json").write_text('{"format": "clickcut-recipe", "version": 9}')
    assert cut("--recipe", "steps.json") == 2
    assert "steps.json is of version 9, and only 1 to 2 are understood here." in capsys.readouterr().err
    assert cut("--recipe", "gone.json") == 2
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--recipe", "a.json", "--point", "1,1"), "--recipe says all of what is meant"),
        (("--recipe", "a.json", "--edge-detail"), "--recipe says whether outlines are looked at again"),
        (("--everything", "--recipe-out", "a.json"), "A recipe cannot tell of --everything"),
        (("--point", "1,1", "--recipe-out", "out.png"), "The recipe needs a name of its own"),
        (("--recipe", "a.json", "--recipe-out", "a.json"), "a.json is the recipe: choose another name for the recipe"),
    ],
)
def test_words_that_contradict_one_another_are_refused(words, says, capsys):
    assert cut(*words) == 2
    assert says in capsys.readouterr().err


def test_a_recipe_that_selects_nothing_says_so(tmp_path, capsys):
    (tmp_path / "steps.json").write_text(
        '{"format": "clickcut-recipe", "version": 1, "size": {"width": 80, "height": 60}, "steps": []}'
    )
    assert cut("--recipe", "steps.json") == 5
    assert "selects nothing in this photo" in capsys.readouterr().err
