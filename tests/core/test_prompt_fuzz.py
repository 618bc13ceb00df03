"""Whatever a prompt holds, on whatever photo: a valid answer, or one sentence for the person; never a crash."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cancel import CancelToken
from core.detectors.owl import load_owl
from core.detectors.phrases import split_phrases
from core.detectors.text_masks import find_all
from core.device import Device, Precision
from core.errors import NothingFoundError, PromptError
from core.geometry import Box, Size
from core.model_list import MODELS
from core.model_store import ModelStore
from core.prompt import PointPrompt, Prompt
from core.scribble import Scribble
from core.segment_request import ModelChoice
from core.segmenters.registry import load_segmenter
from tests.core.fastsam_files import build_network, write_table
from tests.core.owl_models import write_owl
from tests.sam_files import draw_photo, short_vit_b, write_weights

pytestmark = pytest.mark.usefixtures("in_pytorch")

NOISE = np.random.default_rng(5)
PHOTOS = {
    "one pixel": np.full((1, 1, 3), 90, np.uint8),
    "a row": NOISE.integers(0, 256, (1, 5000, 3), dtype=np.uint8),
    "a column": NOISE.integers(0, 256, (5000, 1, 3), dtype=np.uint8),
    "tiny": NOISE.integers(0, 256, (2, 3, 3), dtype=np.uint8),
    "uniform": np.full((40, 30, 3), 255, np.uint8),
    "ordinary": draw_photo(120, 90),
}
SEGMENTERS = {
    "classic": (10, tuple(PHOTOS)),
    "mobile_sam": (4, ("one pixel", "a row", "a column", "ordinary")),
    "sam_vit_b": (4, ("one pixel", "ordinary")),
    "fastsam_s": (6, ("one pixel", "a row", "a column", "ordinary")),
}
"""How many prompts of each kind which photos are asked about: encoders and decoders take their time."""

MANY = 5
"""So many times as many prompts are tried by the slow tests."""

ODD = st.sampled_from([float("nan"), float("inf"), float("-inf"), 1e308, -1e308, 1e-310, -0.0, 2.0**31, -1.0])
BAD_WIDTHS = [0.0, -1.0, float("nan"), float("inf")]
SHARES = st.floats(-0.2, 1.2) | st.sampled_from([0.0, 0.5, 1.0, np.nextafter(1.0, 0.0)])


@pytest.fixture(scope="module")
def segmenters(tmp_path_factory):
    """Every family, with random weights where it needs some."""
    folder = tmp_path_factory.mktemp("weights")
    with short_vit_b():  # prompts never meet the encoder, which takes seconds a photo
        weights = {
            "mobile_sam": write_weights(folder / "mobile_sam.pt", "vit_t"),
            "sam_vit_b": write_weights(folder / "sam_vit_b.pth", "vit_b"),
            "fastsam_s": write_table(folder / "fastsam.pt", build_network("s")),
        }
        choices = [ModelChoice(name, weights.get(name), Device.CPU) for name in SEGMENTERS]
        return {choice.name: load_segmenter(choice, ModelStore(folder)) for choice in choices}


@pytest.fixture(scope="module", params=[f"{name}, {p}" for name, (_, ps) in SEGMENTERS.items() for p in ps])
def asked(request, segmenters):
    """A segmenter and what it made of one of the photos."""
    name, photo = request.param.split(", ")
    return segmenters[name], segmenters[name].embed(PHOTOS[photo], CancelToken())


@st.composite
def coordinates(draw, length):
    return draw(ODD) if draw(st.integers(0, 9)) == 0 else draw(SHARES) * length


@st.composite
def boxes(draw, size):
    x0, y0, x1, y1 = (draw(coordinates(length)) for length in (size.width, size.height) * 2)
    return Box(x0, y0, draw(st.just(x0)) if draw(st.integers(0, 9)) == 0 else x1, y1)


@st.composite
def scribbles(draw, size):
    path = draw(st.lists(st.tuples(coordinates(size.width), coordinates(size.height)), min_size=1, max_size=4))
    width = draw(st.floats(0.1, 50) | st.sampled_from([1e-3, 1e5, *BAD_WIDTHS]))
    return Scribble(tuple(path), width, draw(st.booleans()))


@st.composite
def prompts(draw, size):
    points = draw(
        st.lists(st.builds(PointPrompt, coordinates(size.width), coordinates(size.height), st.booleans()), max_size=6)
    )
    strokes = draw(st.lists(scribbles(size), max_size=2))
    return Prompt(tuple(points), draw(st.none() | boxes(size)), draw(st.sampled_from(["", "cat"])), tuple(strokes))


def ask(segmenter, embedding, prompt, previous=None):
    """Ask, and check what comes; return the best candidate, or None if the prompt was refused or nothing was found."""
    try:
        prompt.checked(embedding.image_size)
    except PromptError:
        with pytest.raises(PromptError):
            segmenter.predict(embedding, prompt, previous)
        return None
    try:
        prediction = segmenter.predict(embedding, prompt, previous)
    except (PromptError, NothingFoundError) as refusal:
        assert_sentence(refusal)
        return None
    assert_valid(segmenter, embedding, prediction)
    return prediction.best


def assert_sentence(refusal):
    assert str(refusal).endswith((".", "…"))


def assert_valid(segmenter, embedding, prediction):
    assert 1 <= len(prediction.candidates) <= 3
    assert 0 <= prediction.best_index < len(prediction.candidates)
    for candidate in prediction.candidates:
        assert np.isfinite(candidate.score)
        assert 0 <= candidate.score <= 1
        assert candidate.logits.dtype == np.float32
        assert candidate.logits.ndim == 2
        assert np.isfinite(candidate.logits).all()
        assert not candidate.logits.flags.writeable
        assert np.isfinite((*candidate.extent, *candidate.origin)).all()
        assert min(candidate.extent) > 0
        assert candidate.window is None or candidate.window.clipped(Size(1, 1)) == candidate.window
    mask = segmenter.to_mask(embedding, prediction.best)
    assert mask.dtype == np.bool_
    assert mask.shape == embedding.image_size.shape
    np.testing.assert_array_equal(segmenter.to_soft(embedding, prediction.best) >= 128, mask)


@pytest.fixture(params=[1, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"])
def examples(request):
    """Return how many prompts a segmenter is asked."""
    return lambda segmenter: settings(max_examples=request.param * SEGMENTERS[segmenter.name][0], database=None)


def test_a_prompt_of_any_kind_is_answered_or_refused(asked, examples):
    segmenter, embedding = asked

    @examples(segmenter)
    @given(prompt=prompts(embedding.image_size))
    def check(prompt):
        ask(segmenter, embedding, prompt)

    check()


def test_a_prompt_that_refines_another_answer_is_answered_or_refused(asked, examples):
    segmenter, embedding = asked
    middle = Prompt().with_point(embedding.image_size.width / 2, embedding.image_size.height / 2)
    first = ask(segmenter, embedding, middle)

    @examples(segmenter)
    @given(prompt=prompts(embedding.image_size))
    def check(prompt):
        ask(segmenter, embedding, prompt, first)

    check()


def test_thousands_of_points_in_a_box_are_answered_or_refused(asked):
    segmenter, embedding = asked
    size, draw = embedding.image_size, np.random.default_rng(1)
    is_crowded = 1 in size.shape
    places = draw.random((300 if is_crowded else 2000, 2)) * [size.width, size.height]
    points = tuple(PointPrompt(float(x), float(y), bool(i % 3)) for i, (x, y) in enumerate(places))
    ask(segmenter, embedding, Prompt(points, Box(-1e308, -1e308, 1e308, 1e308)))


REFUSED = [
    Prompt(),
    Prompt((PointPrompt(0, 0, False),)),
    Prompt((PointPrompt(-1, 0),)),
    Prompt((PointPrompt(float("nan"), 0),)),
    Prompt((PointPrompt(0, float("inf")),)),
    Prompt((PointPrompt(5000, 5000),)),
    Prompt((PointPrompt(0, 0), PointPrompt(1e308, 0, False))),
    Prompt(box=Box(float("nan"), 0, 1, 1)),
    Prompt(box=Box(0, 0, 0, 0)),
    Prompt(box=Box(-9, -9, -1, -1)),
    Prompt(text="cat"),
    Prompt(scribbles=(Scribble((), 4),)),
    Prompt(scribbles=(Scribble(((0, 0),), 4, is_include=False),)),
    Prompt(scribbles=(Scribble(((0, 0), (float("nan"), 0)), 4),)),
    Prompt(scribbles=(Scribble(((-9, -9), (-1, -1)), 4),)),
    Prompt((PointPrompt(0, 0),), scribbles=tuple(Scribble(((0, 0),), width) for width in BAD_WIDTHS)),
]


def test_what_nobody_can_answer_is_refused_in_a_sentence(asked):
    segmenter, embedding = asked
    for prompt in REFUSED:
        with pytest.raises(PromptError, match=r"\.$"):
            segmenter.predict(embedding, prompt)


def test_the_corners_of_the_photo_are_in_it(asked):
    segmenter, embedding = asked
    size = embedding.image_size
    right, bottom = float(np.nextafter(size.width, 0)), float(np.nextafter(size.height, 0))
    for x, y in ((0, 0), (right, bottom)):
        ask(segmenter, embedding, Prompt().with_point(x, y))


def test_a_click_with_the_classical_segmenter_lies_in_its_answer(segmenters, examples):
    segmenter = segmenters["classic"]
    embedding = segmenter.embed(PHOTOS["ordinary"], CancelToken())
    size = embedding.image_size

    @examples(segmenter)
    @given(x=st.floats(0, size.width, exclude_max=True), y=st.floats(0, size.height, exclude_max=True))
    def check(x, y):
        best = ask(segmenter, embedding, Prompt().with_point(x, y))
        assert best is not None
        assert segmenter.to_mask(embedding, best)[int(y), int(x)]

    check()


def test_two_clicks_on_one_pixel_that_contradict_each_other_end_with_the_last(segmenters):
    segmenter = segmenters["classic"]
    embedding = segmenter.embed(PHOTOS["ordinary"], CancelToken())
    prompt = Prompt().with_point(20, 20, is_include=False).with_point(20.5, 20.5).with_point(60, 50)
    best = ask(segmenter, embedding, prompt)
    assert segmenter.to_mask(embedding, best)[20, 20]


# --- words ---


@pytest.fixture(scope="module", params=["owlvit", "owlv2"])
def seen(request, tmp_path_factory):
    """A detector and what it saw in a photo of one row."""
    folder = write_owl(tmp_path_factory.mktemp(request.param), request.param)
    detector = load_owl(MODELS[request.param], folder, Device.CPU, Precision.FP32)
    return detector, [detector.embed(PHOTOS[name], CancelToken()) for name in ("one pixel", "a row", "ordinary")]


def look_for(detector, embedding, text):
    """Look for words, and check what comes."""
    try:
        detections = find_all(detector, embedding, text)
    except PromptError as refusal:
        assert_sentence(refusal)
        return
    size = embedding.image_size
    for detection in detections:
        box = detection.box
        assert 0 <= detection.score <= 1
        assert box.is_finite
        assert box.clipped(size) == box
        assert min(box.width, box.height) > 0
        assert detection.label in split_phrases(text)


def test_words_of_any_kind_are_looked_for_or_refused(seen):
    detector, embeddings = seen

    @settings(max_examples=60, database=None)
    @given(text=st.text(max_size=40) | st.text("aé, -'9", max_size=300), number=st.integers(0, len(embeddings) - 1))
    def check(text, number):
        look_for(detector, embeddings[number], text)

    check()


@pytest.mark.parametrize(
    "text",
    ["cat", "a " * 500, "cat," * 300, "x" * 5000, "\0", "\ud800", "猫", "🐈", "e\u0301", "<|endoftext|>", "!", ",,,"],
)
def test_words_that_have_broken_other_programs(seen, text):
    detector, embeddings = seen
    look_for(detector, embeddings[-1], text)
