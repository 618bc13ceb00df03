from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geometry import Rect, Size
from ui.viewport import FIT_MARGIN, MAX_ZOOM, MIN_ZOOM, Viewport

sizes = st.builds(Size, st.integers(1, 12_000), st.integers(1, 12_000))
ratios = st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0])
lengths = st.floats(50, 4000)
points = st.tuples(st.floats(-500, 4500), st.floats(-500, 4500))


@st.composite
def viewports(draw: st.DrawFn) -> Viewport:
    viewport = Viewport(draw(sizes), draw(lengths), draw(lengths), draw(ratios)).fitted()
    zoom = draw(st.floats(MIN_ZOOM, MAX_ZOOM))
    viewport = viewport.zoomed_to(zoom, draw(st.floats(0, viewport.width)), draw(st.floats(0, viewport.height)))
    return viewport.panned(draw(st.floats(-5000, 5000)), draw(st.floats(-5000, 5000)))


@given(viewports(), points)
def test_a_view_point_survives_the_way_to_the_photo_and_back(viewport, point):
    assert viewport.to_view(*viewport.to_image(*point)) == pytest.approx(point, abs=1e-6)


@given(viewports(), st.floats(0, 1), st.floats(0, 1))
def test_a_photo_point_survives_the_way_to_the_view_and_back(viewport, u, v):
    x, y = u * viewport.image.width, v * viewport.image.height
    assert viewport.to_image(*viewport.to_view(x, y)) == pytest.approx((x, y), rel=1e-9, abs=1e-6)


@given(viewports(), ratios, st.integers(0, 11_999), st.integers(0, 11_999))
def test_a_pixel_is_hit_where_it_is_drawn_also_on_another_screen(viewport, ratio, column, row):
    viewport = viewport.resized(viewport.width, viewport.height, ratio)
    column, row = column % viewport.image.width, row % viewport.image.height
    x, y = viewport.to_image(*viewport.to_view(column + 0.5, row + 0.5))
    assert (floor(x), floor(y)) == (column, row)


@given(viewports(), st.floats(-300, 300), st.floats(-300, 300), points)
def test_panning_moves_the_photo_with_the_pointer_and_back_to_where_it_was(viewport, dx, dy, point):
    moved = viewport.panned(dx, dy)
    way = (moved.left - viewport.left) / viewport.pixel_ratio, (moved.top - viewport.top) / viewport.pixel_ratio
    back = moved.panned(-way[0], -way[1])
    pixel = 1 / viewport.zoom + 1e-6  # the photo is drawn on whole device pixels
    assert moved.to_image(point[0] + way[0], point[1] + way[1]) == pytest.approx(viewport.to_image(*point), abs=pixel)
    assert (back.left, back.top) == pytest.approx((viewport.left, viewport.top), abs=1e-6)


@given(viewports(), lengths, lengths, ratios)
def test_a_photo_that_is_seen_whole_is_so_again_after_any_change_of_the_view(viewport, width, height, ratio):
    fitted = viewport.fitted()
    back = fitted.resized(width, height, ratio).resized(fitted.width, fitted.height, fitted.pixel_ratio)
    assert back == fitted


@given(viewports(), st.floats(0, 1), st.floats(0, 1), st.floats(0.3, 3))
def test_zooming_keeps_the_photo_point_under_the_cursor_unless_an_edge_forbids_it(viewport, u, v, factor):
    x, y = u * viewport.width, v * viewport.height
    before = viewport.to_image(x, y)
    after = viewport.zoomed_by(factor, x, y)
    free_left = x * after.pixel_ratio - (x * viewport.pixel_ratio - viewport.left) * after.zoom / viewport.zoom
    free_top = y * after.pixel_ratio - (y * viewport.pixel_ratio - viewport.top) * after.zoom / viewport.zoom
    pixel = 0.5 / viewport.zoom + 0.5 / after.zoom + 1e-6  # both ends are drawn on whole device pixels
    if after.left == pytest.approx(free_left, abs=1e-6):
        assert after.to_image(x, y)[0] == pytest.approx(before[0], abs=pixel)
    if after.top == pytest.approx(free_top, abs=1e-6):
        assert after.to_image(x, y)[1] == pytest.approx(before[1], abs=pixel)


@given(viewports())
def test_the_zoom_stays_between_2_and_3200_percent(viewport):
    assert MIN_ZOOM <= viewport.zoomed_by(1e6, 1, 1).zoom <= MAX_ZOOM
    assert MIN_ZOOM <= viewport.zoomed_by(1e-6, 1, 1).zoom <= MAX_ZOOM
    assert (MIN_ZOOM, MAX_ZOOM) == (0.02, 32.0)


