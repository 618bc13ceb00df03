"""Which boxes stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.detectors.detector import Detection
from core.detectors.filtering import at_least, filter_detections
from core.geometry import Box


def detection(x0: float, y0: float, x1: float, y1: float, score: float = 0.5, label: str = "dog") -> Detection:
    return Detection(Box(x0, y0, x1, y1), score, label)


def overlap(a: Box, b: Box) -> float:
    shared = max(0.0, min(a.x1, b.x1) - max(a.x0, b.x0)) * max(0.0, min(a.y1, b.y1) - max(a.y0, b.y0))
    return shared / (a.width * a.height + b.width * b.height - shared)


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    *[st.integers(0, 40)] * 2,
    *[st.integers(1, 40)] * 2,
)
many = st.lists(
    st.builds(Detection, boxes, st.integers(1, 100).map(lambda n: n / 100), st.sampled_from(["dog", "cat"])),
    max_size=20,
)


def test_of_two_boxes_of_one_thing_the_better_stays() -> None:
    good, worse = detection(0, 0, 10, 10, 0.8), detection(1, 0, 10, 10, 0.6)
    assert filter_detections([worse, good], 0.1) == (good,)


def test_two_things_stay_two() -> None:
    left, right = detection(0, 0, 10, 10, 0.4), detection(20, 0, 30, 10, 0.6)
    assert filter_detections([left, right], 0.1) == (right, left)


def test_labels_do_not_suppress_each_other() -> None:
    rider, horse = detection(0, 0, 10, 10, 0.6, "rider"), detection(0, 0, 10, 10, 0.5, "horse")
    assert filter_detections([horse, rider], 0.1) == (rider, horse)


def test_the_threshold_belongs_to_what_is_kept() -> None:
    assert filter_detections([detection(0, 0, 9, 9, 0.3)], 0.3)
    assert filter_detections([detection(0, 0, 9, 9, 0.3)], 0.31) == ()


def test_nothing_gives_nothing() -> None:
    assert filter_detections([], 0.1) == ()


def test_equal_scores_keep_their_order() -> None:
    first, second = detection(0, 0, 10, 10), detection(1, 0, 11, 10)
    assert filter_detections([first, second], 0.1) == (first,)
    assert filter_detections([second, first], 0.1) == (second,)


@pytest.mark.parametrize(("threshold", "iou"), [(-0.1, 0.5), (1.1, 0.5), (0.1, 2.0), (float("nan"), 0.5)])
def test_limits_that_mean_nothing_are_refused(threshold: float, iou: float) -> None:
    with pytest.raises(ValueError, match="must lie in"):
        filter_detections([], threshold, iou)


@given(many, st.floats(0, 1), st.floats(0.1, 0.9))
def test_survivors_are_strong_sorted_and_apart(found: list[Detection], threshold: float, iou: float) -> None:
    kept = filter_detections(found, threshold, iou)
    assert all(d in found and d.score >= threshold for d in kept)
    assert [d.score for d in kept] == sorted((d.score for d in kept), reverse=True)
    for i, one in enumerate(kept):
        assert all(overlap(one.box, o.box) <= iou + 1e-6 for o in kept[i + 1 :] if o.label == one.label)


@given(many, st.floats(0, 1), st.floats(0.1, 0.9))
def test_everything_that_went_was_weak_or_covered_by_a_better_one(
    found: list[Detection], threshold: float, iou: float
) -> None:
    kept = filter_detections(found, threshold, iou)
    for gone in (d for d in found if d not in kept and d.score >= threshold):
        assert any(
            k.label == gone.label and k.score >= gone.score and overlap(k.box, gone.box) > iou - 1e-6 for k in kept
        )


@given(many, st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_only_takes_away(found: list[Detection], one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert set(filter_detections(found, high)) <= set(filter_detections(found, low))


@given(many, st.floats(0, 1))
def test_a_threshold_set_afterwards_leaves_what_it_would_have_found(found: list[Detection], threshold: float) -> None:
    assert at_least(filter_detections(found, 0), threshold) == filter_detections(found, threshold)


@given(many, st.floats(0, 1), st.floats(0, 1))
def test_a_slider_on_its_way_up_only_takes_from_the_end(found: list[Detection], one: float, other: float) -> None:
    low, high = sorted((one, other))
    kept = filter_detections(found, 0)
    fewer, more = at_least(kept, high), at_least(kept, low)
    assert more[: len(fewer)] == fewer


def test_a_score_of_just_the_threshold_is_enough() -> None:
    assert at_least([detection(0, 0, 9, 9, 0.3)], 0.3)
    assert at_least([detection(0, 0, 9, 9, 0.3)], 0.31) == ()


@given(many, st.floats(0.1, 0.9))
def test_the_same_boxes_stay_as_with_torchvision(found: list[Detection], iou: float) -> None:
    import torch
    from torchvision.ops import batched_nms

    best_first = sorted(found, key=lambda d: -d.score)
    corners = torch.tensor([(d.box.x0, d.box.y0, d.box.x1, d.box.y1) for d in best_first]).reshape(-1, 4).float()
    # Ranks instead of scores: torchvision leaves the order of equal scores open.
    ranks = torch.arange(len(best_first), 0, -1).float()
    labels = torch.tensor([["dog", "cat"].index(d.label) for d in best_first])
    kept = sorted(batched_nms(corners, ranks, labels, iou).tolist())
    assert filter_detections(found, 0, iou) == tuple(best_first[index] for index in kept)
