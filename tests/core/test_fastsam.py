"""How FastSAM's objects are chosen by points, boxes and strictness, on a network that says what the test wants."""

from dataclasses import replace

import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.detectors.text_masks import unite
from core.device import CPU_ONLY
from core.errors import NothingFoundError, PromptError
from core.geometry import Box, Rect, Size
from core.prompt import Prompt
from core.segmenter import AnswersBoxes, FindsEverything, FollowsStrictness, KeepsEmbeddings, Strictness
from core.segmenters.fastsam import FastSamSegmenter
from core.segmenters.fastsam_frame import Frame

SIZE = Size(2048, 1536)
PHOTO = np.zeros((*SIZE.shape, 3), np.uint8)


class Network:
    """Finds the boxes it is given, in pixels of the photo, each filled up to its borders."""

    def __init__(self, *found: tuple[Box, float]) -> None:
        self.found, self.runs = found, 0

    def __call__(self, pixels):
        import torch

        self.runs += 1
        height, width = pixels.shape[2:]
        prototypes = torch.full((1, 32, height // 4, width // 4), -1.0)
        prototypes[:, 0] = 1.0
        places = torch.zeros(1, 37, len(self.found))
        for index, (box, confidence) in enumerate(self.found):
            scale = 1024 / SIZE.longest
            middle = (box.x0 + box.x1) / 2 * scale, (box.y0 + box.y1) / 2 * scale
            row = [*middle, box.width * scale, box.height * scale, confidence, 5.0]
            places[0, : len(row), index] = torch.tensor(row)
        return (places, prototypes), None


WALL = (Box(0, 0, 2048, 1536), 0.5)
TABLE = (Box(200, 700, 1800, 1500), 0.9)
CUP = (Box(900, 800, 1100, 1000), 0.7)
COPY = (Box(895, 800, 1105, 1000), 0.45)
SPOON = (Box(300, 1000, 600, 1040), 0.2)


def made(*found, strictness=None):
    network = Network(*found)
    return FastSamSegmenter("fastsam_s", "FastSAM-s", network, "digest", CPU_ONLY, strictness or Strictness())


@pytest.fixture
def segmenter():
    return made(WALL, TABLE, CUP, COPY, SPOON)


@pytest.fixture
def embedding(segmenter):
    return segmenter.embed(PHOTO, CancelToken())


def rects(segmenter, embedding, candidates):
    return [Rect.of_mask(segmenter.to_mask(embedding, candidate)) for candidate in candidates]


def rect_of(found):
    return found[0].to_rect()


def test_it_offers_all_that_a_segmenter_may(segmenter):
    for protocol in (FindsEverything, AnswersBoxes, KeepsEmbeddings, FollowsStrictness):
        assert isinstance(segmenter, protocol)


def test_a_click_takes_the_smallest_object_and_offers_larger_ones(segmenter, embedding):
    prediction = segmenter.predict(embedding, Prompt().with_point(1000, 900))
    assert rects(segmenter, embedding, prediction.candidates) == [rect_of(o) for o in (CUP, TABLE, WALL)]
    assert prediction.best_index == 0
    assert prediction.best.score == pytest.approx(0.7)


def test_exclude_points_rule_out_what_holds_them(segmenter, embedding):
    prompt = Prompt().with_point(1000, 900).with_point(1050, 1200)
    assert rects(segmenter, embedding, segmenter.predict(embedding, prompt).candidates)[0] == rect_of(TABLE)
    prompt = Prompt().with_point(500, 900).with_point(1000, 900, is_include=False).with_point(5, 5, is_include=False)
    with pytest.raises(NothingFoundError, match=r"fits all of that.*less sure than 40%"):
        segmenter.predict(embedding, prompt)


def test_a_point_counts_for_the_pixel_under_it(segmenter, embedding):
    inside, outside = Prompt().with_point(900.2, 800.9), Prompt().with_point(899.9, 850)
    assert rects(segmenter, embedding, [segmenter.predict(embedding, inside).best]) == [rect_of(CUP)]
    assert rects(segmenter, embedding, [segmenter.predict(embedding, outside).best]) == [rect_of(TABLE)]


def test_a_box_takes_the_object_that_fills_it_best(segmenter, embedding):
    prompt = Prompt(box=Box(150, 680, 1850, 1536))
    prediction = segmenter.predict(embedding, prompt)
    assert rects(segmenter, embedding, [prediction.best]) == [rect_of(TABLE)]
    areas = [int(segmenter.to_mask(embedding, c).sum()) for c in prediction.candidates]
    assert areas == sorted(areas)


def test_points_beside_a_box_rule_out_what_contradicts_them(segmenter, embedding):
    box = Prompt(box=Box(880, 780, 1120, 1020))
    assert rects(segmenter, embedding, [segmenter.predict(embedding, box).best]) == [rect_of(CUP)]
    wider = box.with_point(500, 900)
    assert rects(segmenter, embedding, [segmenter.predict(embedding, wider).best]) == [rect_of(TABLE)]


def test_a_box_of_a_few_pixels_is_told_apart(segmenter, embedding):
    prediction = segmenter.predict(embedding, Prompt(box=Box(898, 798, 903, 803)))
    assert rects(segmenter, embedding, [prediction.best]) == [rect_of(CUP)]


def test_where_no_object_is_the_sentence_says_what_to_do():
    segmenter = made(CUP)
    embedding = segmenter.embed(PHOTO, CancelToken())
    for prompt in (Prompt().with_point(5, 5), Prompt(box=Box(0, 0, 50, 50))):
        with pytest.raises(NothingFoundError, match=r"FastSAM-s.*MobileSAM"):
            segmenter.predict(embedding, prompt)
    assert segmenter.predict_boxes(embedding, [Box(0, 0, 50, 50), CUP[0]], CancelToken())[0] is None


def test_prompts_outside_the_photo_and_words_are_refused(segmenter, embedding):
    for prompt in (Prompt().with_point(-1, 5), Prompt(box=Box(3000, 0, 3100, 9)), Prompt(text="cup"), Prompt()):
        with pytest.raises(PromptError):
            segmenter.predict(embedding, prompt)


def test_many_boxes_are_answered_as_one_by_one(segmenter, embedding):
    boxes = [CUP[0], TABLE[0], Box(10, 10, 300, 300)]
    together = segmenter.predict_boxes(embedding, boxes, CancelToken())
    alone = [segmenter.predict(embedding, Prompt(box=box)).best for box in boxes]
    assert rects(segmenter, embedding, together) == rects(segmenter, embedding, alone)
    withdrawn = CancelToken()
    withdrawn.cancel()
    with pytest.raises(Cancelled):
        segmenter.predict_boxes(embedding, boxes, withdrawn)


def test_everything_comes_largest_first_with_progress(segmenter, embedding):
    fractions = []
    found = segmenter.find_everything(embedding, CancelToken(), fractions.append)
    assert rects(segmenter, embedding, found) == [rect_of(o) for o in (WALL, TABLE, CUP)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_strictness_chooses_again_without_the_network(segmenter, embedding):
    runs = segmenter._network.runs
    lenient, strict = segmenter.adjusted(Strictness(0.1, 0.99)), segmenter.adjusted(Strictness(0.8, 0.9))
    assert len(lenient.find_everything(embedding, CancelToken())) == 5
    assert len(strict.find_everything(embedding, CancelToken())) == 1
    assert len(segmenter.find_everything(embedding, CancelToken())) == 3
    assert segmenter._network.runs == runs == 1


def test_a_kept_embedding_answers_the_same(segmenter, embedding):
    again = segmenter.unpack(SIZE, {name: array.copy() for name, array in segmenter.pack(embedding).items()})
    prompt = Prompt().with_point(1000, 900)
    for one, other in zip(*(segmenter.predict(e, prompt).candidates for e in (embedding, again)), strict=True):
        np.testing.assert_array_equal(one.logits, other.logits)
    for size, arrays in ((Size(10, 2000), segmenter.pack(embedding)), (SIZE, {"rows": embedding.payload.rows})):
        with pytest.raises(ValueError, match="of"):
            segmenter.unpack(size, arrays)
    assert made(CUP).fingerprint == segmenter.fingerprint != ""


def test_the_memory_kept_of_a_photo_is_told_and_small(embedding):
    assert 6e6 < embedding.nbytes < 9e6
    assert embedding.nbytes >= embedding.payload.prototypes.nbytes + embedding.payload.rows.nbytes


def test_a_united_answer_keeps_the_straight_borders_of_its_parts(segmenter, embedding):
    parts = [c for c in segmenter.find_everything(embedding, CancelToken()) if c.score in (pytest.approx(0.7),)]
    union = unite([*parts, segmenter.predict(embedding, Prompt(box=CUP[0])).best])
    drawn = Rect.of_mask(segmenter.to_mask(embedding, union))
    assert abs(drawn.x - 900) <= 3
    assert abs(drawn.right - 1100) <= 3


def test_soft_edges_never_move_the_outline(segmenter, embedding):
    for candidate in segmenter.find_everything(embedding, CancelToken()):
        mask = segmenter.to_mask(embedding, candidate)
        np.testing.assert_array_equal(segmenter.to_soft(embedding, candidate) >= 128, mask)


def test_what_the_network_says_without_sense_is_left_out():
    broken = made(CUP, (Box(float("nan"), 0, 5, 5), 0.9))
    assert len(broken.find_everything(broken.embed(PHOTO, CancelToken()), CancelToken())) == 1


@pytest.mark.parametrize("size", [Size(1, 1), Size(1, 3000), Size(3000, 1)], ids=str)
def test_narrow_photos_are_seen_whole(size):
    frame = Frame.of(size)
    assert frame.outer.width % 32 == frame.outer.height % 32 == 0
    np.testing.assert_allclose(frame.to_cells(np.zeros((1, 2))), [frame.origin])


def test_an_embedding_of_another_model_is_refused(segmenter, embedding):
    with pytest.raises(ValueError, match="other"):
        segmenter.predict(replace(embedding, segmenter="other"), Prompt().with_point(5, 5))


def test_a_withdrawn_request_is_not_looked_at(segmenter):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        segmenter.embed(PHOTO, token)
