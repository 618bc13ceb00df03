"""Measuring the models that are here; what is recommended follows from the figures alone."""

from dataclasses import replace

import pytest

from core import self_test
from core.cancel import Cancelled, CancelToken
from core.detectors.detector import DetectorEmbedding
from core.device import CPU_ONLY, Device, DeviceFacts, Precision
from core.errors import ModelUnavailableError, NothingFoundError
from core.geometry import Size
from core.memory_use import PeakMemory
from core.model_list import MODELS, UnknownModelError
from core.self_test import Means, Measurement, draw_photo, recommend, run_self_test
from tests.fakes import FakeSegmenter
from tests.sam_files import write_weights

pytestmark = pytest.mark.usefixtures("in_pytorch")

PROCESSOR_ONLY = DeviceFacts(has_cuda=False, has_mps=False)
SIZE = Size(400, 300)


def silent(_step, _fraction):
    """Report nothing."""


@pytest.fixture
def little_to_free(monkeypatch):
    """Skip collecting garbage between models: there is none of fakes, and in all tests together it takes seconds."""
    monkeypatch.setattr(self_test, "free_memory", lambda: None)


class FakeDetector:
    device_choice = CPU_ONLY

    def __init__(self, name):
        self.name, self.phrases = name, []

    def embed(self, image, token):
        token.check()
        return DetectorEmbedding(self.name, Size.of(image), None, 1)

    def detect(self, _embedding, phrases, token=None):
        token.check()
        self.phrases += phrases
        return ()


class Bench:
    """Fakes for every model, of which each can be made to fail."""

    def __init__(self, facts=PROCESSOR_ONLY):
        self.made, self.errors = [], {}
        self.means = Means(self._segmenter, self._detector, lambda: facts, SIZE)

    def _segmenter(self, choice, _store):
        return self._make(FakeSegmenter(choice.name), choice)

    def _detector(self, choice, _store):
        return self._make(FakeDetector(choice.name), choice)

    def _make(self, model, choice):
        if choice.name in self.errors:
            raise self.errors[choice.name]
        self.made.append((model, choice))
        return model


def put(store, *names):
    """Let models look as if they were installed."""
    store.folder.mkdir(exist_ok=True)
    for name in names:
        spec = MODELS[name]
        for file in (*spec.files, *((replace(spec.files[0], name="config.json"),) if spec.is_folder else ())):
            path = store.file_path(spec, file.name)
            path.parent.mkdir(exist_ok=True)
            path.touch()


def test_without_any_weights_classic_is_measured_for_real_and_recommended(store):
    result = run_self_test(store, silent, CancelToken(), means=Means(probe=None, photo_size=SIZE))
    [classic] = result.measurements
    assert (classic.name, classic.device, classic.error) == ("classic", Device.CPU, "")
    assert classic.load_seconds is not None
    assert classic.encode_seconds > 0
    assert classic.click_seconds > 0
    assert result.recommended == classic
    assert not store.folder.exists()


def test_every_model_that_is_here_is_measured_and_told_at_once(store, little_to_free):
    put(store, "mobile_sam", "owlvit")
    bench, told, steps = Bench(), [], []
    result = run_self_test(
        store, lambda *words: steps.append(words), CancelToken(), told=told.append, means=bench.means
    )
    assert [one.name for one in result.measurements] == ["classic", "mobile_sam", "owlvit"]
    assert tuple(told) == result.measurements
    assert all(one.error == "" and one.first_click_seconds < 60 for one in told)
    detector = bench.made[-1][0]
    assert len(detector.phrases) == len(set(detector.phrases)) == 3
    fractions = [fraction for _, fraction in steps]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert "MobileSAM on CPU: clicking" in [step for step, _ in steps]
    assert result.recommended.name == "mobile_sam"


def test_one_model_alone_can_be_measured_with_a_precision(store, little_to_free):
    put(store, "mobile_sam")
    bench = Bench()
    result = run_self_test(store, silent, CancelToken(), ("mobile_sam",), Precision.FP32, means=bench.means)
    [(_, choice)] = bench.made
    assert (choice.name, choice.precision) == ("mobile_sam", Precision.FP32)
    assert result.reason == "the only one that is here"


def test_each_device_that_is_here_is_measured(store, little_to_free):
    put(store, "mobile_sam")
    bench = Bench(DeviceFacts(has_cuda=True, has_mps=False))
    result = run_self_test(store, silent, CancelToken(), means=bench.means)
    assert [(one.name, one.device) for one in result.measurements] == [
        ("classic", "cpu"),
        ("mobile_sam", "cpu"),
        ("mobile_sam", "cuda"),
    ]


