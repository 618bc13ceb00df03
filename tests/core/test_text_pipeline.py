"""From typed words to a mask, through the service that the editor and the terminal ask."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.arrays import freeze
from core.cancel import CancelToken
from core.detectors.filtering import filter_detections
from core.detectors.registry import load_detector
from core.device import Device
from core.errors import ModelUnavailableError, NothingFoundError, PromptError
from core.geometry import Size
from core.loaded_models import LoadedModels
from core.segment_request import ModelChoice, SegmentRequest, SegmentResult, TextWish
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


def ask(wish: TextWish) -> SegmentResult:
    models = LoadedModels(load_segmenter=lambda choice, store: BoxSegmenter())
    return SegmentService(models).answer(
        SegmentRequest(1, "photo", IMAGE, ModelChoice("classic"), wish), lambda step, fraction: None
    )


def words(text: str, folder: Path | None, threshold: float = THRESHOLD) -> TextWish:
    return TextWish(text, ModelChoice(weights=folder, device=Device.CPU), threshold)


def test_words_become_one_mask_that_fills_their_boxes(folder: Path) -> None:
    prediction = ask(words("cat, red dog", folder)).answer
    assert isinstance(prediction, Prediction)
    assert len(prediction.candidates) == 1
    mask = prediction.best.preview(Size.of(IMAGE))
    boxes = np.zeros_like(mask)
    detector = load_detector(ModelChoice(weights=folder, device=Device.CPU))
    for found in filter_detections(
        detector.detect(detector.embed(IMAGE, CancelToken()), ("cat", "red dog")), THRESHOLD
    ):
        boxes[found.box.to_rect().slices] = True
    assert mask.any()
    assert mask[cv2.erode(boxes.astype(np.uint8), np.ones((5, 5))) > 0].all()
    assert (mask <= cv2.dilate(boxes.astype(np.uint8), np.ones((5, 5)))).all()


def test_a_threshold_above_everything_finds_nothing(folder: Path) -> None:
    with pytest.raises(NothingFoundError, match=r"“cat”.*0\.99"):
        ask(words("cat", folder, 0.99))


def test_words_that_cannot_be_asked_are_refused(folder: Path) -> None:
    with pytest.raises(PromptError, match="Latin"):
        ask(words("cat, 猫", folder))


def test_without_a_detector_the_message_says_what_works() -> None:
    with pytest.raises(ModelUnavailableError, match="Clicks and boxes work without it"):
        ask(words("cat", None))


def test_a_folder_that_is_not_whole_is_refused(folder: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    (broken / "vocab.json").unlink()
    with pytest.raises(ModelUnavailableError, match=r"lacks vocab\.json"):
        ask(words("cat", broken))
