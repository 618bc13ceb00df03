"""SAM and MobileSAM answer as their own libraries do, from the same weights file."""

from contextlib import nullcontext
from dataclasses import replace
from math import ceil

import numpy as np
import pytest
from PIL import Image

from core.cancel import Cancelled, CancelToken
from core.device import Device, Precision
from core.errors import NothingFoundError, PromptError
from core.geometry import Box, Size
from core.model_store import ModelStore
from core.prompt import Prompt
from core.segment_request import ModelChoice
from core.segmenters.registry import load_segmenter
from core.segmenters.sam import frame_size
from core.segmenters.sam_readings import arrange
from tests.sam_files import build_network, draw_photo, short_vit_b, write_weights

pytestmark = pytest.mark.usefixtures("in_pytorch")

CLICK = Prompt().with_point(0.45, 0.55)
PROMPTS = {
    "click": CLICK,
    "points and exclude": CLICK.with_point(0.5, 0.6).with_point(0.1, 0.1, is_include=False),
    "box": Prompt().with_box(Box(0.2, 0.25, 0.7, 0.85)),
    "box and points": CLICK.with_box(Box(0.2, 0.25, 0.7, 0.85)).with_point(0.9, 0.2, is_include=False),
}
CLOSE = 1e-4
"""How far fp32 may be from the library: sums are made in another order. It is nearer to 1e-6."""

SIZES = {"landscape": (1300, 333), "portrait": (301, 517), "square": (256, 256)}
"""One of them shrunk, two enlarged."""


def scaled(prompt, size):
    box = prompt.box and Box(
        prompt.box.x0 * size.width, prompt.box.y0 * size.height, prompt.box.x1 * size.width, prompt.box.y1 * size.height
    )
    moved = Prompt().with_box(box)
    for point in prompt.points:
        moved = moved.with_point(point.x * size.width, point.y * size.height, point.is_include)
    return moved


def ask_reference(predictor, prompt, previous=None, is_multimask=True):
    box = prompt.box and np.array([prompt.box.x0, prompt.box.y0, prompt.box.x1, prompt.box.y1])
    points = np.array([(p.x, p.y) for p in prompt.points]) if prompt.points else None
    labels = np.array([int(p.is_include) for p in prompt.points]) if prompt.points else None
    mask_input = None if previous is None else previous.logits[None].copy()
    answer = predictor.predict(points, labels, box, mask_input, multimask_output=is_multimask)
    return list(zip(*answer, strict=True))


def difference(ours, theirs):
    """The largest difference, measured by the largest number."""
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def assert_same(segmenter, embedding, candidate, reference):
    mask, score, logits = reference
    assert difference(candidate.logits, logits) < CLOSE
    assert candidate.score == pytest.approx(float(score), abs=1e-5)
    # Logits of random weights flicker around zero; a trained network's do so only at the outline.
    assert np.mean(segmenter.to_mask(embedding, candidate) != mask) < 1e-3


def assert_same_answers(segmenter, embedding, predictor, prompt, previous=None):
    """A click gives the library's three masks; anything else its single mask, beside two of the three."""
    prediction = segmenter.predict(embedding, prompt, previous)
    assert len({candidate.logits.tobytes() for candidate in prediction.candidates}) == len(prediction.candidates)
    single = ask_reference(predictor, prompt, previous, is_multimask=False)
    three = ask_reference(predictor, prompt, previous, is_multimask=True)
    known = [*single, *three]
    numbers = [
        min(range(4), key=lambda i: difference(candidate.logits, known[i][2])) for candidate in prediction.candidates
    ]
    answers = [known[i] for i in numbers]
    for candidate, answer in zip(prediction.candidates, answers, strict=True):
        assert_same(segmenter, embedding, candidate, answer)
    if len(prompt.points) == 1 and prompt.box is None and previous is None:
        assert set(numbers) == {1, 2, 3}
        assert prediction.best.score == pytest.approx(max(float(a[1]) for a in three), abs=1e-6)
    else:
        assert len(prediction.candidates) == 3
        assert_same(segmenter, embedding, prediction.best, single[0])
    return prediction


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("weights") / "mobile_sam.pt", "vit_t")


@pytest.fixture(scope="module")
def segmenter(weights):
    choice = ModelChoice("mobile_sam", device=Device.CPU, precision=Precision.FP32)
    return load_segmenter(choice, ModelStore(weights.parent))


@pytest.fixture(scope="module")
def predictor(weights):
    import mobile_sam
    import torch

    network = build_network("vit_t")
    network.load_state_dict(torch.load(weights, weights_only=True))
    return mobile_sam.SamPredictor(network.eval())  # once more, or its position biases stay zero


