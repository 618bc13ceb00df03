"""OWL-ViT and OWLv2 find what transformers' own pipeline finds."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.arrays import freeze
from core.cancel import Cancelled, CancelToken
from core.detectors.detector import SCORE_FLOOR, Detection
from core.detectors.owl import OwlDetector, load_owl
from core.device import Device, Precision
from core.errors import PromptError
from core.geometry import Size
from core.model_list import MODELS
from tests.core.owl_models import SIDE, photo, write_owl

PHRASES = ("cat", "red dog", "wheel")
TYPES = ("owlvit", "owlv2")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: write_owl(tmp_path_factory.mktemp(name), name) for name in TYPES}


@pytest.fixture(scope="module")
def detectors(folders: dict[str, Path]) -> dict[str, OwlDetector]:
    return {name: _load(folders[name], name) for name in TYPES}


@pytest.fixture(params=TYPES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def detector(detectors: dict[str, OwlDetector], name: str) -> OwlDetector:
    return detectors[name]


def _load(folder: Path, name: str) -> OwlDetector:
    return load_owl(MODELS[name], folder, Device.CPU, Precision.FP32)


def _detect(detector: OwlDetector, image: np.ndarray, phrases: tuple[str, ...] = PHRASES) -> tuple[Detection, ...]:
    return detector.detect(detector.embed(image, CancelToken()), phrases)


def _reference_patches(folder: Path, name: str, image: np.ndarray, phrases: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Run transformers' own processor, network and post-processing: (label, score, x0, y0, x1, y1) for each patch."""
    import torch
    import transformers

    image_class, processor_class, network_class = {
        "owlvit": ("OwlViTImageProcessor", "OwlViTProcessor", "OwlViTForObjectDetection"),
        "owlv2": ("Owlv2ImageProcessor", "Owlv2Processor", "Owlv2ForObjectDetection"),
    }[name]
    processor = getattr(transformers, processor_class)(
        image_processor=getattr(transformers, image_class).from_pretrained(folder, local_files_only=True),
        tokenizer=transformers.CLIPTokenizer.from_pretrained(folder, local_files_only=True),
    )
    network = getattr(transformers, network_class).from_pretrained(folder, local_files_only=True).eval()
    texts = [[f"a photo of a {phrase}" for phrase in phrases]]
    inputs = processor(text=texts, images=Image.fromarray(image), return_tensors="pt", truncation=True, max_length=16)
    with torch.no_grad():
        outputs = network(**inputs)
    result = processor.post_process_grounded_object_detection(
        outputs, threshold=-1, target_sizes=[image.shape[:2]], text_labels=[list(phrases)]
    )[0]
    return [
        (label, score.item(), *box.tolist())
        for label, score, box in zip(result["text_labels"], result["scores"], result["boxes"], strict=True)
    ]


def _reference(folder: Path, name: str, image: np.ndarray, phrases: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Return the patches' boxes cut to the photo, those with a pixel of it and a score above the floor, best first."""
    height, width = image.shape[:2]
    rows = [
        (label, score, *np.clip(corners, 0, [width, height, width, height]))
        for label, score, *corners in _reference_patches(folder, name, image, phrases)
        if score > SCORE_FLOOR
    ]
    inside = [row for row in rows if row[4] - row[2] >= 1 and row[5] - row[3] >= 1]
    return sorted(inside, key=lambda row: -row[1])


def _rows(detections: tuple[Detection, ...]) -> list[tuple[Any, ...]]:
    return [(d.label, d.score, d.box.x0, d.box.y0, d.box.x1, d.box.y1) for d in detections]


def _assert_alike(ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]], pixels: float) -> None:
    assert [row[0] for row in ours] == [row[0] for row in theirs]
    assert np.allclose([row[1] for row in ours], [row[1] for row in theirs], atol=1e-5)
    assert np.allclose([row[2:] for row in ours], [row[2:] for row in theirs], atol=pixels)


