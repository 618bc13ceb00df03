"""16 bits a channel through edits and projects: kept where nothing changed, and never at odds with the 8 shown."""

from dataclasses import replace

import numpy as np
import pytest

from core.background import Background, ColorFill
from core.compositor import composite, composite_deep
from core.deep import carried, to_bytes, to_deep
from core.document import Document
from core.geometry import Rect, Size
from core.geometry_edits import Turn, crop, resize, turn
from core.layer_edits import cut_layer
from core.layer_group import LayerGroup
from core.mask_edits import apply_mask, masked_layer, masked_pixels
from core.project.encoded import EncodedPictures
from core.project.reader import read_project
from core.project.writer import write_openraster, write_project
from tests.core.deep_scenes import deep_document, deep_layer, deep_values

HALF = np.zeros((23, 31), np.uint8)
HALF[4:20, 5:25] = 255
HALF[10:12, 5:25] = 100


def is_sound(document: Document) -> bool:
    """Whether every layer shows at 8 bits what it holds at 16."""
    return all(layer.deep is None or np.array_equal(to_bytes(layer.deep), layer.pixels) for layer in document.layers)


def test_what_an_edit_leaves_keeps_its_16_bits():
    deep = deep_values(8, 8)
    edited = to_bytes(deep)
    edited[2, 3] = (1, 2, 3, 4)
    result = carried(edited, to_bytes(deep), deep)
    np.testing.assert_array_equal(to_bytes(result), edited)
    assert result[2, 3].tolist() == [257, 514, 771, 1028]
    result[2, 3] = deep[2, 3]
    np.testing.assert_array_equal(result, deep)


@pytest.mark.parametrize("how", Turn)
def test_a_turned_picture_keeps_its_16_bits(how):
    document = deep_document()
    turned, _ = turn(document, how).apply(document)
    assert is_sound(turned)
    assert np.sort(turned.layers[0].deep, axis=None).tolist() == np.sort(document.layers[0].deep, axis=None).tolist()


@pytest.mark.parametrize("alpha", [65535, None])
@pytest.mark.parametrize("size", [Size(11, 7), Size(70, 40)])
def test_a_resized_picture_has_16_bits_that_agree_with_its_8(alpha, size):
    layer = deep_layer("photo", deep_values(31, 23, alpha=alpha))
    document = Document(Size(31, 23), (layer,), "photo")
    resized, _ = resize(document, size).apply(document)
    assert is_sound(resized)
    assert resized.layers[0].deep.shape == (*size.shape, 4)
    shallow = replace(document, layers=(replace(layer, deep=None),))
    expected = resize(shallow, size).apply(shallow)[0].layers[0].pixels
    seen = expected[..., 3] > 16
    assert np.abs(resized.layers[0].pixels[seen].astype(int) - expected[seen]).max() <= 16


def test_a_cropped_picture_keeps_its_16_bits():
    document = deep_document()
    cropped, _ = crop(document, Rect(3, 3, 9, 9)).apply(document)
    assert cropped.layers[0].deep is document.layers[0].deep


def test_a_layer_cut_out_of_a_photo_has_the_photos_16_bits():
    document = deep_document(selection=HALF)
    layer = cut_layer(document)
    assert (layer.x, layer.y) == (5, 4)
    np.testing.assert_array_equal(to_bytes(layer.deep), layer.pixels)
    np.testing.assert_array_equal(layer.deep[0], document.layers[0].deep[4, 5:25])


def test_a_masked_layer_has_the_photos_16_bits_and_keeps_them_when_its_mask_is_applied():
    document = deep_document(selection=HALF)
    masked, _ = masked_layer(document).apply(document)
    layer = masked.active_layer
    assert layer.deep is document.layers[0].deep
    applied, _ = apply_mask(masked, layer.id, masked_pixels(layer)).apply(masked)
    assert is_sound(applied)
    np.testing.assert_array_equal(applied.active_layer.deep[5, 6], document.layers[0].deep[5, 6])


def scene() -> Document:
    """Return layers at both depths: faded, masked, outside and in a faded group."""
    photo = deep_layer("photo", deep_values(31, 23))
    over = deep_layer("over", deep_values(17, 9, 2, None), x=-5, y=20, opacity=0.6, group_id="group")
    mask = np.random.default_rng(3).integers(0, 256, (8, 8)).astype(np.uint8)
    shallow = replace(deep_layer("shallow", deep_values(8, 8, 4), x=3, mask=mask), deep=None)
    return Document(Size(31, 23), (photo, over, shallow), "photo", groups=(LayerGroup("group", "Group", 0.5),))


@pytest.mark.parametrize("background", [None, Background(ColorFill((10, 200, 30)))])
def test_what_layers_show_with_16_bits_is_what_they_show_with_8(background):
    document = replace(scene(), background=background)
    deep = composite_deep(document, document.rect)
    assert np.abs(to_bytes(deep).astype(int) - composite(document, document.rect)).max() <= 1


def test_a_photo_alone_shows_its_own_16_bits():
    document = deep_document()
    np.testing.assert_array_equal(composite_deep(document, Rect(2, 3, 9, 9)), document.layers[0].deep[3:12, 2:11])


def test_a_group_that_is_faded_is_blended_with_16_bits():
    document = scene()
    expected = document.layers[0].deep.astype(float)
    over = document.layers[1]
    part = over.deep[:3, 5:].astype(float)
    share = part[..., 3:] / 65535 * 0.6 * 0.5
    expected[20:, :12, :3] = part[..., :3] * share + expected[20:, :12, :3] * (1 - share)
    found = composite_deep(document, document.rect)
    assert np.abs(found[20:, :12].astype(float) - expected[20:, :12]).max() <= 1


def test_a_project_keeps_16_bits_and_says_so_to_others(tmp_path):
    document = scene()
    path = write_project(document, tmp_path / "work.clickcut.ora", EncodedPictures())
    opened = read_project(path).document
    for before, after in zip(document.layers, opened.layers, strict=True):
        np.testing.assert_array_equal(after.pixels, before.pixels)
        assert (after.deep is None) == (before.deep is None)
        if before.deep is not None:
            np.testing.assert_array_equal(after.deep, before.deep)


def test_openraster_of_others_is_opened_with_its_16_bits(tmp_path):
    document = scene()
    with (tmp_path / "a.ora").open("wb") as file:
        write_openraster(document, file, lambda: None)
    opened = read_project(tmp_path / "a.ora").document
    np.testing.assert_array_equal(opened.layers[0].deep, document.layers[0].deep)
    assert opened.layers[2].deep is None


def test_history_counts_16_bits_too():
    layer = deep_document().layers[0]
    assert layer.pixels_nbytes == 3 * layer.pixels.nbytes
    assert np.array_equal(to_deep(layer.pixels) // 257, layer.pixels)


def test_16_bits_of_another_shape_are_refused():
    layer = deep_document().layers[0]
    with pytest.raises(ValueError, match="beside"):
        replace(layer, deep=np.zeros((1, 1, 4), np.uint16))
