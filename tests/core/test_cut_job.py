from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.background_wish import BackgroundWish
from core.cancel import Cancelled, CancelToken
from core.cut_job import STEPS, run_cut
from core.cut_request import CutRequest
from core.detectors.detector import Detection
from core.device import CPU_ONLY, Device, DeviceChoice, DeviceMemoryError, Precision
from core.errors import (
    ImageReadError,
    ImageWriteError,
    ModelUnavailableError,
    NothingFoundError,
    PromptError,
    SegmentationError,
)
from core.geometry import Box, Rect
from core.image_io import read_photo
from core.loaded_models import LoadedModels
from core.prompt import PointPrompt
from core.segment_request import Edge, ModelChoice
from tests.core.icc_profiles import DISPLAY_P3
from tests.core.reduced_segmenter import ReducedSegmenter, error_of
from tests.fakes import FakeSegmenter

_WIDTH, _HEIGHT = 96, 64
_LEFT, _RIGHT = Box(0, 0, 40, 64), Box(56, 0, 96, 64)


class FakeDetector:
    name = "fake words"
    device_choice = CPU_ONLY

    def __init__(self, boxes):
        self.boxes = boxes

    def embed(self, image, token):
        return image

    def detect(self, embedding, phrases, token=None):
        return tuple(Detection(box, 0.9, phrase) for phrase in phrases for box in self.boxes.get(phrase, ()))


@pytest.fixture
def photo(tmp_path):
    x, y = np.meshgrid(np.arange(_WIDTH) * 2, np.arange(_HEIGHT) * 3)
    path = tmp_path / "photo.png"
    image = Image.fromarray(np.stack([x, y, 255 - x], axis=-1).astype(np.uint8))
    image.save(path, icc_profile=DISPLAY_P3, dpi=(300, 300))
    return path


@pytest.fixture
def request_for(photo, tmp_path):
    base = CutRequest(photo, tmp_path / "out.png", mask_output=tmp_path / "mask.png", edge=Edge.HARD)
    return lambda **changes: replace(base, **changes)


@pytest.fixture
def segmenter():
    return FakeSegmenter()


@pytest.fixture
def models(segmenter):
    boxes = {"cup": (_LEFT,), "spoon": (_RIGHT,), "both": (_LEFT, _RIGHT)}
    return LoadedModels(None, lambda *_: segmenter, lambda *_: FakeDetector(boxes))


def _mask(tmp_path):
    with Image.open(tmp_path / "mask.png") as image:
        assert image.mode == "L"
        return np.array(image)


def _files(tmp_path):
    return sorted(path.name for path in tmp_path.iterdir())


def test_a_box_gives_a_cutout_and_a_mask_of_the_photo_s_size(request_for, models, tmp_path, photo):
    result = run_cut(request_for(boxes=(_LEFT,)), models)

    cutout, original, mask = read_photo(tmp_path / "out.png"), read_photo(photo), _mask(tmp_path)
    assert cutout.size == original.size
    assert set(np.unique(mask)) == {0, 255}
    assert np.array_equal(cutout.pixels[..., 3], mask)
    assert np.array_equal(cutout.pixels[mask == 255], original.pixels[mask == 255])
    assert (cutout.pixels[mask == 0] == 0).all()
    assert result.mask_area == np.count_nonzero(mask)
    assert result.box == Rect.of_mask(mask)


def test_profile_and_resolution_go_into_the_cutout(request_for, models, tmp_path):
    run_cut(request_for(boxes=(_LEFT,)), models)

    cutout = read_photo(tmp_path / "out.png")
    assert cutout.icc_profile == DISPLAY_P3
    assert cutout.dpi == pytest.approx((300, 300), abs=0.1)


def test_the_segmenter_sees_srgb_once_for_all_prompts(request_for, segmenter, models):
    run_cut(request_for(boxes=(_LEFT, _RIGHT), points=(PointPrompt(10, 10), PointPrompt(50, 32))), models)

    assert segmenter.embeds == 1
    assert [prompt.box for prompt in segmenter.prompts] == [_LEFT, _RIGHT, None]


def test_what_is_told_matches_what_is_saved(request_for, models):
    result = run_cut(request_for(points=(PointPrompt(48, 32),)), models)

    assert (result.model, result.device_choice) == ("fake", CPU_ONLY)
    assert [c.score for c in result.candidates] == [0.6, 0.9, 0.7]
    assert result.chosen == 2
    assert result.candidates[1].area == result.mask_area
    assert result.candidates[0].area < result.candidates[1].area < result.candidates[2].area
    assert tuple(result.seconds) == STEPS
    assert all(seconds >= 0 for seconds in result.seconds.values())


