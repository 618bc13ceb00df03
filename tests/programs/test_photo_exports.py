"""A picture of 3 MP in other programs: what they show of it, and whose rounding it is where that is not the same.

All that is compared is equal to the value, except for what these programs do by themselves. GIMP keeps what a group
shows with the file's bits before it goes on, so the picture is compared to one whose groups are rounded like that.
Krita rounds after every layer, so soft edges over one another may differ by one step; with hard edges all is equal.
"""

from dataclasses import replace

import numpy as np
import pytest
import tifffile

from core.compositor import composite, composite_deep
from core.deep import to_deep
from core.export.depth import profile_to_write
from core.export.png import finished_cutout_of, finished_deep_cutout_of
from core.export.source import ExportSource
from tests.core.icc_profiles import DISPLAY_P3
from tests.programs.gimp import open_in_gimp, saved_by_gimp
from tests.programs.krita import Krita, items_of
from tests.programs.missing import need
from tests.programs.photo_scene import photo_scene, with_merged_groups
from tests.programs.scene import scene
from tests.programs.test_exports import STEP, assert_placed_as_seen, exported, in_order, rendered

pytestmark = pytest.mark.programs

ROUNDED = 0.51
"""Half a step, and what numbers in floats are off by."""

MOST_ROUNDED = 100
"""Pixels of three million at which Krita's rounding after every layer may differ by one step; 37 were measured."""


def picture_of(document):
    return (composite_deep if document.is_deep else composite)(document, document.rect)


def values_of(layer):
    return layer.pixels if layer.deep is None else layer.deep


def differences(ours, theirs):
    """Return how far the values are apart, ``(H, W, channels)``; colours where nothing is seen do not count."""
    count = theirs.shape[2]
    far = np.abs(ours[..., :count].astype(np.int64) - theirs)
    far[ours[..., 3] == 0, :3] = 0
    return far


SCENES = {
    "srgb": {},
    "with a profile, transparent": {"icc_profile": DISPLAY_P3, "is_open": True},
    "16 bits": {"is_deep": True},
    "hard edges": {"softness": 0, "is_faded": False},
}


@pytest.fixture(scope="module", params=SCENES)
def in_gimp(request, tmp_path_factory):
    need("gimp")
    document, folder = photo_scene(**SCENES[request.param]), tmp_path_factory.mktemp("gimp")
    return document, open_in_gimp([exported(document, folder, kind) for kind in ("psd", "tiff")], folder)


def test_gimp_has_every_layer_mask_name_place_opacity_and_the_profile(in_gimp):
    document, (psd, tiff) = in_gimp
    assert psd.icc_profile == tiff.icc_profile == profile_to_write(document)
    for item, (depth, ours) in zip(psd.items, in_order(document), strict=True):
        assert (item.depth, item.name, item.is_visible) == (depth, ours.name, ours.is_visible)
        assert item.opacity == pytest.approx(ours.opacity, abs=1e-6)
        if item.is_group:
            continue
        assert (item.x, item.y) == (ours.x, ours.y)
        np.testing.assert_array_equal(item.pixels, values_of(ours), ours.name)
        if ours.mask is not None:
            np.testing.assert_array_equal(item.mask, to_deep(ours.mask) if document.is_deep else ours.mask)


def test_gimp_shows_a_psd_to_the_value_once_groups_are_rounded_as_it_does(in_gimp):
    document, (psd, _) = in_gimp
    # With 16 bits, both count in floats of 24, and in another order.
    assert differences(picture_of(with_merged_groups(document)), psd.picture).max() <= document.is_deep
    assert differences(picture_of(document), psd.picture).max() <= 1


def test_gimp_shows_the_pages_of_a_tiff_as_they_are_but_for_the_rounding_of_their_alpha(in_gimp):
    document, (_, tiff) = in_gimp
    ours = picture_of(document)
    light, shown = (each[..., :3] * (each[..., 3:] / np.iinfo(ours.dtype).max) for each in (ours, tiff.picture))
    is_hard = all(set(np.unique(layer.pixels[..., 3])) <= {0, 255} for layer in document.shown_layers)
    assert np.abs(light - shown).max() <= (0 if is_hard else 2)


def test_gimp_has_every_page_of_a_tiff_with_name_place_and_pixels(in_gimp):
    document, (_, tiff) = in_gimp
    inside = [layer for layer in document.shown_layers if not layer.rect.intersect(document.rect).is_empty]
    for item, ours in zip(tiff.items, reversed(inside), strict=True):
        part = ours.rect.intersect(document.rect)
        assert (item.name, item.x, item.y) == (ours.name, part.x, part.y)
        inner = part.moved(-ours.x, -ours.y).slices
        wanted = values_of(ours)[inner]
        assert item.pixels.dtype == wanted.dtype
        np.testing.assert_array_equal(item.pixels[..., :3], wanted[..., :3], ours.name)
        alpha = wanted[..., 3] * document.opacity_of(ours)
        if ours.shown_mask is not None:
            alpha = alpha * (ours.shown_mask[inner] / 255)
        assert np.abs(item.pixels[..., 3] - alpha).max() <= ROUNDED


SINGLE = {
    "png": ({}, 0),
    "webp": ({}, 0),
    "tiff": ({"pages": "single"}, 0),
    # With loss: so much at most at the noise of this picture.
    "jpeg": ({"quality": 100}, 8),
}


