"""Stretches of an outline in doubt: on pictures of which it is known where the doubt lies."""

from math import atan2, degrees

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cancel import Cancelled, CancelToken
from core.document import Document
from core.edge_doubt import DoubtfulStretch, find_doubts, find_doubts_in
from core.geometry import Rect, Size
from core.layer import Layer, new_layer_id

WIDTH, HEIGHT, RADIUS = 480, 360, 110
Y, X = np.mgrid[:HEIGHT, :WIDTH]
ANGLE = np.degrees(np.arctan2(Y - HEIGHT / 2, X - WIDTH / 2))
DISTANCE = np.hypot(Y - HEIGHT / 2, X - WIDTH / 2)
DISC = DISTANCE < RADIUS
COVERAGE = np.where(DISC, np.uint8(255), np.uint8(0))


def picture(same_between: tuple[float, float] | None = None, noise: float = 4.0) -> np.ndarray:
    """A light disc on a dark ground, which is as light as the disc between two angles."""
    light = DISC.copy()
    if same_between is not None:
        light |= (same_between[0] < ANGLE) & (same_between[1] > ANGLE)
    base = np.where(light[..., None], (200, 170, 150), (60, 80, 110)).astype(float)
    return np.rint(base + np.random.default_rng(2).normal(0, noise, base.shape)).clip(0, 255).astype(np.uint8)


def angle_of(stretch: DoubtfulStretch) -> float:
    return degrees(atan2(stretch.y - HEIGHT / 2, stretch.x - WIDTH / 2))


def test_a_clear_outline_is_in_no_doubt() -> None:
    assert find_doubts(picture(), COVERAGE) == ()


def test_the_doubt_lies_where_both_sides_look_the_same() -> None:
    (stretch,) = find_doubts(picture((20, 80)), COVERAGE)
    assert angle_of(stretch) == pytest.approx(50, abs=4)
    assert stretch.length == pytest.approx(RADIUS * np.pi / 3, rel=0.35)
    assert not stretch.is_soft
    assert stretch.doubt > 0.8
    assert stretch.rect.padded(2).intersect(Rect(int(stretch.x), int(stretch.y), 1, 1)).size.area == 1


def test_a_wide_soft_edge_is_in_doubt_and_an_anti_aliased_one_is_not() -> None:
    soft = cv2.GaussianBlur(COVERAGE, (0, 0), 18)
    blurred = np.where((ANGLE > -120) & (ANGLE < -60), soft, cv2.GaussianBlur(COVERAGE, (0, 0), 0.7))
    (stretch,) = find_doubts(picture(), blurred.astype(np.uint8))
    assert stretch.is_soft
    assert angle_of(stretch) == pytest.approx(-90, abs=8)


def test_the_longer_doubt_comes_first() -> None:
    image = picture((100, 170))
    patch = (ANGLE > 0) & (ANGLE < 25)
    image[patch] = picture((0, 25))[patch]
    found = find_doubts(image, COVERAGE)
    assert len(found) == 2
    assert angle_of(found[0]) == pytest.approx(135, abs=8)
    assert found[0].weight > found[1].weight
    assert angle_of(found[1]) == pytest.approx(12, abs=4)


def test_a_long_doubt_is_cut_into_what_a_screen_shows() -> None:
    flat = np.full((2400, 3200, 3), 128, np.uint8)
    coverage = np.zeros((2400, 3200), np.uint8)
    coverage[400:2000, 400:2800] = 255
    found = find_doubts(flat, coverage)
    assert len(found) == 33
    assert max(stretch.length for stretch in found) < 360
    assert all(Rect(390, 390, 2420, 1620).intersect(stretch.rect) == stretch.rect for stretch in found)


def test_the_photos_border_is_no_outline() -> None:
    flat = np.full((200, 300, 3), 128, np.uint8)
    everything = np.full((200, 300), 255, np.uint8)
    assert find_doubts(flat, everything) == ()


def test_a_hole_has_an_outline_too() -> None:
    image = picture()
    image[DISTANCE < 60] = image[HEIGHT // 2, WIDTH // 2 + 80]
    ring = COVERAGE.copy()
    ring[DISTANCE < 40] = 0
    found = find_doubts(image, ring)
    assert found
    assert all(np.hypot(s.x - WIDTH / 2, s.y - HEIGHT / 2) == pytest.approx(40, abs=3) for s in found)


@given(dx=st.integers(-60, 60), dy=st.integers(-40, 40))
@settings(max_examples=8, deadline=None)
def test_moving_the_picture_moves_the_doubt(dx: int, dy: int) -> None:
    def moved(array: np.ndarray) -> np.ndarray:
        return np.roll(array, (dy, dx), axis=(0, 1))

    (here,), (there,) = (
        find_doubts(picture((20, 80), 0.0), COVERAGE),
        find_doubts(moved(picture((20, 80), 0.0)), moved(COVERAGE)),
    )
    assert (there.x - here.x, there.y - here.y) == (pytest.approx(dx, abs=2), pytest.approx(dy, abs=2))


def document(image: np.ndarray, selection: np.ndarray | None) -> Document:
    layer = Layer(new_layer_id(), "photo", np.dstack([image, np.full(image.shape[:2], 255, np.uint8)]))
    return Document(Size.of(image), (layer,), layer.id, selection=selection)


def test_a_documents_doubts_are_those_of_its_selection_in_photo_pixels() -> None:
    image = picture((20, 80))
    (whole,), (part,) = find_doubts(image, COVERAGE), find_doubts_in(document(image, COVERAGE), CancelToken())
    assert (part.x, part.y) == (pytest.approx(whole.x, abs=1), pytest.approx(whole.y, abs=1))
    assert find_doubts_in(document(image, None), CancelToken()) == ()


def test_looking_for_doubts_can_be_stopped() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        find_doubts_in(document(picture(), COVERAGE), token)
