"""Projects in Krita: it shows the layers that Clickcut shows, and Clickcut opens what Krita made of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from core.color import to_srgb
from core.compositor import composite
from core.document import Document
from core.document_reading import read_document
from core.project.encoded import EncodedPictures
from core.project.writer import write_project
from tests.core.icc_profiles import DISPLAY_P3
from tests.programs.krita import REQUIRED, Item, Krita, items_of, pixels_of
from tests.programs.scene import BACKGROUND, SIZE, scene, shown_pixels

pytestmark = pytest.mark.programs

STEP = 1 / 255
"""Krita keeps opacity in 8 bits."""

NAMES = [
    *("🐱 & <x> \"y\" 'z'\nnext", "", "unten rechts", "hidden group", "in a hidden group", "Gruppe 外", "mask off"),
    *("innen", "verborgen 隠れ", "Maske ñ", "draußen links", "Katze 猫", "Foto – été"),
]
DEPTHS = [0, 0, 0, 0, 1, 0, 1, 1, 2, 2, 1, 0, 0]


@dataclass(frozen=True)
class Opened:
    """A document, what Krita wrote when it had opened the project, and how Krita shows it."""

    document: Document
    written: Path
    items: list[Item]
    picture: np.ndarray


@pytest.fixture(scope="module")
def krita(tmp_path_factory):
    missing = Krita.missing()
    if missing and REQUIRED:
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return Krita(tmp_path_factory.mktemp("krita"))


@pytest.fixture(scope="module", params=["srgb", "with a profile", "on a background"])
def opened(request, krita, tmp_path_factory):
    documents = {
        "srgb": scene,
        "with a profile": lambda: scene(DISPLAY_P3),
        "on a background": lambda: scene(background=BACKGROUND),
    }
    document, folder = documents[request.param](), tmp_path_factory.mktemp("project")
    project = write_project(document, folder / "work.clickcut.ora", EncodedPictures())
    written = krita.convert(project, folder / "krita.ora")
    picture = pixels_of(krita.convert(project, folder / "krita.png").read_bytes())
    return Opened(document, written, items_of(written), picture)


def layers_among(items):
    return [item for item in items if item.pixels is not None]


def on_canvas(pixels, x, y, margin=450):
    """Return pixels on a canvas that has room for all layers: Krita trims them."""
    canvas = np.zeros((SIZE.height + 2 * margin, SIZE.width + 2 * margin, 4), np.uint8)
    height, width = pixels.shape[:2]
    canvas[y + margin : y + margin + height, x + margin : x + margin + width] = pixels
    return canvas


def test_names_order_and_groups_are_the_same(opened):
    behind = [("Background", 0)] if opened.document.background is not None else []
    assert [(item.name, item.depth) for item in opened.items] == [*zip(NAMES, DEPTHS, strict=True), *behind]


def test_every_layer_has_the_same_pixels_in_the_same_place(opened):
    layers = layers_among(opened.items)
    for layer, item in zip(reversed(opened.document.layers), layers, strict=False):
        ours = on_canvas(shown_pixels(layer, opened.document.icc_profile), layer.x, layer.y)
        theirs = on_canvas(item.pixels, item.x, item.y)
        is_seen = ours[..., 3] > 0
        np.testing.assert_array_equal(theirs[..., 3], ours[..., 3], layer.name)
        np.testing.assert_array_equal(theirs[is_seen], ours[is_seen], layer.name)


def test_opacity_visibility_locks_and_the_active_layer_are_the_same(opened):
    for layer, item in zip(reversed(opened.document.layers), layers_among(opened.items), strict=False):
        assert item.opacity == pytest.approx(layer.opacity, abs=STEP)
        assert (item.is_visible, item.is_locked) == (layer.is_visible, layer.is_locked)
        assert item.is_active == (layer.id == opened.document.active_layer_id)
    groups = {item.name: item for item in opened.items if item.pixels is None}
    for group in opened.document.groups:
        assert groups[group.name].opacity == pytest.approx(group.opacity, abs=STEP)
        assert groups[group.name].is_visible == group.is_visible


def test_together_they_look_the_same(opened):
    document = opened.document
    ours = to_srgb(composite(document, document.rect), document.icc_profile)
    if document.icc_profile is not None:
        # OpenRaster is put together in sRGB: what is blended from colours that sRGB does not have is another colour.
        seen_alone = document.layer("photo").pixels[100:140, 40:80]
        ours, theirs = to_srgb(seen_alone, document.icc_profile), opened.picture[100:140, 40:80]
        np.testing.assert_array_equal(theirs, ours)
        return
    light, shown = (image[..., :3] * (image[..., 3:] / 255) for image in (ours, opened.picture))
    assert np.abs(light - shown).max() <= 2
    assert np.abs(ours[..., 3].astype(int) - opened.picture[..., 3]).max() <= 2


def test_what_krita_saved_opens_again_as_layers(opened):
    again = read_document(opened.written)
    assert not again.is_project
    layers = again.document.layers[-len(opened.document.layers) :]
    for ours, theirs in zip(opened.document.layers, layers, strict=True):
        assert theirs.name == ours.name if ours.name else theirs.name.startswith("Layer ")
    paths = [[group.name for group in again.document.groups_of(layer)] for layer in layers]
    assert paths == [[group.name for group in opened.document.groups_of(layer)] for layer in opened.document.layers]
    assert again.document.active_layer.name == "Maske ñ"
    assert [layer.name for layer in layers if layer.is_locked] == ["unten rechts"]
