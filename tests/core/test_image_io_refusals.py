import io
import os
import struct
import warnings
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import ImageReadError
from core.image_io import read_photo

_NOISE = Image.effect_noise((64, 48), 80).convert("RGB")


@pytest.mark.parametrize("content", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_truncated_photo_is_refused_in_one_sentence(tmp_path, content, share):
    data = _encoded(content)
    path = tmp_path / "a.jpg"
    path.write_bytes(data[: max(1, int(len(data) * share))])

    with pytest.raises(ImageReadError) as caught:
        read_photo(path)

    _check_one_sentence(str(caught.value), path)


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"]), st.randoms(use_true_random=False))
def test_a_damaged_photo_opens_or_is_refused_but_nothing_else(tmp_path_factory, content, random):
    data = bytearray(_encoded(content))
    for _ in range(random.randint(1, 20)):
        data[random.randrange(len(data))] = random.randrange(256)
    path = tmp_path_factory.mktemp("damaged") / "a.bin"
    path.write_bytes(data)

    try:
        photo = read_photo(path)
    except ImageReadError as error:
        _check_one_sentence(str(error), path)
    else:
        assert photo.pixels.dtype == np.uint8


@pytest.mark.parametrize("broken_at", [60, 2000, -30])
def test_no_library_prints_its_own_account_of_a_damaged_photo(tmp_path, capfd, broken_at):
    pixels = np.random.default_rng(4).integers(0, 255, (48, 64, 3), np.uint8)
    path = tmp_path / "a.tif"
    Image.fromarray(pixels).save(path, compression="tiff_lzw")
    data = bytearray(path.read_bytes())
    data[broken_at : broken_at + 8] = b"\xff" * 8
    path.write_bytes(data)

    with suppress(ImageReadError):
        read_photo(path)

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"<html>not a photo</html>", "not a photo in a format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not a photo in a format"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    ],
)
def test_what_is_no_photo_is_refused(tmp_path, data, says):
    (tmp_path / "a.jpg").write_bytes(data)

    with pytest.raises(ImageReadError, match=says):
        read_photo(tmp_path / "a.jpg")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(ImageReadError, match="no file"):
        read_photo(tmp_path / "a.jpg")
    with pytest.raises(ImageReadError, match="is a folder"):
        read_photo(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.jpg")

    with pytest.raises(ImageReadError, match="is not a file"):
        read_photo(tmp_path / "a.jpg")


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = _saved(tmp_path)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)  # root may read everything

    with pytest.raises(ImageReadError, match="no permission to read"):
        read_photo(path)


@pytest.mark.parametrize(("width", "height"), [(10_001, 10_000), (60_000, 60_000), (2**31 - 1, 1)])
def test_an_absurdly_large_photo_is_refused_from_its_header(tmp_path, width, height):
    (tmp_path / "a.png").write_bytes(_png_header(width, height))

    with pytest.raises(ImageReadError, match=rf"too large: {width} x {height} pixels.*up to 100"):
        read_photo(tmp_path / "a.png")


def test_pillow_s_own_limit_neither_warns_below_100_megapixels_nor_is_changed(tmp_path):
    (tmp_path / "a.png").write_bytes(_png_header(10_000, 9_500))
    limit = Image.MAX_IMAGE_PIXELS

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # The header passes; what is refused is that the pixels are missing.
        with pytest.raises(ImageReadError, match="damaged or cut off"):
            read_photo(tmp_path / "a.png")

    assert limit == Image.MAX_IMAGE_PIXELS


def test_too_little_memory_is_told_as_that(tmp_path, monkeypatch):
    path = _saved(tmp_path)

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr("core.image_io.decode", fail)

    with pytest.raises(ImageReadError, match="not enough memory"):
        read_photo(path)


def _saved(tmp_path):
    _NOISE.save(tmp_path / "a.png")
    return tmp_path / "a.png"


def _encoded(content):
    buffer = io.BytesIO()
    _NOISE.save(buffer, content)
    return buffer.getvalue()


def _png_header(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", b"")
    )


def _check_one_sentence(message, path):
    assert message.startswith(str(path))
    assert message.endswith(".")
    assert "\n" not in message