@pytest.mark.parametrize("number", [1, 2, 3])
def test_another_candidate_can_be_taken(request_for, models, number):
    result = run_cut(request_for(points=(PointPrompt(48, 32),), candidate=number), models)

    assert result.chosen == number
    assert result.mask_area == result.candidates[number - 1].area


def test_several_boxes_are_united(request_for, models, tmp_path):
    masks = []
    for boxes in ((_LEFT,), (_RIGHT,), (_LEFT, _RIGHT)):
        result = run_cut(request_for(boxes=boxes), models)
        masks.append(_mask(tmp_path))

    assert np.array_equal(masks[2], masks[0] | masks[1])
    assert result.chosen is None
    assert len(result.candidates) == 2


def test_several_texts_are_united(request_for, models, tmp_path):
    masks = []
    for texts in (("cup",), ("spoon",), ("cup", "spoon"), ("both",)):
        run_cut(request_for(texts=texts), models)
        masks.append(_mask(tmp_path))

    assert np.array_equal(masks[2], masks[0] | masks[1])
    assert np.array_equal(masks[3], masks[2])


def test_words_that_find_nothing_beside_others_are_told_in_the_notes(request_for, models, tmp_path):
    result = run_cut(request_for(texts=("unicorn", "cup")), models)

    assert _mask(tmp_path).any()
    assert any("unicorn" in note for note in result.notes)


def test_words_alone_that_find_nothing_are_told_before_the_photo_is_encoded(request_for, models, segmenter, tmp_path):
    with pytest.raises(NothingFoundError, match="unicorn"):
        run_cut(request_for(texts=("unicorn",)), models)

    assert segmenter.embeds == 0
    assert _files(tmp_path) == ["photo.png"]


def test_the_subject_is_found_without_a_prompt(request_for, models, tmp_path):
    run_cut(request_for(is_subject=True), models)

    assert _mask(tmp_path).any()


def test_everything_unites_what_was_found_and_lists_it(request_for, models):
    everything = run_cut(request_for(is_everything=True), models)
    largest = run_cut(request_for(is_everything=True, candidate=1), models)

    assert everything.chosen is None
    assert len(everything.candidates) > 1
    assert largest.mask_area == largest.candidates[0].area <= everything.mask_area


def test_a_candidate_that_was_not_offered_is_told(request_for, models):
    with pytest.raises(NothingFoundError, match="no candidate 3: only one"):
        run_cut(request_for(texts=("cup",), candidate=3), models)


def test_cropping_saves_only_what_is_seen(request_for, models, tmp_path):
    run_cut(request_for(boxes=(_LEFT,)), models)
    full = read_photo(tmp_path / "out.png").pixels

    result = run_cut(request_for(boxes=(_LEFT,), is_cropped=True), models)

    assert np.array_equal(read_photo(tmp_path / "out.png").pixels, full[result.box.slices])
    assert _mask(tmp_path).shape == (_HEIGHT, _WIDTH)


def test_a_colour_behind_a_cropped_cutout_does_not_hide_its_extent(request_for, models, tmp_path):
    result = run_cut(request_for(boxes=(_LEFT,), is_cropped=True, background=BackgroundWish.parse("#ffffff")), models)

    assert read_photo(tmp_path / "out.png").size == result.box.size
    assert not read_photo(tmp_path / "out.png").has_alpha


def test_a_photo_can_be_the_background(request_for, models, tmp_path):
    Image.new("RGB", (10, 10), (1, 2, 3)).save(tmp_path / "behind.png", icc_profile=DISPLAY_P3)

    run_cut(request_for(boxes=(_LEFT,), background=BackgroundWish.parse(str(tmp_path / "behind.png"))), models)

    assert read_photo(tmp_path / "out.png").pixels[0, -1].tolist() == [1, 2, 3, 255]


@pytest.mark.parametrize("edge", list(Edge))
def test_every_edge_can_be_asked_for(request_for, models, tmp_path, edge):
    run_cut(request_for(boxes=(_LEFT,), edge=edge), models)

    assert set(np.unique(_mask(tmp_path))) == {0, 255}


def test_without_a_mask_only_the_cutout_is_written(request_for, models, tmp_path):
    run_cut(request_for(boxes=(_LEFT,), mask_output=None), models)

    assert _files(tmp_path) == ["out.png", "photo.png"]


def test_coordinates_are_those_of_the_photo_as_displayed(tmp_path, models):
    # Stored on its side: 64 wide, 96 high; displayed 96 wide.
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (64, 96), (9, 9, 9)).save(tmp_path / "a.jpg", exif=exif)

    run_cut(CutRequest(tmp_path / "a.jpg", tmp_path / "out.png", points=(PointPrompt(95, 1),)), models)

    seen = read_photo(tmp_path / "out.png").pixels[..., 3]
    assert seen.shape == (64, 96)
    assert seen[0, 95] == 255


