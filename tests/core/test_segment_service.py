import weakref
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.detectors.detector import Detection, DetectorEmbedding
from core.device import CPU_ONLY, Device, DeviceChoice, DeviceMemoryError, Precision
from core.errors import ModelUnavailableError, PromptError
from core.geometry import Box, Size
from core.loaded_models import LoadedModels
from core.model_list import MODELS
from core.model_store import ModelStore
from core.prompt import Prompt
from core.segment_request import (
    BoxesWish,
    CommitWish,
    Detections,
    DetectWish,
    Edge,
    EmbedWish,
    ModelChoice,
    PredictWish,
    SegmentRequest,
    SubjectWish,
)
from core.segment_service import SegmentService, Step
from tests.core.counting_segmenter import CountingSegmenter

IMAGE = np.zeros((40, 60, 3), np.uint8)
CLICK = PredictWish(Prompt().with_point(5, 5))
ON_CARD = DeviceChoice(Device.CUDA, Precision.BF16, "a graphics card is there")
A, B = ModelChoice("a"), ModelChoice("b")
OWL = ModelChoice("owlvit")
CAR, OTHER_CAR = Detection(Box(2, 2, 20, 20), 0.4, "red car"), Detection(Box(30, 3, 50, 30), 0.3, "red car")


class FakeDetector:
    name = "owlvit"
    device_choice = CPU_ONLY

    def __init__(self):
        self.embeds, self.asked = 0, []

    def embed(self, image, token):
        token.check()
        self.embeds += 1
        return DetectorEmbedding(self.name, Size.of(image), None, 10)

    def detect(self, embedding, phrases, token=None):
        self.asked.append(tuple(phrases))
        return tuple(replace(detection, label=phrases[0]) for detection in (OTHER_CAR, CAR))


class Bench:
    """A service whose models are fakes, and a record of what was loaded and reported."""

    def __init__(self, tmp_path, make=CountingSegmenter):
        self.loads, self.segmenters, self.detectors, self.steps, self.drafts = [], [], [], [], []
        self._make, self._ids = make, count(1)
        self.service = SegmentService(LoadedModels(ModelStore(tmp_path), self._load, self._load_detector))

    def _load(self, choice, _store):
        self.loads.append(choice)
        segmenter = self._make(choice.name)
        self.segmenters.append(segmenter)
        return segmenter

    def _load_detector(self, choice, _store):
        self.loads.append(choice)
        self.detectors.append(FakeDetector())
        return self.detectors[-1]

    def ask(self, wish, choice=A, key="photo", token=None):
        request = SegmentRequest(next(self._ids), key, IMAGE, choice, wish, token or CancelToken())
        return self.service.answer(request, lambda step, _fraction: self.steps.append(step), self.drafts.append)


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_ten_prompts_load_once_and_embed_once(bench):
    for x in range(10):
        bench.ask(PredictWish(Prompt().with_point(x, 3)))
    assert bench.loads == [A]
    assert bench.segmenters[0].embeds == 1


def test_an_embedding_made_ahead_serves_the_first_click(bench):
    result = bench.ask(EmbedWish())
    assert result.answer is None
    bench.steps.clear()
    bench.ask(CLICK)
    assert bench.steps == [Step.DECODING]


def test_steps_are_told_in_their_order(bench):
    bench.ask(CLICK)
    assert bench.steps == [Step.LOADING, Step.ENCODING, Step.DECODING]


def test_the_result_carries_the_requests_names_and_where_the_time_went(bench):
    bench.ask(EmbedWish())
    result = bench.ask(CLICK, key="photo 2")
    assert (result.id, result.image_key, result.device_choice) == (2, "photo 2", CPU_ONLY)
    assert set(result.seconds) == {"encode", "decode"}
    assert all(value > 0 for value in result.seconds.values())


def test_time_is_told_only_for_what_was_needed(bench):
    assert set(bench.ask(CLICK).seconds) == {"load", "encode", "decode"}
    again = bench.ask(CLICK)
    assert set(again.seconds) == {"decode"}
    assert set(bench.ask(CommitWish(again.answer.best, Edge.HARD)).seconds) == {"refine"}


def test_a_switch_loads_the_other_model_and_frees_the_first(bench):
    bench.ask(CLICK, A)
    first = weakref.ref(bench.segmenters.pop())
    bench.ask(CLICK, B)
    assert first() is None
    assert bench.loads == [A, B]


def test_another_device_for_the_same_model_is_a_switch(bench):
    bench.ask(CLICK, A)
    bench.ask(CLICK, replace(A, device=Device.CPU))
    assert len(bench.loads) == 2


def test_unload_lets_everything_go(bench):
    bench.ask(CLICK)
    segmenter = weakref.ref(bench.segmenters.pop())
    bench.service.unload()
    assert segmenter() is None


