"""A document of 3 megapixels in other programs, in 8 and in 16 bits a channel: every layer, mask, name and place."""

import cv2
import numpy as np
import pytest

from core.compositor import composite, composite_deep
from core.export.png import finished_deep_cutout_of
from core.geometry import Rect
from tests.core.icc_profiles import DISPLAY_P3
from tests.programs.gimp import open_in_gimp
from tests.programs.krita import Krita, items_of
from tests.programs.large_scene import large_scene
from tests.programs.missing import need
from tests.programs.test_exports import STEP, assert_placed_as_seen, exported, in_order

pytestmark = pytest.mark.programs

CASES = {"8 bits in Display P3": (DISPLAY_P3, False), "16 bits in sRGB": (None, True)}


def seen_of(document):
    """Return what is seen of a document, at its own depth."""
    return (composite_deep if document.is_deep else composite)(document, document.rect)


def values_of(layer):
    return layer.pixels if layer.deep is None else layer.deep


def read_png(path):
    pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    return pixels[..., [2, 1, 0, 3] if pixels.shape[2] == 4 else [2, 1, 0]]


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES)
def in_gimp(request, tmp_path_factory):
    need("gimp")
    document, folder = large_scene(*request.param), tmp_path_factory.mktemp("gimp")
    paths = [exported(document, folder, "psd"), exported(document, folder, "tiff")]
    return document, open_in_gimp(paths, folder)


def test_gimp_has_every_layer_of_a_psd_to_the_last_bit(in_gimp):
    document, (psd, _) = in_gimp
    for item, (depth, ours) in zip(psd.items, in_order(document), strict=True):
        assert (item.depth, item.name, item.is_visible) == (depth, ours.name, ours.is_visible)
        assert item.opacity == pytest.approx(ours.opacity, abs=1e-6)
        if item.is_group:
            continue
        assert (item.x, item.y) == (ours.x, ours.y)
        assert item.pixels.dtype == values_of(ours).dtype
        np.testing.assert_array_equal(item.pixels, values_of(ours), ours.name)
        assert (item.mask is None) == (ours.mask is None)
        if ours.mask is not None:
            step = np.iinfo(item.mask.dtype).max // 255
            np.testing.assert_array_equal(item.mask, ours.mask * item.mask.dtype.type(step))


def test_gimp_shows_a_psd_as_it_looks_here(in_gimp):
    document, (psd, _) = in_gimp
    # Half-transparent pixels are rounded at the last place by each program in its own way.
    assert np.abs(psd.picture.astype(int) - seen_of(document)).max() <= 1


def test_gimp_has_every_page_of_a_tiff_to_the_last_bit(in_gimp):
    document, (_, tiff) = in_gimp
    for item, ours in zip(tiff.items, reversed(document.shown_layers), strict=True):
        inside = ours.rect.intersect(document.rect)
        assert (item.name, item.x, item.y) == (ours.name, inside.x, inside.y)
        wanted = values_of(ours)[inside.moved(-ours.x, -ours.y).slices]
        assert item.pixels.dtype == wanted.dtype
        np.testing.assert_array_equal(item.pixels[..., :3], wanted[..., :3], ours.name)
        alpha = wanted[..., 3] * document.opacity_of(ours)
        if ours.mask is not None:
            alpha = alpha * (ours.mask / 255)
        assert np.abs(item.pixels[..., 3] - alpha).max() <= 0.51


@pytest.fixture(scope="module")
def krita(tmp_path_factory):
    need("krita", "xvfb-run")
    return Krita(tmp_path_factory.mktemp("krita"))


@pytest.mark.parametrize("format_id", ["psd", "ora"])
def test_krita_has_every_layer_of_8_bits_and_shows_them_as_they_look_here(krita, tmp_path, format_id):
    # Krita 5.1 leaves the opacity of a PSD's groups out.
    document = large_scene(is_faded=format_id == "ora")
    path = exported(document, tmp_path, format_id)
    items = items_of(krita.convert(path, tmp_path / "krita.ora"))
    assert [(item.depth, item.name) for item in items] == [(depth, ours.name) for depth, ours in in_order(document)]
    layers = [item for item in items if item.pixels is not None]
    for item, ours in zip(layers, reversed(document.layers), strict=True):
        assert item.opacity == pytest.approx(ours.opacity, abs=STEP)
        assert item.is_visible == ours.is_visible
        assert_placed_as_seen(item, ours, slack=1 if ours.mask is not None and format_id == "psd" else 0)
    picture = read_png(krita.convert(path, tmp_path / "krita.png"))
    assert np.abs(picture.astype(int) - seen_of(document)[..., : picture.shape[2]]).max() <= 1


def test_krita_shows_a_psd_of_16_bits_as_it_looks_here(krita, tmp_path):
    document = large_scene(is_deep=True, is_faded=False)
    picture = read_png(krita.convert(exported(document, tmp_path, "psd"), tmp_path / "krita.png"))
    assert picture.dtype == np.uint16
    assert np.abs(picture.astype(int) - seen_of(document)[..., : picture.shape[2]]).max() <= 1


@pytest.mark.parametrize("is_deep", [False, True])
def test_gimp_opens_single_pictures_as_they_are(tmp_path, is_deep):
    need("gimp")
    document = large_scene(is_deep=is_deep)
    rows, columns = np.mgrid[:1500, :2000]
    document = document.with_selection(np.where(np.hypot(rows - 700, columns - 900) < 400, 255, 0).astype(np.uint8))
    formats = [("png", {}), ("tiff", {"pages": "single"}), *([] if is_deep else [("webp", {})])]
    paths = [exported(document, tmp_path, name, **options) for name, options in formats]
    shown, deep = finished_deep_cutout_of(document, trim=False)
    wanted = deep if is_deep else shown
    for opened in open_in_gimp(paths, tmp_path):
        (item,) = opened.items
        assert (item.x, item.y) == (0, 0)
        assert item.pixels.dtype == wanted.dtype
        assert Rect.of_mask(item.pixels[..., 3]) == Rect.of_mask(wanted[..., 3])
        np.testing.assert_array_equal(item.pixels, wanted)
