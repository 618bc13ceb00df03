"""Words become boxes, boxes become masks, masks become one candidate."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from core.arrays import Coverage, Mask, RgbImage
from core.cancel import Cancelled, CancelToken
from core.detectors.detector import Detection, DetectorEmbedding
from core.detectors.text_masks import BATCH, find_all, find_detections, predict_text, unite
from core.device import CPU_ONLY, DeviceChoice
from core.errors import NothingFoundError, PromptError, SegmentationError
from core.geometry import Box, Rect, Size
from core.prompt import Prompt
from core.segmenter import Candidate, Embedding, Prediction

SIZE = Size(80, 40)
IMAGE = np.zeros((*SIZE.shape, 3), np.uint8)


class BoxSegmenter:
    """Fills the box that it is asked for, on a grid of half the photo's size; a worse candidate comes along."""

    name = "box"
    device_choice: DeviceChoice = CPU_ONLY

    def __init__(self, scores: dict[Box, float] | None = None) -> None:
        self.scores = scores or {}
        self.asked: list[Prompt] = []

    def embed(self, image: RgbImage, token: CancelToken) -> Embedding:
        return Embedding(self.name, Size.of(image), None, 0)

    def predict(self, embedding: Embedding, prompt: Prompt, previous: Candidate | None = None) -> Prediction:
        self.asked.append(prompt)
        assert prompt.box is not None
        score = self.scores.get(prompt.box, 0.5)
        if score == 0:
            raise NothingFoundError("nothing in this box")
        size = embedding.image_size
        logits = np.full((size.height // 2, size.width // 2), -4, np.float32)
        box = prompt.box
        logits[Box(box.x0 / 2, box.y0 / 2, box.x1 / 2, box.y1 / 2).to_rect().slices] = 4
        extent = (size.width / 2, size.height / 2)
        return Prediction((Candidate(-logits, extent, score / 2), Candidate(logits, extent, score)))

    def to_mask(self, embedding: Embedding, candidate: Candidate) -> Mask:
        return candidate.preview(embedding.image_size)

    def to_soft(self, embedding: Embedding, candidate: Candidate) -> Coverage:
        raise NotImplementedError


class BatchSegmenter(BoxSegmenter):
    """Also answers many boxes at once, and notes how many."""

    def __init__(self, scores: dict[Box, float] | None = None) -> None:
        super().__init__(scores)
        self.batches: list[int] = []

    def predict_boxes(
        self, embedding: Embedding, boxes: Sequence[Box], token: CancelToken
    ) -> tuple[Candidate | None, ...]:
        token.check()
        self.batches.append(len(boxes))
        return tuple(
            None if self.scores.get(box) == 0 else self.predict(embedding, Prompt(box=box)).best for box in boxes
        )


class ListDetector:
    """Finds the same detections in every photo, for the phrases that are asked for."""

    name = "list"
    device_choice: DeviceChoice = CPU_ONLY

    def __init__(self, *found: Detection) -> None:
        self.found = found

    def embed(self, image: RgbImage, token: CancelToken) -> DetectorEmbedding:
        return DetectorEmbedding(self.name, Size.of(image), None, 0)

    def detect(
        self, embedding: DetectorEmbedding, phrases: Sequence[str], token: CancelToken | None = None
    ) -> tuple[Detection, ...]:
        return tuple(d for d in self.found if d.label in phrases)


LEFT = Detection(Box(4, 4, 24, 14), 0.6, "dog")
RIGHT = Detection(Box(40, 10, 60, 30), 0.4, "cat")
DETECTOR = ListDetector(LEFT, RIGHT)


def embedded(segmenter: BoxSegmenter) -> Embedding:
    return segmenter.embed(IMAGE, CancelToken())


def find(text: str, threshold: float, detector: Any = DETECTOR) -> tuple[Detection, ...]:
    return find_detections(detector, detector.embed(IMAGE, CancelToken()), text, threshold)


def test_one_detection_gives_the_best_mask_in_its_box() -> None:
    segmenter = BoxSegmenter()
    prediction = predict_text(segmenter, embedded(segmenter), [LEFT])
    assert len(prediction.candidates) == 1
    assert Rect.of_mask(segmenter.to_mask(embedded(segmenter), prediction.best)) == LEFT.box.to_rect()
    assert [prompt.box for prompt in segmenter.asked] == [LEFT.box]


def test_several_detections_give_the_union_of_their_masks() -> None:
    segmenter = BoxSegmenter()
    embedding = embedded(segmenter)
    both = segmenter.to_mask(embedding, predict_text(segmenter, embedding, [LEFT, RIGHT]).best)
    one = segmenter.to_mask(embedding, predict_text(segmenter, embedding, [LEFT]).best)
    other = segmenter.to_mask(embedding, predict_text(segmenter, embedding, [RIGHT]).best)
    assert (both == (one | other)).all()


def test_the_score_is_the_mean_weighted_by_area() -> None:
    segmenter = BoxSegmenter({LEFT.box: 0.9, RIGHT.box: 0.6})
    score = predict_text(segmenter, embedded(segmenter), [LEFT, RIGHT]).best.score
    assert score == pytest.approx((0.9 * 200 + 0.6 * 400) / 600)


def test_a_box_with_nothing_in_it_is_left_out() -> None:
    segmenter = BoxSegmenter({LEFT.box: 0})
    embedding = embedded(segmenter)
    mask = segmenter.to_mask(embedding, predict_text(segmenter, embedding, [LEFT, RIGHT]).best)
    assert Rect.of_mask(mask) == RIGHT.box.to_rect()


def test_boxes_with_nothing_in_any_say_so() -> None:
    segmenter = BoxSegmenter({LEFT.box: 0, RIGHT.box: 0})
    with pytest.raises(NothingFoundError, match="“dog, cat”"):
        predict_text(segmenter, embedded(segmenter), [LEFT, RIGHT])


def test_no_box_at_all_says_so() -> None:
    segmenter = BoxSegmenter()
    with pytest.raises(NothingFoundError, match="No object"):
        predict_text(segmenter, embedded(segmenter), [])


def test_a_failure_of_the_segmenter_is_not_hidden() -> None:
    class Failing(BoxSegmenter):
        def predict(self, *_: Any) -> Prediction:
            raise SegmentationError("out of memory")

    segmenter = Failing()
    with pytest.raises(SegmentationError, match="out of memory"):
        predict_text(segmenter, embedded(segmenter), [LEFT])


def test_a_withdrawn_request_asks_for_no_further_box() -> None:
    token = CancelToken()

    class Withdrawing(BoxSegmenter):
        def predict(self, embedding: Embedding, prompt: Prompt, previous: Candidate | None = None) -> Prediction:
            token.cancel()
            return super().predict(embedding, prompt, previous)

    segmenter = Withdrawing()
    with pytest.raises(Cancelled):
        predict_text(segmenter, embedded(segmenter), [LEFT, RIGHT], token)
    assert len(segmenter.asked) == 1


def test_a_segmenter_that_answers_boxes_together_is_asked_together() -> None:
    one_by_one, together = BoxSegmenter({LEFT.box: 0}), BatchSegmenter({LEFT.box: 0})
    masks = [s.to_mask(embedded(s), predict_text(s, embedded(s), [LEFT, RIGHT]).best) for s in (one_by_one, together)]
    assert (masks[0] == masks[1]).all()
    assert together.batches == [2]


def test_nothing_in_boxes_that_are_asked_together_says_so() -> None:
    segmenter = BatchSegmenter({LEFT.box: 0, RIGHT.box: 0})
    with pytest.raises(NothingFoundError, match="“dog, cat”"):
        predict_text(segmenter, embedded(segmenter), [LEFT, RIGHT])


def test_very_many_boxes_are_asked_in_batches_that_can_be_withdrawn() -> None:
    token = CancelToken()
    segmenter = BatchSegmenter()
    told: list[float] = []

    def report(fraction: float) -> None:
        told.append(fraction)
        token.cancel()

    with pytest.raises(Cancelled):
        predict_text(segmenter, embedded(segmenter), [LEFT] * (2 * BATCH), token, report)
    assert segmenter.batches == [BATCH]
    assert told == [0.5]


def test_a_union_is_read_only_and_keeps_its_parts() -> None:
    parts = [Candidate(np.eye(4, dtype=np.float32) - 0.5, (4, 4), 0.5) for _ in range(2)]
    united = unite(parts)
    assert not united.logits.flags.writeable
    assert united.logits.dtype == np.float32
    assert parts[0].logits.flags.writeable


def test_masks_on_different_grids_are_united_on_the_finest() -> None:
    coarse = Candidate(np.array([[4, -4]], np.float32), (2, 1), 0.8)
    fine = np.full((8, 16), -4, np.float32)
    fine[:, 12:] = 4
    united = unite([coarse, Candidate(fine, (16, 8), 0.4)])
    assert united.logits.shape == (8, 16)
    assert united.extent == (16, 8)
    mask = united.preview(Size(16, 8))
    assert mask[:, :7].all()
    assert not mask[:, 9:11].any()
    assert mask[:, 13:].all()


def test_cells_outside_the_photo_weigh_nothing() -> None:
    padded = np.full((4, 4), 4, np.float32)
    empty = np.full((4, 4), -4, np.float32)
    empty[0, 0] = 4
    united = unite([Candidate(padded, (4, 1), 0.9), Candidate(empty, (4, 1), 0.4)])
    assert united.score == pytest.approx((0.9 * 4 + 0.4 * 1) / 5)


def test_words_are_found_above_the_threshold() -> None:
    assert find("dog, cat", 0.3) == (LEFT, RIGHT)
    assert find("dog, cat", 0.5) == (LEFT,)
    assert find("cat", 0.3) == (RIGHT,)


def test_all_that_may_be_meant_is_found_whatever_the_threshold() -> None:
    weak = Detection(Box(0, 0, 5, 5), 0.02, "dog")
    detector = ListDetector(weak, RIGHT, LEFT)
    seen = detector.embed(IMAGE, CancelToken())
    assert find_all(detector, seen, "dog, cat") == (LEFT, RIGHT, weak)
    assert find_all(detector, seen, "horse") == ()


def test_nothing_above_the_threshold_names_words_threshold_and_best_score() -> None:
    with pytest.raises(NothingFoundError) as caught:
        find("dog, cat", 0.75)
    assert "“dog, cat”" in str(caught.value)
    assert "0.75" in str(caught.value)
    assert "0.60" in str(caught.value)


def test_nothing_like_it_is_the_same_state() -> None:
    with pytest.raises(NothingFoundError, match=r"“horse”.*0\.10"):
        find("horse", 0.1)


def test_no_words_are_a_faulty_prompt() -> None:
    with pytest.raises(PromptError):
        find(" , ", 0.1)
