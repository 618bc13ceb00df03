"""Exports in other programs: GIMP, Krita, Inkscape and rsvg-convert open what was written, every pixel as it was."""

import subprocess
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from core.compositor import composite
from core.document import Document
from core.export.job import ExportJob, run_export
from core.export.registry import format_of
from core.export.source import ExportSource
from core.geometry import Rect, Size
from core.layer import Layer
from tests.core.icc_profiles import DISPLAY_P3
from tests.programs.gimp import open_in_gimp
from tests.programs.krita import Krita, items_of, pixels_of
from tests.programs.missing import need
from tests.programs.scene import scene, shown_pixels

pytestmark = pytest.mark.programs

STEP = 1 / 255
"""PSD keeps opacity in 8 bits."""

SMALLEST = 1e-6


def exported(document, folder, format_id, **options):
    kind = format_of(format_id)
    path = folder / f"{format_id}{kind.suffixes[0]}"
    run_export(ExportSource(document), ExportJob(format_id, kind.options_type.from_plain(options), path))
    return path


def in_order(document):
    """Return names and depths of layers and groups from the top, a group before its members."""
    seen, order = [], []
    for layer in reversed(document.layers):
        around = document.groups_of(layer)
        for depth, group in enumerate(around):
            if group.id not in seen:
                seen.append(group.id)
                order.append((depth, group))
        order.append((len(around), layer))
    return order


@pytest.fixture(scope="module", params=[None, DISPLAY_P3], ids=["srgb", "with a profile"])
def in_gimp(request, tmp_path_factory):
    need("gimp")
    document, folder = scene(request.param), tmp_path_factory.mktemp("gimp")
    paths = [exported(document, folder, "psd"), exported(document, folder, "tiff")]
    return document, open_in_gimp(paths, folder)


def test_a_psd_in_gimp_has_all_layers_groups_names_and_places(in_gimp):
    document, (psd, _) = in_gimp
    for item, (depth, ours) in zip(psd.items, in_order(document), strict=True):
        assert item.depth == depth
        assert item.name == ours.name or not ours.name
        assert item.is_visible == ours.is_visible
        assert item.opacity == pytest.approx(ours.opacity, abs=STEP)
        if not item.is_group:
            assert (item.x, item.y) == (ours.x, ours.y)


def test_a_psd_in_gimp_has_every_pixel_and_every_mask(in_gimp):
    document, (psd, _) = in_gimp
    layers = [item for item in psd.items if not item.is_group]
    for item, ours in zip(layers, reversed(document.layers), strict=True):
        np.testing.assert_array_equal(item.pixels, ours.pixels, ours.name)
        assert (item.mask is None) == (ours.mask is None)
        if ours.mask is not None:
            np.testing.assert_array_equal(item.mask, ours.mask, ours.name)
            assert item.is_mask_applied == ours.is_mask_enabled


def test_a_psd_in_gimp_looks_as_it_does_here(in_gimp):
    document, (psd, _) = in_gimp
    ours = composite(document, document.rect).astype(int)
    seen = ours[..., 3] > 0
    # Opacity has 8 bits in a PSD, and GIMP rounds groups by themselves.
    assert np.abs(psd.picture[seen].astype(int) - ours[seen]).max() <= 1


def test_pages_of_a_tiff_are_layers_in_gimp_with_names_places_and_pixels(in_gimp):
    document, (_, tiff) = in_gimp
    shown = [layer for layer in document.shown_layers if not layer.rect.intersect(document.rect).is_empty]
    for item, ours in zip(tiff.items, reversed(shown), strict=True):
        assert item.name == ours.name or not ours.name
        inside = ours.rect.intersect(document.rect)
        assert (item.x, item.y) == (inside.x, inside.y)
        part = inside.moved(-ours.x, -ours.y).slices
        np.testing.assert_array_equal(item.pixels[..., :3], ours.pixels[part][..., :3], ours.name)
        alpha = ours.pixels[part][..., 3] * document.opacity_of(ours)
        if ours.shown_mask is not None:
            alpha = alpha * (ours.shown_mask[part] / 255)
        assert np.abs(item.pixels[..., 3] - alpha).max() <= 0.5 + SMALLEST * 1e3


@pytest.fixture(scope="module")
def krita(tmp_path_factory):
    need("krita", "xvfb-run")
    return Krita(tmp_path_factory.mktemp("krita"))


def for_krita(format_id):
    """Return the scene without what Krita 5.1 does not read in a PSD: faded groups and masks that are switched off."""
    document = scene()
    if format_id == "ora":
        return document
    layers = tuple(replace(layer, is_mask_enabled=True) for layer in document.layers)
    groups = tuple(replace(group, opacity=1.0) for group in document.groups)
    return replace(document, layers=layers, groups=groups)


@pytest.mark.parametrize("format_id", ["psd", "ora"])
def test_krita_has_all_layers_with_every_pixel(krita, tmp_path, format_id):
    document = for_krita(format_id)
    written = exported(document, tmp_path, format_id)
    items = items_of(krita.convert(written, tmp_path / "krita.ora"))
    order = in_order(document)
    assert [(item.depth, item.name or "Layer") for item in items] == [
        (depth, ours.name or "Layer") for depth, ours in order
    ]
    layers = [item for item in items if item.pixels is not None]
    for item, ours in zip(layers, reversed(document.layers), strict=True):
        assert item.opacity == pytest.approx(ours.opacity, abs=STEP)
        assert item.is_visible == ours.is_visible
        # Krita tells of a PSD in OpenRaster: it works its masks in itself, and rounds in its own way.
        slack = 1 if format_id == "psd" and ours.mask is not None else 0
        assert_same_where_seen(item, shown_pixels(ours, None), ours, slack)


