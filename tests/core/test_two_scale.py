"""Two-scale edges: what a segmenter that sees photos reduced knows of an outline after looking at it closely."""

import cv2
import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.errors import NothingFoundError
from core.geometry import Size
from core.prompt import Prompt
from core.segment_request import Edge
from core.segmenter import SeesReduced
from core.two_scale import can_look_closer, compute_detail
from core.two_scale_tiles import MOST_TILES, outline_tiles
from tests.core.reduced_segmenter import ReducedSegmenter, error_of
from tests.fakes import FakeSegmenter


def wavy(width, height, waves=60, depth=0.022):
    """Return a mask whose outline has finer waves than a reduced photo shows."""
    turn = np.linspace(0, 2 * np.pi, 4000, endpoint=False)
    radius = height * 0.325 * (1 + 0.08 * np.sin(7 * turn) + depth * np.sin(waves * turn))
    points = np.stack([width / 2 + 1.2 * radius * np.cos(turn), height / 2 + radius * np.sin(turn)], axis=1)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 1)
    return mask > 0


def photo_of(mask):
    return cv2.merge([np.where(mask, np.uint8(200), np.uint8(56))] * 3)


class Case:
    """A photo of a shape, and what the segmenter makes of it at first sight."""

    def __init__(self, width=1500, height=1000, input_side=256, grid=64):
        self.truth = wavy(width, height)
        self.image = photo_of(self.truth)
        self.segmenter = ReducedSegmenter(input_side, grid)
        self.embedding = self.segmenter.embed(self.image, CancelToken())
        self.candidate = self.segmenter.predict(self.embedding, Prompt().with_point(width / 2, height / 2)).best
        self.coarse = self.segmenter.to_soft(self.embedding, self.candidate)

    def detail(self, edge=Edge.SOFT, token=None, report=lambda fraction: None):
        return compute_detail(
            self.segmenter, self.embedding, self.candidate, self.image, edge, token or CancelToken(), report
        )


@pytest.fixture(scope="module")
def large():
    return Case(6000, 4000, 1024, 256)


@pytest.fixture
def case():
    return Case()


def test_at_24_megapixels_the_outline_is_less_than_half_as_far_from_the_truth(large):
    before = error_of(large.coarse, large.truth)
    detail = large.detail()
    assert before > 4
    assert error_of(detail, large.truth) < 0.25 * before
    assert len(large.segmenter.embeds) - 1 <= MOST_TILES
    assert max(size.longest for size in large.segmenter.embeds[1:]) <= 1500


def test_only_the_band_along_the_outline_changes(case):
    changed = case.detail() != case.coarse
    outline = cv2.dilate((case.coarse >= 128).astype(np.uint8), np.ones((3, 3))) != (case.coarse >= 128)
    away = cv2.distanceTransform((~outline).astype(np.uint8), cv2.DIST_L2, 5)
    assert changed.any()
    assert away[changed].max() <= 2 * 1500 / 64 + 4


@pytest.mark.parametrize("edge", list(Edge))
def test_the_edge_is_drawn_as_it_was_asked_for(case, edge):
    detail = case.detail(edge)
    is_partial = (detail > 0) & (detail < 255)
    assert is_partial.any() == (edge is not Edge.HARD)
    assert error_of(detail, case.truth) < 0.5 * error_of(case.coarse, case.truth)


def test_what_a_tile_is_asked_says_where_the_object_is(case):
    del case.segmenter.prompts[:]
    case.detail()
    prompts, hints = case.segmenter.prompts, case.segmenter.hints[1:]
    assert all(prompt.box is not None and prompt.include_points for prompt in prompts)
    assert any(not point.is_include for prompt in prompts for point in prompt.points)
    assert [hint is None for hint in hints] == [True, False] * (len(hints) // 2)


def test_a_tile_that_is_answered_in_another_sense_is_left_out(case):
    case.segmenter.answer = lambda light, prompt: -light
    assert case.detail() is None
    seen = []

    def once_wrong(light, prompt):
        seen.append(prompt)
        return -light if len(seen) <= 2 else light

    case.segmenter.answer = once_wrong
    detail = case.detail()
    assert error_of(detail, case.truth) < error_of(case.coarse, case.truth)
    tiles = outline_tiles(case.candidate, Size(1500, 1000), 256)
    others = np.zeros(case.truth.shape, bool)
    for tile in tiles[1:]:
        others[tile.slices] = True
    assert np.array_equal(detail[~others], case.coarse[~others])


def test_a_tile_in_which_nothing_is_found_is_left_out(case):
    def nothing(light, prompt):
        raise NothingFoundError("Nothing.")

    case.segmenter.answer = nothing
    assert case.detail() is None


def test_a_photo_that_is_seen_whole_is_not_looked_at_again():
    case = Case(360, 240, 256, 64)
    assert not can_look_closer(case.segmenter, Size(360, 240))
    assert case.detail() is None
    assert len(case.segmenter.embeds) == 1


def test_a_segmenter_that_sees_every_pixel_is_not_asked_again(case):
    assert not isinstance(FakeSegmenter(), SeesReduced)
    assert not can_look_closer(FakeSegmenter(), Size(6000, 4000))


def test_it_stops_between_tiles_when_it_is_withdrawn(case):
    token = CancelToken()
    case.segmenter.on_embed = token.cancel
    with pytest.raises(Cancelled):
        case.detail(token=token)
    assert len(case.segmenter.embeds) == 2


def test_it_tells_how_far_it_is(case):
    told = []
    case.detail(report=told.append)
    assert told == sorted(told)
    assert told[0] == 0.0
    assert 0.8 < told[-1] < 1


def test_the_tiles_hold_all_of_the_outline_and_lie_in_the_photo(case):
    size = Size(1500, 1000)
    tiles = outline_tiles(case.candidate, size, 256)
    outline = np.zeros(size.shape, bool)
    for tile in tiles:
        assert tile.clipped(size) == tile
        outline[tile.slices] = True
    mask = case.candidate.preview(size).astype(np.uint8)
    edge = mask != cv2.erode(mask, np.ones((3, 3), np.uint8))
    assert outline[edge].all()
    assert len(tiles) <= MOST_TILES


def test_of_a_long_outline_fewer_and_wider_tiles_are_looked_at():
    y, x = np.mgrid[:4000:20, :6000:20]
    dots = np.where(np.hypot(x % 120 - 60, y % 120 - 60) < 30, 5.0, -5.0).astype(np.float32)
    segmenter = ReducedSegmenter()
    embedding = segmenter.embed(np.zeros((400, 600, 3), np.uint8), CancelToken())
    segmenter.answer = lambda light, prompt: cv2.resize(dots, (256, 171))
    candidate = segmenter.predict(embedding, Prompt().with_point(1, 1)).best
    tiles = outline_tiles(candidate, Size(6000, 4000), 1024)
    assert 0 < len(tiles) <= MOST_TILES
    assert tiles[0].width > 1500
