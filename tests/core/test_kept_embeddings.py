"""Photos that were encoded before, opened again by real networks after a restart."""

from contextlib import nullcontext

import numpy as np
import pytest

from core.embedding_store import EmbeddingStore
from core.geometry import Box, Size
from core.loaded_models import LoadedModels
from core.model_store import ModelStore
from core.prompt import Prompt
from core.segment_request import EmbedWish, ModelChoice, PredictWish, SegmentRequest
from core.segment_service import SegmentService, Step
from core.segmenter import KeepsEmbeddings
from tests.core.fastsam_files import build_network, draw_busy_photo, write_table
from tests.sam_files import write_weights

pytestmark = pytest.mark.usefixtures("in_pytorch")

NAMES = ("mobile_sam", "fastsam_s")
IMAGE = draw_busy_photo(120, 90)
BOX = Prompt(box=Box(20, 20, 90, 70))


@pytest.fixture(scope="module", params=NAMES)
def choice(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "mobile_sam":
        return ModelChoice("mobile_sam", write_weights(folder / "mobile_sam.pt", "vit_t"))
    return ModelChoice("fastsam_s", write_table(folder / "fastsam.pt", build_network("s")))


def start(choice, kept):
    """Return what a start of the program answers to a photo and a box, and the steps that it went through."""
    models = LoadedModels(ModelStore(choice.weights.parent), kept=kept)
    service, steps = SegmentService(models), []
    report = lambda step, fraction: steps.append(step)  # noqa: E731
    service.answer(SegmentRequest(1, "photo", IMAGE, choice, EmbedWish()), report)
    return service.answer(SegmentRequest(2, "photo", IMAGE, choice, PredictWish(BOX)), report), steps


def test_a_photo_opened_again_needs_no_encoder_and_gives_the_same_answer(choice, tmp_path):
    first, steps = start(choice, EmbeddingStore(tmp_path, 64 << 20))
    again, later_steps = start(choice, EmbeddingStore(tmp_path, 64 << 20))
    assert Step.ENCODING in steps
    assert Step.ENCODING not in later_steps
    assert "encode" not in again.seconds
    assert len(again.answer.candidates) == len(first.answer.candidates)
    for one, other in zip(first.answer.candidates, again.answer.candidates, strict=True):
        np.testing.assert_array_equal(one.logits, other.logits)
        assert one.score == other.score


def test_arrays_of_another_network_are_refused(choice, tmp_path):
    loaded = LoadedModels(ModelStore(tmp_path)).segmenter(choice, nullcontext)
    segmenter = loaded.predictor.segmenter
    assert isinstance(segmenter, KeepsEmbeddings)
    with pytest.raises(ValueError, match=r"\w"):
        segmenter.unpack(Size.of(IMAGE), {"other": np.zeros((1, 2), np.float32)})