@pytest.fixture(scope="module")
def single_in_gimp(tmp_path_factory):
    """Return documents and what GIMP made of them, by format and depth."""
    need("gimp")
    documents, paths = {}, []
    for is_deep in (False, True):
        folder = tmp_path_factory.mktemp("single")
        for format_id, (options, _) in SINGLE.items():
            document = photo_scene(DISPLAY_P3, is_open=format_id != "jpeg", is_deep=is_deep)
            documents[format_id, is_deep] = document
            paths.append(exported(document, folder, format_id, **options))
    seen = open_in_gimp(paths, tmp_path_factory.mktemp("gimp"))
    return {key: (document, each) for (key, document), each in zip(documents.items(), seen, strict=True)}


@pytest.mark.parametrize("format_id", SINGLE)
@pytest.mark.parametrize("is_deep", [False, True], ids=["8", "16"])
def test_gimp_opens_single_pictures_with_their_profile(single_in_gimp, format_id, is_deep):
    document, seen = single_in_gimp[format_id, is_deep]
    is_kept = is_deep and format_id in ("png", "tiff")
    wanted = finished_deep_cutout_of(document, False)[1] if is_kept else finished_cutout_of(document, False)
    assert differences(wanted, seen.picture).max() <= SINGLE[format_id][1]
    assert seen.icc_profile == document.icc_profile
    assert seen.picture.dtype == wanted.dtype


@pytest.fixture(scope="module")
def krita(tmp_path_factory):
    need("krita", "xvfb-run")
    return Krita(tmp_path_factory.mktemp("krita"))


@pytest.mark.parametrize("format_id", ["psd", "ora"])
def test_krita_has_every_layer_with_name_place_and_pixels(krita, tmp_path, format_id):
    document = photo_scene()
    items = items_of(krita.convert(exported(document, tmp_path, format_id), tmp_path / "krita.ora"))
    assert [(item.depth, item.name) for item in items] == [(depth, ours.name) for depth, ours in in_order(document)]
    layers = [item for item in items if item.pixels is not None]
    for item, ours in zip(layers, reversed(document.layers), strict=True):
        assert item.opacity == pytest.approx(ours.opacity, abs=STEP)
        assert item.is_visible == ours.is_visible
        # Krita works masks in when it tells of a PSD in OpenRaster, and rounds in its own way.
        assert_placed_as_seen(item, ours, slack=1 if ours.mask is not None and format_id == "psd" else 0)


def with_full_groups(document):
    """Return the document as far as Krita 5.1 reads it in a PSD: it knows no opacity of groups there."""
    return replace(document, groups=tuple(replace(group, opacity=1.0) for group in document.groups))


def in_krita(krita, path):
    return tifffile.imread(krita.convert(path, path.with_name(f"{path.stem}-krita.tif")))


@pytest.mark.parametrize("format_id", ["psd", "ora"])
def test_krita_shows_hard_edges_with_part_opacity_and_groups_to_the_value(krita, tmp_path, format_id):
    document = photo_scene(softness=0)
    document = with_full_groups(document) if format_id == "psd" else document
    assert differences(picture_of(document), in_krita(krita, exported(document, tmp_path, format_id))).max() == 0


@pytest.mark.parametrize("format_id", ["psd", "ora"])
def test_krita_rounds_soft_edges_after_every_layer_and_nothing_else(krita, tmp_path, format_id):
    document = photo_scene()
    document = with_full_groups(document) if format_id == "psd" else document
    far = differences(
        picture_of(with_merged_groups(document)), in_krita(krita, exported(document, tmp_path, format_id))
    )
    assert far.max() <= 1
    assert np.count_nonzero(far.max(axis=2)) <= MOST_ROUNDED


def test_krita_shows_a_psd_with_a_profile_in_its_own_colours_to_the_value(krita, tmp_path):
    document = with_full_groups(photo_scene(DISPLAY_P3, softness=0))
    assert differences(picture_of(document), in_krita(krita, exported(document, tmp_path, "psd"))).max() == 0


def test_krita_shows_16_bits_of_a_psd_but_for_the_last_step(krita, tmp_path):
    document = with_full_groups(photo_scene(softness=0, is_deep=True))
    seen = in_krita(krita, exported(document, tmp_path, "psd"))
    assert seen.dtype == np.uint16
    assert differences(picture_of(document), seen).max() <= 1


def test_krita_reads_no_opacity_of_groups_in_a_psd_that_gimp_wrote_either(krita, tmp_path):
    need("gimp")
    ours = exported(scene(), tmp_path, "psd")
    theirs = saved_by_gimp(ours, tmp_path / "gimp.psd", tmp_path)
    for path in (ours, theirs):
        items = items_of(krita.convert(path, path.with_suffix(".ora")))
        groups = {item.name: item.opacity for item in items if item.pixels is None}
        assert groups["Gruppe 外"] == groups["innen"] == 1.0


@pytest.mark.parametrize("program", ["rsvg-convert", "inkscape"])
def test_outlines_of_3_megapixels_rendered_by_others_are_the_masks_to_the_pixel(program, tmp_path):
    need(program)
    document = replace(photo_scene(is_open=True), background=None)
    cut = tuple(replace(layer, is_visible=True, group_id=None) for layer in document.layers[1:])
    document = document.with_layers(cut, cut[0].id, ())
    alpha = rendered(program, exported(document, tmp_path, "svg"), tmp_path)
    wanted = np.zeros(document.size.shape, bool)
    for each in ExportSource(document).objects():
        wanted[each.rect.slices] |= each.coverage >= 128
    assert wanted.any()
    np.testing.assert_array_equal(alpha, np.where(wanted, 255, 0))