def assert_same_where_seen(item, wanted, layer, slack):
    """Compare on a canvas with room for all layers, as Krita trims them; alpha may differ by `slack`."""
    x, y, name = layer.x, layer.y, layer.name
    canvas = np.zeros((2, 1200, 1200, 4), np.uint8)
    for index, (pixels, left, top) in enumerate(((item.pixels, item.x, item.y), (wanted, x, y))):
        height, width = pixels.shape[:2]
        canvas[index, top + 450 : top + 450 + height, left + 450 : left + 450 + width] = pixels
    seen = canvas[1, ..., 3] > 0
    assert np.abs(canvas[0, ..., 3].astype(int) - canvas[1, ..., 3]).max() <= slack, name
    seen &= canvas[0, ..., 3] > 0
    np.testing.assert_array_equal(canvas[0][seen], canvas[1][seen], name)


def test_krita_shows_a_psd_as_it_looks_here(krita, tmp_path):
    document = for_krita("psd")
    picture = pixels_of(krita.convert(exported(document, tmp_path, "psd"), tmp_path / "krita.png").read_bytes())
    ours = composite(document, document.rect)
    light, shown = (image[..., :3] * (image[..., 3:] / 255) for image in (ours, picture))
    assert np.abs(light - shown).max() <= 2
    assert np.abs(ours[..., 3].astype(int) - picture[..., 3]).max() <= 2


def assert_placed_as_seen(item, layer, slack):
    """Compare where both are seen, as Krita trims layers to what they show; alpha may differ by `slack`."""
    wanted, found = shown_pixels(layer, None), item.pixels
    part = Rect(item.x - layer.x, item.y - layer.y, found.shape[1], found.shape[0])
    assert part.intersect(Rect(0, 0, wanted.shape[1], wanted.shape[0])) == part
    left = wanted[..., 3].copy()
    left[part.slices] = 0
    assert left.max(initial=0) <= slack, layer.name
    wanted = wanted[part.slices]
    assert np.abs(found[..., 3].astype(int) - wanted[..., 3]).max() <= slack, layer.name
    seen = (found[..., 3] > 0) & (wanted[..., 3] > 0)
    np.testing.assert_array_equal(found[seen][:, :3], wanted[seen][:, :3], layer.name)


@pytest.mark.parametrize("program", ["rsvg-convert", "inkscape"])
def test_outlines_rendered_by_others_are_the_masks_to_the_pixel(program, tmp_path):
    need(program)
    document = scene()
    cut = tuple(replace(layer, group_id=None, is_visible=True) for layer in document.layers[1:4])
    document = replace(document.with_layers(cut, cut[0].id, ()), background=None, selection=None)
    alpha = rendered(program, exported(document, tmp_path, "svg"), tmp_path)
    wanted = np.zeros(document.size.shape, bool)
    for each in ExportSource(document).objects():
        wanted[each.rect.slices] |= each.coverage >= 128
    np.testing.assert_array_equal(alpha, np.where(wanted, 255, 0))


@pytest.mark.parametrize("program", ["rsvg-convert", "inkscape"])
@pytest.mark.parametrize("tolerance", [0.5, 2.0])
def test_smooth_outlines_rendered_by_others_keep_to_the_tolerance(program, tolerance, tmp_path):
    need(program)
    rows, columns = np.mgrid[:220, :300]
    waves = 60 + 14 * np.sin(7 * np.arctan2(rows - 110, columns - 150))
    radius = np.hypot(rows - 110, columns - 150)
    coverage = np.clip(255 * np.minimum(waves - radius, radius - 20), 0, 255).astype(np.uint8)
    photo = Layer("photo", "photo", np.full((220, 300, 4), 255, np.uint8))
    document = Document(Size(300, 220), (photo,), "photo", selection=coverage)
    path = exported(document, tmp_path, "svg", smooth=True, tolerance=tolerance)
    alpha = rendered(program, path, tmp_path)
    is_wrong = (alpha > 127) != (coverage > 127)
    edge = cv2.morphologyEx((coverage > 127).astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3)))
    distance = cv2.distanceTransform(1 - edge, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # A pixel's own middle is up to half a pixel's diagonal from where it changes sides.
    assert distance[is_wrong].max(initial=0) <= tolerance + 0.75


def rendered(program, path, folder):
    """Return the alpha of an SVG that another program has drawn."""
    picture = folder / "out.png"
    commands = {
        "rsvg-convert": ["rsvg-convert", str(path), "-o", str(picture)],
        "inkscape": ["inkscape", str(path), "--export-type=png", f"--export-filename={picture}"],
    }
    subprocess.run(commands[program], check=True, capture_output=True, timeout=120)
    with Image.open(picture) as image:
        return np.asarray(image.convert("RGBA"))[..., 3]
