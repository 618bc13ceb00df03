"""What is written for other programs: straight alpha, right size, nothing hidden."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageCms

from core import layer_edits
from core.background import Background, ColorFill
from core.color import to_srgb
from core.document import Document
from core.errors import ImageWriteError
from core.export.png import (
    NothingCutOutError,
    clipboard_picture_of,
    cutout_of,
    export_cutout,
    export_layers,
    export_mask,
    file_stem,
    is_nothing_cut_out,
)
from core.geometry import Rect, Size
from core.geometry_edits import Turn, crop, turn
from core.image_io import read_photo
from core.layer import Layer, new_layer_id
from tests.core.icc_profiles import DISPLAY_P3
from tests.fakes import make_document, make_pixels

WIDTH, HEIGHT = 64, 48


def block(x, y, width, height, value=255):
    coverage = np.zeros((HEIGHT, WIDTH), np.uint8)
    coverage[y : y + height, x : x + width] = value
    return coverage


@pytest.fixture
def document():
    return make_document(WIDTH, HEIGHT)


def done(document, command):
    return command.apply(document)[0]


def test_a_white_subject_at_half_alpha_is_written_white(tmp_path):
    layer = Layer(new_layer_id(), "White", np.full((HEIGHT, WIDTH, 4), 255, np.uint8))
    white = Document(Size(WIDTH, HEIGHT), (layer,), layer.id).with_selection(block(10, 5, 20, 30, value=128))
    export_cutout(white, tmp_path / "white.png", trim=True)
    written = read_photo(tmp_path / "white.png").pixels
    assert np.unique(written.reshape(-1, 4), axis=0).tolist() == [[255, 255, 255, 128]]


def test_nothing_hides_under_what_is_transparent(document):
    cutout = cutout_of(document.with_selection(block(10, 5, 20, 30)))
    assert not cutout[cutout[..., 3] == 0].any()


def test_the_cutout_is_the_same_before_and_after_it_became_a_layer(document):
    selected = document.with_selection(block(10, 5, 20, 30))
    with_layer = done(selected, layer_edits.insert_cutout(selected, layer_edits.cut_layer(selected)))
    np.testing.assert_array_equal(cutout_of(selected), cutout_of(with_layer))
    np.testing.assert_array_equal(cutout_of(selected), cutout_of(with_layer.with_selection(None)))


def test_the_colours_along_a_soft_edge_are_the_same_in_the_layer_and_in_the_file():
    photo = make_document(400, 300)
    y, x = np.mgrid[:300, :400]
    coverage = np.clip((90 - np.hypot(x - 210, y - 140)) * 40, 0, 255).astype(np.uint8)
    selected = photo.with_selection(coverage)
    with_layer = done(selected, layer_edits.insert_cutout(selected, layer_edits.cut_layer(selected)))
    cutout = cutout_of(selected)
    soft = (coverage > 0) & (coverage < 255)
    assert (cutout[soft] != photo.layers[0].pixels[soft]).any()
    layered = cutout_of(with_layer.with_selection(None))
    np.testing.assert_array_equal(layered[..., 3], cutout[..., 3])
    # Colours are estimated in tiles, which begin at another pixel in the trimmed layer: rounding may differ by one.
    np.testing.assert_allclose(layered.astype(np.int16), cutout, atol=1)


def test_without_a_selection_the_cutout_is_what_a_layer_mask_leaves(document):
    masked = done(document, layer_edits.remove_background(document, block(10, 5, 20, 30)))
    np.testing.assert_array_equal(cutout_of(masked)[..., 3], block(10, 5, 20, 30))


def test_where_nothing_is_cut_out_the_picture_is_written_as_it_is_and_there_is_no_mask(document, tmp_path):
    assert is_nothing_cut_out(document)
    export_cutout(document, tmp_path / "out.png", trim=True)
    np.testing.assert_array_equal(read_photo(tmp_path / "out.png").pixels, document.layers[0].pixels)
    with pytest.raises(NothingCutOutError):
        export_mask(document, tmp_path / "mask.png")
    assert not (tmp_path / "mask.png").exists()


def test_a_photo_that_was_only_cropped_and_turned_is_written_as_it_looks(document, tmp_path):
    cropped = done(document, crop(document, Rect(8, 4, 40, 30)))
    turned = done(cropped, turn(cropped, Turn.RIGHT))
    assert is_nothing_cut_out(turned)
    export_cutout(turned, tmp_path / "out.png", trim=False)
    expected = np.rot90(document.layers[0].pixels[4:34, 8:48], -1)
    np.testing.assert_array_equal(read_photo(tmp_path / "out.png").pixels, expected)


def test_it_is_known_where_something_is_cut_out(document):
    selected = document.with_selection(block(10, 5, 20, 30))
    with_layer = done(selected, layer_edits.insert_cutout(selected, layer_edits.cut_layer(selected)))
    masked = done(document, layer_edits.remove_background(document, block(10, 5, 20, 30)))
    faded = replace(document, layers=(replace(document.layers[0], opacity=0.5),))
    smaller = replace(document, layers=(replace(document.layers[0], x=3),))
    for each in (selected, with_layer.with_selection(None), masked, faded, smaller):
        assert not is_nothing_cut_out(each)


def test_the_mask_is_the_selection_or_what_is_opaque(document, tmp_path):
    export_mask(document.with_selection(block(10, 5, 20, 30, value=77)), tmp_path / "selection.png")
    masked = done(document, layer_edits.remove_background(document, block(3, 3, 9, 9)))
    export_mask(masked, tmp_path / "masked.png")
    np.testing.assert_array_equal(read_photo(tmp_path / "selection.png").pixels[..., 0], block(10, 5, 20, 30, 77))
    np.testing.assert_array_equal(read_photo(tmp_path / "masked.png").pixels[..., 0], block(3, 3, 9, 9))


def test_layers_are_written_bottom_first_in_place_and_with_their_masks(document, tmp_path):
    document = done(document, layer_edits.remove_background(document, block(10, 5, 20, 30)))
    document = done(document, layer_edits.add_layer(document, make_pixels(10, 8, seed=1), "Über/Ich"))
    paths = export_layers(document, tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["01 photo.png", "02 Über-Ich.png"]
    photo, pasted = (read_photo(path).pixels for path in paths)
    np.testing.assert_array_equal(photo[..., 3], block(10, 5, 20, 30))
    np.testing.assert_array_equal(pasted[20:28, 27:37], document.layers[1].pixels)
    assert pasted[..., 3].sum() == 80 * 255


def test_layers_are_written_all_or_none(document, tmp_path):
    document = done(document, layer_edits.add_layer(document, make_pixels(10, 8, seed=1), "Pasted"))
    (tmp_path / "01 photo.png").write_bytes(b"before")
    (tmp_path / "02 Pasted.png").mkdir()
    with pytest.raises(ImageWriteError, match="02 Pasted"):
        export_layers(document, tmp_path)
    assert (tmp_path / "01 photo.png").read_bytes() == b"before"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_layer_that_lies_outside_is_written_empty(document, tmp_path):
    away = replace(document, layers=(replace(document.layers[0], x=1000),))
    assert not read_photo(export_layers(away, tmp_path)[0]).pixels.any()


def test_what_is_copied_has_the_colours_of_the_screen(document):
    document = replace(document, icc_profile=DISPLAY_P3).with_selection(block(10, 5, 20, 30))
    expected = to_srgb(document.layers[0].pixels[5:35, 10:30], DISPLAY_P3)
    picture = clipboard_picture_of(document)
    np.testing.assert_array_equal(picture.pixels, expected)
    with Image.open(io.BytesIO(picture.png)) as png:
        np.testing.assert_array_equal(np.asarray(png), expected)
        assert "icc_profile" not in png.info


def test_the_colour_profile_and_the_print_size_are_kept(document, tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    document = replace(document, icc_profile=profile, dpi=(300.0, 300.0)).with_selection(block(10, 5, 20, 30))
    with Image.open(export_cutout(document, tmp_path / "out.png", trim=False)) as image:
        assert image.info["icc_profile"] == profile
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize(
    ("name", "stem"), [("a/b\\c:d", "a-b-c-d"), ("...", "layer"), ("", "layer"), ("猫", "猫"), ("x" * 300, "x" * 100)]
)
def test_layer_names_become_file_names_that_every_system_takes(name, stem):
    assert file_stem(name) == stem


def test_a_cutout_is_written_over_the_background_and_its_mask_is_not(document, tmp_path):
    selected = replace(document.with_selection(block(10, 5, 20, 30)), background=Background(ColorFill((9, 99, 199))))
    export_cutout(selected, tmp_path / "cut.png", trim=True)
    export_mask(selected, tmp_path / "mask.png")

    written = read_photo(tmp_path / "cut.png").pixels
    assert written.shape == (HEIGHT, WIDTH, 4)
    assert written[0, 0].tolist() == [9, 99, 199, 255]
    np.testing.assert_array_equal(written[5:35, 10:30], document.layers[0].pixels[5:35, 10:30])
    np.testing.assert_array_equal(read_photo(tmp_path / "mask.png").pixels[..., 0], selected.selection)
