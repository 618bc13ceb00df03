import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import core.cut_job
from core.cut_request import CandidateSummary, CutResult
from core.device import CPU_ONLY
from core.geometry import Rect
from ui.terminal import run


class Terminal(io.StringIO):
    """A standard error that a person looks at."""

    def isatty(self):
        return True


@pytest.fixture
def told(monkeypatch):
    """Let the job tell that half is done and succeed at once, and collect what it was asked for."""
    requests = []

    def run_cut(request, report):
        requests.append(request)
        report("Finding every object", 0.5)
        return CutResult("fake", CPU_ONLY, (CandidateSummary(0.5, 3),), None, 5, Rect(1, 2, 3, 4), {"load": 0.1}, ())

    monkeypatch.setattr(core.cut_job, "run_cut", run_cut)
    return requests


@pytest.fixture
def photo(tmp_path):
    pixels = np.full((32, 192, 3), (40, 90, 160), np.uint8)
    pixels[7:26, 20:70] = (220, 60, 30)
    pixels[6:24, 110:150] = (30, 200, 90)
    pixels += np.random.default_rng(3).integers(0, 12, pixels.shape, dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def test_a_person_sees_how_far_it_is(told, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    assert run(["cut", "photo.png", "-o", "out.png", "--everything", "--json"]) == 0
    assert "Finding every object" in sys.stderr.getvalue()
    assert capsys.readouterr().out.count("\n") == 1


def test_a_pipe_and_a_quick_job_get_no_bar(told, monkeypatch, capsys):
    assert run(["cut", "photo.png", "-o", "out.png", "--everything"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert run(["cut", "photo.png", "-o", "out.png", "--subject"]) == 0
    assert sys.stderr.getvalue() == ""


def test_the_label_map_and_its_legend_are_asked_for_and_told(told, capsys):
    assert run(["cut", "photo.png", "-o", "out.png", "--everything", "--labels-out", "labels.png"]) == 0
    assert told[0].labels_output == Path("labels.png")
    assert "Saved out.png and labels.png and labels.json" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("cut photo.png -o out.png --subject --labels-out labels.png", "give --everything too"),
        ("cut photo.png -o out.png --everything --labels-out labels.tif", "must end in .png"),
        ("cut photo.png -o out.png --everything --labels-out ./photo.png", "is the photo itself"),
        ("cut photo.png -o out.png --everything --labels-out out.png", "a name of its own"),
        ("cut photo.png -o out.png --everything --mask-out m.png --labels-out m.png", "a name of its own"),
        ("cut labels.json -o out.png --everything --labels-out labels.png", "another name for its legend"),
    ],
)
def test_wrong_usage_is_exit_code_2(capsys, words, says):
    assert run(words.split()) == 2
    assert says in capsys.readouterr().err


def test_every_object_of_a_photo_gets_a_label_of_its_own(photo, tmp_path, capsys):
    out, labels = tmp_path / "out.png", tmp_path / "labels.png"
    words = ["cut", str(photo), "-o", str(out), "--everything", "--model", "classic", "--labels-out", str(labels)]
    assert run([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    with Image.open(labels) as image:
        values = np.asarray(image)
    legend = json.loads(labels.with_suffix(".json").read_text(encoding="utf-8"))
    assert len(legend["objects"]) <= len(told["candidates"])
    assert values[16, 45] != values[16, 130]
    assert {entry["index"] for entry in legend["objects"]} == set(np.unique(values)) - {0}
