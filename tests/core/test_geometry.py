"""Sizes, boxes and rectangles obey their arithmetic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.geometry import Box, Rect, Size

coordinates = st.floats(-1e6, 1e6)
sides = st.integers(1, 20000)
sizes = st.builds(Size, sides, sides)
boxes = st.builds(Box.from_corners, coordinates, coordinates, coordinates, coordinates)
rects = st.builds(Rect, *[st.integers(-30, 30)] * 2, *[st.integers(-5, 40)] * 2)
FIELD = Size(40, 40)


def pixels(rect: Rect) -> set[tuple[int, int]]:
    return {(x, y) for x in range(rect.x, rect.right) for y in range(rect.y, rect.bottom)}


class TestSize:
    def test_it_is_read_from_rows_and_columns(self) -> None:
        size = Size.of(np.zeros((3, 5, 4)))
        assert size == Size(5, 3)
        assert size.shape == (3, 5)
        assert size.area == 15
        assert size.longest == 5
        assert str(size) == "5 x 3"

    @pytest.mark.parametrize(
        ("size", "longest", "fitted"),
        [
            (Size(4000, 3000), 1024, Size(1024, 768)),
            (Size(3000, 4000), 1024, Size(768, 1024)),
            (Size(800, 600), 1024, Size(800, 600)),
            (Size(1024, 1024), 1024, Size(1024, 1024)),
            (Size(1, 5000), 1000, Size(1, 1000)),
            (Size(20000, 3), 100, Size(100, 1)),
        ],
    )
    def test_it_shrinks_in_proportion_in_both_orientations(self, size: Size, longest: int, fitted: Size) -> None:
        assert size.fitted(longest) == fitted

    @given(sizes, sides)
    def test_fitted_is_never_larger_never_empty_and_turns_with_the_photo(self, size: Size, longest: int) -> None:
        fitted = size.fitted(longest)
        assert 1 <= fitted.width <= size.width
        assert 1 <= fitted.height <= size.height
        assert fitted.longest == min(longest, size.longest)
        turned = Size(size.height, size.width).fitted(longest)
        assert turned == Size(fitted.height, fitted.width)


class TestBox:
    @given(coordinates, coordinates, coordinates, coordinates)
    def test_all_four_directions_drag_the_same_box(self, xa: float, ya: float, xb: float, yb: float) -> None:
        dragged = Box.from_corners(xa, ya, xb, yb)
        assert dragged == Box.from_corners(xb, yb, xa, ya)
        assert dragged == Box.from_corners(xa, yb, xb, ya)
        assert dragged == Box.from_corners(xb, ya, xa, yb)
        assert dragged.x0 <= dragged.x1
        assert dragged.y0 <= dragged.y1
        assert dragged.contains(xa, ya)
        assert dragged.contains(xb, yb)

    @given(boxes, sizes)
    def test_clipped_lies_in_the_photo_and_stays(self, box: Box, size: Size) -> None:
        clipped = box.clipped(size)
        assert 0 <= clipped.x0 <= clipped.x1 <= size.width
        assert 0 <= clipped.y0 <= clipped.y1 <= size.height
        assert clipped.clipped(size) == clipped
        assert clipped.width <= box.width
        assert clipped.height <= box.height

    @given(boxes, sizes, st.floats(0, 1), st.floats(0, 1))
    def test_a_point_of_the_photo_is_in_the_clipped_box_if_it_is_in_the_box(
        self, box: Box, size: Size, across: float, down: float
    ) -> None:
        x, y = across * size.width, down * size.height
        assert box.clipped(size).contains(x, y) or not box.contains(x, y)

    def test_outside_of_the_photo_nothing_is_left(self) -> None:
        for box in (Box(-9, -9, -2, -2), Box(50, 5, 60, 9), Box(5, 50, 9, 60)):
            clipped = box.clipped(FIELD)
            assert clipped.width == 0 or clipped.height == 0

    @pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
    def test_one_bad_corner_is_enough(self, bad: float) -> None:
        assert Box(0, 0, 1, 1).is_finite
        for index in range(4):
            corners = [0.0, 0.0, 1.0, 1.0]
            corners[index] = bad
            assert not Box(*corners).is_finite

    @given(boxes)
    def test_its_rectangle_covers_it_tightly(self, box: Box) -> None:
        rect = box.to_rect()
        assert rect.x <= box.x0 < rect.x + 1
        assert rect.y <= box.y0 < rect.y + 1
        assert rect.right - 1 < box.x1 <= rect.right
        assert rect.bottom - 1 < box.y1 <= rect.bottom


class TestRect:
    def test_it_is_half_open(self) -> None:
        rect = Rect(2, 3, 4, 5)
        assert (rect.right, rect.bottom) == (6, 8)
        assert rect.size == Size(4, 5)
        field = np.zeros(FIELD.shape, bool)
        field[rect.slices] = True
        assert field.sum() == 20
        assert field[3, 2]
        assert field[7, 5]
        assert not field[8, 5]
        assert not field[7, 6]

    @given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.integers(0, 2)))
    def test_of_mask_is_the_smallest_that_holds_everything(self, mask: np.ndarray) -> None:
        rect = Rect.of_mask(mask)
        rows, columns = np.nonzero(mask)
        if rows.size == 0:
            assert rect.is_empty
            return
        assert (rect.x, rect.y) == (columns.min(), rows.min())
        assert (rect.right - 1, rect.bottom - 1) == (columns.max(), rows.max())
        assert np.count_nonzero(mask[rect.slices]) == rows.size

    @given(rects, rects)
    def test_intersect_holds_what_is_in_both(self, a: Rect, b: Rect) -> None:
        assert pixels(a.intersect(b)) == pixels(a) & pixels(b)
        assert a.intersect(b) == b.intersect(a)

    @given(rects, rects)
    def test_without_holds_what_is_in_the_one_alone_each_pixel_once(self, a: Rect, b: Rect) -> None:
        parts = [pixels(part) for part in a.without(b)]
        assert set().union(*parts) == pixels(a) - pixels(b)
        assert sum(map(len, parts)) == len(pixels(a) - pixels(b))
        assert all(parts)

    @given(rects, rects, rects)
    def test_intersect_does_not_mind_the_order(self, a: Rect, b: Rect, c: Rect) -> None:
        assert a.intersect(b).intersect(c) == a.intersect(b.intersect(c))

    @given(rects, rects)
    def test_unite_is_the_smallest_that_holds_both(self, a: Rect, b: Rect) -> None:
        united, held = a.unite(b), pixels(a) | pixels(b)
        assert held <= pixels(united)
        assert united.is_empty == (not held)
        if held:
            assert (united.x, united.y) == (min(x for x, _ in held), min(y for _, y in held))
            assert (united.right - 1, united.bottom - 1) == (max(x for x, _ in held), max(y for _, y in held))

    @given(rects, rects)
    def test_unite_and_intersect_absorb_each_other(self, a: Rect, b: Rect) -> None:
        assert pixels(a.unite(b).intersect(a)) == pixels(a)
        assert pixels(a.unite(a.intersect(b))) == pixels(a)

    @given(rects)
    def test_clipped_is_what_an_image_holds(self, rect: Rect) -> None:
        inside = {(x, y) for x, y in pixels(rect) if 0 <= x < FIELD.width and 0 <= y < FIELD.height}
        assert pixels(rect.clipped(FIELD)) == inside

    @given(rects, st.integers(-50, 50), st.integers(-50, 50))
    def test_moved_there_and_back_is_the_same(self, rect: Rect, dx: int, dy: int) -> None:
        assert rect.moved(dx, dy).moved(-dx, -dy) == rect
        assert pixels(rect.moved(dx, dy)) == {(x + dx, y + dy) for x, y in pixels(rect)}

    @given(rects, st.integers(0, 9))
    def test_padded_and_shrunk_again_is_the_same(self, rect: Rect, margin: int) -> None:
        padded = rect.padded(margin)
        assert padded.padded(-margin) == rect
        assert (padded.width, padded.height) == (rect.width + 2 * margin, rect.height + 2 * margin)

    @given(sizes)
    def test_of_size_covers_the_image(self, size: Size) -> None:
        rect = Rect.of_size(size)
        assert rect.size == size
        assert rect.clipped(size) == rect
        assert not rect.is_empty
