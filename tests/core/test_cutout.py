import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from core.cutout import make_cutout, trimmed
from core.geometry import Rect

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
