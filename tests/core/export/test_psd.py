"""What other readers find in a PSD: every layer, mask and group as it was, and the picture of all of them."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode, Resource, SectionDivider, Tag

from core.background import Background, ColorFill
from core.cancel import Cancelled, CancelToken
from core.compositor import composite
from core.document import Document
from core.export.format import Progress
from core.export.job import ExportJob, Scope, run_export
from core.export.options import ExportError
from core.export.psd import PsdFormat, PsdOptions
from core.export.registry import format_for
from core.export.source import ExportSource
from core.geometry import Size
from core.layer import Layer
from core.layer_group import LayerGroup
from core.layer_tree import Branch, tree_of
from tests.core.export.psd_reading import HAS_PHOTOSHOPAPI, Item, with_photoshopapi, with_psd_tools
from tests.core.icc_profiles import DISPLAY_P3
from tests.core.project_documents import documents

READERS = [
    with_psd_tools,
    pytest.param(with_photoshopapi, marks=pytest.mark.skipif(not HAS_PHOTOSHOPAPI, reason="photoshopapi is missing")),
]


def noise(width, height, seed=0, alpha=None):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    if alpha is not None:
        pixels[..., 3] = alpha
    return pixels


def coverage(width, height):
    return np.random.default_rng(9).integers(0, 256, (height, width), dtype=np.uint8)


def export(document, path, progress=None, **options):
    job = ExportJob("psd", PsdOptions.from_plain(options), path, Scope.WHOLE, "{name}")
    return run_export(ExportSource(document), job, progress)


def scene():
    """Return an opaque photo under layers of every kind, in nested groups."""
    photo = Layer("photo", "Foto – été", noise(61, 47, 1, 255))
    layers = (
        photo,
        Layer("out", "draußen links", noise(33, 21, 2), -17, -9, opacity=0.5, group_id="outer"),
        Layer("masked", "Maske 猫", noise(25, 20, 3), 5, 7, coverage(25, 20), opacity=0.8, group_id="inner"),
        Layer("off", "mask off", noise(9, 1, 4), 50, 40, coverage(9, 1), is_mask_enabled=False, group_id="inner"),
        Layer("hidden", "verborgen 隠れ", noise(12, 13, 5), 20, 20, is_visible=False, group_id="outer"),
        Layer("locked", "🐱 emoji", noise(1, 1, 6), 60, 46, is_locked=True),
        Layer("away", "", noise(7, 130, 7), 400, -100, opacity=1 / 3),
        Layer("clear", "nothing to see", noise(5, 5, 8, 0), 3, 3),
    )
    groups = (
        LayerGroup("outer", "Gruppe 外", 0.75, is_open=False),
        LayerGroup("inner", "innen", 0.6, is_visible=False, parent_id="outer"),
    )
    return Document(Size(61, 47), layers, "photo", None, DISPLAY_P3, (300.0, 240.5), "cat", groups=groups)


def items_of(document):
    """Return what a reader should find, from the bottom, a group after its members."""
    return list(_items(tree_of(document), 0))


def told(name):
    """Return a name as the file has it: without ends of C strings, and not empty."""
    return name.replace("\0", "") or "Layer"


def _items(tree, depth):
    for node in tree:
        if isinstance(node, Branch):
            yield from _items(node.items, depth + 1)
            yield Item(depth, told(node.group.name), round(node.group.opacity * 255), node.group.is_visible)
            continue
        is_mask_enabled = node.is_mask_enabled or node.mask is None
        look = told(node.name), round(node.opacity * 255), node.is_visible, node.is_locked
        yield Item(depth, *look, (node.x, node.y), node.pixels, node.mask, is_mask_enabled)


def assert_same(found, expected):
    assert [plain(item) for item in found] == [plain(item) for item in expected]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_equal(one.pixels, other.pixels)
        np.testing.assert_equal(one.mask, other.mask)


def plain(item):
    return item.depth, item.name, item.opacity, item.is_visible, item.is_locked, item.place, item.is_mask_enabled


@pytest.mark.parametrize("compression", ["rle", "zip"])
@pytest.mark.parametrize("reader", READERS)
def test_readers_find_every_layer_mask_and_group_as_it_was(tmp_path, reader, compression):
    document = scene()
    export(document, tmp_path / "a.psd", compression=compression)
    assert_same(reader(tmp_path / "a.psd"), items_of(document))


@pytest.mark.parametrize("reader", READERS)
@given(documents(min_layers=1))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_document_is_read_back_as_it_was(tmp_path, reader, document):
    document = replace(document, background=None)
    export(document, tmp_path / "any.psd")
    assert_same(reader(tmp_path / "any.psd"), items_of(document))


def test_groups_are_composited_apart_and_stay_closed(tmp_path):
    export(scene(), tmp_path / "a.psd")
    outer = PSDImage.open(tmp_path / "a.psd")[1]
    kinds = [group.tagged_blocks.get_data(Tag.SECTION_DIVIDER_SETTING).kind for group in (outer, outer[1])]
    assert kinds == [SectionDivider.CLOSED_FOLDER, SectionDivider.OPEN_FOLDER]
    assert (outer.blend_mode, outer[1].blend_mode) == (BlendMode.NORMAL, BlendMode.NORMAL)


def test_the_old_name_of_a_layer_is_ascii(tmp_path):
    export(scene(), tmp_path / "a.psd")
    names = [layer._record.name for layer in PSDImage.open(tmp_path / "a.psd").descendants() if layer.kind == "pixel"]
    assert names[:3] == ["Foto ? ete", "drau?en links", "Maske ?"]


@pytest.mark.parametrize("name", ["", "\0", "x" * 300, "\udce9t\udce9", "a\0b", "é" * 200])
def test_a_name_that_no_reader_takes_is_written_as_near_as_can_be(tmp_path, name):
    document = Document(Size(1, 1), (Layer("a", name, noise(1, 1)),), "a")
    export(document, tmp_path / "a.psd")
    assert with_psd_tools(tmp_path / "a.psd")[0].name == told(name).replace("\udce9", "?")


def test_profile_and_resolution_are_the_documents(tmp_path):
    export(scene(), tmp_path / "a.psd")
    resources = PSDImage.open(tmp_path / "a.psd").image_resources
    resolution = resources.get_data(Resource.RESOLUTION_INFO)
    assert resources.get_data(Resource.ICC_PROFILE) == DISPLAY_P3
    assert (resolution.horizontal / 65536, resolution.vertical / 65536) == (300, 240.5)
    assert (resolution.horizontal_unit, resolution.vertical_unit) == (1, 1)
    export(Document(Size(1, 1), (Layer("a", "a", noise(1, 1)),), "a"), tmp_path / "b.psd")
    resources = PSDImage.open(tmp_path / "b.psd").image_resources
    assert Resource.ICC_PROFILE not in resources
    assert Resource.RESOLUTION_INFO not in resources


def test_a_resolution_beyond_what_the_format_tells_is_the_highest_that_it_does(tmp_path):
    export(replace(scene(), dpi=(1e9, 72.0)), tmp_path / "a.psd")
    resolution = PSDImage.open(tmp_path / "a.psd").image_resources.get_data(Resource.RESOLUTION_INFO)
    assert (resolution.horizontal, resolution.vertical) == (2**32 - 1, 72 * 65536)


def test_viewers_show_the_picture_of_all_layers(tmp_path):
    document = scene()
    export(document, tmp_path / "a.psd")
    with Image.open(tmp_path / "a.psd") as picture:
        assert picture.mode == "RGB"
        assert picture.info["icc_profile"] == DISPLAY_P3
        # The file tells opacity in 255 steps.
        difference = np.abs(np.asarray(picture).astype(int) - composite(document, document.rect)[..., :3])
    assert difference.max() <= 1


def test_where_nothing_is_the_merged_picture_is_transparent_and_its_colours_lie_on_white(tmp_path):
    pixels = noise(31, 17)
    export(Document(Size(31, 17), (Layer("a", "a", pixels),), "a"), tmp_path / "a.psd")
    psd = PSDImage.open(tmp_path / "a.psd")
    assert psd.channels == 4
    assert psd._record.layer_and_mask_information.layer_info.layer_count == -1
    planes = psd._record.image_data.get_data(psd._record.header)
    merged = np.dstack([np.frombuffer(plane, np.uint8).reshape(17, 31) for plane in planes])
    alpha = pixels[..., 3:] / 255
    np.testing.assert_array_equal(merged[..., 3], pixels[..., 3])
    np.testing.assert_array_equal(merged[..., :3], np.rint(pixels[..., :3] * alpha + 255 * (1 - alpha)))


def test_baked_masks_are_worked_into_the_pixels(tmp_path):
    pixels, mask = noise(9, 7), coverage(9, 7)
    layers = Layer("a", "a", pixels, 1, 2, mask), Layer("b", "b", pixels, 3, 4, mask, is_mask_enabled=False)
    document = Document(Size(20, 20), layers, "a", is_mask_target=True)
    done = export(document, tmp_path / "a.psd", masks="baked")
    first, second = with_psd_tools(tmp_path / "a.psd")
    assert first.mask is None
    assert second.mask is None
    assert (first.place, second.place) == ((1, 2), (3, 4))
    np.testing.assert_array_equal(first.pixels[..., :3], pixels[..., :3])
    np.testing.assert_array_equal(first.pixels[..., 3], cv2.multiply(pixels[..., 3], mask, scale=1 / 255))
    np.testing.assert_array_equal(second.pixels, pixels)
    assert done.notes == ("Masks that are switched off are not in the file.",)


def test_what_lies_behind_is_the_bottom_layer(tmp_path):
    layer = Layer("a", "a", noise(9, 7), 2, 2)
    document = Document(Size(13, 11), (layer,), "a", background=Background(ColorFill((10, 20, 30))))
    export(document, tmp_path / "a.psd")
    behind, above = with_psd_tools(tmp_path / "a.psd")
    assert (behind.name, behind.place) == ("Background", (0, 0))
    np.testing.assert_array_equal(behind.pixels, np.full((11, 13, 4), (10, 20, 30, 255)))
    np.testing.assert_array_equal(above.pixels, layer.pixels)
    with Image.open(tmp_path / "a.psd") as picture:
        assert picture.mode == "RGB"
        difference = np.asarray(picture).astype(int) - composite(document, document.rect)[..., :3]
    assert np.abs(difference).max() <= 1


def test_the_selection_is_no_part_of_the_file(tmp_path):
    document = Document(Size(4, 4), (Layer("a", "a", noise(4, 4, 0, 255)),), "a", np.full((4, 4), 99, np.uint8))
    export(document, tmp_path / "a.psd")
    assert PSDImage.open(tmp_path / "a.psd").channels == 3


class Long(Layer):
    """A layer that says that it is large without being it."""

    @property
    def rect(self):
        return replace(super().rect, width=30_001)


def test_what_is_too_large_for_the_format_is_refused_with_what_can_be_done():
    layer = Layer("a", "wide", noise(1, 1))
    options = PsdOptions()
    with pytest.raises(ExportError, match=r"The picture is 30001 x 5 pixels.* Choose OpenRaster or TIFF\."):
        PsdFormat().check(ExportSource(Document(Size(30_001, 5), (layer,), "a")), options)
    with pytest.raises(ExportError, match=r"The layer wide is 30001 x 1 pixels.* Choose OpenRaster or TIFF\."):
        PsdFormat().check(ExportSource(Document(Size(5, 5), (Long("a", "wide", noise(1, 1)),), "a")), options)
    with pytest.raises(ExportError, match="There is no layer"):
        PsdFormat().check(ExportSource(Document(Size(5, 5), ())), options)
    PsdFormat().check(ExportSource(Document(Size(30_000, 5), (layer,), "a")), options)


def test_a_file_that_grows_beyond_the_limit_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("core.export.psd._MOST_BYTES", 2000)
    with pytest.raises(ExportError, match=r"more than 2 GB.* Choose OpenRaster or TIFF\."):
        export(scene(), tmp_path / "a.psd")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("after", [0, 1, 20, 33])
def test_an_export_that_is_withdrawn_on_the_way_leaves_nothing(tmp_path, after):
    token, heard = CancelToken(), []

    def hear(fraction):
        heard.append(fraction)
        if len(heard) > after:
            token.cancel()

    with pytest.raises(Cancelled):
        export(scene(), tmp_path / "a.psd", Progress(token, hear))
    assert list(tmp_path.iterdir()) == []


def test_progress_rises_to_one(tmp_path):
    heard = []
    export(scene(), tmp_path / "a.psd", Progress(CancelToken(), heard.append))
    assert heard == sorted(heard)
    assert heard[-1] == 1


def test_a_file_that_is_called_so_is_one(tmp_path):
    assert format_for(tmp_path / "A.PSD").id == "psd"
