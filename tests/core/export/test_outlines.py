"""Outlines as SVG curves, as CSS and as HTML: where the object is, with its holes, within the tolerance."""

import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.document import Document
from core.export.job import ExportJob, Scope, run_export
from core.export.options import ExportError
from core.export.registry import format_of
from core.export.source import ExportSource
from core.export.web_outline import WebOutline, outline_text
from core.geometry import Size
from core.layer import Layer
from tests.core.deep_scenes import deep_document, deep_layer, deep_values

SIZE = Size(120, 90)


def ring_shaped():
    """Return soft coverage with a hole."""
    rows, columns = np.mgrid[: SIZE.height, : SIZE.width]
    radius = np.hypot(rows - 44.5, columns - 59.5)
    return np.clip(255 * np.minimum(36 - radius, radius - 15), 0, 255).astype(np.uint8)


def document(**others):
    pixels = np.full((*SIZE.shape, 4), 255, np.uint8)
    return Document(SIZE, (Layer("a", "a", pixels),), "a", selection=ring_shaped(), name="Ring & co", **others)


def written(path, made, **options):
    kind = format_of("svg").options_type.from_plain(options)
    run_export(ExportSource(made), ExportJob("svg", kind, path))
    return path.read_text("utf-8")


def filled(data, scale=8):
    """Return the share of each pixel that a path of curves covers, by the even-odd rule."""
    rings = []
    for part in data.split("M")[1:]:
        numbers = np.array([float(value) for value in re.findall(r"-?[\d.]+", part)]).reshape(-1, 2)
        points, start = [], numbers[0]
        for index in range(1, len(numbers), 3):
            one, other, end = numbers[index : index + 3]
            t = np.linspace(0, 1, 30)[:, None]
            curve = start * (1 - t) ** 3 + 3 * one * t * (1 - t) ** 2 + 3 * other * t**2 * (1 - t) + end * t**3
            points.append(curve)
            start = end
        rings.append(np.rint(np.concatenate(points) * scale - 0.5).astype(np.int32))
    canvas = np.zeros((SIZE.height * scale, SIZE.width * scale), np.uint8)
    cv2.fillPoly(canvas, rings, 255)
    return cv2.resize(canvas, (SIZE.width, SIZE.height), interpolation=cv2.INTER_AREA)


def data_of(text):
    return re.search(r'(?<=[ (,]d=")[^"]+|(?<=evenodd, ")[^"]+', text).group(0)


@pytest.mark.parametrize("tolerance", [0.2, 0.5, 2.0])
def test_smooth_curves_cover_what_the_object_does(tmp_path, tolerance):
    text = written(tmp_path / "a.svg", document(), smooth=True, tolerance=tolerance)
    covered = filled(data_of(text))
    apart = np.abs(covered.astype(int) - ring_shaped()) > 127
    outline = cv2.morphologyEx((ring_shaped() > 127).astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3)))
    near = cv2.dilate(outline, np.ones((3, 3)), iterations=int(np.ceil(tolerance)))
    assert not apart[near == 0].any()
    assert apart.mean() < 0.002 + 0.02 * tolerance
    assert covered[44, 59] == 0
    exact = written(tmp_path / "b.svg", document())
    assert len(data_of(text)) < len(data_of(exact))


@pytest.mark.parametrize("smooth", [False, True])
def test_bleed_moves_the_outline_by_that_much_in_pixels_or_in_millimetres(tmp_path, smooth):
    made = document(dpi=(254.0, 254.0))
    plain = written(tmp_path / "a.svg", made, smooth=smooth)
    by_px = written(tmp_path / "b.svg", made, bleed=5, smooth=smooth)
    by_mm = written(tmp_path / "c.svg", made, bleed=0.5, bleed_unit="mm", smooth=smooth)
    assert by_px == by_mm
    if smooth:
        wide, narrow = ((filled(data_of(each)) > 127).any(0).sum() for each in (by_px, plain))
        assert wide - narrow == pytest.approx(10, abs=2)


def test_css_cuts_an_element_of_the_photos_size(tmp_path):
    text = outline_text(document(), WebOutline.CSS)
    assert text.startswith('clip-path: path(evenodd, "M')
    assert text.endswith('z");')
    assert (np.abs(filled(data_of(text)).astype(int) - ring_shaped()) > 127).mean() < 0.01


def test_html_cuts_the_photo_that_lies_beside_the_page(tmp_path):
    made = document(path=tmp_path / 'my "photo" 猫.jpg')
    text = outline_text(made, WebOutline.HTML)
    assert 'src="my%20%22photo%22%20%E7%8C%AB.jpg"' in text
    assert 'alt="Ring &amp; co"' in text
    anchor = re.search(r'clipPath id="([^"]+)"', text).group(1)
    assert f"clip-path:url(#{anchor})" in text
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", anchor)
    assert (np.abs(filled(data_of(text)).astype(int) - ring_shaped()) > 127).mean() < 0.01


@pytest.mark.parametrize("path", [None, Path("work.clickcut.ora"), Path("scan.tif")])
def test_html_names_a_picture_that_browsers_show(path):
    assert 'src="Ring%20%26%20co.png"' in outline_text(document(path=path), WebOutline.HTML)


@pytest.mark.parametrize("kind", WebOutline)
def test_nothing_cut_out_has_no_outline(kind):
    with pytest.raises(ExportError):
        outline_text(replace(document(), selection=None), kind)


def test_masks_of_every_layer_are_files_of_their_own_also_that_of_the_whole_photo(tmp_path):
    made = deep_document()
    made = made.with_layers((*made.layers, deep_layer("cup", deep_values(4, 3, 2), x=1, y=1)), "cup")
    kind = format_of("mask").options_type()
    done = run_export(ExportSource(made), ExportJob("mask", kind, tmp_path / "masks", Scope.LAYERS))
    photo, cup = (cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in done.paths)
    assert photo.min() == 255
    assert (cup == 255).sum() == 12
    assert cup.shape == (23, 31)