def test_no_name_means_the_best_that_is_there_at_that_moment(bench, tmp_path):
    bench.ask(CLICK, ModelChoice())
    (tmp_path / MODELS["mobile_sam"].files[0].name).touch()
    bench.ask(CLICK, ModelChoice())
    assert [choice.name for choice in bench.loads] == ["classic", "mobile_sam"]


def test_a_named_model_with_its_own_weights_is_loaded_with_them(bench):
    choice = ModelChoice("a", weights=Path("my.pt"))
    bench.ask(CLICK, choice)
    bench.ask(CLICK, choice)
    assert bench.loads == [choice]


def test_a_candidate_becomes_coverage_of_the_photos_size(bench):
    candidate = bench.ask(CLICK).answer.best
    result = bench.ask(CommitWish(candidate, Edge.HARD))
    assert result.answer.shape == IMAGE.shape[:2]
    assert set(np.unique(result.answer)) == {0, 255}
    assert not result.answer.flags.writeable


def test_a_matte_is_drafted_before_it_is_worked_out(bench):
    candidate = bench.ask(CLICK).answer.best
    bench.steps.clear()
    result = bench.ask(CommitWish(candidate, Edge.MATTE))
    assert bench.steps == [Step.REFINING, Step.MATTING]
    (draft,) = bench.drafts
    assert draft.shape == result.answer.shape
    assert not draft.flags.writeable


def test_words_become_boxes_and_load_no_segmenter(bench):
    result = bench.ask(DetectWish("red car", OWL))
    assert isinstance(result.answer, Detections)
    assert result.answer.detections == (CAR, OTHER_CAR)
    assert bench.detectors[0].asked == [("red car",)]
    assert bench.loads == [OWL]
    assert bench.steps == [Step.LOADING, Step.DETECTING, Step.DETECTING]
    assert set(result.seconds) == {"load", "detect"}
    assert result.device_choice == CPU_ONLY


def test_boxes_become_one_mask_and_load_no_detector(bench):
    result = bench.ask(BoxesWish((CAR, OTHER_CAR)))
    assert len(result.answer.candidates) == 1
    assert [prompt.box for prompt in bench.segmenters[0].prompts] == [CAR.box, OTHER_CAR.box]
    assert bench.loads == [A]
    assert bench.steps == [Step.LOADING, Step.ENCODING, Step.CUTTING]


def test_only_the_boxes_that_are_asked_for_become_masks(bench):
    found = bench.ask(DetectWish("red car", OWL)).answer.detections
    bench.ask(BoxesWish(found[1:]))
    assert [prompt.box for prompt in bench.segmenters[0].prompts] == [OTHER_CAR.box]


def test_many_boxes_tell_how_far_they_are(bench):
    told = []
    request = SegmentRequest(1, "photo", IMAGE, A, BoxesWish((CAR,) * 40))
    bench.service.answer(request, lambda step, fraction: told.append((step, fraction)))
    assert [fraction for step, fraction in told if step is Step.CUTTING] == [None, 0.4, 0.8]


def test_other_words_on_the_same_photo_look_at_it_once(bench):
    bench.ask(DetectWish("red car", OWL))
    bench.ask(DetectWish("dog", OWL))
    assert bench.detectors[0].embeds == 1
    assert bench.detectors[0].asked == [("red car",), ("dog",)]
    assert bench.loads == [OWL]


def test_words_that_name_nothing_are_an_empty_answer(bench, monkeypatch):
    monkeypatch.setattr(FakeDetector, "detect", lambda *_: ())
    assert bench.ask(DetectWish("unicorn", OWL)).answer.detections == ()
    assert bench.segmenters == []


@pytest.mark.parametrize("text", ["", " , ", "!!!", "собака"])
def test_words_that_no_detector_can_be_asked_load_nothing(bench, text):
    with pytest.raises(PromptError):
        bench.ask(DetectWish(text, OWL))

    assert (bench.loads, bench.steps) == ([], [])


def test_the_subject_is_found_without_a_prompt(bench, monkeypatch):
    answers = []

    def find(segmenter, embedding, image, token):
        answers.append(segmenter.predict(embedding, Prompt().with_point(1, 1)))
        return answers[0]

    monkeypatch.setattr("core.subject.find_subject", find)
    assert bench.ask(SubjectWish()).answer is answers[0]


def test_a_withdrawn_request_loads_nothing(bench):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        bench.ask(CLICK, token=token)
    assert bench.loads == []


