import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.cut_job import run_cut
from core.cut_request import CutRequest
from core.errors import ImageWriteError
from core.geometry import Box
from core.loaded_models import LoadedModels
from core.prompt import PointPrompt
from core.segment_request import Edge
from core.segment_service import Step
from tests.core.test_subject import PatchSegmenter

_SHAPE = (64, 96)


def labels() -> np.ndarray:
    """Return a ground (0) that fills less than half, and two blocks."""
    field = np.zeros(_SHAPE, int)
    field[4:60, 4:50] = 1
    field[10:40, 60:90] = 2
    return field


@pytest.fixture
def request_for(tmp_path: Path):
    Image.fromarray(np.zeros((*_SHAPE, 3), np.uint8)).save(tmp_path / "photo.png")
    base = CutRequest(tmp_path / "photo.png", tmp_path / "out.png", is_everything=True, edge=Edge.HARD)
    return lambda **changes: replace(base, **changes)


@pytest.fixture
def models() -> LoadedModels:
    return LoadedModels(None, lambda *_: PatchSegmenter(labels()))


def read_labels(tmp_path: Path) -> tuple[np.ndarray, dict]:
    with Image.open(tmp_path / "labels.png") as image:
        return np.asarray(image), json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("changes", [{}, {"candidate": 2}, {"points": (PointPrompt(70, 20),)}, {"is_cropped": True}])
def test_the_label_map_tells_all_objects_apart_whatever_is_cut_out(request_for, models, tmp_path, changes) -> None:
    run_cut(request_for(labels_output=tmp_path / "labels.png", **changes), models)

    found, legend = read_labels(tmp_path)
    assert found.shape == _SHAPE
    assert {tuple(pair) for pair in np.stack([found.ravel(), labels().ravel()], axis=1)} == {(1, 0), (2, 1), (3, 2)}
    assert [entry["area"] for entry in legend["objects"]] == [int((labels() == label).sum()) for label in (0, 1, 2)]


def test_without_a_name_for_it_no_label_map_is_written(request_for, models, tmp_path) -> None:
    run_cut(request_for(mask_output=tmp_path / "mask.png"), models)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mask.png", "out.png", "photo.png"]


def test_the_label_map_is_empty_if_only_something_else_is_found(request_for, tmp_path) -> None:
    segmenter = PatchSegmenter(np.zeros(_SHAPE, int))
    request = request_for(labels_output=tmp_path / "labels.png", boxes=(Box(10, 10, 40, 40),))
    result = run_cut(request, LoadedModels(None, lambda *_: segmenter))
    found, legend = read_labels(tmp_path)
    assert not found.any()
    assert legend["objects"] == []
    assert any("No object" in note for note in result.notes)


def test_nothing_is_written_where_the_legend_cannot_be(request_for, models, tmp_path) -> None:
    (tmp_path / "labels.json").mkdir()
    with pytest.raises(ImageWriteError, match=r"labels\.json"):
        run_cut(request_for(labels_output=tmp_path / "labels.png"), models)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["labels.json", "photo.png"]


def test_what_takes_long_is_told_while_it_goes_on(request_for, models, tmp_path) -> None:
    told: list[tuple[str, float | None]] = []
    report = lambda step, fraction: told.append((step, fraction))  # noqa: E731 - a list of what came is all
    run_cut(request_for(labels_output=tmp_path / "labels.png"), models, report=report)
    steps = list(dict.fromkeys(step for step, _ in told))
    assert steps == [Step.EVERYTHING, Step.REFINING, Step.DRAWING]
    for step in steps:
        fractions = [fraction for each, fraction in told if each == step]
        assert fractions == sorted(fractions)
        assert 0 <= fractions[0] <= fractions[-1] <= 1
