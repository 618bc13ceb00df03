"""Compositing: exact where nothing is blended, straight alpha, the same in every region."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compositor import composite, composite_layers
from core.document import Document
from core.geometry import Rect, Size
from core.layer import Layer, new_layer_id
from tests.fakes import make_document, make_pixels

WHITE, RED, CLEAR = (255, 255, 255, 255), (255, 0, 0, 255), (0, 0, 0, 0)


def plain(colour, width=4, height=3, **changes):
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:] = colour
    return Layer(new_layer_id(), "Layer", pixels, **changes)


def document_of(*layers):
    return Document(Size(4, 3), layers, layers[-1].id if layers else None)


def reference(layers, size):
    """Source-over in float64, one pixel like the other."""
    colour, alpha = np.zeros((*size.shape, 3)), np.zeros((*size.shape, 1))
    for layer in layers:
        if not layer.is_visible:
            continue
        full = np.zeros((*size.shape, 4))
        mask = np.ones(layer.pixels.shape[:2]) if layer.shown_mask is None else layer.shown_mask / 255
        pixels = np.concatenate([layer.pixels[..., :3], (layer.pixels[..., 3] * mask)[..., None]], axis=2)
        part = layer.rect.clipped(size)
        full[part.slices] = pixels[part.moved(-layer.x, -layer.y).slices]
        over = full[..., 3:] / 255 * layer.opacity
        colour = full[..., :3] * over + colour * (1 - over)
        alpha = over + alpha * (1 - over)
    straight = np.divide(colour, alpha, out=np.zeros_like(colour), where=alpha > 0)
    return np.concatenate([straight, alpha * 255], axis=2)


def test_one_photo_alone_is_shown_without_a_copy():
    document = make_document()
    region = Rect(10, 5, 20, 30)
    shown = composite(document, region)
    assert np.shares_memory(shown, document.layers[0].pixels)
    np.testing.assert_array_equal(shown, document.layers[0].pixels[region.slices])


def test_colours_under_transparency_survive_in_a_layer_alone():
    layer = plain((10, 20, 30, 0))
    assert composite(document_of(layer), Rect(0, 0, 4, 3))[0, 0].tolist() == [10, 20, 30, 0]


def test_white_at_half_opacity_is_white_at_half_alpha():
    shown = composite(document_of(plain(WHITE, opacity=128 / 255)), Rect(0, 0, 4, 3))
    assert np.unique(shown.reshape(-1, 4), axis=0).tolist() == [[255, 255, 255, 128]]


def test_a_soft_mask_scales_alpha_and_leaves_the_colour():
    layer = plain((200, 100, 50, 255)).with_mask(np.array([[0, 1, 128, 255]] * 3, np.uint8))
    shown = composite(document_of(layer), Rect(0, 0, 4, 3))
    assert shown[0, :, 3].tolist() == [0, 1, 128, 255]
    assert shown[0, 1:, :3].tolist() == [[200, 100, 50]] * 3


def test_a_mask_that_is_switched_off_changes_nothing():
    layer = replace(plain(RED).with_mask(np.zeros((3, 4), np.uint8)), is_mask_enabled=False)
    assert composite(document_of(layer), Rect(0, 0, 4, 3))[0, 0].tolist() == list(RED)


@pytest.mark.parametrize(("alpha", "expected"), [(0, 0), (1, 1), (51, 51), (128, 128), (254, 254), (255, 255)])
def test_white_over_opaque_black_is_grey_as_bright_as_its_alpha(alpha, expected):
    shown = composite(document_of(plain((0, 0, 0, 255)), plain((255, 255, 255, alpha))), Rect(0, 0, 4, 3))
    assert shown[1, 1].tolist() == [expected, expected, expected, 255]


def test_two_half_transparent_layers_add_up_as_light_does():
    shown = composite(document_of(plain((255, 0, 0, 128)), plain((0, 0, 255, 128))), Rect(0, 0, 4, 3))
    assert shown[0, 0].tolist() == [85, 0, 170, 192]


def test_hidden_layers_and_layers_elsewhere_do_not_show():
    hidden, elsewhere = plain(RED, is_visible=False), plain(RED, x=100)
    document = document_of(plain(WHITE), hidden, elsewhere)
    assert np.shares_memory(composite(document, Rect(0, 0, 4, 3)), document.layers[0].pixels)


def test_what_lies_under_an_opaque_layer_is_not_looked_at():
    top = plain(RED)
    assert np.shares_memory(composite(document_of(plain(WHITE), top), Rect(1, 1, 2, 2)), top.pixels)


def test_layers_may_stick_out_of_the_document():
    layer = plain(RED, x=-2, y=-1)
    shown = composite(document_of(layer), Rect(0, 0, 4, 3))
    assert [tuple(pixel) for pixel in shown[0].tolist()] == [RED, RED, CLEAR, CLEAR]
    assert tuple(shown[2, 0]) == CLEAR


def test_without_layers_everything_is_transparent():
    assert not composite(document_of(), Rect(0, 0, 4, 3)).any()
    assert composite(document_of(), Rect(1, 1, 2, 1)).shape == (1, 2, 4)


def random_layers(seed, count, size):
    random = np.random.default_rng(seed)
    layers = []
    for index in range(count):
        width, height = (int(side) for side in random.integers(1, 50, 2))
        pixels = make_pixels(width, height, seed * 100 + index)
        pixels[..., 3] = random.choice([0, 255, 255, 100], (height, width))
        x, y = (int(at) for at in random.integers(-20, 40, 2))
        mask = random.integers(0, 256, (height, width), dtype=np.uint8) if random.random() < 0.4 else None
        opacity = float(random.choice([1.0, 1.0, 0.5, 0.0]))
        layers.append(Layer(new_layer_id(), "Layer", pixels, x, y, mask, opacity=opacity))
    return tuple(layers)


@given(seed=st.integers(0, 10_000), count=st.integers(0, 5))
def test_any_stack_agrees_with_the_definition_within_rounding(seed, count):
    size = Size(48, 40)
    layers = random_layers(seed, count, size)
    shown = composite_layers(layers, Rect.of_size(size)).astype(float)
    expected = reference(layers, size)
    assert np.abs(shown[..., 3] - expected[..., 3]).max() <= 0.501
    seen = expected[..., 3] > 0.5
    assert np.abs(shown[seen] - expected[seen]).max(initial=0) <= 0.51


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 4),
    x=st.integers(0, 40),
    y=st.integers(0, 30),
    width=st.integers(1, 8),
    height=st.integers(1, 10),
)
def test_a_region_shows_what_the_whole_shows_there(seed, count, x, y, width, height):
    size, region = Size(48, 40), Rect(x, y, width, height)
    layers = random_layers(seed, count, size)
    whole = composite_layers(layers, Rect.of_size(size))[region.slices]
    part = composite_layers(layers, region)
    seen = (whole[..., 3] > 0) | (part[..., 3] > 0)
    np.testing.assert_array_equal(part[seen], whole[seen])


def test_strips_of_a_large_blend_meet_without_a_seam():
    below, above = plain((40, 40, 40, 255), 1200, 300), plain((250, 10, 10, 77), 1200, 300)
    shown = composite_layers((below, above), Rect(0, 0, 1200, 300))
    assert len(np.unique(shown.reshape(-1, 4), axis=0)) == 1