def test_a_request_withdrawn_during_the_last_step_gets_no_answer(bench):
    bench.ask(CLICK)
    token = CancelToken()
    predict = bench.segmenters[0].predict

    def withdrawn_meanwhile(*args):
        token.cancel()
        return predict(*args)

    bench.segmenters[0].predict = withdrawn_meanwhile
    with pytest.raises(Cancelled):
        bench.ask(CLICK, token=token)


def test_a_bad_prompt_leaves_the_model_loaded(bench):
    with pytest.raises(PromptError):
        bench.ask(PredictWish(Prompt().with_point(-9, 0)))
    bench.ask(CLICK)
    assert bench.loads == [A]


def test_a_missing_model_is_tried_again_with_the_next_request(tmp_path):
    def fail_once(name):
        if len(bench.loads) == 1:
            raise ModelUnavailableError("missing")
        return CountingSegmenter(name)

    bench = Bench(tmp_path, fail_once)
    with pytest.raises(ModelUnavailableError):
        bench.ask(CLICK)
    assert bench.ask(CLICK).answer.candidates


class SmallCard(Bench):
    """A computer whose graphics card is too small to encode, or, if `fails_to_load`, even to load."""

    def __init__(self, tmp_path, fails_to_load=False):
        super().__init__(tmp_path)
        self._fails_to_load = fails_to_load

    def _load(self, choice, store):
        segmenter = super()._load(choice, store)
        if choice.device is Device.CPU:
            return segmenter
        if self._fails_to_load:
            raise DeviceMemoryError("too large")
        segmenter.device_choice = ON_CARD
        segmenter.embed = self._run_out
        return segmenter

    def _run_out(self, image, token):
        raise DeviceMemoryError("too large")


@pytest.mark.parametrize("fails_to_load", [False, True])
def test_out_of_memory_on_the_card_is_retried_once_on_the_processor_and_says_so(tmp_path, fails_to_load):
    bench = SmallCard(tmp_path, fails_to_load)
    result = bench.ask(CLICK)
    assert result.answer.candidates
    assert result.device_choice.device is Device.CPU
    assert "graphics card ran out of memory" in result.device_choice.reason
    assert Step.RETRYING in bench.steps
    assert [choice.device for choice in bench.loads] == [Device.AUTO, Device.CPU]


def test_a_detector_that_does_not_fit_on_the_card_looks_again_on_the_processor(tmp_path):
    class Full(Bench):
        def _load_detector(self, choice, store):
            detector = super()._load_detector(choice, store)
            if choice.device is not Device.CPU:
                detector.device_choice, detector.embed = ON_CARD, self._run_out
            return detector

        def _run_out(self, image, token):
            raise DeviceMemoryError("too large")

    bench = Full(tmp_path)
    result = bench.ask(DetectWish("red car", OWL))
    assert result.answer.detections == (CAR, OTHER_CAR)
    assert [choice.device for choice in bench.loads] == [Device.AUTO, Device.CPU]
    assert Step.RETRYING in bench.steps
    bench.ask(BoxesWish((CAR,)))
    assert bench.loads[-1] == A, "the segmenter, which fits, stays on the card"


def test_after_running_out_of_memory_the_model_stays_on_the_processor(tmp_path):
    bench = SmallCard(tmp_path)
    bench.ask(CLICK)
    result = bench.ask(CLICK, key="photo 2")
    assert len(bench.loads) == 2
    assert "graphics card ran out of memory" in result.device_choice.reason


def test_coming_back_to_a_model_tries_the_card_again(tmp_path):
    bench = SmallCard(tmp_path)
    bench.ask(CLICK, A)
    bench.ask(CLICK, replace(B, device=Device.CPU))
    bench.ask(CLICK, A)
    assert [(c.name, c.device.value) for c in bench.loads[-2:]] == [("a", "auto"), ("a", "cpu")]


def test_the_precision_meant_for_the_card_is_not_forced_on_the_processor(tmp_path):
    bench = SmallCard(tmp_path)
    bench.ask(CLICK, ModelChoice("a", precision=Precision.FP16))
    assert bench.loads[-1].precision is Precision.AUTO


def test_the_failed_model_is_freed_before_the_retry(tmp_path):
    class Watching(SmallCard):
        def _load(self, choice, store):
            if self.segmenters:
                self.first_is_gone = weakref.ref(self.segmenters.pop())() is None
            return super()._load(choice, store)

    bench = Watching(tmp_path)
    bench.ask(CLICK)
    assert bench.first_is_gone


def test_out_of_memory_on_the_processor_itself_is_not_retried(bench):
    bench.ask(CLICK)
    calls = []

    def run_out(image, token):
        calls.append(1)
        raise DeviceMemoryError("too large")

    bench.segmenters[0].embed = run_out
    with pytest.raises(DeviceMemoryError):
        bench.ask(CLICK, key="photo 2")
    assert len(calls) == 1
    assert len(bench.loads) == 1
