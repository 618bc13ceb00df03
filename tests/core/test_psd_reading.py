"""PSD and PSB files as layers: our own come back as they were, those of others with what can be kept, told."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode, Clipping, Tag

from core.compositor import composite
from core.document import Document
from core.document_reading import read_document
from core.errors import ImageReadError
from core.export.job import ExportJob, run_export
from core.export.registry import format_of
from core.export.source import ExportSource
from core.geometry import Size
from core.layer import Layer
from core.layer_group import LayerGroup
from tests.core.deep_scenes import deep_layer, deep_values
from tests.core.examples import examples
from tests.core.icc_profiles import DISPLAY_P3
from tests.fakes import make_pixels


def scene(is_deep=False):
    mask = np.random.default_rng(5).integers(0, 256, (9, 17)).astype(np.uint8)
    photo = deep_layer("Foto 猫", deep_values(31, 23))
    over = deep_layer("über", deep_values(17, 9, 2, None), x=-5, y=20, mask=mask, opacity=0.6, group_id="inner")
    off = deep_layer("off", deep_values(8, 8, 3, None), x=28, y=-4, mask=mask[:8, :8], is_mask_enabled=False)
    hidden = deep_layer("", deep_values(4, 4, 4), is_visible=False, is_locked=True)
    groups = (LayerGroup("outer", "Außen", 0.4), LayerGroup("inner", "Innen", is_visible=False, parent_id="outer"))
    layers = (photo, over, off, hidden)
    if not is_deep:
        layers = tuple(replace(layer, deep=None) for layer in layers)
    return Document(
        Size(31, 23), layers, layers[0].id, groups=groups, icc_profile=DISPLAY_P3, dpi=(300.0, 150.0), name="scene"
    )


def export(document, path, **options):
    kind = format_of("psd").options_type.from_plain(options)
    run_export(ExportSource(document), ExportJob("psd", kind, path))
    return path


@pytest.mark.parametrize("compression", ["rle", "zip"])
@pytest.mark.parametrize("is_deep", [False, True])
def test_our_own_psd_is_opened_as_the_document_that_it_was(tmp_path, is_deep, compression):
    document = scene(is_deep)
    opened = read_document(export(document, tmp_path / "scene.psd", compression=compression))
    found = opened.document
    assert opened.notes == ()
    assert not opened.is_project
    assert (found.size, found.name, found.icc_profile, found.dpi) == (
        document.size,
        "scene",
        DISPLAY_P3,
        (300.0, 150.0),
    )
    names = {group.id: group.name for group in found.groups}
    for before, after in zip(document.layers, found.layers, strict=True):
        assert (after.x, after.y, after.is_visible, after.is_locked, after.is_mask_enabled) == (
            *(before.x, before.y, before.is_visible, before.is_locked, before.is_mask_enabled),
        )
        assert after.name == before.name or not before.name
        assert after.opacity == pytest.approx(before.opacity, abs=0.002)
        np.testing.assert_array_equal(after.pixels, before.pixels)
        for name in ("mask", "deep"):
            assert (getattr(after, name) is None) == (getattr(before, name) is None)
            if getattr(after, name) is not None:
                np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    assert [names[group.id] for group in found.groups_of(found.layers[1])] == ["Außen", "Innen"]
    assert {(group.name, group.is_visible, round(group.opacity, 2)) for group in found.groups} == {
        ("Außen", True, 0.4),
        ("Innen", False, 1.0),
    }
    assert np.abs(composite(found, found.rect).astype(int) - composite(document, document.rect)).max() <= 1


def by_psd_tools(path, change=lambda psd: None, mode="RGB", depth=8):
    psd = PSDImage.new(mode, (12, 10), depth=depth)
    for index, name in enumerate(("under", "over")):
        image = Image.fromarray(make_pixels(6, 5)[..., : 3 if mode == "RGB" else 1].squeeze())
        layer = psd.create_pixel_layer(image, name=name, top=index, left=2)
        layer.name = name
    change(psd)
    psd.save(path)
    return path


def set_top(name, value):
    return lambda psd: setattr(psd[1]._record, name, value)


def tagged(name):
    return lambda psd: psd[1]._record.tagged_blocks.set_data(Tag[name], b"\0" * 8)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("change", "note"),
    [
        (set_top("blend_mode", BlendMode.MULTIPLY), "blended in another way"),
        (set_top("clipping", Clipping.NON_BASE), "clipped to the one below"),
        (set_top("bottom", 1), "1 layer without pixels"),
    ],
)
def test_what_cannot_be_kept_of_others_files_is_told(tmp_path, change, note):
    opened = read_document(by_psd_tools(tmp_path / "a.psd", change))
    assert any(note in each for each in opened.notes)
    assert opened.document.layers[0].name == "under"


@pytest.mark.filterwarnings("ignore")
def test_a_mask_smaller_than_its_layer_goes_on_in_its_colour(tmp_path):
    def mask(psd):
        psd[1].create_mask(Image.new("L", (12, 10), 200))
        data = psd[1]._record.mask_data
        data.background_color = 255

    opened = read_document(by_psd_tools(tmp_path / "a.psd", mask))
    layer = opened.document.layers[1]
    assert layer.mask is not None
    assert set(np.unique(layer.mask)) <= {200, 255}


@pytest.mark.filterwarnings("ignore")
def test_a_grey_file_is_opened_in_its_shades(tmp_path):
    opened = read_document(by_psd_tools(tmp_path / "a.psd", mode="L"))
    pixels = opened.document.layers[1].pixels
    np.testing.assert_array_equal(pixels[..., 0], pixels[..., 2])
    np.testing.assert_array_equal(pixels[..., 0], make_pixels(6, 5)[..., 0])


@pytest.mark.parametrize(("mode", "colour"), [("CMYK", (0, 255, 255, 0)), ("RGB", (255, 0, 0)), ("L", 76)])
def test_a_file_without_layers_is_one_picture(tmp_path, mode, colour):
    psd = PSDImage.frompil(Image.new(mode, (7, 5), colour))
    psd.save(tmp_path / "a.psd")
    opened = read_document(tmp_path / "a.psd")
    (layer,) = opened.document.layers
    assert opened.document.size == Size(7, 5)
    assert layer.pixels[..., 3].min() == 255
    if mode == "RGB":
        assert layer.pixels[0, 0].tolist() == [255, 0, 0, 255]
    assert any("merged picture" in note for note in opened.notes) == (mode == "CMYK")


def test_a_large_document_file_is_opened_too(tmp_path):
    path = export(scene(), tmp_path / "a.psd")
    psd = PSDImage.open(path)._record
    sides = [(record.width, record.height) for record, _ in psd._iter_layers()]
    for (width, height), (_, channels) in zip(sides, psd._iter_layers(), strict=True):
        for channel in channels if width else ():
            channel.set_data(channel.get_data(width, height, 8, 1), width, height, 8, 2)
    planes = psd.image_data.get_data(psd.header)
    psd.header.version = 2
    psd.image_data.set_data(planes, psd.header)
    with (tmp_path / "a.psb").open("wb") as file:
        psd.write(file)
    opened = read_document(tmp_path / "a.psb").document
    np.testing.assert_array_equal(opened.layers[0].pixels, scene().layers[0].pixels)


def test_a_channel_that_is_damaged_is_no_black_one(tmp_path):
    path = export(scene(), tmp_path / "a.psd")
    psd = PSDImage.open(path)._record
    _, channels = next(iter(psd._iter_layers()))
    channels[1].data = channels[1].data[:40]
    with path.open("wb") as file:
        psd.write(file)
    with pytest.raises(ImageReadError, match="damaged"):
        read_document(path)


HUGE = (30_000, 30_000)


def test_a_file_larger_than_photos_may_be_is_refused_before_it_is_read(tmp_path):
    data = bytearray(export(scene(), tmp_path / "a.psd").read_bytes())
    data[14:22] = HUGE[0].to_bytes(4, "big") + HUGE[1].to_bytes(4, "big")
    (tmp_path / "a.psd").write_bytes(data)
    with pytest.raises(ImageReadError, match="900 megapixels"):
        read_document(tmp_path / "a.psd")


def test_layers_that_memory_has_no_room_for_are_refused(tmp_path, monkeypatch):
    from core import psd_reading

    path = export(scene(), tmp_path / "a.psd")
    monkeypatch.setattr(psd_reading, "available_bytes", lambda: 3000)
    with pytest.raises(ImageReadError, match="memory"):
        read_document(path)


WHOLE = {}


def whole(tmp_path_factory):
    if not WHOLE:
        WHOLE["data"] = export(scene(), tmp_path_factory.mktemp("psd") / "a.psd").read_bytes()
    return WHOLE["data"]


@given(data=st.data())
@examples(60)
def test_damage_ends_in_one_sentence_or_in_a_sound_document(tmp_path_factory, data):
    content = bytearray(whole(tmp_path_factory))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(5, len(content) - 1)) :]
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(4, min(len(content) - 1, 900)))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "a.psd"
    path.write_bytes(content)
    try:
        opened = read_document(path)
    except ImageReadError as error:
        assert str(path) in str(error)  # noqa: PT017 - either is right
    else:
        assert isinstance(opened.document.layers[0], Layer)
