"""Layers and documents as values."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.document import Document
from core.geometry import Rect, Size
from core.image_io import Photo
from core.layer import Layer, new_layer_id
from tests.fakes import make_document, make_pixels


def make_layer(**changes):
    return Layer(new_layer_id(), "Layer", make_pixels(8, 6), **changes)


def test_arrays_become_read_only():
    mask = np.full((6, 8), 255, np.uint8)
    layer = make_layer(mask=mask)
    with pytest.raises(ValueError, match="read-only"):
        layer.pixels[0, 0] = 0
    with pytest.raises(ValueError, match="read-only"):
        mask[0, 0] = 0


def test_the_pixels_key_changes_with_the_pixels_and_with_nothing_else():
    layer = make_layer()
    same = replace(layer.with_mask(np.zeros((6, 8), np.uint8)), name="Other", opacity=0.5, is_visible=False, x=3)
    assert same.pixels_key == layer.pixels_key
    assert same.mask_key != layer.mask_key
    other = layer.with_pixels(make_pixels(4, 4), 1, 2)
    assert other.pixels_key != layer.pixels_key
    assert (other.rect, other.mask) == (Rect(1, 2, 4, 4), None)


def test_no_two_layers_share_an_id_or_a_key():
    layers = [make_layer() for _ in range(50)]
    assert len({layer.id for layer in layers}) == 50
    assert len({layer.pixels_key for layer in layers}) == 50


@pytest.mark.parametrize("opacity", [-0.1, 1.1, float("nan")])
def test_an_opacity_outside_of_its_range_is_refused(opacity):
    with pytest.raises(ValueError, match="opacity"):
        make_layer(opacity=opacity)


def test_a_mask_of_another_size_than_the_pixels_is_refused():
    with pytest.raises(ValueError, match="mask of shape"):
        make_layer(mask=np.zeros((8, 6), np.uint8))


def test_a_layer_is_plain_when_nothing_changes_its_pixels():
    mask = np.zeros((6, 8), np.uint8)
    assert make_layer().is_plain
    assert make_layer(mask=mask, is_mask_enabled=False).is_plain
    assert not make_layer(mask=mask).is_plain
    assert not make_layer(opacity=0.99).is_plain


def test_a_photo_becomes_a_document_of_one_active_layer():
    photo = Photo(make_pixels(8, 6), b"profile", (300.0, 300.0), False, (), "Lemur", exif=b"camera")
    document = Document.from_photo(photo, Path("lemur.jpg"))
    assert document.size == Size(8, 6)
    assert document.active_layer is document.layers[0]
    assert document.active_layer.pixels is photo.pixels
    assert (document.name, document.path, document.dpi) == ("Lemur", Path("lemur.jpg"), (300.0, 300.0))
    assert (document.icc_profile, document.exif) == (b"profile", b"camera")
    assert document.selection is None


def test_a_selection_of_another_size_is_refused():
    with pytest.raises(ValueError, match="selection of shape"):
        make_document(8, 6).with_selection(np.zeros((8, 6), np.uint8))


def test_an_active_layer_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="not in the document"):
        replace(make_document(), active_layer_id="nobody")
    with pytest.raises(KeyError):
        make_document().layer("nobody")


def test_arrays_are_left_out_of_the_representation():
    document = make_document().with_selection(np.full((48, 64), 255, np.uint8))
    assert "255" not in repr(document)
