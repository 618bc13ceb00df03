"""Packed channels: psd-tools, and zlib by hand, unpack to what was packed, at every size and depth."""

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psd_tools.compression import decompress
from psd_tools.constants import Compression as Code

from core.cancel import Cancelled, CancelToken
from core.export import psd_channels
from core.export.psd_channels import Channel, Compression, packed, strips


@st.composite
def planes(draw, kind):
    """Draw rows with what packing treats apart: runs, short and long, noise, and both in turn."""
    height, width = draw(st.integers(1, 9)), draw(st.integers(1, 300))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    most = np.iinfo(kind).max + 1
    plane = rng.integers(0, most, (height, width), dtype=kind)
    for _ in range(draw(st.integers(0, 5))):
        start, length = draw(st.integers(0, width - 1)), draw(st.sampled_from([2, 3, 127, 128, 129, 300]))
        plane[draw(st.integers(0, height - 1)), start : start + length] = draw(st.integers(0, most - 1))
    return plane


def unpacked(packing, plane):
    height, width = plane.shape
    raw = decompress(b"".join(packing.parts()), Code(packing.code), width, height, 8 * plane.itemsize)
    return np.frombuffer(raw, plane.dtype.newbyteorder(">")).reshape(height, width)


@given(planes(np.uint8) | planes(np.uint16), st.sampled_from(list(Compression)), st.integers(1, 700))
@settings(max_examples=60, deadline=None)
def test_any_plane_is_unpacked_as_it_was_however_it_falls_into_strips(plane, compression, strip_pixels):
    before = psd_channels._STRIP_PIXELS
    psd_channels._STRIP_PIXELS = strip_pixels
    try:
        packing = packed(Channel(0, plane), compression, lambda: None, plane.dtype == np.uint16)
    finally:
        psd_channels._STRIP_PIXELS = before
    np.testing.assert_array_equal(unpacked(packing, plane), plane)


def test_eight_bits_in_a_file_of_sixteen_keep_black_and_white():
    plane = np.arange(256, dtype=np.uint8).reshape(16, 16)
    packing = packed(Channel(0, plane), Compression.RLE, lambda: None, True)
    np.testing.assert_array_equal(unpacked(packing, plane.astype(np.uint16)), plane.astype(np.uint16) * 257)


def test_a_channel_of_an_image_is_packed_alone():
    image = np.random.default_rng(0).integers(0, 256, (7, 5, 4), dtype=np.uint8)
    for index in range(4):
        packing = packed(Channel(index, image, index), Compression.RLE, lambda: None)
        np.testing.assert_array_equal(unpacked(packing, image[..., index]), image[..., index])


def test_prediction_is_used_with_eight_bits_only():
    plane = np.array([[10, 12, 9]], np.uint8)
    shallow = packed(Channel(0, plane), Compression.ZIP, lambda: None)
    deep = packed(Channel(0, plane), Compression.ZIP, lambda: None, True)
    assert (shallow.code, zlib.decompress(b"".join(shallow.parts()))) == (3, bytes([10, 2, 253]))
    assert (deep.code, zlib.decompress(b"".join(deep.parts()))) == (2, bytes([10, 10, 12, 12, 9, 9]))


def test_packing_stops_when_nobody_wants_it():
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        packed(Channel(0, np.zeros((3, 3), np.uint8)), Compression.RLE, token.check)


def test_strips_cover_every_row_once():
    for height, width in ((1, 1), (3000, 4000), (5, 3_000_000)):
        rows = [row for top, bottom in strips(height, width) for row in range(top, bottom)]
        assert rows == list(range(height))
