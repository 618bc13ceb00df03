"""Small pictures of files of every kind."""

import numpy as np
import pytest
from PIL import Image

from core.errors import ImageReadError
from core.image_io import read_photo
from core.photo_thumbnail import photo_thumbnail
from core.project.encoded import EncodedPictures
from core.project.writer import write_project
from tests.core.icc_profiles import DISPLAY_P3
from tests.fakes import make_document, make_pixels


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_photo_is_shrunk_in_proportion(tmp_path, name):
    Image.fromarray(make_pixels(640, 320)).convert("RGB").save(tmp_path / name)
    assert photo_thumbnail(tmp_path / name, 100).shape == (50, 100, 4)


def test_a_jpeg_is_decoded_at_a_fraction_of_its_size_and_turned(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(make_pixels(1600, 800)).convert("RGB").save(tmp_path / "a.jpg", exif=exif)
    assert read_photo(tmp_path / "a.jpg", at_least=100).size.area < 1600 * 800 / 16
    assert read_photo(tmp_path / "a.jpg").size.area == 1600 * 800
    assert photo_thumbnail(tmp_path / "a.jpg", 100).shape == (100, 50, 4)


def test_its_colours_are_srgb(tmp_path):
    Image.new("RGB", (30, 30), (200, 60, 60)).save(tmp_path / "a.png", icc_profile=DISPLAY_P3)
    red = photo_thumbnail(tmp_path / "a.png", 100)[0, 0]
    assert red[0] > 205


def test_a_project_shows_its_own_picture(tmp_path):
    document = make_document(400, 300)
    path = write_project(document, tmp_path / "a.clickcut.ora", EncodedPictures())
    small = photo_thumbnail(path, 128)
    assert small.shape == (96, 128, 4)
    assert np.abs(small[..., :3].mean() - document.layers[0].pixels[..., :3].mean()) < 3


def test_what_cannot_be_read_fails_with_a_sentence(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no photo")
    (tmp_path / "a.ora").write_bytes(b"PK\x03\x04 no project")
    for name in ("a.jpg", "a.ora", "missing.png"):
        with pytest.raises(ImageReadError):
            photo_thumbnail(tmp_path / name, 100)
