"""Looking closer as a request to the segment service."""

from itertools import count

import numpy as np
import pytest

from core.geometry import Size
from core.loaded_models import LoadedModels
from core.model_store import ModelStore
from core.prompt import Prompt
from core.segment_request import DetailWish, Edge, ModelChoice, PredictWish, SegmentRequest
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


def test_a_model_that_sees_every_pixel_has_no_detail_to_add(tmp_path):
    bench = Bench(tmp_path, FakeSegmenter())
    candidate = bench.ask(CLICK).answer.best
    assert bench.ask(DetailWish(candidate, Edge.SOFT)).answer is None
