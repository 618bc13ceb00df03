"""PNG, WebP, AVIF, JPEG and masks: what is cut out, finished as wished, and nothing of what was cut away."""

import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.document import Document
from core.export.job import ExportJob, run_export
from core.export.options import ExportError
from core.export.picture import finished_picture, resized, with_outline
from core.export.png_format import PngOptions
from core.export.registry import format_of
from core.export.source import ExportSource
from core.geometry import Size
from core.layer import Layer
from tests.core.icc_profiles import DISPLAY_P3

SIZE = Size(60, 44)


def document(icc_profile: bytes | None = None) -> Document:
    coarse = np.random.default_rng(5).integers(0, 256, (5, 6, 4), np.uint8)
    photo = np.ascontiguousarray(cv2.resize(coarse, (SIZE.width, SIZE.height), interpolation=cv2.INTER_CUBIC))
    photo[..., 3] = 255
    rows, columns = np.mgrid[: SIZE.height, : SIZE.width]
    coverage = np.clip((14 - np.hypot(columns - 27, rows - 22)) * 90, 0, 255).astype(np.uint8)
    layers = (Layer("a", "Photo", photo),)
    return Document(SIZE, layers, "a", coverage, icc_profile, (300.0, 300.0), "photo")


def exported(document: Document, folder: Path, format_id: str, **options: object) -> Image.Image:
    kind = format_of(format_id)
    path = folder / f"out{kind.suffixes[0]}"
    run_export(ExportSource(document), ExportJob(format_id, kind.options_type.from_plain(options), path))
    image = Image.open(io.BytesIO(path.read_bytes()))
    image.load()
    return image


@pytest.mark.parametrize("format_id", ["png", "webp"])
def test_pictures_without_loss_are_the_cutout_to_the_pixel(format_id: str, tmp_path: Path) -> None:
    source = document(DISPLAY_P3)
    image = exported(source, tmp_path, format_id, trim=True, padding=3)
    wanted = finished_picture(ExportSource(source), PngOptions(trim=True, padding=3))
    assert image.mode == "RGBA"
    assert image.info["icc_profile"] == DISPLAY_P3
    np.testing.assert_array_equal(np.asarray(image), wanted)


@pytest.mark.parametrize(("format_id", "most"), [("webp", 40), ("avif", 40)])
def test_pictures_with_loss_stay_near(format_id: str, most: int, tmp_path: Path) -> None:
    options: dict[str, object] = {"lossless": False} if format_id == "webp" else {}
    image = np.asarray(exported(document(DISPLAY_P3), tmp_path, format_id, quality=95, **options)).astype(int)
    wanted = finished_picture(ExportSource(document()), PngOptions())
    solid = wanted[..., 3] == 255
    assert np.abs(image - wanted)[solid].max() < most
    assert np.abs(image[..., 3] - wanted[..., 3]).max() <= (0 if format_id == "webp" else 24)


def test_a_jpeg_lies_on_the_colour(tmp_path: Path) -> None:
    image = exported(document(DISPLAY_P3), tmp_path, "jpeg", color="#00ff00", quality=100)
    assert image.mode == "RGB"
    assert image.info["icc_profile"] == DISPLAY_P3
    assert image.info["dpi"] == (300, 300)
    np.testing.assert_allclose(np.asarray(image)[0, 0], (0, 255, 0), atol=2)


@settings(max_examples=15)
@given(st.booleans(), st.integers(0, 4), st.integers(0, 5), st.sampled_from([0, 20, 60, 90]))
def test_nothing_hides_under_transparent_pixels(trim: bool, padding: int, outline: int, longest: int) -> None:
    options = PngOptions(trim=trim, padding=padding, outline=outline, longest_side=longest)
    picture = finished_picture(ExportSource(document()), options)
    assert not picture[picture[..., 3] == 0].any()
    assert not longest or max(picture.shape[:2]) == longest


def test_an_outline_is_as_wide_as_wished_all_around() -> None:
    picture = np.zeros((60, 60, 4), np.uint8)
    picture[20:40, 20:40] = (9, 9, 9, 255)
    shown = with_outline(picture, 5, (255, 0, 0))
    assert (shown[30, 15:20] == (255, 0, 0, 255)).all()
    assert shown[30, 14, 3] < 128
    assert not shown[30, :13].any()
    np.testing.assert_array_equal(shown[20:40, 20:40], picture[20:40, 20:40])
    rows, columns = np.mgrid[:60, :60]
    far = np.hypot(np.clip(columns, 20, 39) - columns, np.clip(rows, 20, 39) - rows)
    np.testing.assert_array_equal(shown[..., 3] >= 128, far <= 5.5)


def test_a_trimmed_picture_has_room_for_its_outline() -> None:
    plain = finished_picture(ExportSource(document()), PngOptions(trim=True))
    lined = finished_picture(ExportSource(document()), PngOptions(trim=True, outline=6))
    assert lined.shape[0] == plain.shape[0] + 12


def test_resizing_takes_no_colour_from_what_is_transparent() -> None:
    picture = np.zeros((40, 40, 4), np.uint8)
    picture[:, :21] = (200, 100, 50, 255)
    for longest in (15, 77):
        scaled = resized(picture, longest)
        seen = scaled[..., 3] > 0
        assert np.abs(scaled[seen][:, :3].astype(int) - (200, 100, 50)).max() <= 1


def test_what_is_too_large_for_a_format_is_refused_with_what_to_do() -> None:
    wide = Document(Size(17_000, 1), (Layer("a", "a", np.zeros((1, 17_000, 4), np.uint8)),), "a")
    kind = format_of("webp")
    with pytest.raises(ExportError, match=r"WebP holds at most 16383 pixels a side; give a longest side"):
        kind.check(ExportSource(wide), kind.options_type())
    kind.check(ExportSource(wide), kind.options_type.from_plain({"longest_side": 4000}))


def test_a_mask_is_the_selection_soft_or_hard_or_inverted(tmp_path: Path) -> None:
    source = document()
    np.testing.assert_array_equal(np.asarray(exported(source, tmp_path, "mask")), source.selection)
    hard = np.asarray(exported(source, tmp_path, "mask", edge="hard", invert=True))
    np.testing.assert_array_equal(hard, np.where(source.selection >= 128, 0, 255))


def test_a_label_map_numbers_the_layers_and_its_legend_names_them(tmp_path: Path) -> None:
    pixels = np.zeros((10, 12, 4), np.uint8)
    pixels[2:8, 3:9] = 255
    layers = (Layer("a", "Katze", pixels, 1, 2), Layer("b", "Hund", pixels, 30, 20))
    image = np.asarray(exported(Document(SIZE, layers, "a", name="two"), tmp_path, "labels"))
    assert image[4, 4] == 1
    assert image[25, 35] == 2
    legend = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [each["name"] for each in legend["objects"]] == ["Katze", "Hund"]