@given(viewports(), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_the_photo_can_never_be_panned_out_of_sight(viewport, dx, dy):
    assert not viewport.panned(dx, dy).visible_rect.is_empty


@given(sizes, lengths, lengths, ratios)
def test_fit_shows_the_whole_photo_in_the_middle(size, width, height, ratio):
    viewport = Viewport(size, width, height, ratio).fitted()
    (x0, y0), (x1, y1) = viewport.to_view(0, 0), viewport.to_view(size.width, size.height)
    assert viewport.is_fitted
    if viewport.zoom > MIN_ZOOM and viewport.width > 2 * FIT_MARGIN + 1 and viewport.height > 2 * FIT_MARGIN + 1:
        assert x0 >= 0
        assert y0 >= 0
        assert x1 <= width
        assert y1 <= height
    if x1 - x0 <= width:
        assert x0 + x1 == pytest.approx(width, abs=2 / ratio)


def test_fit_enlarges_a_small_photo_by_whole_pixels_only():
    assert Viewport(Size(100, 100), 582, 900).fitted().zoom == 5.0
    assert Viewport(Size(500, 100), 900, 900).fitted().zoom == 1.0


@given(viewports())
def test_the_photo_lies_on_whole_device_pixels(viewport):
    x, y = viewport.to_view(0, 0)
    assert x * viewport.pixel_ratio == pytest.approx(round(x * viewport.pixel_ratio), abs=1e-6)
    assert y * viewport.pixel_ratio == pytest.approx(round(y * viewport.pixel_ratio), abs=1e-6)


@given(viewports(), st.integers(0, 11_999), st.integers(0, 11_999))
def test_a_pixel_that_is_shown_lies_in_the_device_block_of_its_rect(viewport, column, row):
    column, row = column % viewport.image.width, row % viewport.image.height
    block = viewport.to_device_rect(Rect(column, row, 1, 1))
    x, y = viewport.to_view(column + 0.5, row + 0.5)
    device_x, device_y = x * viewport.pixel_ratio, y * viewport.pixel_ratio
    if 0 <= device_x < viewport.device_size.width and 0 <= device_y < viewport.device_size.height:
        assert block.x <= device_x <= block.right
        assert block.y <= device_y <= block.bottom
        assert not viewport.to_image_rect(block).intersect(Rect(column, row, 1, 1)).is_empty


def test_on_a_dense_screen_100_percent_is_one_photo_pixel_on_one_device_pixel():
    viewport = Viewport(Size(4000, 3000), 800, 600, pixel_ratio=2.0).fitted().zoomed_to(1.0)
    assert viewport.scale == 0.5
    left, right = viewport.to_view(100, 0)[0], viewport.to_view(101, 0)[0]
    assert right - left == 0.5


def test_a_wheel_step_across_100_percent_stops_there():
    viewport = Viewport(Size(4000, 3000), 800, 600).fitted().zoomed_to(0.9)
    assert viewport.zoomed_by(1.25, 100, 100).zoom == 1.0
    assert viewport.zoomed_by(1.25, 100, 100).zoomed_by(1.25, 100, 100).zoom == 1.25


def test_stepping_walks_through_round_zooms_both_ways_and_ends():
    viewport = Viewport(Size(4000, 3000), 800, 600).fitted().zoomed_to(0.8)
    assert viewport.stepped(is_in=True).zoom == 1.0
    assert viewport.stepped(is_in=False).zoom == pytest.approx(2 / 3)
    assert viewport.zoomed_to(MAX_ZOOM).stepped(is_in=True).zoom == MAX_ZOOM
    assert viewport.zoomed_to(MIN_ZOOM).stepped(is_in=False).zoom == MIN_ZOOM


def test_resizing_keeps_a_fitted_photo_fitted_and_else_the_middle():
    viewport = Viewport(Size(4000, 3000), 800, 600).fitted()
    assert viewport.resized(500, 500, 1.0) == Viewport(Size(4000, 3000), 500, 500).fitted()
    zoomed = viewport.zoomed_to(2.0, 200, 300)
    middle = zoomed.to_image(400, 300)
    assert zoomed.resized(1000, 400, 1.0).to_image(500, 200) == pytest.approx(middle, abs=0.5)


def test_ten_wheel_steps_in_and_out_come_back_to_the_same_place():
    viewport = Viewport(Size(4000, 3000), 800, 600).fitted().zoomed_to(1.0, 300, 200)
    moved = viewport
    for _ in range(10):
        moved = moved.zoomed_by(1.2, 555.5, 333.25)
    for _ in range(10):
        moved = moved.zoomed_by(1 / 1.2, 555.5, 333.25)
    assert moved.zoom == pytest.approx(1.0)
    assert moved.left == pytest.approx(viewport.left, abs=1e-6)