@pytest.mark.parametrize(("width", "height"), [(120, 80), (80, 120), (100, 100), (SIDE, SIDE), (17, 97), (40, 11)])
def test_boxes_scores_and_labels_equal_the_librarys(
    detector: OwlDetector, folders: dict[str, Path], name: str, width: int, height: int
) -> None:
    image = photo(width, height)
    embedding = detector.embed(image, CancelToken())
    patches = [row[2:] for row in _reference_patches(folders[name], name, image, PHRASES)]
    assert np.allclose(embedding.payload.boxes, patches, atol=0.01)
    ours = _rows(detector.detect(embedding, PHRASES))
    _assert_alike(ours, _reference(folders[name], name, image, PHRASES), pixels=0.01)


def test_the_small_models_are_worth_comparing(detector: OwlDetector) -> None:
    found = _detect(detector, photo(100, 100))
    assert len({d.label for d in found}) > 1
    assert max(d.score for d in found) - min(d.score for d in found) > 0.2
    assert len({(round(d.box.width), round(d.box.height)) for d in found}) > 5


@pytest.mark.parametrize(("width", "height"), [(500, 300), (300, 500), (400, 400), (600, 100)])
def test_a_photo_shrunk_beforehand_gives_nearly_the_same(
    detector: OwlDetector, folders: dict[str, Path], name: str, width: int, height: int
) -> None:
    image = photo(width, height)
    assert detector._shrink(image).size < image.size / 4
    theirs = [row[2:] for row in _reference_patches(folders[name], name, image, PHRASES)]
    ours = detector.embed(image, CancelToken()).payload.boxes
    # The random network exaggerates what it sees; a wrong scale would be off by a hundred pixels and more.
    assert np.median(np.abs(ours - theirs)) < 0.02 * max(width, height)


@pytest.mark.parametrize(("width", "height"), [(120, 60), (500, 300), (600, 100)])
def test_the_network_sees_what_the_librarys_preparation_makes_of_the_whole_photo(
    detector: OwlDetector, width: int, height: int
) -> None:
    image = photo(width, height)
    whole, shrunk = detector._prepare(image), detector._prepare(detector._shrink(image))
    assert whole.shape == (1, 3, SIDE, SIDE)
    assert float((whole - shrunk).abs().mean()) < 0.02


def test_a_read_only_photo_is_seen_without_a_warning(detector: OwlDetector) -> None:
    image = photo(64, 64)
    freeze(image)
    assert _detect(detector, image)


def test_boxes_lie_inside_the_photo_and_hold_a_pixel(detector: OwlDetector) -> None:
    found = _detect(detector, photo(90, 50))
    assert found
    for box in (d.box for d in found):
        assert box == box.clipped(Size(90, 50))
        assert box.width >= 1
        assert box.height >= 1


def test_the_best_detection_comes_first(detector: OwlDetector) -> None:
    scores = [d.score for d in _detect(detector, photo(90, 50))]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > SCORE_FLOOR


def test_an_embedding_answers_many_questions_as_a_fresh_one_does(
    detector: OwlDetector, folders: dict[str, Path], name: str
) -> None:
    image = photo(100, 70)
    embedding = detector.embed(image, CancelToken())
    detector.detect(embedding, ("cat", "wheel"))
    remembered = detector.detect(embedding, PHRASES)
    assert remembered == _detect(_load(folders[name], name), image)
    assert remembered == detector.detect(embedding, PHRASES)


