"""How all objects look: tinted, outlined, and the same whether a view is drawn whole or in parts."""

import numpy as np
import pytest

from core.geometry import Rect, Size
from core.object_colors import object_colors
from core.object_map import ObjectMap
from tests.fakes import make_everything
from ui.overlay_objects import ObjectPicture
from ui.viewport import Viewport

SIZE = Size(64, 48)
VIEW = Viewport(SIZE, 300, 240).fitted()
WHOLE = VIEW.photo_rect


@pytest.fixture(scope="module")
def objects():
    return ObjectMap.of(make_everything(SIZE), SIZE)


@pytest.fixture(scope="module")
def picture(objects):
    return ObjectPicture(objects)


def words(pixels):
    return pixels.view(np.uint32)[..., 0]


def at(pixels, x, y):
    """Return what is drawn over a point of the photo: blue, green, red, alpha."""
    column, row = (round(v) for v in VIEW.to_view(x, y))
    return pixels[row - WHOLE.y, column - WHOLE.x].astype(int)


def test_every_object_has_its_own_tint_and_there_is_none_beside_them(picture):
    pixels = picture.pixels(VIEW, WHOLE, 1, None)
    tints = {tuple(at(pixels, *point)) for point in ((32, 24), (41, 24), (45, 24), (8, 6))}
    assert len(tints) == 4
    assert all(0 < tint[3] < 128 for tint in tints)
    assert not at(pixels, 60, 45).any()


def test_a_line_of_the_full_colour_and_a_dark_one_lie_around_each(picture, objects):
    lines = words(picture.pixels(VIEW, WHOLE, 1, None))
    for red, green, blue in object_colors([each.number for each in objects.objects]).astype(np.uint32).tolist():
        assert (lines == (0xFF << 24 | red << 16 | green << 8 | blue)).any()
    assert (lines == 0xA0000000).any()


@pytest.mark.parametrize("thickness", [1, 2])
@pytest.mark.parametrize("part", [Rect(90, 60, 50, 40), Rect(150, 100, 1, 1)])
def test_a_part_equals_the_same_part_of_the_whole(picture, part, thickness):
    whole = picture.pixels(VIEW, WHOLE, thickness, None)
    np.testing.assert_array_equal(
        picture.pixels(VIEW, part, thickness, None), whole[part.moved(-WHOLE.x, -WHOLE.y).slices]
    )


def test_what_is_selected_is_left_clear_but_for_the_lines(picture):
    selection = np.full(WHOLE.size.shape, 255, np.uint8)
    alpha = picture.pixels(VIEW, WHOLE, 1, selection)[..., 3]
    assert set(np.unique(alpha)) == {0, 0xA0, 255}


def test_an_objects_colour_stays_when_others_are_filtered_away(objects, picture):
    fewer = ObjectPicture(objects.at_least(0.75))
    corner = at(picture.pixels(VIEW, WHOLE, 1, None), 8, 6)
    np.testing.assert_array_equal(at(fewer.pixels(VIEW, WHOLE, 1, None), 8, 6), corner)


def test_the_photos_border_is_no_outline(picture):
    tall = Viewport(SIZE, 300, 240).zoomed_to(16)
    part = Rect(0, 0, 60, 60).intersect(tall.photo_rect)
    assert not (picture.pixels(tall, part, 2, None)[..., 3] == 255).all(axis=0).any()


def test_another_view_of_the_same_objects_is_drawn_anew(picture):
    near = VIEW.zoomed_to(12)
    part = Rect.of_size(near.device_size).intersect(near.photo_rect)
    assert picture.pixels(near, part, 1, None).shape == (part.height, part.width, 4)
    assert picture.pixels(VIEW, WHOLE, 1, None).shape == (WHOLE.height, WHOLE.width, 4)
