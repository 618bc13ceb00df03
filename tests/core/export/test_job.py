"""An export as a whole: which files it makes, and that all of them are there afterwards or none."""

import json
from datetime import date
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from core.cancel import Cancelled, CancelToken
from core.document import Document
from core.errors import ImageWriteError
from core.export import job as job_module
from core.export.format import ExportFormat, Progress, Target
from core.export.job import ExportJob, Scope, filled, planned_files, run_export
from core.export.options import ExportError, ExportOptions
from core.export.png_format import PngOptions
from core.export.presets import Preset, built_in_presets
from core.export.registry import format_for, format_of
from core.export.source import ExportSource
from core.geometry import Size
from core.layer import Layer

DAY = date(2026, 2, 3)


def layer(name: str, value: int) -> Layer:
    return Layer(name, name, np.full((4, 5, 4), value, np.uint8))


@pytest.fixture
def document() -> Document:
    layers = (layer("Katze 猫", 255), layer("a/b", 200), layer("A-B", 100))
    return Document(Size(5, 4), layers, layers[-1].id, name="photo")


def job(path: Path, template: str = "{name}-{index} {layer} {date}") -> ExportJob:
    return ExportJob("png", PngOptions(), path, Scope.LAYERS, template)


def test_every_layer_gets_a_file_that_is_called_as_the_template_says(document: Document, tmp_path: Path) -> None:
    names = [path.name for path in planned_files(job(tmp_path), ExportSource(document), DAY)]
    assert names == [
        "photo-01 Katze 猫 2026-02-03.png",
        "photo-02 a-b 2026-02-03.png",
        "photo-03 A-B 2026-02-03.png",
    ]


def test_layers_of_the_same_name_get_files_that_every_file_system_keeps_apart(
    document: Document, tmp_path: Path
) -> None:
    names = [path.name for path in planned_files(job(tmp_path, "{layer}"), ExportSource(document))]
    assert names == ["Katze 猫.png", "a-b.png", "A-B-2.png"]


def test_a_place_that_is_not_there_is_told() -> None:
    with pytest.raises(ExportError, match=r"\{size\} is no place of a file name; there is \{name\}"):
        filled("{name} {size}", {"name": "x"})


def test_all_layers_are_written_each_as_if_it_were_alone(document: Document, tmp_path: Path) -> None:
    done = run_export(ExportSource(document), job(tmp_path / "new", "{index}"))
    assert [path.name for path in done.paths] == ["01.png", "02.png", "03.png"]
    for path, each in zip(done.paths, document.layers, strict=True):
        np.testing.assert_array_equal(np.asarray(Image.open(path)), each.pixels)


class HalfFormat(ExportFormat[ExportOptions]):
    id: ClassVar[str] = "half"
    title: ClassVar[str] = "Half"
    summary: ClassVar[str] = "Half of a file"
    suffixes: ClassVar[tuple[str, ...]] = (".half",)
    options_type = ExportOptions

    def __init__(self, end: Exception) -> None:
        self.end = end
        self.left = 1

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: ExportOptions, progress: Progress
    ) -> tuple[str, ...]:
        targets[0].temporary.write_bytes(b"half of it")
        if self.left == 0:
            raise self.end
        self.left -= 1
        return ()


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        (OSError(28, "No space left on device"), ImageWriteError),
        (ExportError("no"), ExportError),
        (Cancelled(), Cancelled),
    ],
)
def test_what_fails_in_the_middle_leaves_no_file_and_no_folder(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: Exception, kind: type[Exception]
) -> None:
    half = HalfFormat(end)
    monkeypatch.setattr(job_module, "format_of", lambda name: half)
    with pytest.raises(kind):
        run_export(ExportSource(document), ExportJob("half", ExportOptions(), tmp_path / "new", Scope.LAYERS))
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_was_withdrawn_replaces_nothing(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "old.png"
    path.write_bytes(b"old")
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        run_export(ExportSource(document), ExportJob("png", PngOptions(), path), Progress(token))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_progress_only_rises_and_ends_at_one(document: Document, tmp_path: Path) -> None:
    told: list[float] = []
    run_export(ExportSource(document), job(tmp_path), Progress(report=told.append))
    assert told == sorted(told)
    assert 0 < told[-1] <= 1


def test_the_ending_of_a_name_chooses_the_format() -> None:
    assert format_for(Path("x/Y.PNG")).id == "png"
    with pytest.raises(ExportError, match=r"y\.doc does not end like a file that can be written"):
        format_for(Path("y.doc"))
    with pytest.raises(ExportError, match="no format 'doc'"):
        format_of("doc")


def test_presets_come_back_from_json() -> None:
    for preset in built_in_presets():
        assert Preset.from_plain(json.loads(json.dumps(preset.to_plain()))) == preset


@pytest.mark.parametrize("plain", [3, {}, {"name": " ", "format": "png", "options": {}}, {"name": "a", "format": 1}])
def test_what_is_no_preset_is_refused(plain: object) -> None:
    with pytest.raises(ExportError, match="A preset is"):
        Preset.from_plain(plain)
