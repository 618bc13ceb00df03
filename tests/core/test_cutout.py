import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.color import to_srgb
from core.cutout import Background, BackgroundKind, make_cutout, place_on, trimmed
from core.geometry import Rect
from tests.core.icc_profiles import DISPLAY_P3

_SHAPE = (9, 12)
_IMAGES = arrays(np.uint8, (*_SHAPE, 4))
_COVERAGES = arrays(np.uint8, _SHAPE)


def _flat(*rgba, shape=(20, 30)):
    return np.full((*shape, 4), rgba, np.uint8)


def _left_half(value=255, shape=(20, 30)):
    coverage = np.zeros(shape, np.uint8)
    coverage[:, : shape[1] // 2] = value
    return coverage


def test_a_white_subject_at_half_coverage_stays_white_with_straight_alpha():
    cutout = make_cutout(_flat(255, 255, 255, 255), np.full((20, 30), 128, np.uint8))

    assert (cutout == (255, 255, 255, 128)).all()


def test_where_nothing_belongs_the_photo_is_not_in_the_file():
    cutout = make_cutout(_flat(10, 20, 30, 255), _left_half())

    assert (cutout[:, 15:] == 0).all()
    assert (cutout[:, :15] == (10, 20, 30, 255)).all()


def test_hidden_pixels_are_kept_on_request():
    cutout = make_cutout(_flat(10, 20, 30, 255), _left_half(), keep_hidden=True)

    assert (cutout[:, 15:] == (10, 20, 30, 0)).all()


def test_the_photo_s_own_transparency_stays():
    cutout = make_cutout(_flat(255, 255, 255, 128), _left_half())

    assert cutout[3, 3].tolist() == [255, 255, 255, 128]


def test_soft_edges_take_the_object_s_colour_and_not_the_mixture():
    # A red object before blue, each edge pixel the true mixture of both.
    alpha = np.clip((20 - np.arange(40)) / 8 + 0.5, 0, 1)
    red, blue = np.array([255, 0, 0]), np.array([0, 0, 255])
    row = np.rint(alpha[:, None] * red + (1 - alpha[:, None]) * blue).astype(np.uint8)
    pixels = np.dstack([np.tile(row, (40, 1, 1)), np.full((40, 40), 255, np.uint8)])
    coverage = np.tile(np.rint(alpha * 255).astype(np.uint8), (40, 1))

    clean = make_cutout(pixels, coverage)
    mixed = make_cutout(pixels, coverage, clean_edges=False)

    seen = (coverage > 40) & (coverage < 215)
    assert clean[seen][:, 2].max() < 60
    assert mixed[seen][:, 2].max() > 150
    assert np.array_equal(clean[..., 3], coverage)
    assert np.array_equal(clean[coverage == 255], mixed[coverage == 255])


@given(_IMAGES, _COVERAGES)
def test_a_cutout_is_at_most_as_opaque_as_photo_and_coverage_and_holds_nothing_hidden(pixels, coverage):
    cutout = make_cutout(pixels, coverage)

    product = np.rint(coverage.astype(float) * pixels[..., 3] / 255)
    assert np.abs(cutout[..., 3] - product).max() <= 0.5
    assert (cutout[cutout[..., 3] == 0] == 0).all()
    whole = (coverage == 255) & (pixels[..., 3] > 0)
    assert np.array_equal(cutout[whole], pixels[whole])


@given(_IMAGES)
def test_covering_everything_gives_the_photo(pixels):
    cutout = make_cutout(pixels, np.full(_SHAPE, 255, np.uint8), keep_hidden=True)

    assert np.array_equal(cutout, pixels)


def test_photo_and_coverage_are_kept():
    pixels, coverage = _flat(1, 2, 3, 200), _left_half(100)
    before = pixels.copy(), coverage.copy()

    make_cutout(pixels, coverage)

    assert np.array_equal(pixels, before[0])
    assert np.array_equal(coverage, before[1])


def test_a_coverage_of_another_size_is_a_mistake():
    with pytest.raises(ValueError, match="coverage of 4 x 4"):
        make_cutout(_flat(1, 2, 3, 4), np.zeros((4, 4), np.uint8))


@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("transparent", Background()),
        ("#ff8000", Background(BackgroundKind.COLOR, color=(255, 128, 0))),
        ("#FF8000", Background(BackgroundKind.COLOR, color=(255, 128, 0))),
        ("blur:2.5", Background(BackgroundKind.BLUR, radius=2.5)),
    ],
)
def test_backgrounds_are_understood(text, background):
    assert Background.parse(text) == background


def test_anything_else_is_a_photo_s_path():
    assert str(Background.parse("beach.jpg").path) == "beach.jpg"


@pytest.mark.parametrize("text", ["", "#ff80", "#gggggg", "blur:", "blur:0", "blur:-3", "blur:nan", "blur:1e9"])
def test_a_background_that_means_nothing_is_refused(text):
    with pytest.raises(ValueError, match=r"such as|give"):
        Background.parse(text)


def test_transparent_is_the_cutout_itself():
    photo = _flat(1, 2, 3, 255)
    cutout = make_cutout(photo, _left_half())

    assert place_on(cutout, photo, Background()) is cutout


