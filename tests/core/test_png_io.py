import io

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from core import png_io
from core.errors import ImageWriteError
from core.image_io import encode_png, write_png
from tests.core.icc_profiles import DISPLAY_P3


def _decoded(data):
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.mode, np.asarray(image), image.info


@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(4))), st.integers(1, 400))
def test_any_rgba_image_comes_back_exactly_however_it_is_cut_into_strips(pixels, strip_bytes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(png_io, "_STRIP_BYTES", strip_bytes)
        data = encode_png(pixels)

    mode, decoded, _ = _decoded(data)
    assert mode == "RGBA"
    assert np.array_equal(decoded, pixels)


@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40))), st.integers(1, 60))
def test_any_grey_image_comes_back_exactly(coverage, strip_bytes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(png_io, "_STRIP_BYTES", strip_bytes)
        data = encode_png(coverage)

    mode, decoded, _ = _decoded(data)
    assert mode == "L"
    assert np.array_equal(decoded, coverage)


def test_another_decoder_reads_the_same_pixels():
    pixels = np.random.default_rng(1).integers(0, 256, (300, 5000, 4), dtype=np.uint8)

    decoded = cv2.imdecode(np.frombuffer(encode_png(pixels, DISPLAY_P3, (300, 300)), np.uint8), cv2.IMREAD_UNCHANGED)

    assert np.array_equal(cv2.cvtColor(decoded, cv2.COLOR_BGRA2RGBA), pixels)


def test_part_of_a_larger_image_can_be_written():
    pixels = np.random.default_rng(1).integers(0, 256, (30, 30, 4), dtype=np.uint8)

    assert np.array_equal(_decoded(encode_png(pixels[3:20, 5:9]))[1], pixels[3:20, 5:9])


def test_profile_and_resolution_are_kept():
    _, _, info = _decoded(encode_png(np.zeros((2, 2, 4), np.uint8), DISPLAY_P3, (300, 72)))

    assert info["icc_profile"] == DISPLAY_P3
    assert info["dpi"] == pytest.approx((300, 72), abs=0.02)


def test_without_profile_and_resolution_none_are_written():
    _, _, info = _decoded(encode_png(np.zeros((2, 2, 4), np.uint8)))

    assert "icc_profile" not in info
    assert "dpi" not in info


def test_a_grey_mask_gets_no_colour_profile_because_png_forbids_it():
    _, _, info = _decoded(encode_png(np.zeros((2, 2), np.uint8), DISPLAY_P3))

    assert "icc_profile" not in info


def test_other_arrays_are_refused():
    with pytest.raises(ValueError, match="shape"):
        encode_png(np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(TypeError):
        encode_png(np.zeros((2, 2, 4), np.int16))
    with pytest.raises(TypeError):
        encode_png(np.zeros((2, 2), np.uint16))


def test_nothing_is_left_where_a_file_cannot_be_written(tmp_path):
    with pytest.raises(ImageWriteError):
        write_png(tmp_path / "no" / "a.png", np.zeros((2, 2), np.uint8))

    assert list(tmp_path.iterdir()) == []
