"""Exports with 16 bits a channel: PNG, TIFF and OpenRaster hold what the document does, or 8 bits on wish."""

import zipfile
from dataclasses import replace

import cv2
import numpy as np
import pytest
import tifffile

from core.cut_job import run_cut
from core.cut_request import CutRequest, ModelChoice
from core.deep import to_bytes
from core.export.job import ExportJob, run_export
from core.export.png import export_cutout, export_layers
from core.export.registry import format_of
from core.export.source import ExportSource
from core.image_io import write_png
from core.loaded_models import LoadedModels
from core.model_store import ModelStore
from core.prompt import Box
from core.segment_request import Edge
from tests.core.deep_scenes import deep_document, deep_layer, deep_values
from tests.core.icc_profiles import DISPLAY_P3
from tests.core.test_deep_layers import HALF


def export(document, path, format_id, **options):
    kind = format_of(format_id).options_type.from_plain(options)
    return run_export(ExportSource(document), ExportJob(format_id, kind, path))


def read_png(path):
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[..., [2, 1, 0, 3]]


def test_a_cutout_as_png_has_the_photos_16_bits(tmp_path):
    document = deep_document(selection=HALF)
    export(document, tmp_path / "a.png", "png", trim=True)
    found = read_png(tmp_path / "a.png")
    photo = document.layers[0].deep[4:20, 5:25]
    np.testing.assert_array_equal(found[:5], photo[:5])
    assert set(np.unique(found[..., 3])) == {100 * 257, 65535}


def test_a_layer_cut_out_of_a_photo_is_exported_with_16_bits(tmp_path):
    document = deep_document()
    layer = deep_layer("object", deep_values(6, 5, 2, None), x=-2, y=3, cut_from=(document.layers[0].pixels_key,))
    document = document.with_layers((*document.layers, layer), "object")
    export(document, tmp_path / "a.png", "png")
    found = read_png(tmp_path / "a.png")
    shown = layer.pixels[:, 2:, 3] > 0
    np.testing.assert_array_equal(found[3:8, :4][shown], layer.deep[:, 2:][shown])
    assert not found[10:].any()


@pytest.mark.parametrize("options", [{"outline": 3, "padding": 2}, {"longest_side": 9}, {"longest_side": 60}])
def test_a_finished_png_with_16_bits_is_the_one_with_8(tmp_path, options):
    document = deep_document(selection=HALF)
    export(document, tmp_path / "deep.png", "png", **options)
    export(document, tmp_path / "shallow.png", "png", depth="8", **options)
    deep, shallow = read_png(tmp_path / "deep.png"), read_png(tmp_path / "shallow.png")
    assert (deep.dtype, shallow.dtype) == (np.uint16, np.uint8)
    assert np.abs(to_bytes(deep).astype(int) - shallow).max() <= 1


@pytest.mark.parametrize("depth", ["source", "8"])
def test_tiff_pages_have_the_depth_that_is_wished(tmp_path, depth):
    document = deep_document()
    over = deep_layer("over", deep_values(9, 9, 2, None), x=3, y=4)
    shallow = replace(deep_layer("shallow", deep_values(9, 9, 3, None)), deep=None)
    document = document.with_layers((*document.layers, over, shallow), "over")
    export(document, tmp_path / "a.tif", "tiff", depth=depth)
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        pages = [page.asarray() for page in file.pages]
    for layer, page in zip(document.layers, pages, strict=True):
        if depth == "8":
            np.testing.assert_array_equal(page, layer.pixels)
        else:
            np.testing.assert_array_equal(page, layer.pixels * np.uint16(257) if layer.deep is None else layer.deep)


def test_one_picture_as_tiff_has_16_bits(tmp_path):
    document = deep_document()
    export(document, tmp_path / "a.tif", "tiff", pages="single")
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "a.tif"), document.layers[0].deep)


def depths(path):
    with zipfile.ZipFile(path) as archive:
        return {archive.read(name)[24] for name in archive.namelist() if name.startswith("data/")}


def test_openraster_has_16_bits_in_srgb_and_tells_where_it_has_not(tmp_path):
    document = deep_document()
    assert export(document, tmp_path / "a.ora", "ora").notes == ()
    assert depths(tmp_path / "a.ora") == {16}
    assert export(document, tmp_path / "b.ora", "ora", depth="8").notes == ()
    assert depths(tmp_path / "b.ora") == {8}
    notes = export(replace(document, icc_profile=DISPLAY_P3), tmp_path / "c.ora", "ora").notes
    assert depths(tmp_path / "c.ora") == {8}
    assert "8 bits" in notes[0]


def test_the_windows_own_cutout_and_layers_have_16_bits_too(tmp_path):
    document = deep_document(selection=HALF)
    export_cutout(document, tmp_path / "cutout.png", trim=False)
    np.testing.assert_array_equal(read_png(tmp_path / "cutout.png")[5:9, 6:24], document.layers[0].deep[5:9, 6:24])
    shallow = replace(deep_layer("shallow", deep_values(4, 4), x=-2), deep=None)
    away = deep_layer("away", deep_values(4, 4), x=500)
    document = document.with_layers((*document.layers, shallow, away), "shallow")
    photo, small, nothing = (read_png(path) for path in export_layers(document, tmp_path / "layers"))
    np.testing.assert_array_equal(photo, document.layers[0].deep)
    np.testing.assert_array_equal(small[:4, :2], shallow.pixels[:, 2:] * np.uint16(257))
    assert not nothing.any()


def test_what_the_terminal_cuts_has_the_photos_16_bits(tmp_path):
    deep = deep_values(40, 30)
    deep[8:20, 10:30, :3] = 60_001
    write_png(tmp_path / "photo.png", deep)
    run_cut(
        CutRequest(
            tmp_path / "photo.png",
            tmp_path / "out.png",
            boxes=(Box(8, 6, 32, 22),),
            choice=ModelChoice("classic"),
            edge=Edge.HARD,
        ),
        LoadedModels(ModelStore(tmp_path / "models")),
    )
    found = read_png(tmp_path / "out.png")
    assert found.dtype == np.uint16
    assert found[12, 20].tolist() == [60_001, 60_001, 60_001, 65535]
