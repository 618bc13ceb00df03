"""PSD files with 16 bits a channel: nothing is rounded, whatever reads them."""

from dataclasses import replace

import numpy as np
import pytest
from psd_tools import PSDImage
from psd_tools.constants import Tag

from core.compositor import composite_deep
from core.deep import to_bytes, to_deep
from core.document import Document
from core.export.psd_records import as_written
from core.geometry import Size
from core.layer import Layer
from core.layer_group import LayerGroup
from tests.core.export.psd_reading import with_psd_tools
from tests.core.export.test_psd import READERS, assert_same, coverage, export, items_of


def deep_layer(name, width, height, seed, alpha=None, **others):
    deep = np.random.default_rng(seed).integers(0, 65536, (height, width, 4), dtype=np.uint16)
    if alpha is not None:
        deep[..., 3] = alpha
    return Layer(name, name, to_bytes(deep), deep=deep, **others)


def scene(alpha=65535):
    """Return a photo with 16 bits under a layer that has them and one that has not."""
    layers = (
        deep_layer("Foto 猫", 31, 23, 1, alpha),
        deep_layer("over", 17, 9, 2, x=-5, y=20, mask=coverage(17, 9), opacity=0.6, group_id="group"),
        replace(deep_layer("shallow", 8, 8, 3, x=3, mask=coverage(8, 8), is_mask_enabled=False), deep=None),
    )
    return Document(Size(31, 23), layers, layers[0].id, groups=(LayerGroup("group", "Gruppe", 0.5),))


def deep_items(document):
    """Return what a reader should find: all pixels and masks with 16 bits."""
    by_name = {layer.name: layer.deep for layer in document.layers}
    for item in items_of(document):
        if item.pixels is None:
            yield item
            continue
        deep = by_name[item.name]
        mask = None if item.mask is None else to_deep(item.mask)
        yield replace(item, pixels=to_deep(item.pixels) if deep is None else deep, mask=mask)


@pytest.mark.parametrize("compression", ["rle", "zip"])
@pytest.mark.parametrize("reader", READERS)
def test_readers_find_sixteen_bits_in_every_layer(tmp_path, reader, compression):
    document = scene()
    export(document, tmp_path / "a.psd", compression=compression)
    assert PSDImage.open(tmp_path / "a.psd").depth == 16
    assert_same(reader(tmp_path / "a.psd"), list(deep_items(document)))


@pytest.mark.parametrize("reader", READERS)
def test_eight_bits_are_written_on_wish(tmp_path, reader):
    document = scene()
    export(document, tmp_path / "a.psd", depth="8")
    assert PSDImage.open(tmp_path / "a.psd").depth == 8
    assert_same(reader(tmp_path / "a.psd"), items_of(document))


@pytest.mark.parametrize("alpha", [65535, None])
def test_the_merged_picture_has_sixteen_bits_too(tmp_path, alpha):
    document = scene(alpha)
    export(document, tmp_path / "a.psd")
    psd = PSDImage.open(tmp_path / "a.psd")
    assert (Tag.SAVING_MERGED_TRANSPARENCY16 in psd.tagged_blocks) == (alpha is None)
    planes = psd._record.image_data.get_data(psd._record.header)
    found = np.dstack([np.frombuffer(plane, ">u2").reshape(23, 31) for plane in planes])
    shown = composite_deep(as_written(document, False), document.rect)
    if alpha is None:
        share = shown[..., 3:] / 65535
        np.testing.assert_array_equal(found[..., 3], shown[..., 3])
        np.testing.assert_array_equal(found[..., :3], np.rint(shown[..., :3] * share + 65535 * (1 - share)))
    else:
        np.testing.assert_array_equal(found, shown[..., :3])


def test_a_mask_is_baked_into_sixteen_bits(tmp_path):
    document = scene()
    export(document, tmp_path / "a.psd", masks="baked")
    layer = document.layers[1]
    baked = next(item for item in with_psd_tools(tmp_path / "a.psd") if item.name == "over")
    assert baked.mask is None
    np.testing.assert_array_equal(baked.pixels[..., :3], layer.deep[..., :3])
    np.testing.assert_array_equal(baked.pixels[..., 3], np.rint(layer.deep[..., 3] * (layer.mask / 255)))
