from itertools import count

import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.geometry import Size
from core.loaded_models import LoadedModels
from core.object_map import DrawnObjects, ObjectMap
from core.segment_request import DrawObjectsWish, Edge, EverythingWish, ModelChoice, SegmentRequest
from core.segment_service import SegmentService, Step
from core.segmenter import Prediction
from tests.core.test_subject import PatchSegmenter

_FIELD = np.zeros((60, 80), int)
_FIELD[5:50, 5:40] = 1
_FIELD[10:30, 50:70] = 2
_IMAGE = np.zeros((60, 80, 3), np.uint8)


class Bench:
    """A service with one segmenter, and what it told."""

    def __init__(self):
        self.told = []
        self._ids = count(1)
        self._service = SegmentService(LoadedModels(None, lambda *_: PatchSegmenter(_FIELD)))

    def ask(self, wish, token=None, on_report=lambda step: None):
        def report(step, fraction):
            self.told.append((step, fraction))
            on_report(step)

        request = SegmentRequest(next(self._ids), "photo", _IMAGE, ModelChoice("a"), wish, token or CancelToken())
        return self._service.answer(request, report)


@pytest.fixture
def bench():
    return Bench()


def _map_of(bench):
    found = bench.ask(EverythingWish()).answer
    assert isinstance(found, ObjectMap)
    bench.told.clear()
    return found


def test_everything_is_found_and_drawn_as_layers(bench):
    objects = _map_of(bench)
    result = bench.ask(DrawObjectsWish(objects, Edge.HARD))
    assert isinstance(result.answer, DrawnObjects)
    assert {tuple(pair) for pair in np.stack([result.answer.labels().ravel(), _FIELD.ravel()], axis=1)} == {
        (1, 0),
        (2, 1),
        (3, 2),
    }
    assert set(result.seconds) == {"refine"}


def test_a_photo_without_objects_has_an_empty_map(bench, monkeypatch):
    monkeypatch.setattr(PatchSegmenter, "predict", lambda *_: Prediction((), 0))
    objects = _map_of(bench)
    assert (objects.objects, objects.size) == ((), Size(_FIELD.shape[1], _FIELD.shape[0]))


def test_drawing_tells_how_far_it_is(bench):
    bench.ask(DrawObjectsWish(_map_of(bench), Edge.SOFT))
    assert bench.told == [(Step.DRAWING, None), *((Step.DRAWING, n / 3) for n in (1, 2, 3))]


def test_drawing_that_is_withdrawn_stops_at_the_next_object(bench):
    objects, token = _map_of(bench), CancelToken()
    with pytest.raises(Cancelled):
        bench.ask(DrawObjectsWish(objects, Edge.SOFT), token, lambda step: token.cancel())
    assert [step for step, _ in bench.told] == [Step.DRAWING]