def _fails_with(error):
    class Failing(FakeSegmenter):
        def predict(self, embedding, prompt, previous=None):
            raise error

    return LoadedModels(None, lambda *_: Failing())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"image": Path("no such photo.jpg")}, ImageReadError),
        ({"background": BackgroundWish.parse("no such photo.jpg")}, ImageReadError),
        ({"points": (PointPrompt(96, 1),)}, PromptError),
        ({"boxes": (Box(200, 200, 300, 300),)}, PromptError),
        ({"output": Path("/no/such/folder/out.png")}, ImageWriteError),
        ({"mask_output": Path("/no/such/folder/mask.png")}, ImageWriteError),
    ],
)
def test_a_failure_writes_nothing(request_for, models, tmp_path, changes, error):
    with pytest.raises(error):
        run_cut(request_for(**{"boxes": (_LEFT,), **changes}), models)

    assert _files(tmp_path) == ["photo.png"]


@pytest.mark.parametrize("error", [NothingFoundError("none"), SegmentationError("broken"), KeyboardInterrupt()])
def test_a_failing_segmenter_leaves_what_was_there(request_for, tmp_path, error):
    (tmp_path / "out.png").write_bytes(b"old")

    with pytest.raises(type(error)):
        run_cut(request_for(boxes=(_LEFT,)), _fails_with(error))

    assert (tmp_path / "out.png").read_bytes() == b"old"
    assert _files(tmp_path) == ["out.png", "photo.png"]


def test_if_the_mask_cannot_be_put_in_place_the_cutout_is_not_written_either(
    request_for, models, tmp_path, monkeypatch
):
    replace_file = Path.replace

    def refuse_mask(self, target):
        if Path(target).name == "mask.png":
            raise PermissionError(13, "held open")
        return replace_file(self, target)

    monkeypatch.setattr(Path, "replace", refuse_mask)

    with pytest.raises(ImageWriteError, match=r"mask\.png"):
        run_cut(request_for(boxes=(_LEFT,)), models)

    assert _files(tmp_path) == ["photo.png"]


def test_a_missing_model_is_told(request_for, tmp_path):
    def missing(*_):
        raise ModelUnavailableError("not there")

    with pytest.raises(ModelUnavailableError):
        run_cut(request_for(boxes=(_LEFT,)), LoadedModels(None, missing))

    assert _files(tmp_path) == ["photo.png"]


def test_what_does_not_fit_on_the_graphics_card_is_done_on_the_processor(request_for):
    asked = []

    class OnCard(FakeSegmenter):
        def embed(self, image, token):
            raise DeviceMemoryError("too small")

    def load(choice: ModelChoice, _store):
        asked.append(choice.device)
        if choice.device is Device.CPU:
            return FakeSegmenter()
        on_card = OnCard()
        on_card.device_choice = DeviceChoice(Device.CUDA, Precision.FP16, "there is a card")
        return on_card

    result = run_cut(request_for(boxes=(_LEFT,)), LoadedModels(None, load))

    assert asked == [Device.AUTO, Device.CPU]
    assert result.device_choice.device is Device.CPU
    assert "ran out of memory" in result.device_choice.reason


def test_too_little_memory_on_the_processor_is_told(request_for):
    with pytest.raises(DeviceMemoryError):
        run_cut(request_for(boxes=(_LEFT,)), _fails_with(DeviceMemoryError("too small")))


def test_a_cancelled_job_writes_nothing(request_for, models, tmp_path):
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        run_cut(request_for(boxes=(_LEFT,)), models, token)

    assert _files(tmp_path) == ["photo.png"]


def test_notes_about_the_photo_are_passed_on(tmp_path, models):
    frames = [Image.new("L", (96, 64), shade) for shade in (10, 200)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])

    result = run_cut(CutRequest(tmp_path / "a.gif", tmp_path / "out.png", boxes=(_LEFT,)), models)

    assert "2 frames" in result.notes[0]


def test_outlines_are_looked_at_closely_where_that_is_asked_for(request_for, tmp_path):
    y, x = np.mgrid[:400, :600]
    truth = np.hypot(y - 200, x - 300) < 120 + 12 * np.sin(20 * np.arctan2(y - 200, x - 300))
    path = tmp_path / "large.png"
    Image.fromarray(np.where(truth[..., None], 200, 56).repeat(3, axis=2).astype(np.uint8)).save(path)
    errors = []
    for is_detailed in (False, True):
        models = LoadedModels(None, lambda *_: ReducedSegmenter(64, 32), lambda *_: None)
        request = request_for(image=path, points=(PointPrompt(300, 200),), is_edge_detailed=is_detailed)
        run_cut(request, models)
        errors.append(error_of(_mask(tmp_path), truth))
    assert errors[1] < 0.6 * errors[0]