def test_a_colour_fills_what_was_cut_away():
    photo = _flat(0, 0, 255, 255)
    placed = place_on(make_cutout(photo, _left_half()), photo, Background.parse("#ff0000"))

    assert (placed[:, :15] == (0, 0, 255, 255)).all()
    assert (placed[:, 15:] == (255, 0, 0, 255)).all()


def test_half_covered_pixels_mix_with_the_background():
    photo = _flat(0, 0, 255, 255)
    placed = place_on(make_cutout(photo, _left_half(128)), photo, Background.parse("#ff0000"))

    assert placed[3, 3].tolist() == [127, 0, 128, 255]


def test_a_colour_is_meant_in_srgb_whatever_the_photo_s_profile():
    photo = _flat(0, 0, 255, 255)
    cutout = make_cutout(photo, _left_half())

    placed = place_on(cutout, photo, Background.parse("#20c040"), icc_profile=DISPLAY_P3)

    assert np.abs(to_srgb(placed, DISPLAY_P3)[3, 20].astype(int) - (0x20, 0xC0, 0x40, 255)).max() <= 2


@pytest.mark.parametrize("shape", [(10, 60), (60, 10), (300, 500), (3, 2), (1, 1)])
def test_a_picture_fills_the_photo_and_is_cut_evenly(shape):
    photo, empty = _flat(0, 0, 0, 255), np.zeros((20, 30), np.uint8)
    picture = _flat(200, 100, 50, 255, shape=shape)
    picture[:, : shape[1] // 2] = (50, 100, 200, 255)

    placed = place_on(make_cutout(photo, empty), photo, Background.parse("x.png"), picture=picture)

    assert placed.shape == photo.shape
    assert (placed[..., 3] == 255).all()
    if shape[1] > 1:
        assert (placed[:, :13, 2] > 150).all()
        assert (placed[:, 17:, 0] > 150).all()


def test_a_transparent_picture_shows_white():
    photo, empty = _flat(0, 0, 0, 255), np.zeros((20, 30), np.uint8)

    placed = place_on(make_cutout(photo, empty), photo, Background.parse("x.png"), picture=_flat(9, 9, 9, 0))

    assert (placed == 255).all()


@pytest.mark.parametrize("radius", ["1", "3", "20", "200"])
def test_the_subject_does_not_glow_into_a_blurred_background(radius):
    photo = _flat(0, 0, 255, 255, shape=(80, 120))
    photo[20:60, 40:80] = (255, 0, 0, 255)
    coverage = np.zeros((80, 120), np.uint8)
    coverage[20:60, 40:80] = 255

    placed = place_on(make_cutout(photo, coverage), photo, Background.parse(f"blur:{radius}"))

    assert np.array_equal(placed[coverage == 255], photo[coverage == 255])
    assert placed[coverage == 0][:, 0].max() <= 3
    assert placed[coverage == 0][:, 2].min() >= 252


@pytest.mark.parametrize("radius", ["2", "30"])
def test_a_blur_smooths_and_keeps_the_mean(radius):
    photo = _flat(0, 0, 0, 255, shape=(128, 128))
    photo[::2, :, :3] = 200

    placed = place_on(make_cutout(photo, np.zeros((128, 128), np.uint8)), photo, Background.parse(f"blur:{radius}"))

    assert np.ptp(placed[20:-20, 20:-20, 0].astype(int)) < 30
    assert abs(placed[..., 0].mean() - 100) < 5


def test_a_blurred_background_is_as_transparent_as_the_photo():
    photo = _flat(9, 9, 9, 100)

    placed = place_on(make_cutout(photo, np.zeros((20, 30), np.uint8)), photo, Background.parse("blur:5"))

    assert (placed[..., 3] == 100).all()


@given(_IMAGES, _COVERAGES)
def test_a_cutout_over_an_opaque_background_is_opaque_and_between_both(pixels, coverage):
    cutout = make_cutout(pixels, coverage)

    placed = place_on(cutout, pixels, Background.parse("#407090"))

    behind = np.array([0x40, 0x70, 0x90])
    assert (placed[..., 3] == 255).all()
    assert (placed[..., :3] >= np.minimum(cutout[..., :3], behind)).all() or (cutout[..., 3] == 0).any()
    assert np.array_equal(placed[cutout[..., 3] == 255], cutout[cutout[..., 3] == 255])
    assert (placed[cutout[..., 3] == 0][:, :3] == behind).all()


def test_trimming_keeps_exactly_what_is_seen():
    rgba = np.zeros((10, 10, 4), np.uint8)
    rgba[2:5, 3:9] = (1, 2, 3, 1)

    part, rect = trimmed(rgba)

    assert rect == Rect(3, 2, 6, 3)
    assert np.array_equal(part, rgba[2:5, 3:9])


def test_an_empty_picture_is_not_trimmed_away():
    part, rect = trimmed(np.zeros((4, 5, 4), np.uint8))

    assert part.shape == (4, 5, 4)
    assert rect == Rect(0, 0, 5, 4)


@given(st.integers(1, 8), st.integers(1, 8))
def test_a_blurred_background_survives_any_small_size(width, height):
    photo = _flat(5, 6, 7, 255, shape=(height, width))

    placed = place_on(make_cutout(photo, np.zeros((height, width), np.uint8)), photo, Background.parse("blur:9"))

    assert np.abs(placed.astype(int) - photo).max() <= 1