@pytest.mark.parametrize("error", [ModelUnavailableError("These are no weights."), MemoryError()])
def test_a_model_that_fails_is_told_with_its_error_and_the_next_has_its_turn(store, error, little_to_free):
    put(store, "mobile_sam", "owlvit")
    bench = Bench()
    bench.errors["mobile_sam"] = error
    result = run_self_test(store, silent, CancelToken(), means=bench.means)
    assert [bool(one.error) for one in result.measurements] == [False, True, False]
    assert (str(error) or "not enough memory") in result.measurements[1].error
    assert result.measurements[1].first_click_seconds == float("inf")
    assert result.recommended.name == "classic"


def test_a_model_that_was_asked_for_and_is_not_here_is_told_so(store, little_to_free):
    result = run_self_test(store, silent, CancelToken(), ("mobile_sam",), means=Means(probe=lambda: PROCESSOR_ONLY))
    assert "missing" in result.measurements[0].error
    assert result.recommended is None
    with pytest.raises(UnknownModelError):
        run_self_test(store, silent, CancelToken(), ("sam9",))


def test_it_can_be_stopped_between_any_two_steps(store, little_to_free):
    put(store, "mobile_sam")
    steps = []
    run_self_test(store, lambda *words: steps.append(words), CancelToken(), means=Bench().means)
    for stop_at in range(len(steps) - 1):
        token, seen = CancelToken(), []

        def count(step, _fraction, token=token, seen=seen, stop_at=stop_at):
            seen.append(step)
            if len(seen) > stop_at:
                token.cancel()

        with pytest.raises(Cancelled):
            run_self_test(store, count, token, means=Bench().means)


def test_finding_nothing_is_an_answer_that_takes_its_time(store, little_to_free):
    class Blind(FakeSegmenter):
        def predict(self, embedding, prompt, previous=None):
            raise NothingFoundError("Nothing.")

    means = Means(lambda choice, _store: Blind(choice.name), probe=lambda: PROCESSOR_ONLY, photo_size=SIZE)
    [classic] = run_self_test(store, silent, CancelToken(), means=means).measurements
    assert classic.error == ""


def test_weights_of_the_libraries_own_making_are_measured_for_real(store):
    store.folder.mkdir()
    write_weights(store.folder / "mobile_sam.pt", "vit_t")
    means = Means(probe=lambda: PROCESSOR_ONLY, photo_size=SIZE)
    [sam] = run_self_test(store, silent, CancelToken(), ("mobile_sam",), Precision.FP32, means=means).measurements
    assert sam.error == ""
    assert sam.precision is Precision.FP32
    assert sam.encode_seconds > 0
    assert sam.click_seconds > 0


def measured(name, encode, click, device=Device.CPU, error=""):
    return Measurement(name, device, Precision.FP32, 1.0, encode, click, None, error)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([("classic", 0.1, 0.05), ("mobile_sam", 1.0, 0.1)], "mobile_sam"),
        ([("mobile_sam", 1.0, 0.1), ("sam_vit_b", 2.5, 0.1)], "sam_vit_b"),
        ([("mobile_sam", 1.0, 0.1), ("sam_vit_b", 9.0, 0.1)], "mobile_sam"),
        ([("mobile_sam", 1.0, 0.2), ("fastsam_s", 1.0, 0.01)], "fastsam_s"),
        ([("mobile_sam", 5.0, 0.1), ("sam_vit_b", 20.0, 0.1)], "mobile_sam"),
        ([("classic", 0.1, 3.0), ("mobile_sam", 4.0, 0.2)], "mobile_sam"),
        ([("classic", 0.1, 0.3), ("sam_vit_b", 20.0, 0.1)], "classic"),
    ],
)
def test_the_most_precise_of_the_quick_ones_is_recommended_else_the_fastest(figures, expected):
    best, _ = recommend([measured(*row) for row in figures])
    assert best.name == expected


def test_a_detector_and_a_model_that_failed_are_never_recommended():
    best, reason = recommend([measured("owlvit", 0.1, 0.01), measured("mobile_sam", 0.1, 0.01, error="broken")])
    assert best is None
    assert reason


def test_the_faster_device_is_recommended():
    slow, fast = measured("mobile_sam", 1.0, 0.1), measured("mobile_sam", 0.1, 0.01, Device.CUDA)
    assert recommend([slow, fast])[0] is fast


def test_the_photo_is_the_same_every_time_and_read_only():
    photo = draw_photo(SIZE)
    assert photo.shape == (300, 400, 3)
    assert not photo.flags.writeable
    assert (photo == draw_photo(SIZE)).all()


def test_memory_at_its_height_is_told_where_the_system_knows_it():
    memory = PeakMemory()
    block = bytearray(80 << 20)
    block[::4096] = bytes([1]) * len(block[::4096])
    del block
    extra = memory.extra_bytes()
    assert extra is None or extra > 40 << 20
