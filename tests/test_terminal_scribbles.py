"""Strokes on the command line, from the words to the pixels."""

import numpy as np
import pytest
from PIL import Image

import core.cut_job
from core.errors import SegmentationError
from core.prompt import PointPrompt
from core.scribble import Scribble
from ui.terminal import run

CUT = ("cut", "photo.png", "-o", "out.png")


@pytest.fixture
def asked(monkeypatch):
    """Collect what the job is asked for, and let it fail."""
    requests = []

    def run_cut(request, report):
        requests.append(request)
        raise SegmentationError("No job today.")

    monkeypatch.setattr(core.cut_job, "run_cut", run_cut)
    return requests


@pytest.fixture
def photo(tmp_path, monkeypatch):
    """A grey photo with an orange block, in the folder where the terminal is."""
    pixels = np.full((60, 80, 3), (90, 100, 110), np.uint8)
    pixels[15:45, 20:60] = (230, 120, 30)
    pixels += np.random.default_rng(3).integers(0, 12, pixels.shape, dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    monkeypatch.chdir(tmp_path)


def refusal(capsys, *words):
    assert run([*CUT, *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_scribbles_reach_the_job_in_the_width_that_is_asked_for(asked):
    run([*CUT, "--scribble", "1,2,30,40", "--exclude-scribble", "5,6.5", "--scribble", "7,8", "--scribble-width", "4"])

    assert asked[0].scribbles == (
        Scribble(((1, 2), (30, 40)), 4),
        Scribble(((5, 6.5),), 4, is_include=False),
        Scribble(((7, 8),), 4),
    )


def test_clicks_reach_the_job_in_the_order_in_which_they_are_given(asked):
    run([*CUT, "--exclude", "5,6", "--point", "1,2", "--scribble", "9,9", "--exclude", "7,8", "--point", "-3,4"])

    clicks = [(point.x, point.y, point.is_include) for point in asked[0].points]
    assert clicks == [(5, 6, False), (1, 2, True), (7, 8, False), (-3, 4, True)]


def test_without_a_width_a_brush_of_ten_pixels_is_taken(asked):
    run([*CUT, "--scribble", "1,2", "--point", "3,4"])

    assert asked[0].scribbles == (Scribble(((1, 2),), 10),)
    assert asked[0].points == (PointPrompt(3, 4),)


def test_a_scribble_may_begin_beside_the_photo(asked):
    run([*CUT, "--scribble", "-5,8,9,9", "--exclude-scribble", "-.5,2"])

    assert [scribble.path[0] for scribble in asked[0].scribbles] == [(-5, 8), (-0.5, 2)]


@pytest.mark.parametrize("option", ["--scribble", "--exclude-scribble"])
@pytest.mark.parametrize("path", ["1", "1,2,3", "", "a,b", "1,2,nan,4", "-inf,2", "1 2", "1,,2"])
def test_what_is_no_path_is_refused_with_an_example(capsys, option, path):
    message = refusal(capsys, "--point", "1,1", option, path)
    assert option in message
    assert "is not pairs of numbers with commas between them, such as 320,240,350,260" in message


@pytest.mark.parametrize("width", ["0", "-3", "wide", "nan", "1,2"])
def test_what_is_no_width_is_refused(capsys, width):
    assert "is not a width in pixels" in refusal(capsys, "--scribble", "1,1", f"--scribble-width={width}")


def test_a_scribble_over_what_does_not_belong_needs_something_that_does(capsys):
    message = refusal(capsys, "--exclude-scribble", "1,1", "--everything")
    assert "--exclude-scribble only takes away from a --point, a --scribble, a --box or the --subject" in message


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--scribble", "100,5,120,8"), "The scribble from 100,5 to 120,8 lies outside the photo (80 x 60 pixels)"),
        (("--box", "5,5,70,50", "--exclude-scribble", "90,90"), "The scribble at 90,90 lies outside the photo"),
        (("--scribble", "5,5", "--scribble-width", "1e9"), "cannot be 1e+09 pixels wide"),
    ],
)
def test_a_scribble_that_the_photo_has_no_room_for_is_refused(photo, tmp_path, capsys, words, says):
    assert says in refusal(capsys, *words)
    assert not (tmp_path / "out.png").exists()


def test_a_stroke_over_a_thing_cuts_it_out_and_one_over_the_rest_keeps_it_out(photo, tmp_path):
    words = "--scribble 25,30,55,32 --exclude-scribble 5,5,75,5 --scribble-width 4 --mask-out mask.png --model classic"
    assert run([*CUT, *words.split()]) == 0

    mask = np.asarray(Image.open(tmp_path / "mask.png")) > 0
    assert mask[30, 25]
    assert mask[32, 55]
    assert not mask[5].any()
    assert mask[15:45, 20:60].mean() > 0.95
    assert mask.sum() < 1300


def test_of_strokes_that_cross_the_later_one_counts(photo, tmp_path):
    words = [*CUT, "--mask-out", "mask.png", "--model", "classic"]
    first, second = ("--scribble", "40,20,40,40"), ("--exclude-scribble", "30,30,50,30")
    middles = []
    for marks in ((*first, *second), (*second, *first)):
        assert run([*words, *marks]) == 0
        middles.append(bool(np.asarray(Image.open(tmp_path / "mask.png"))[30, 40]))
    assert middles == [False, True]


def test_a_click_corrects_the_subject(photo, tmp_path):
    words = [*CUT, "--mask-out", "mask.png", "--model", "classic", "--subject"]
    masks = []
    for marks in ((), ("--exclude-scribble", "25,30,55,30"), ("--exclude", "5,5", "--point", "40,30")):
        assert run([*words, *marks]) == 0
        masks.append(np.asarray(Image.open(tmp_path / "mask.png")) > 0)
    alone, without_middle, confirmed = masks
    assert alone[30, 40]
    assert not without_middle[30, 25:55].any()
    assert not (without_middle & ~alone).any()
    assert (confirmed & alone).sum() > 0.98 * (confirmed | alone).sum()
