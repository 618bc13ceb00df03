"""The frame of a crop: where it goes when it is dragged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.framing import dragged, moved, to_pixels, whole_frame, with_ratio
from core.geometry import Box, Rect, Size

_SIZE = Size(120, 90)
_GRIPS = [(x, y) for x in (0.0, 0.5, 1.0) for y in (0.0, 0.5, 1.0) if (x, y) != (0.5, 0.5)]
_FRAME = Box(20, 30, 60, 70)


@pytest.mark.parametrize(
    ("grip", "to", "expected"),
    [
        ((1.0, 1.0), (80, 85), Box(20, 30, 80, 85)),
        ((0.0, 0.5), (5, 999), Box(5, 30, 60, 70)),
        ((0.5, 0.0), (999, 65), Box(20, 65, 60, 70)),
        ((1.0, 1.0), (500, 500), Box(20, 30, 120, 90)),
        ((1.0, 1.0), (10, 10), Box(10, 10, 20, 30)),
    ],
)
def test_a_grip_takes_its_sides_along_and_leaves_the_others(grip, to, expected):
    assert dragged(_FRAME, grip, to, _SIZE) == expected


def test_with_a_ratio_the_opposite_corner_stays():
    assert dragged(_FRAME, (1.0, 1.0), (80, 60), _SIZE, 2.0) == Box(20, 30, 80, 60)
    assert dragged(_FRAME, (0.0, 0.0), (0, 69), _SIZE, 2.0) == Box(0, 40, 60, 70)


def test_with_a_ratio_a_side_grows_to_both_ends():
    assert dragged(_FRAME, (1.0, 0.5), (70, 0), _SIZE, 1.0) == Box(20, 25, 70, 75)


@given(
    st.sampled_from(_GRIPS),
    st.tuples(st.floats(-50, 200), st.floats(-50, 200)),
    st.one_of(st.none(), st.floats(0.2, 5)),
)
def test_a_frame_stays_in_the_picture_and_keeps_its_ratio(grip, to, ratio):
    frame = dragged(_FRAME, grip, to, _SIZE, ratio)

    assert -1e-6 <= frame.x0 <= frame.x1 <= _SIZE.width + 1e-6
    assert -1e-6 <= frame.y0 <= frame.y1 <= _SIZE.height + 1e-6
    if ratio is not None:
        assert frame.width == pytest.approx(frame.height * ratio, abs=1e-6)


@given(st.floats(-200, 200), st.floats(-200, 200))
def test_a_moved_frame_keeps_its_size_and_stays_in_the_picture(dx, dy):
    frame = moved(_FRAME, dx, dy, _SIZE)

    assert (frame.width, frame.height) == pytest.approx((40, 40))
    assert to_pixels(frame, _SIZE).clipped(_SIZE) == to_pixels(frame, _SIZE)


def test_a_ratio_takes_the_middle():
    assert with_ratio(whole_frame(_SIZE), 1.0) == Box(15, 0, 105, 90)
    assert with_ratio(_FRAME, None) is _FRAME


@given(st.floats(0, 120), st.floats(0, 90), st.floats(0, 120), st.floats(0, 90))
def test_a_frame_has_at_least_one_pixel(xa, ya, xb, yb):
    rect = to_pixels(Box.from_corners(xa, ya, xb, yb), _SIZE)

    assert not rect.is_empty
    assert rect.clipped(_SIZE) == rect


def test_whole_pixels_are_the_nearest():
    assert to_pixels(Box(1.4, 1.6, 9.5, 10.4), _SIZE) == Rect(1, 2, 9, 8)