def test_the_image_side_runs_once_and_the_text_side_once_a_phrase(
    folders: dict[str, Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = _load(folders[name], name)
    runs: list[str] = []
    _count(monkeypatch, detector._network, "image_embedder", runs)
    _count(monkeypatch, detector._backbone, "get_text_features", runs)
    embedding = detector.embed(photo(100, 70), CancelToken())
    for phrases in (("cat", "dog"), ("dog",), ("cat", "wheel"), (" cat ",)):
        detector.detect(embedding, phrases)
    assert runs == ["image_embedder", *["get_text_features"] * 3]


def _count(monkeypatch: pytest.MonkeyPatch, owner: Any, method: str, runs: list[str]) -> None:
    original = getattr(owner, method)

    def counted(*arguments: Any, **named: Any) -> Any:
        runs.append(method)
        return original(*arguments, **named)

    monkeypatch.setattr(owner, method, counted)


def test_remembered_phrases_are_bounded(detector: OwlDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.detectors.owl._REMEMBERED_PHRASES", 3)
    embedding = detector.embed(photo(64, 64), CancelToken())
    monkeypatch.setattr(detector, "_phrase_vectors", {})
    for phrase in ("cat", "dog", "cat", "car", "sun", "red"):
        assert detector.detect(embedding, (phrase,)) == detector.detect(embedding, (phrase,))
    assert list(detector._phrase_vectors) == ["car", "sun", "red"]


def test_an_article_is_not_said_twice(detector: OwlDetector) -> None:
    embedding = detector.embed(photo(64, 64), CancelToken())
    plain, with_article = detector.detect(embedding, ("dog",)), detector.detect(embedding, ("the dog",))
    assert [(d.box, d.score) for d in plain] == [(d.box, d.score) for d in with_article]
    assert {d.label for d in with_article} == {"the dog"}


def test_a_phrase_that_fits_only_without_the_sentence_goes_alone(detector: OwlDetector) -> None:
    # Fourteen pieces with the two marks; the sentence would make it eighteen.
    assert detector.detect(detector.embed(photo(64, 64), CancelToken()), ("wheelbarrows",))


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        ("hippopotamuses", None),
        ("a hippopotamus in the rain", "too long"),
        ("", "no word"),
        (" \t ", "no word"),
        ("...", "no word"),
        ("猫", "Latin"),
        ("dog собака", "Latin"),
        ("<|endoftext|>", "mark"),
        ("x<|startoftext|>", "mark"),
    ],
)
def test_what_cannot_be_asked_is_said(detector: OwlDetector, phrase: str, reason: str | None) -> None:
    embedding = detector.embed(photo(64, 64), CancelToken())
    if reason is None:
        assert detector.detect(embedding, (phrase,))
        return
    with pytest.raises(PromptError, match=reason):
        detector.detect(embedding, ("cat", phrase))


def test_no_phrase_at_all_is_refused(detector: OwlDetector) -> None:
    with pytest.raises(PromptError, match="Nothing to look for"):
        detector.detect(detector.embed(photo(64, 64), CancelToken()), ())


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 5000), (5000, 1), (3, 3), (2, 700)])
def test_odd_photos_are_answered(detector: OwlDetector, width: int, height: int) -> None:
    for detection in _detect(detector, photo(width, height)):
        assert 0 <= detection.box.x0 < detection.box.x1 <= width
        assert 0 <= detection.box.y0 < detection.box.y1 <= height


def test_channels_are_red_green_blue(detector: OwlDetector) -> None:
    red = np.zeros((64, 64, 3), np.uint8)
    red[..., 0] = 255
    prepared = detector._prepare(red)[0]
    assert prepared[0].min() > prepared[1].max()
    assert prepared[0].min() > prepared[2].max()


def test_an_embedding_of_another_detector_is_refused(detectors: dict[str, OwlDetector]) -> None:
    embedding = detectors["owlvit"].embed(photo(64, 64), CancelToken())
    with pytest.raises(ValueError, match="owlvit"):
        detectors["owlv2"].detect(embedding, ("cat",))


def test_an_embedding_tells_what_it_holds(detector: OwlDetector) -> None:
    embedding = detector.embed(photo(100, 70), CancelToken())
    assert embedding.nbytes == 64 * (32 + 4) * 4
    assert (embedding.image_size.width, embedding.image_size.height) == (100, 70)


def test_a_withdrawn_request_ends(detector: OwlDetector) -> None:
    embedding = detector.embed(photo(64, 64), CancelToken())
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        detector.embed(photo(64, 64), token)
    with pytest.raises(Cancelled):
        detector.detect(embedding, ("not asked before",), token)


def test_reduced_precision_is_nearly_the_same(folders: dict[str, Path], name: str, detector: OwlDetector) -> None:
    reduced = load_owl(MODELS[name], folders[name], Device.CPU, Precision.BF16)
    assert reduced.device_choice.precision is Precision.BF16
    image = photo(100, 70)
    full, ours = detector.embed(image, CancelToken()).payload, reduced.embed(image, CancelToken()).payload
    assert np.abs(full.boxes - ours.boxes).max() < 10
    assert str(ours.features.dtype) == "torch.float32"
