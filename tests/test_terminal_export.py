"""The terminal's ``export``: documents in other formats without a window."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.document import Document
from core.geometry import Size
from core.layer import Layer
from core.project.encoded import EncodedPictures
from core.project.writer import write_project
from ui.terminal import run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    photo, cut = rng.integers(0, 256, (2, 20, 30, 4), np.uint8)
    photo[..., 3] = 255
    cut[:, :10] = 0
    document = Document(Size(30, 20), (Layer("a", "Photo", photo), Layer("b", "Katze 猫", cut)), "b", name="work")
    return write_project(document, tmp_path / "work.clickcut.ora", EncodedPictures())


@pytest.mark.parametrize("name", ["out.psd", "out.ora", "out.tif", "out.svg", "out.json", "out.txt", "out.png"])
def test_the_ending_chooses_the_format(project: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(project), "-o", str(project.parent / name)]) == 0
    assert f"Saved {project.parent / name}" in capsys.readouterr().out
    assert (project.parent / name).stat().st_size > 0


def test_a_preset_and_options_say_how(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = project.parent / "out.dat"
    words = ["--preset", "dataset coco", "--set", "one-class=animal", "--json"]
    assert run(["export", str(project), "-o", str(out), *words]) == 0
    assert json.loads(capsys.readouterr().out) == {"files": [str(out)], "notes": []}
    assert [each["name"] for each in json.loads(out.read_text("utf-8"))["categories"]] == ["animal"]


def test_every_layer_goes_to_a_file_of_its_own(project: Path) -> None:
    folder = project.parent / "layers"
    words = ["--every-layer", "--template", "{index} {layer}"]
    assert run(["export", str(project), "-o", str(folder), *words]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["01 Photo.png", "02 Katze 猫.png"]


def test_several_files_go_to_a_folder(project: Path, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    Image.new("RGB", (8, 8)).save(photo)
    (tmp_path / "to").mkdir()
    assert run(["export", str(project), str(photo), "-o", str(tmp_path / "to"), "--format", "psd"]) == 0
    assert sorted(path.name for path in (tmp_path / "to").iterdir()) == ["photo.psd", "work.psd"]


@pytest.mark.parametrize(
    ("words", "message", "code"),
    [
        (["-o", "x.doc"], "does not end like a file that can be written", 2),
        ([], "Give a file to export", 2),
        (["-o", "x.psd", "--set", "size=3"], "'size=3' is no option of this format", 2),
        (["-o", "x.psd", "--preset", "Nice"], "There is no preset 'Nice'; there is Web PNG", 2),
        (["-o", "x.psd", "--preset", "Web PNG", "--format", "png"], "give one of", 2),
        (["-o", "x.psd", "--format", "psd", "--every-layer"], "holds all layers", 2),
        (["-o", "x.png", "--template", "{name}"], "--template is for --every-layer", 2),
        (["-o", "nowhere/x.psd"], "the folder does not exist", 1),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    project: Path,
    words: list[str],
    message: str,
    code: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(project.parent)
    assert run(["export", str(project), *words]) == code
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1
    assert [path.name for path in project.parent.iterdir()] == [project.name]


def test_the_file_itself_is_never_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = project.read_bytes()
    assert run(["export", str(project), "-o", str(project)]) == 2
    assert "save it under another name" in capsys.readouterr().err
    assert project.read_bytes() == before


def test_what_is_no_picture_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("words")
    assert run(["export", str(tmp_path / "a.txt"), "-o", str(tmp_path / "a.psd")]) == 3
    assert "is not a photo" in capsys.readouterr().err


def test_the_list_names_every_format_option_and_preset(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "--list"]) == 0
    shown = capsys.readouterr().out
    for word in ("psd", "mask-layers=yes|no", "outline=rle|polygons", "bleed=-500..500", "Plotter SVG"):
        assert word in shown
