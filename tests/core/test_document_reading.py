"""Opening a photo together with what is selected in it."""

import numpy as np
import pytest
from PIL import Image

from core.document_reading import read_ahead, read_document
from core.errors import ImageReadError
from core.image_io import write_png
from tests.fakes import make_pixels

WIDTH, HEIGHT = 20, 12


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    write_png(path, make_pixels(WIDTH, HEIGHT))
    return path


@pytest.fixture
def mask():
    coverage = np.zeros((HEIGHT, WIDTH), np.uint8)
    coverage[3:9, 4:15] = 255
    coverage[3, 4:15] = 100
    return coverage


def test_a_photo_alone_has_nothing_selected(photo):
    opened = read_document(photo)
    assert opened.document.selection is None
    assert opened.document.path == photo
    assert opened.notes == ()


def test_the_mask_s_greys_are_the_selection(photo, mask, tmp_path):
    write_png(tmp_path / "mask.png", mask)
    opened = read_document(photo, tmp_path / "mask.png")
    np.testing.assert_array_equal(opened.document.selection, mask)
    assert opened.notes == ()


def odd_masks(mask):
    colour = np.dstack([mask, mask // 2, mask])
    return {
        "other-size": Image.fromarray(mask[:-1]),
        "colours": Image.fromarray(colour),
        "transparent": Image.fromarray(np.dstack([mask, mask])),
        "black": Image.fromarray(np.zeros_like(mask)),
    }


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "no file"),
        ("other-size", "20 x 11"),
        ("colours", "not a mask"),
        ("transparent", "not a mask"),
        ("black", "all black"),
    ],
)
def test_an_odd_mask_is_a_note_and_the_photo_opens(photo, mask, tmp_path, kind, words):
    path = tmp_path / f"{kind}.png"
    if kind != "missing":
        odd_masks(mask)[kind].save(path)
    opened = read_document(photo, path)
    assert opened.document.selection is None
    (note,) = opened.notes
    assert note.startswith("Nothing is selected: ")
    assert words in note
    assert path.name in note


def test_without_the_photo_nothing_opens(mask, tmp_path):
    write_png(tmp_path / "mask.png", mask)
    with pytest.raises(ImageReadError):
        read_document(tmp_path / "missing.png", tmp_path / "mask.png")


# --- ahead of time ---


def test_what_was_read_ahead_is_taken_as_long_as_the_file_is_the_same(photo):
    ahead = read_ahead(photo)
    assert read_document(photo, ahead=ahead) is ahead.opened
    other = photo.with_name("other.png")
    other.write_bytes(photo.read_bytes())
    assert read_document(other, ahead=ahead).path == other
    other.replace(photo)
    assert read_document(photo, ahead=ahead) is not ahead.opened


def test_a_file_that_went_after_it_was_read_ahead_is_missing(photo):
    ahead = read_ahead(photo)
    photo.unlink()
    with pytest.raises(ImageReadError, match="There is no file"):
        read_document(photo, ahead=ahead)
    with pytest.raises(ImageReadError, match="cannot be read"):
        read_ahead(photo)
