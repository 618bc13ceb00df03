"""Looking closer as a request to the segment service."""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from core.geometry import Size
from core.loaded_models import LoadedModels
from core.model_store import ModelStore
from core.prompt import Prompt
from core.recipe import PromptStep, Question, Recipe
from core.segment_request import CommitWish, DetailWish, Edge, ModelChoice, PredictWish, ReplayWish, SegmentRequest
from core.segment_service import SegmentService, Step
from tests.core.reduced_segmenter import ReducedSegmenter
from tests.fakes import FakeSegmenter

CLICK = PredictWish(Prompt().with_point(150, 100))


class Bench:
    """A service with one model, a light block on a dark ground, and a record of the steps."""

    def __init__(self, tmp_path, segmenter):
        self.segmenter, self.steps, self._ids = segmenter, [], count(1)
        self._service = SegmentService(LoadedModels(ModelStore(tmp_path), lambda *_: segmenter, lambda *_: None))
        self._image = np.full((200, 300, 3), 40, np.uint8)
        self._image[60:141, 90:211] = 220

    def ask(self, wish):
        request = SegmentRequest(next(self._ids), "photo", self._image, ModelChoice("a"), wish)
        return self._service.answer(request, lambda step, _fraction: self.steps.append(step))


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path, ReducedSegmenter(64, 16))


def test_an_outline_is_looked_at_closely_with_the_model_that_drew_it(bench):
    candidate = bench.ask(CLICK).answer.best
    detail = bench.ask(DetailWish(candidate, Edge.SOFT))
    assert detail.answer.shape == (200, 300)
    assert not detail.answer.flags.writeable
    assert "detail" in detail.seconds
    assert Step.DETAILING in bench.steps
    assert bench.segmenter.embeds.count(Size(300, 200)) == 1


@pytest.mark.parametrize("edge", list(Edge))
def test_a_recipe_looks_closely_where_the_commit_did(bench, edge):
    candidate = bench.ask(CLICK).answer.best
    coarse, detail = (bench.ask(wish(candidate, edge)).answer for wish in (CommitWish, DetailWish))
    assert not np.array_equal(coarse, detail)
    step = PromptStep((Question(CLICK.prompt),), edge=edge)
    for is_detailed, drawn in ((False, coarse), (True, detail)):
        recipe = Recipe(Size(300, 200), (replace(step, is_detailed=is_detailed),))
        np.testing.assert_array_equal(bench.ask(ReplayWish(recipe, ModelChoice())).answer, drawn)


def test_a_recipe_that_looks_closely_is_done_coarsely_where_there_is_nothing_more_to_see(tmp_path):
    bench = Bench(tmp_path, FakeSegmenter())
    recipe = Recipe(Size(300, 200), (PromptStep((Question(CLICK.prompt),), is_detailed=True),))
    drawn = bench.ask(CommitWish(bench.ask(CLICK).answer.best, Edge.SOFT)).answer
    np.testing.assert_array_equal(bench.ask(ReplayWish(recipe, ModelChoice())).answer, drawn)


def test_a_model_that_sees_every_pixel_has_no_detail_to_add(tmp_path):
    bench = Bench(tmp_path, FakeSegmenter())
    candidate = bench.ask(CLICK).answer.best
    assert bench.ask(DetailWish(candidate, Edge.SOFT)).answer is None
