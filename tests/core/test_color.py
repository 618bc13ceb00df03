import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.color import convert_profile, image_to_srgb, is_usable_profile, to_model_rgb, to_srgb
from tests.core.icc_profiles import BLACK_ONLY_CMYK, BROKEN, DISPLAY_P3, LINEAR_GREY, SRGB

# (200, 100, 50) in Display P3, by the published matrix between the linear spaces (CSS Color 4) and the sRGB curve.
_P3_SEEN_AS_SRGB = (215, 93, 31, 255)


def _one(*rgba):
    return np.array([[rgba]], np.uint8)


@pytest.mark.parametrize("profile", [None, SRGB])
def test_srgb_pixels_are_returned_as_they_are(profile):
    pixels = _one(1, 2, 3, 4)

    assert to_srgb(pixels, profile) is pixels


def test_display_p3_turns_into_the_srgb_that_looks_the_same():
    assert np.abs(to_srgb(_one(200, 100, 50, 255), DISPLAY_P3).astype(int) - _P3_SEEN_AS_SRGB).max() <= 1


def test_red_stays_red_so_the_channel_order_is_right():
    assert to_srgb(_one(255, 0, 0, 255), DISPLAY_P3)[0, 0].tolist() == [255, 0, 0, 255]


def test_greys_are_the_same_in_both_spaces():
    greys = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 4, axis=2)

    assert np.abs(to_srgb(greys, DISPLAY_P3).astype(int) - greys).max() <= 1


def test_alpha_is_kept_and_the_input_unchanged(rng):
    pixels = rng.integers(0, 256, (31, 17, 4), dtype=np.uint8)
    before = pixels.copy()

    converted = to_srgb(pixels, DISPLAY_P3)

    assert np.array_equal(converted[..., 3], pixels[..., 3])
    assert np.array_equal(pixels, before)
    assert not np.array_equal(converted, pixels)


def test_a_large_photo_is_converted_like_its_parts(rng):
    pixels = rng.integers(0, 256, (1500, 1000, 4), dtype=np.uint8)
    pixels.flags.writeable = False

    converted = to_srgb(pixels, DISPLAY_P3)

    assert np.array_equal(converted[700:820, 3:90], to_srgb(pixels[700:820, 3:90], DISPLAY_P3))


def test_there_and_back_is_the_same_within_rounding():
    pixels = _one(120, 130, 110, 77)

    assert np.abs(convert_profile(to_srgb(pixels, DISPLAY_P3), None, DISPLAY_P3).astype(int) - pixels).max() <= 2


def test_the_model_sees_contiguous_rgb_in_srgb():
    rgb = to_model_rgb(np.tile(_one(200, 100, 50, 255), (3, 2, 1)), DISPLAY_P3)

    assert rgb.shape == (3, 2, 3)
    assert rgb.flags.c_contiguous
    assert np.abs(rgb.astype(int) - _P3_SEEN_AS_SRGB[:3]).max() <= 1


def test_colours_hidden_in_transparent_pixels_do_not_reach_the_model():
    pixels = np.array([[(255, 0, 0, 0), (0, 255, 0, 0), (250, 100, 0, 255)]], np.uint8)

    assert to_model_rgb(pixels, None).tolist() == [[[128, 128, 128], [128, 128, 128], [250, 100, 0]]]


@given(st.tuples(*[st.integers(0, 255)] * 4))
def test_what_the_model_sees_lies_between_the_colour_and_grey(pixel):
    seen = to_model_rgb(_one(*pixel), None)[0, 0]

    for value, original in zip(seen.tolist(), pixel[:3], strict=True):
        assert min(original, 128) <= value <= max(original, 128)


@pytest.mark.parametrize(
    ("profile", "is_usable"),
    [(DISPLAY_P3, True), (SRGB, True), (BROKEN, False), (LINEAR_GREY, False), (BLACK_ONLY_CMYK, False), (b"", False)],
)
def test_only_whole_rgb_profiles_are_usable(profile, is_usable):
    assert is_usable_profile(profile) is is_usable


def test_a_profile_that_does_not_fit_the_image_converts_nothing():
    from PIL import Image

    assert image_to_srgb(Image.new("CMYK", (2, 2)), DISPLAY_P3) is None


@pytest.fixture
def rng():
    return np.random.default_rng(7)