@pytest.fixture(scope="module", params=SIZES.values(), ids=SIZES.keys())
def embedded(request, segmenter, predictor):
    image = draw_photo(*request.param)
    predictor.set_image(image)
    return segmenter.embed(image, CancelToken()), image


@pytest.fixture(scope="module")
def square(segmenter):
    image = draw_photo(200, 200)
    return segmenter.embed(image, CancelToken()), image


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS.keys())
def test_mobile_sam_equals_the_corrected_library(segmenter, predictor, embedded, prompt):
    embedding, _ = embedded
    assert_same_answers(segmenter, embedding, predictor, scaled(prompt, embedding.image_size))


@pytest.mark.parametrize("name", ["click", "box and points"])
def test_mobile_sam_fed_with_its_last_answer_equals_the_library(segmenter, predictor, embedded, name):
    embedding, _ = embedded
    prompt = PROMPTS[name]
    first = segmenter.predict(embedding, scaled(CLICK, embedding.image_size)).best
    assert_same_answers(segmenter, embedding, predictor, scaled(prompt, embedding.image_size), previous=first)


def test_embedding_is_the_librarys_own_in_every_orientation(predictor, embedded):
    embedding, _ = embedded
    assert difference(embedding.payload.features.numpy(), predictor.features.numpy()) < CLOSE


def test_colours_reach_the_encoder_red_first(segmenter, square):
    embedding, image = square
    swapped = segmenter.embed(np.ascontiguousarray(image[..., ::-1]), CancelToken())
    assert not np.allclose(swapped.payload.features.numpy(), embedding.payload.features.numpy(), atol=1e-3)


def test_soft_edge_never_moves_the_outline(segmenter, embedded):
    embedding, _ = embedded
    for candidate in segmenter.predict(embedding, scaled(CLICK, embedding.image_size)).candidates:
        soft = segmenter.to_soft(embedding, candidate)
        np.testing.assert_array_equal(soft >= 128, segmenter.to_mask(embedding, candidate))
        assert len(np.unique(soft)) > 2


def test_preview_is_the_mask_but_for_rounding_at_the_outline(segmenter, embedded):
    embedding, _ = embedded
    best = segmenter.predict(embedding, scaled(CLICK, embedding.image_size)).best
    # A trained network's logits are smooth, those of random weights flicker from cell to cell.
    y, x = np.mgrid[0:256, 0:256].astype(np.float32)
    smooth = replace(best, logits=30 - np.hypot(x - best.extent[0] / 2, y - best.extent[1] / 2))
    mask = segmenter.to_mask(embedding, smooth)
    assert 0.01 < mask.mean() < 0.99
    assert np.mean(smooth.preview(embedding.image_size) != mask) < 0.005


def test_candidates_come_smallest_first_and_read_only(segmenter, embedded):
    embedding, _ = embedded
    candidates = segmenter.predict(embedding, scaled(CLICK, embedding.image_size)).candidates
    width, height = (ceil(side) for side in candidates[0].extent)
    areas = [np.count_nonzero(c.logits[:height, :width] > 0) for c in candidates]
    assert areas == sorted(areas)
    assert not any(c.logits.flags.writeable for c in candidates)


@pytest.mark.parametrize("precision", [Precision.FP32, Precision.BF16])
def test_position_biases_of_the_encoder_are_in_force_after_every_way_of_loading(weights, predictor, precision):
    segmenter = load_segmenter(ModelChoice("mobile_sam", weights, Device.CPU, precision))
    theirs = [m for m in predictor.model.image_encoder.modules() if hasattr(m, "attention_biases")]
    ours = [m for m in segmenter._network.image_encoder.modules() if hasattr(m, "attention_biases")]
    assert len(ours) == len(theirs) > 0
    for attention, reference in zip(ours, theirs, strict=True):
        assert attention.ab.std() > 0
        assert (attention.ab == reference.attention_biases[:, reference.attention_bias_idxs]).all()


def test_encoder_answers_otherwise_without_its_position_biases(weights, square):
    embedding, image = square
    without = load_segmenter(ModelChoice("mobile_sam", weights, Device.CPU, Precision.FP32))
    for attention in without._network.image_encoder.modules():
        if hasattr(attention, "attention_biases"):
            attention.ab.zero_()
    features = without.embed(image, CancelToken()).payload.features
    assert difference(features.numpy(), embedding.payload.features.numpy()) > 0.01


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (Size(4000, 3000), Size(1024, 768)),
        (Size(3000, 4000), Size(768, 1024)),
        (Size(100, 100), Size(1024, 1024)),
        (Size(1, 5000), Size(1, 1024)),
        (Size(1300, 333), Size(1024, 262)),
    ],
)
def test_longest_side_fills_the_frame_in_both_orientations(size, expected):
    assert frame_size(size) == expected


