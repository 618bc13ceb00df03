import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core import edges
from core.cancel import Cancelled, CancelToken
from core.device import CPU_ONLY, DeviceChoice
from core.geometry import Box, Rect, Size
from core.segment_request import Edge
from core.segmenter import Candidate, Embedding, Prediction

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=30)


class FixedSegmenter:
    """Answers the logits it is given, as the SAM family does."""

    name = "fixed"
    device_choice: DeviceChoice = CPU_ONLY

    def embed(self, image, token) -> Embedding:
        return Embedding(self.name, Size.of(image), None, 0)

    def predict(self, embedding, prompt, previous=None) -> Prediction:
        raise NotImplementedError

    def to_mask(self, embedding, candidate):
        return candidate.preview(embedding.image_size)

    def to_soft(self, embedding, candidate):
        return edges.soft_from_logits(candidate, embedding.image_size)


def round_candidate(side: int = 64, radius: float = 20.0) -> Candidate:
    offset = np.arange(side) + 0.5 - side / 2
    logits = (radius - np.hypot(offset[:, None], offset)).astype(np.float32)
    return Candidate(logits, (float(side), float(side)), 0.9)


@given(st.data())
def test_what_is_held_to_a_mask_is_the_mask_at_one_half_and_else_as_it_was(data: st.DataObject) -> None:
    mask = data.draw(hnp.arrays(np.bool_, SHAPES))
    soft = data.draw(hnp.arrays(np.uint8, mask.shape))
    held = edges.held_to(mask, soft)
    assert held.dtype == np.uint8
    assert np.array_equal(held >= 128, mask)
    agrees = (soft >= 128) == mask
    assert np.array_equal(held[agrees], soft[agrees])


@given(hnp.arrays(np.float32, SHAPES, elements=st.floats(-8, 8, width=32)), st.integers(1, 90), st.integers(1, 90))
def test_soft_logits_are_the_positive_logits_at_one_half(logits: np.ndarray, width: int, height: int) -> None:
    candidate = Candidate(logits, (float(logits.shape[1]), float(logits.shape[0])), 0.5)
    size = Size(width, height)
    assert np.array_equal(edges.soft_from_logits(candidate, size) >= 128, candidate.logits_at(size) > 0)


def test_the_soft_edge_ends_at_the_window_of_a_part_of_the_grid() -> None:
    disc = round_candidate()
    part = Candidate(np.ascontiguousarray(disc.logits[8:, 4:]), disc.extent, 0.9, (-4.0, -8.0), Box(0.3, 0.2, 1, 0.61))
    size = Size(640, 480)
    soft = edges.soft_from_logits(part, size)
    assert np.array_equal(soft >= 128, part.preview(size))
    assert Rect.of_mask(soft > 0) == Rect(192, 96, 328, 197)
    assert edges.reach_of(part, size).intersect(Rect.of_mask(soft)) == Rect.of_mask(soft)


def test_the_soft_edge_of_a_disc_covers_its_true_area() -> None:
    soft = edges.soft_from_logits(round_candidate(), Size(640, 640))
    assert soft.sum() / 255 == pytest.approx(np.pi * 200**2, rel=2e-3)
    assert 0 < ((soft > 0) & (soft < 255)).sum() < 3 * 2 * np.pi * 200


def test_strips_give_what_one_piece_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = edges.soft_from_logits(round_candidate(), Size(100, 100))
    monkeypatch.setattr(edges, "_STRIP_PIXELS", 700)
    assert np.array_equal(edges.soft_from_logits(round_candidate(), Size(100, 100)), whole)


def test_the_reach_holds_every_positive_pixel() -> None:
    candidate = round_candidate(64, 5.0)
    size = Size(333, 211)
    rect = edges.reach_of(candidate, size)
    mask = candidate.preview(size)
    assert mask[rect.slices].sum() == mask.sum()
    assert Rect.of_size(size) != rect


def test_each_edge_is_what_it_says() -> None:
    segmenter, candidate = FixedSegmenter(), round_candidate()
    mask = candidate.preview(Size(128, 128))
    # The photo's outline lies two pixels outside the candidate's.
    image = np.where(candidate.logits_at(Size(128, 128))[..., None] > -1, np.uint8(220), np.uint8(30))
    image = np.repeat(image, 3, axis=2)
    embedding = segmenter.embed(image, CancelToken())
    made = {edge: edges.compute_coverage(segmenter, embedding, candidate, image, edge, CancelToken()) for edge in Edge}
    assert np.array_equal(made[Edge.HARD], mask * np.uint8(255))
    assert np.array_equal(made[Edge.SOFT] >= 128, mask)
    assert ((made[Edge.MATTE] >= 128) == (image[..., 0] > 100)).mean() > 0.995


def test_a_cancelled_commit_stops() -> None:
    segmenter, token = FixedSegmenter(), CancelToken()
    token.cancel()
    image = np.zeros((64, 64, 3), np.uint8)
    with pytest.raises(Cancelled):
        edges.compute_coverage(segmenter, segmenter.embed(image, token), round_candidate(), image, Edge.SOFT, token)


def test_a_rough_matte_is_handed_over_before_the_matte() -> None:
    segmenter, candidate = FixedSegmenter(), round_candidate()
    image = np.where(candidate.logits_at(Size(128, 128))[..., None] > -1, np.uint8(220), np.uint8(30)).repeat(3, axis=2)
    embedding, drafts = segmenter.embed(image, CancelToken()), []
    for edge in Edge:
        about = segmenter, embedding, candidate, image, edge, CancelToken()
        assert np.array_equal(edges.compute_coverage(*about, drafts.append), edges.compute_coverage(*about))
    assert len(drafts) == 1, "of a matte, only"
    assert ((drafts[0] >= 128) == (image[..., 0] > 100)).mean() > 0.98


def test_a_commit_that_is_cancelled_after_its_draft_stops() -> None:
    segmenter, token = FixedSegmenter(), CancelToken()
    image = np.zeros((64, 64, 3), np.uint8)
    embedding = segmenter.embed(image, token)
    with pytest.raises(Cancelled):
        edges.compute_coverage(
            segmenter, embedding, round_candidate(), image, Edge.MATTE, token, lambda draft: token.cancel()
        )


@pytest.mark.parametrize(
    ("grid", "size", "band"),
    [
        (256, Size(4000, 3000), 24),
        (256, Size(3000, 4000), 24),
        (160, Size(4000, 3000), 38),
        (1024, Size(4000, 3000), 24),
        (1024, Size(6000, 4000), 36),
        (512, Size(512, 400), 4),
    ],
)
def test_the_band_holds_the_doubt_of_the_grid_and_the_length_of_hair(grid: int, size: Size, band: int) -> None:
    extent = (grid * size.width / size.longest, grid * size.height / size.longest)
    assert edges.band_for(Candidate(np.zeros((2, 2), np.float32), extent, 0.5), size) == band
