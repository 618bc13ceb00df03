"""Photos with 16 bits a channel: read as they are, or told."""

import io

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from core.deep import to_bytes
from core.image_io import encode_png, read_photo, write_png
from tests.core.deep_scenes import deep_values

TOLD = ("It has 16 or more bits a channel and was opened at 8.",)


def test_a_png_with_16_bits_is_read_as_it_was_written(tmp_path):
    deep = deep_values(300, 211, alpha=None)
    write_png(tmp_path / "a.png", deep)
    photo = read_photo(tmp_path / "a.png")
    np.testing.assert_array_equal(photo.deep, deep)
    np.testing.assert_array_equal(photo.pixels, to_bytes(deep))
    assert photo.has_alpha
    assert photo.notes == ()
    assert not photo.deep.flags.writeable


def test_other_readers_find_the_same_in_a_png_with_16_bits():
    deep = deep_values(1500, 700, alpha=None)  # more than one strip
    found = cv2.imdecode(np.frombuffer(encode_png(deep), np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(found[..., [2, 1, 0, 3]], deep)


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_a_tiff_with_16_bits_is_read_as_it_was_written(tmp_path, compression, has_alpha):
    deep = deep_values(40, 30, alpha=None if has_alpha else 65535)
    extra = {"extrasamples": ["unassalpha"]} if has_alpha else {}
    values = deep if has_alpha else deep[..., :3]
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb", compression=compression, **extra)
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_array_equal(photo.deep, deep)
    assert photo.has_alpha == has_alpha


@pytest.mark.parametrize("orientation", range(1, 9))
def test_16_bits_are_turned_like_8(tmp_path, orientation):
    data = encode_png(deep_values(5, 3))
    exif = Image.Exif()
    exif[0x0112] = orientation
    (tmp_path / "a.png").write_bytes(_with_exif(data, exif.tobytes()))
    photo = read_photo(tmp_path / "a.png")
    assert photo.deep.shape == ((5, 3, 4) if orientation >= 5 else (3, 5, 4))
    np.testing.assert_array_equal(photo.pixels, to_bytes(photo.deep))


def test_alpha_that_is_multiplied_in_is_not_taken_for_another_picture(tmp_path):
    deep = deep_values(9, 9, alpha=30000)
    tifffile.imwrite(tmp_path / "a.tif", deep // 3, photometric="rgb", extrasamples=["assocalpha"])
    photo = read_photo(tmp_path / "a.tif")
    assert photo.deep is None
    assert photo.notes == TOLD


def test_a_thumbnail_of_16_bits_does_without_them(tmp_path):
    write_png(tmp_path / "a.png", deep_values(9, 9))
    assert read_photo(tmp_path / "a.png", at_least=4).deep is None


def test_what_lies_behind_a_small_picture_is_not_read_into_memory(tmp_path):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, deep_values(9, 9)[..., :3], photometric="rgb")
    with path.open("ab") as file:
        file.truncate(80 << 20)
    photo = read_photo(path)
    assert photo.deep is None
    assert photo.notes == TOLD


def _with_exif(png: bytes, exif: bytes) -> bytes:
    import zlib

    kind, data = b"eXIf", exif.removeprefix(b"Exif\0\0")
    chunk = len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    file = io.BytesIO(png)
    start = file.read(33)
    return start + chunk + file.read()
