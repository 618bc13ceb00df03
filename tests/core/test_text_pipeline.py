"""From typed words to boxes, and from boxes to a mask, through the service that the editor asks."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from core.arrays import Mask, freeze
from core.cancel import CancelToken
from core.detectors.detector import Detection
from core.detectors.filtering import at_least, filter_detections
from core.detectors.owl import OwlDetector
from core.detectors.registry import load_detector
from core.device import Device
from core.errors import ModelUnavailableError, PromptError
from core.geometry import Size
from core.loaded_models import LoadedModels
from core.segment_request import (
    BoxesWish,
    Detections,
    DetectWish,
    ModelChoice,
    SegmentRequest,
    SegmentResult,
    Wish,
)
from core.segment_service import SegmentService
from core.segmenter import Prediction
from tests.core.owl_models import photo, write_owl
from tests.core.test_text_masks import BoxSegmenter

THRESHOLD = 0.5
IMAGE = photo(200, 150)
freeze(IMAGE)


@pytest.fixture(scope="module", params=["owlvit", "owlv2"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_owl(tmp_path_factory.mktemp(request.param), request.param)


class Bench:
    """The service with a real detector and a segmenter that fills boxes; remembers what steps it told."""

    def __init__(self) -> None:
        self.segmenter = BoxSegmenter()
        self.steps: list[str] = []
        self._service = SegmentService(LoadedModels(load_segmenter=lambda choice, store: self.segmenter))

    def ask(self, wish: Wish) -> SegmentResult:
        request = SegmentRequest(1, "photo", IMAGE, ModelChoice("classic"), wish)
        return self._service.answer(request, lambda step, fraction: self.steps.append(step))

    def find(self, text: str, folder: Path | None) -> tuple[Detection, ...]:
        answer = self.ask(DetectWish(text, ModelChoice(weights=folder, device=Device.CPU))).answer
        assert isinstance(answer, Detections)
        return answer.detections

    def mask(self, detections: tuple[Detection, ...]) -> Mask:
        answer = self.ask(BoxesWish(detections)).answer
        assert isinstance(answer, Prediction)
        assert len(answer.candidates) == 1
        return answer.best.preview(Size.of(IMAGE))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def filled(detections: tuple[Detection, ...]) -> NDArray[np.uint8]:
    boxes = np.zeros(IMAGE.shape[:2], np.uint8)
    for detection in detections:
        boxes[detection.box.to_rect().slices] = 1
    return boxes


def assert_fills(mask: Mask, detections: tuple[Detection, ...]) -> None:
    """The mask is the boxes, but for what its coarser grid rounds."""
    boxes, around = filled(detections), np.ones((5, 5))
    assert mask.any()
    assert mask[cv2.erode(boxes, around) > 0].all()
    assert (mask <= cv2.dilate(boxes, around)).all()


def test_words_become_boxes_and_boxes_one_mask_that_fills_them(folder: Path, bench: Bench) -> None:
    found = bench.find("cat, red dog", folder)
    assert {detection.label for detection in found} <= {"cat", "red dog"}
    wanted = at_least(found, THRESHOLD)
    assert 0 < len(wanted) < len(found)
    assert_fills(bench.mask(wanted), wanted)


def test_a_box_that_is_ticked_off_gets_no_mask(folder: Path, bench: Bench) -> None:
    found = at_least(bench.find("cat, red dog", folder), THRESHOLD)
    wanted = found[1:]
    assert wanted
    assert_fills(bench.mask(wanted), wanted)
    assert found[0].box not in [prompt.box for prompt in bench.segmenter.asked]


def test_every_threshold_shows_what_the_detector_finds_above_it(folder: Path, bench: Bench) -> None:
    found = bench.find("cat, red dog", folder)
    detector = load_detector(ModelChoice(weights=folder, device=Device.CPU))
    seen = detector.embed(IMAGE, CancelToken())
    offered = detector.detect(seen, ("cat", "red dog"))
    for threshold in (0.02, 0.3, 0.5, 0.55, 0.9):
        assert at_least(found, threshold) == filter_detections(offered, threshold)


def test_new_words_ask_the_text_side_alone(folder: Path, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bench.find("cat", folder)

    def look_again(*_: object) -> None:
        raise AssertionError("the photo was looked at twice")

    monkeypatch.setattr(OwlDetector, "embed", look_again)
    bench.find("red dog", folder)
    assert bench.find("cat", folder) == first


def test_words_asked_again_cost_not_even_their_reading(
    folder: Path, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.find("cat, dog", folder)

    def read_again(*_: object) -> None:
        raise AssertionError("known words were read again")

    monkeypatch.setattr(OwlDetector, "_tokens_of", read_again)
    assert bench.find("cat, dog", folder) == first


@pytest.mark.parametrize("count", [1, 17])
def test_words_that_are_too_long_say_so(folder: Path, bench: Bench, count: int) -> None:
    text = ", ".join(["cat"] * (count - 1) + ["something far too long for any caption that was ever written"])
    with pytest.raises(PromptError, match="too long"):
        bench.find(text, folder)


def test_words_that_cannot_be_asked_are_refused(folder: Path, bench: Bench) -> None:
    with pytest.raises(PromptError, match="Latin"):
        bench.find("cat, 猫", folder)


def test_without_a_detector_the_message_says_what_works(bench: Bench) -> None:
    with pytest.raises(ModelUnavailableError, match="Clicks and boxes work without it"):
        bench.find("cat", None)


def test_a_folder_that_is_not_whole_is_refused(folder: Path, tmp_path: Path, bench: Bench) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    (broken / "vocab.json").unlink()
    with pytest.raises(ModelUnavailableError, match=r"lacks vocab\.json"):
        bench.find("cat", broken)
