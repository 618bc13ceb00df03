"""Projects: saved and opened again they are the same, and other programs see the layers as they show."""

import io
import json
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from core.background import Background, ColorFill
from core.color import to_srgb
from core.compositor import composite
from core.document_reading import read_document
from core.layer import Layer
from core.layer_group import LayerGroup
from core.project import encoded
from core.project.encoded import EncodedPictures
from core.project.writer import write_project
from core.recipe import Recipe
from tests.core.icc_profiles import DISPLAY_P3
from tests.core.project_documents import documents, facts_of
from tests.fakes import make_document, make_pixels


def saved(document, folder, cache=None):
    return write_project(document, folder / "work.clickcut.ora", cache or EncodedPictures())


def picture(archive, name):
    with Image.open(io.BytesIO(archive.read(name))) as image:
        return np.asarray(image.convert("RGBA"))


def without_manifest(path):
    """Leave of a project what a program keeps that knows only OpenRaster."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if not name.startswith("clickcut/")}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)


@pytest.fixture
def masked():
    """A photo under a cutout with a mask, in a space wider than sRGB."""
    document = make_document(40, 30)
    mask = np.zeros((10, 12), np.uint8)
    mask[2:8, 3:9] = 255
    mask[2, 3:9] = 100
    cutout = Layer("cutout", "Äpfel & <Birnen>\x00", make_pixels(12, 10, 3), 5, -2, mask, opacity=0.5)
    layers = (*document.layers, cutout)
    selection = np.zeros((30, 40), np.uint8)
    selection[4:9, 4:9] = 77
    return replace(
        document, layers=layers, selection=selection, icc_profile=DISPLAY_P3, dpi=(300.5, 72.0), name="photo"
    )


@given(document=documents())
@settings(max_examples=60)
def test_saving_and_opening_gives_the_same_document(tmp_path_factory, document):
    path = saved(document, tmp_path_factory.mktemp("project"))
    opened = read_document(path)
    assert facts_of(opened.document) == facts_of(document)
    assert (opened.is_project, opened.notes, opened.document.path) == (True, (), path)


def test_layers_that_share_pixels_share_them_again(tmp_path):
    document = make_document(8, 6)
    twin = replace(document.layers[0], id="twin")
    path = saved(replace(document, layers=(*document.layers, twin)), tmp_path)
    first, second = read_document(path).document.layers
    assert first.pixels is second.pixels
    assert first.pixels_key == second.pixels_key


def test_long_names_many_layers_and_odd_resolutions_come_back(tmp_path):
    document = make_document(4, 3)
    layer = replace(document.layers[0], name="n" * 40_000)
    layers = (layer, *(replace(layer, id=str(number), name=str(number)) for number in range(3000)))
    document = replace(document, layers=layers, dpi=(1e9, 1e-9))
    assert facts_of(read_document(saved(document, tmp_path)).document) == facts_of(document)


def test_it_is_laid_out_as_openraster_asks(masked, tmp_path):
    with zipfile.ZipFile(saved(masked, tmp_path)) as archive:
        infos = archive.infolist()
        assert archive.testzip() is None
        stack = ElementTree.fromstring(archive.read("stack.xml"))
        thumbnail = picture(archive, "Thumbnails/thumbnail.png")
        merged = picture(archive, "mergedimage.png")
        sources = {layer.get("name"): picture(archive, layer.get("src")) for layer in stack.find("stack")}
    assert (infos[0].filename, infos[0].compress_type) == ("mimetype", zipfile.ZIP_STORED)
    pictures = [info for info in infos if info.filename.endswith(".png")]
    assert all(info.compress_type == zipfile.ZIP_STORED for info in pictures)
    assert (stack.tag, stack.get("w"), stack.get("h")) == ("image", "40", "30")
    top, bottom = stack.find("stack")
    assert (top.get("name"), top.get("x"), top.get("y"), float(top.get("opacity"))) == (
        *("Äpfel & <Birnen>\ufffd", "5", "-2", 0.5),
    )
    assert bottom.get("name") == "photo"
    np.testing.assert_array_equal(merged, to_srgb(composite(masked, masked.rect), DISPLAY_P3))
    assert thumbnail.shape == (30, 40, 4)
    shown = to_srgb(masked.layers[1].pixels, DISPLAY_P3)
    np.testing.assert_array_equal(sources["Äpfel & <Birnen>\ufffd"][..., :3], shown[..., :3])
    np.testing.assert_array_equal(sources["Äpfel & <Birnen>\ufffd"][..., 3], masked.layers[1].mask)


def test_the_thumbnail_of_a_large_picture_is_small(tmp_path):
    with zipfile.ZipFile(saved(make_document(600, 300), tmp_path)) as archive:
        assert picture(archive, "Thumbnails/thumbnail.png").shape == (128, 256, 4)


def test_a_plain_photo_is_stored_once(tmp_path):
    document = make_document(64, 48)
    with zipfile.ZipFile(saved(document, tmp_path)) as archive:
        assert not any(name.startswith("clickcut/") and name.endswith(".png") for name in archive.namelist())
        np.testing.assert_array_equal(picture(archive, "mergedimage.png"), document.layers[0].pixels)


def test_saving_again_encodes_only_what_changed(masked, tmp_path, monkeypatch):
    cache, shapes = EncodedPictures(), []
    saved(masked, tmp_path, cache)
    real = encoded.encode_png
    monkeypatch.setattr(encoded, "encode_png", lambda pixels, _: (shapes.append(pixels.shape), real(pixels))[1])
    photo, cutout = masked.layers
    masked = replace(masked, layers=(replace(photo, opacity=0.3), cutout.with_mask(255 - cutout.mask)))
    path = saved(masked, tmp_path, cache)
    assert sorted(shapes) == [(10, 12), (10, 12, 4)]
    assert facts_of(read_document(path).document) == facts_of(masked)


def test_what_is_remembered_stays_within_its_budget():
    cache = EncodedPictures(budget_bytes=5000)
    made = []
    for content in (0, 1, 0, 2, 0):
        cache.png_of(content, lambda content=content: (made.append(content), make_pixels(20, 25, content))[1])
    assert cache.nbytes <= 5000
    assert made == [0, 1, 2]


def test_after_another_program_saved_it_its_layers_are_there(masked, tmp_path):
    path = saved(masked, tmp_path)
    without_manifest(path)
    opened = read_document(path)
    assert not opened.is_project
    assert opened.document.name == "work"
    assert [layer.name for layer in opened.document.layers] == ["photo", "Äpfel & <Birnen>\ufffd"]
    cutout = opened.document.layers[1]
    assert (cutout.x, cutout.y, cutout.opacity, cutout.mask) == (5, -2, 0.5, None)
    np.testing.assert_array_equal(cutout.pixels[..., 3], masked.layers[1].mask)


def test_a_picture_that_another_program_changed_is_shown_as_that_left_it(masked, tmp_path):
    path = tmp_path / "work.clickcut.ora"
    with zipfile.ZipFile(saved(masked, tmp_path)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    Image.new("RGBA", (40, 30), "red").save(buffer, "PNG")
    kept["data/000.png"] = buffer.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)
    opened = read_document(path)
    assert not opened.is_project
    assert "Another program" in opened.notes[0]
    assert tuple(opened.document.layers[0].pixels[0, 0]) == (255, 0, 0, 255)


def test_groups_and_blend_modes_of_others_are_opened_as_far_as_they_go(tmp_path):
    path = tmp_path / "krita.ora"
    stack = """<?xml version='1.0' encoding='UTF-8'?>
    <image w="8" h="6" xres="300" yres="300"><stack>
      <stack name="G" x="1" y="2" opacity="0.5" visibility="hidden">
        <layer name="in" src="data/a.png" x="3" opacity="0.5"/></stack>
      <layer src="data/b.jpg" composite-op="svg:multiply"/>
    </stack></image>"""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", stack)
        for name, kind in (("data/a.png", "PNG"), ("data/b.jpg", "JPEG")):
            buffer = io.BytesIO()
            Image.new("L", (2, 2), 200).save(buffer, kind)
            archive.writestr(name, buffer.getvalue())
    opened = read_document(path)
    bottom, top = opened.document.layers
    assert (top.name, top.x, top.y, top.opacity, top.is_visible) == ("in", 4, 2, 0.5, True)
    (group,) = opened.document.groups_of(top)
    assert (group.name, group.opacity, group.is_visible) == ("G", 0.5, False)
    assert (bottom.name, bottom.is_visible) == ("Layer 1", True)
    assert opened.document.dpi == (300, 300)
    assert "blended" in opened.notes[0]


def test_groups_are_groups_for_other_programs_too(masked, tmp_path):
    groups = (LayerGroup("outer", "Out & about", 0.5, False), LayerGroup("inner", "In", parent_id="outer"))
    bottom, top = masked.layers
    layers = (replace(bottom, group_id="outer"), replace(top, group_id="inner"), replace(bottom, id="third"))
    path = saved(replace(masked, layers=layers, groups=groups), tmp_path)
    with zipfile.ZipFile(path) as archive:
        stack = ElementTree.fromstring(archive.read("stack.xml")).find("stack")
    third, outer = stack
    inner, first = outer
    assert [third.tag, outer.tag, inner.tag, first.tag, inner[0].tag] == ["layer", "stack", "stack", "layer", "layer"]
    assert (outer.get("name"), float(outer.get("opacity")), outer.get("visibility")) == ("Out & about", 0.5, "hidden")


def test_what_is_locked_and_active_is_so_for_other_programs_too(masked, tmp_path):
    photo, cutout = masked.layers
    layers = (replace(photo, is_locked=True, opacity=1 / 3), replace(cutout, name="two\nlines"))
    path = saved(replace(masked, layers=layers, active_layer_id=photo.id), tmp_path)
    without_manifest(path)
    opened = read_document(path).document
    bottom, top = opened.layers
    assert (bottom.is_locked, bottom.opacity, top.is_locked, top.name) == (True, 1 / 3, False, "two\nlines")
    assert opened.active_layer is bottom


def test_the_background_is_a_layer_for_other_programs(masked, tmp_path):
    document = replace(masked, background=Background(ColorFill((10, 200, 30))), icc_profile=None)
    path = saved(document, tmp_path)
    with zipfile.ZipFile(path) as archive:
        *_, last = ElementTree.fromstring(archive.read("stack.xml")).find("stack")
        behind = picture(archive, last.get("src"))
    assert last.get("name") == "Background"
    assert behind.shape == (30, 40, 4)
    assert tuple(behind[0, 0]) == (10, 200, 30, 255)
    assert len(read_document(path).document.layers) == 2


def test_a_recipe_that_is_not_understood_costs_nothing_else(masked, tmp_path):
    path = saved(masked.with_selection(masked.selection, Recipe(masked.size)), tmp_path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    values = json.loads(members["clickcut/project.json"])
    values["selection_recipe"] = {"format": "of the future"}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, json.dumps(values) if name == "clickcut/project.json" else data)
    opened = read_document(path)
    assert opened.document.selection_recipe is None
    assert "cannot be understood" in opened.notes[0]
    np.testing.assert_array_equal(opened.document.selection, masked.selection)


def test_the_manifest_tells_nothing_of_where_files_lie(masked, tmp_path):
    document = replace(masked, path=tmp_path / "secret" / "photo.jpg")
    with zipfile.ZipFile(saved(document, tmp_path)) as archive:
        manifest = json.loads(archive.read("clickcut/project.json"))
    assert manifest["version"] == 1
    assert "secret" not in json.dumps(manifest)
