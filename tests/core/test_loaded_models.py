"""Another strictness is no other model."""

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from core.cancel import CancelToken
from core.loaded_models import LoadedModels
from core.model_store import ModelStore
from core.segment_request import ModelChoice
from core.segmenter import Strictness
from tests.core.counting_segmenter import CountingSegmenter

STRICT, LENIENT = Strictness(0.8, 0.5), Strictness(0.1, 0.95)
IMAGE = np.zeros((4, 4, 3), np.uint8)


class Following(CountingSegmenter):
    """A segmenter that knows its strictness and shares its count of photos."""

    def __init__(self, strictness: Strictness) -> None:
        super().__init__()
        self.strictness = strictness

    def adjusted(self, strictness: Strictness) -> "Following":
        return Following(strictness)


@pytest.fixture
def loads():
    return []


@pytest.fixture
def models(tmp_path, loads):
    def load(choice, store):
        loads.append(choice)
        return Following(choice.strictness)

    return LoadedModels(ModelStore(tmp_path), load)


def ask(models, choice):
    return models.segmenter(choice, nullcontext)


def test_another_strictness_loads_nothing_and_keeps_what_is_remembered(models, loads):
    choice = ModelChoice("fastsam_s", strictness=STRICT)
    first = ask(models, choice)
    first.predictor.embedding("photo", IMAGE, CancelToken())
    second = ask(models, replace(choice, strictness=LENIENT))
    assert second.predictor.segmenter.strictness == LENIENT
    assert second.predictor.has_embedding("photo")
    assert second.asked.strictness == LENIENT
    assert [load.strictness for load in loads] == [STRICT]


def test_a_weights_file_is_read_once_for_all_strictnesses(models, loads, tmp_path, monkeypatch):
    names = []
    monkeypatch.setattr("core.loaded_models.resolve_name", lambda choice, _: names.append(choice) or "fastsam_s")
    choice = ModelChoice(weights=tmp_path / "any.pt")
    ask(models, choice)
    ask(models, replace(choice, strictness=LENIENT))
    ask(models, replace(choice, strictness=STRICT))
    assert len(names) == len(loads) == 1


def test_another_model_is_loaded_with_the_strictness_of_now(models, loads):
    ask(models, ModelChoice("fastsam_s", strictness=STRICT))
    ask(models, ModelChoice("fastsam_x", strictness=LENIENT))
    assert [(load.name, load.strictness) for load in loads] == [("fastsam_s", STRICT), ("fastsam_x", LENIENT)]


def test_a_segmenter_that_knows_no_strictness_stays_as_it_is(tmp_path):
    loads = []
    models = LoadedModels(ModelStore(tmp_path), lambda choice, _: loads.append(choice) or CountingSegmenter())
    first = ask(models, ModelChoice("classic", strictness=STRICT)).predictor.segmenter
    assert ask(models, ModelChoice("classic", strictness=LENIENT)).predictor.segmenter is first
    assert len(loads) == 1