def test_hundreds_of_points_are_answered(segmenter, square):
    prompt = Prompt()
    for place in range(300):
        prompt = prompt.with_point(place % 200, place // 2, is_include=place % 3 > 0)
    assert segmenter.predict(square[0], prompt).candidates


def test_words_alone_are_refused_with_what_is_needed(segmenter, square):
    with pytest.raises(PromptError, match="point or a box"):
        segmenter.predict(square[0], Prompt(text="dog"))


def test_a_point_outside_the_photo_is_refused(segmenter, square):
    with pytest.raises(PromptError, match="outside"):
        segmenter.predict(square[0], Prompt().with_point(-1, 5))


def test_withdrawn_request_is_not_encoded(segmenter):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        segmenter.embed(draw_photo(64, 64), token)


def test_request_withdrawn_after_the_resizing_is_not_encoded(segmenter, monkeypatch):
    token = CancelToken()
    resize = Image.Image.resize

    def withdraw(self, *args):
        token.cancel()
        return resize(self, *args)

    monkeypatch.setattr(Image.Image, "resize", withdraw)
    monkeypatch.setattr(segmenter, "_encode", None)
    with pytest.raises(Cancelled):
        segmenter.embed(draw_photo(64, 64), token)


def test_float_images_are_refused_instead_of_becoming_garbage(segmenter):
    with pytest.raises(TypeError, match="uint8"):
        segmenter.embed(np.zeros((4, 4, 3), np.float32), CancelToken())


def test_previous_answer_of_another_segmenter_is_not_fed_back(segmenter, square):
    embedding, _ = square
    prompt = scaled(PROMPTS["box"], embedding.image_size)
    own = segmenter.predict(embedding, prompt)
    foreign = type(own.best)(np.ones((40, 30), np.float32), (30, 40), 0.5)
    again = segmenter.predict(embedding, prompt, foreign)
    np.testing.assert_array_equal(again.best.logits, own.best.logits)


def test_bf16_on_the_processor_stays_close_to_fp32(weights, square):
    embedding, image = square
    choice = ModelChoice("mobile_sam", weights, Device.CPU, Precision.BF16)
    rough = load_segmenter(choice).embed(image, CancelToken()).payload.features.numpy()
    exact = embedding.payload.features.numpy()
    assert rough.dtype == np.float32
    assert 1e-4 < np.linalg.norm(rough - exact) / np.linalg.norm(exact) < 0.05


def test_empty_readings_are_left_out_and_all_empty_is_nothing_found():
    logits = np.full((4, 8, 8), -1, np.float32)
    logits[2, 2:4, 2:4] = 1
    logits[3, 6:, 6:] = 1  # only in the padding beside the photo
    prediction = arrange(logits, np.array([0.9, 0.8, 1.3, 0.6]), (5.5, 5.5), is_ambiguous=False)
    assert [c.score for c in prediction.candidates] == [1.0]
    with pytest.raises(NothingFoundError):
        arrange(logits, np.ones(4), (1.0, 1.0), is_ambiguous=True)


# Two blocks take a tenth of the time of all twelve.
@pytest.mark.parametrize("blocks", [2, pytest.param(12, marks=pytest.mark.slow)])
def test_sam_vit_b_equals_its_library(tmp_path, blocks):
    import segment_anything

    with short_vit_b() if blocks == 2 else nullcontext():
        path = write_weights(tmp_path / "sam_vit_b_01ec64.pth", "vit_b")
        choice = ModelChoice("sam_vit_b", device=Device.CPU, precision=Precision.FP32)
        segmenter = load_segmenter(choice, ModelStore(tmp_path))
        predictor = segment_anything.SamPredictor(build_network("vit_b", path))
    assert len(segmenter._network.image_encoder.blocks) == len(predictor.model.image_encoder.blocks) == blocks
    image = draw_photo(150, 211)
    embedding = segmenter.embed(image, CancelToken())
    predictor.set_image(image)
    assert difference(embedding.payload.features.numpy(), predictor.features.numpy()) < CLOSE
    first = None
    for prompt in PROMPTS.values():
        prediction = assert_same_answers(segmenter, embedding, predictor, scaled(prompt, embedding.image_size))
        first = first or prediction.best
    box = scaled(PROMPTS["box and points"], embedding.image_size)
    assert_same_answers(segmenter, embedding, predictor, box, previous=first)
