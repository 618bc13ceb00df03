"""The magic wand: what has about the colour of a pixel."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.color import to_srgb
from core.flood_fill import Reach, Wand, flood, flood_pixels
from core.layer import Layer, new_layer_id
from tests.core.icc_profiles import DISPLAY_P3
from tests.fakes import make_document

HARD = Wand(tolerance=10, is_smooth=False)
PICTURES = arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(4)), elements=st.integers(0, 255))
WANDS = st.builds(Wand, st.integers(0, 255), st.sampled_from(Reach), st.booleans())


def picture():
    """Two red squares on green, the second a little darker, and a blue stripe."""
    pixels = np.full((30, 40, 4), (0, 160, 0, 255), np.uint8)
    pixels[5:15, 5:15, :3] = 200, 0, 0
    pixels[5:15, 25:35, :3] = 195, 5, 0
    pixels[20:22, :, :3] = 0, 0, 200
    return pixels


def naive(pixels, column, row, wand):
    """Walk from pixel to pixel."""
    within = np.abs(pixels.astype(int) - pixels[row, column]) <= wand.tolerance
    alike = within.all(axis=2)
    if pixels[row, column, 3] == 0:
        alike = within[..., 3]
    if wand.reach is Reach.EVERYWHERE:
        return alike
    found, stack = np.zeros_like(alike), [(row, column)]
    while stack:
        y, x = stack.pop()
        if 0 <= y < alike.shape[0] and 0 <= x < alike.shape[1] and alike[y, x] and not found[y, x]:
            found[y, x] = True
            stack += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    return found


@given(PICTURES, st.data(), st.integers(0, 255), st.sampled_from(Reach))
def test_it_is_what_a_walk_from_pixel_to_pixel_finds(pixels, data, tolerance, reach):
    column = data.draw(st.integers(0, pixels.shape[1] - 1))
    row = data.draw(st.integers(0, pixels.shape[0] - 1))
    wand = Wand(tolerance, reach, is_smooth=False)
    assert np.array_equal(flood_pixels(pixels, column, row, wand) == 255, naive(pixels, column, row, wand))


@given(PICTURES, WANDS)
def test_the_pixel_itself_is_always_found_and_the_picture_stays(pixels, wand):
    before = pixels.copy()
    coverage = flood_pixels(pixels, 0, 0, wand)
    assert coverage.shape == pixels.shape[:2]
    assert coverage[0, 0] > 0
    assert np.array_equal(pixels, before)


def test_connected_stops_at_another_colour_and_everywhere_does_not():
    connected = flood_pixels(picture(), 8, 8, HARD)
    assert (connected[5:15, 5:15] == 255).all()
    assert np.count_nonzero(connected) == 100
    everywhere = flood_pixels(picture(), 8, 8, Wand(10, Reach.EVERYWHERE, is_smooth=False))
    assert np.count_nonzero(everywhere) == 200
    exactly = flood_pixels(picture(), 8, 8, Wand(0, Reach.EVERYWHERE, is_smooth=False))
    assert np.count_nonzero(exactly) == 100


def test_a_smooth_edge_keeps_one_half_where_the_hard_one_is():
    smooth = flood_pixels(picture(), 8, 8, Wand(10))
    assert 0 < smooth[4, 8] < 128 <= smooth[5, 8] < 255
    assert smooth[10, 10] == 255


def test_a_visible_layer_above_counts_and_a_hidden_one_does_not():
    document = make_document(40, 30)
    above = Layer(new_layer_id(), "Above", picture())
    shown = document.with_layers((*document.layers, above), above.id)
    assert np.count_nonzero(flood(shown, 8.9, 8.1, HARD)) == 100
    hidden = Layer(above.id, "Above", above.pixels, is_visible=False)
    unseen = document.with_layers((*document.layers, hidden), above.id)
    assert np.array_equal(flood(unseen, 8.9, 8.1, HARD), flood(document, 8.9, 8.1, HARD))


def test_colours_are_compared_as_they_are_seen():
    pixels = picture()
    pixels[5:15, 5:15, :3], pixels[5:15, 25:35, :3] = (255, 0, 0), (240, 0, 0)
    layer, exact = Layer(new_layer_id(), "Photo", pixels), Wand(4, Reach.EVERYWHERE, is_smooth=False)
    document = make_document(40, 30).with_layers((layer,), layer.id)
    assert np.count_nonzero(flood(document, 8, 8, exact)) == 100
    wide = replace(document, icc_profile=DISPLAY_P3)
    assert np.count_nonzero(flood(wide, 8, 8, exact)) == 200, "both are redder than sRGB can show"


@given(PICTURES, st.data(), WANDS, st.integers(1, 3))
def test_looking_only_as_far_as_the_colour_goes_finds_the_same(pixels, data, wand, reach):
    height, width = pixels.shape[:2]
    column, row = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    layer = Layer(new_layer_id(), "Photo", pixels)
    document = make_document(width, height).with_layers((layer,), layer.id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.flood_fill._FIRST_REACH", reach)
        found = flood(document, column + 0.5, row + 0.5, wand)
    np.testing.assert_array_equal(found, flood_pixels(pixels, column, row, wand))


def test_of_a_large_photo_with_a_profile_only_the_colours_around_a_small_find_are_converted(monkeypatch):
    pixels = np.full((3000, 4000, 4), (0, 160, 0, 255), np.uint8)
    pixels[1000:1100, 1000:1200, :3] = 200, 0, 0
    layer = Layer(new_layer_id(), "Photo", pixels)
    document = replace(make_document(4000, 3000).with_layers((layer,), layer.id), icc_profile=DISPLAY_P3)
    converted = []
    monkeypatch.setattr(
        "core.flood_fill.to_srgb", lambda part, icc: (converted.append(part.size), to_srgb(part, icc))[1]
    )
    found = flood(document, 1010, 1010, HARD)
    assert np.count_nonzero(found) == 100 * 200
    assert sum(converted) < pixels.size / 10


@pytest.mark.parametrize(("x", "y"), [(-0.1, 3), (3, -0.1), (40, 3), (3, 30)])
def test_beside_the_picture_there_is_no_colour(x, y):
    assert flood(make_document(40, 30), x, y, HARD) is None
