import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import core.cut_job
from core.background import BlurFill
from core.background_wish import BackgroundWish
from core.cut_request import CandidateSummary, CutResult
from core.device import CPU_ONLY, Device, Precision
from core.errors import ImageWriteError, NothingFoundError, SegmentationError
from core.geometry import Box, Rect
from core.prompt import PointPrompt
from core.segment_request import Edge
from core.segmenter import Strictness
from ui import terminal
from ui.terminal import is_for_terminal, run

_ROOT = Path(__file__).parents[1]


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    pixels = np.full((60, 80, 3), (40, 90, 160), np.uint8)
    pixels[15:45, 20:60] = (220, 60, 30)
    pixels += np.random.default_rng(3).integers(0, 12, pixels.shape, dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def asked(monkeypatch):
    """Let the job succeed at once, and collect what it was asked for."""
    requests = []

    def run_cut(request, report):
        requests.append(request)
        print("noise of a library")
        seconds = {"load": 0.1, "encode": 0.2, "decode": 0.3, "refine": 0.4, "write": 0.5}
        summaries = (CandidateSummary(0.51, 3), CandidateSummary(0.92, 5))
        return CutResult("fake", CPU_ONLY, summaries, 2, 5, Rect(1, 2, 3, 4), seconds, ("It has 16 bits.",))

    monkeypatch.setattr(core.cut_job, "run_cut", run_cut)
    return requests


def _one_line(text):
    assert text.endswith("\n")
    assert text.count("\n") == 1
    return text.rstrip("\n")


def test_every_option_reaches_the_job(asked, photo):
    words = (
        "cut photo.png -o out.png --point 10,20 --point 30.5,40 --exclude 5,6 --box 60,50,10,20 --text cup "
        "--text spoon --subject --everything --model classic --weights w.pt --detector owlvit --detector-weights d "
        "--threshold 0.25 --confidence 0.3 --overlap 0.8 --device cpu --precision fp32 --candidate 2 "
        "--mask-out mask.png --background blur:12 --edge matte --edge-detail --crop --json"
    )

    assert run(words.split()) == 0

    (request,) = asked
    assert (request.image, request.output, request.mask_output) == (
        Path("photo.png"),
        Path("out.png"),
        Path("mask.png"),
    )
    assert request.points == (PointPrompt(10, 20), PointPrompt(30.5, 40), PointPrompt(5, 6, is_include=False))
    assert request.boxes == (Box(10, 20, 60, 50),)
    assert request.texts == ("cup", "spoon")
    assert (request.is_subject, request.is_everything, request.is_cropped) == (True, True, True)
    assert (request.choice.name, request.choice.weights) == ("classic", Path("w.pt"))
    assert (request.choice.device, request.choice.precision) == (Device.CPU, Precision.FP32)
    assert request.choice.strictness == Strictness(0.3, 0.8)
    assert (request.detector.name, request.detector.weights) == ("owlvit", Path("d"))
    assert (request.threshold, request.candidate, request.edge) == (0.25, 2, Edge.MATTE)
    assert request.background == BackgroundWish(BlurFill(12))
    assert request.is_edge_detailed


def test_without_options_the_best_of_everything_is_asked_for(asked):
    assert run(["cut", "photo.png", "-o", "out.png", "--subject"]) == 0

    (request,) = asked
    assert (request.candidate, request.edge, request.choice.name, request.mask_output) == (None, Edge.SOFT, "", None)
    assert request.background == BackgroundWish()


def test_json_is_one_line_and_nothing_else_reaches_stdout(asked, capsys):
    assert run(["cut", "photo.png", "-o", "out.png", "--point", "1,1", "--json"]) == 0

    out, err = capsys.readouterr()
    assert json.loads(_one_line(out)) == {
        "model": "fake",
        "device": "cpu",
        "precision": "fp32",
        "candidates": [{"score": 0.51, "area": 3}, {"score": 0.92, "area": 5}],
        "chosen": 2,
        "mask_area": 5,
        "box": [1, 2, 4, 6],
        "seconds": {"load": 0.1, "encode": 0.2, "decode": 0.3, "refine": 0.4, "write": 0.5},
    }
    assert "noise" in err


def test_a_person_is_told_where_the_files_are_and_what_was_lost(asked, capsys):
    run(["cut", "photo.png", "-o", "out.png", "--mask-out", "mask.png", "--point", "1,1"])

    out, _ = capsys.readouterr()
    assert "out.png and mask.png" in out
    assert "It has 16 bits." in out


@pytest.mark.parametrize("drag", ["10,20,60,50", "60,50,10,20", "10,50,60,20", "60,20,10,50"])
def test_a_box_is_the_same_from_any_two_corners(asked, drag):
    run(["cut", "photo.png", "-o", "out.png", "--box", drag])

    assert asked[0].boxes == (Box(10, 20, 60, 50),)


def test_coordinates_may_be_negative(asked):
    assert run(["cut", "photo.png", "-o", "out.png", "--box", "-5,-8,60,50", "--exclude", "-1,2"]) == 0

    assert asked[0].boxes == (Box(-5, -8, 60, 50),)


def test_a_negative_fraction_needs_no_leading_zero(asked):
    assert run(["cut", "photo.png", "-o", "out.png", "--point", "-.5,2"]) == 0

    assert asked[0].points == (PointPrompt(-0.5, 2),)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("cut", "IMAGE"),
        ("cut photo.png --subject", "--output"),
        ("cut photo.png -o out.png", "--point, --scribble, --box, --text, --subject or --everything"),
        ("cut photo.png -o out.png --exclude 1,1", "--exclude only takes away"),
        ("cut photo.png -o out.png --exclude 1,1 --everything", "--exclude only takes away"),
        ("cut photo.png -o photo.png --subject", "is the photo itself"),
        ("cut photo.png -o ./photo.png --subject", "is the photo itself"),
        ("cut photo.png -o out.png --mask-out photo.png --subject", "is the photo itself"),
        ("cut photo.png -o out.png --mask-out out.png --subject", "different names"),
        ("cut photo.png -o wall.png --background wall.png --subject", "is the background"),
        ("cut photo.png -o out.png --mask-out ./wall.png --background wall.png --subject", "is the background"),
        ("cut photo.png -o out.doc --subject", "out.doc does not end like a file that can be written"),
        ("cut photo.png -o out.png --point 1", "2 numbers"),
        ("cut photo.png -o out.png --point 1,2,3", "2 numbers"),
        ("cut photo.png -o out.png --point a,b", "2 numbers"),
        ("cut photo.png -o out.png --point nan,1", "2 numbers"),
        ("cut photo.png -o out.png --point -inf,1", "2 numbers"),
        ("cut photo.png -o out.png --box 1,2,3", "4 numbers"),
        ("cut photo.png -o out.png --box 1,2,3,inf", "4 numbers"),
        ("cut photo.png -o out.png --subject --candidate 4", "best, 1, 2, 3"),
        ("cut photo.png -o out.png --subject --threshold 2", "0 to 1"),
        ("cut photo.png -o out.png --subject --confidence -1", "0.01 to 1"),
        ("cut photo.png -o out.png --subject --confidence 0.009", "0.01 to 1"),
        ("cut photo.png -o out.png --subject --overlap x", "0 to 1"),
        ("cut photo.png -o out.png --subject --device tpu", "tpu"),
        ("cut photo.png -o out.png --subject --edge furry", "furry"),
        ("cut photo.png -o out.png --subject --background #12", "#12"),
        ("cut photo.png -o out.png --subject --nope", "--nope"),
        ("--nope", "--nope"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_one_line(capsys, words, says):
    assert run(words.split()) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert says in _one_line(err)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NothingFoundError("Nothing\nwas found."), 5),
        (SegmentationError("Broken."), 1),
        (ImageWriteError("Full."), 1),
        (MemoryError(), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_an_error_is_one_line_on_stderr(monkeypatch, capsys, error, code):
    def fail(_request, report):
        raise error

    monkeypatch.setattr(core.cut_job, "run_cut", fail)

    assert run(["cut", "photo.png", "-o", "out.png", "--subject", "--json"]) == code

    out, err = capsys.readouterr()
    assert out == ""
    assert _one_line(err).startswith("clickcut: ")


def test_a_file_that_is_refused_unforeseen_is_not_taken_for_the_output(monkeypatch):
    def fail(_request, report):
        raise PermissionError(13, "Permission denied", "somewhere")

    monkeypatch.setattr(core.cut_job, "run_cut", fail)

    with pytest.raises(PermissionError):
        run(["cut", "photo.png", "-o", "out.png", "--subject"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (("--model", "classic", "--point", "500,1"), 2),
        (("--model", "no such model", "--point", "1,1"), 2),
        (("--model", "sam_vit_b", "--point", "1,1"), 4),
        (("--model", "mobile_sam", "--weights", "no such file.pt", "--point", "1,1"), 4),
        (("--text", "cup"), 4),
        (("--text", "cup", "--text", "собака"), 2),
    ],
)
def test_what_the_job_refuses_has_its_own_exit_code(photo, tmp_path, capsys, changes, code):
    assert run(["cut", str(photo), "-o", str(tmp_path / "out.png"), *changes]) == code

    _one_line(capsys.readouterr().err)
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("content", [None, b"", b"no photo", b"\x89PNG\r\n\x1a\n cut off"])
def test_an_unreadable_photo_is_exit_code_3(tmp_path, capsys, content):
    if content is not None:
        (tmp_path / "a.png").write_bytes(content)

    assert run(["cut", str(tmp_path / "a.png"), "-o", str(tmp_path / "out.png"), "--subject"]) == 3

    assert "a.png" in _one_line(capsys.readouterr().err)
    assert not (tmp_path / "out.png").exists()


def test_a_missing_model_s_message_says_which_file_where_and_what_works_without(photo, tmp_path, capsys, own_folders):
    run(["cut", str(photo), "-o", str(tmp_path / "out.png"), "--point", "1,1", "--model", "sam_vit_b"])

    message = capsys.readouterr().err
    assert "sam_vit_b_01ec64.pth" in message
    assert str(own_folders / "models") in message
    assert "classic" in message


@pytest.mark.parametrize("words", [["--help"], ["cut", "--help"], ["demo", "--help"], ["models", "--help"]])
def test_help_is_exit_code_0(words, capsys):
    assert run(words) == 0

    assert "usage" in capsys.readouterr().out


def test_the_version_is_told(capsys):
    assert run(["--version"]) == 0

    assert _one_line(capsys.readouterr().out).startswith("clickcut ")


def test_models_are_listed_by_their_own_command(capsys):
    assert run(["models", "path"]) == 0

    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    ("words", "is_ours"),
    [
        ([], False),
        (["a.jpg"], False),
        (["cut"], True),
        (["demo"], True),
        (["models"], True),
        (["-h"], True),
        (["--", "-h"], False),
    ],
)
def test_files_are_for_the_editor_and_commands_for_the_terminal(words, is_ours):
    assert is_for_terminal(words) is is_ours


def _main(*words, env=None):
    return subprocess.run(
        [sys.executable, str(_ROOT / "main.py"), *map(str, words)], capture_output=True, text=True, check=False, env=env
    )


def test_a_cut_from_start_to_end(photo, tmp_path):
    done = _main("cut", photo, "-o", tmp_path / "out.png", "--model", "classic", "--box", "15,10,65,50", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(_one_line(done.stdout))
    assert result["model"] == "classic"
    with Image.open(tmp_path / "out.png") as cutout:
        alpha = np.asarray(cutout.getchannel("A"))
    assert alpha.shape == (60, 80)
    assert np.count_nonzero(alpha >= 128) == result["mask_area"]
    assert abs(result["mask_area"] - 30 * 40) < 120


def test_the_download_free_segmenter_imports_neither_torch_nor_qt(photo, tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from main import main; code = main(sys.argv[1:]); "
        "heavy = {'torch', 'PySide6', 'transformers', 'ultralytics', 'rich'} & set(sys.modules); "
        "sys.exit(code or (f'imported {heavy}' if heavy else 0))"
    )
    words = ["cut", str(photo), "-o", str(tmp_path / "o.png"), "--model", "classic", "--point", "40,30"]

    done = subprocess.run([sys.executable, "-c", code, str(_ROOT), *words], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_a_mistake_in_the_program_is_one_line_and_exit_code_1(monkeypatch, capsys):
    import main

    try:
        raise ZeroDivisionError("by\nzero")
    except ZeroDivisionError as error:
        main._tell_in_one_line(type(error), error, error.__traceback__)

    line = _one_line(capsys.readouterr().err)
    assert "ZeroDivisionError: by zero" in line
    assert "test_terminal.py" in line


def test_exit_codes_are_those_of_the_manual():
    codes = (terminal.DONE, terminal.FAILED, terminal.USAGE, terminal.UNREADABLE, terminal.NOT_AVAILABLE)

    assert (*codes, terminal.NOT_FOUND) == (0, 1, 2, 3, 4, 5)
