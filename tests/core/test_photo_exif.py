"""What a photo's file says of itself: read, kept in projects, and written on wish alone."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from core.document import Document
from core.export.job import ExportJob, run_export
from core.export.registry import format_of
from core.export.source import ExportSource
from core.image_io import read_photo
from core.project.encoded import EncodedPictures
from core.project.reader import read_project
from core.project.writer import write_project

PICTURES = ("png", "webp", "avif", "jpeg")
EXIF, GPS = 0x8769, 0x8825


def taken_photo(path, **others):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F], exif[0x013B], exif[0x8298] = "Maker", "Jäger", "© me"
    exif[EXIF] = {0x9003: "2020:01:02 03:04:05", 0x829A: (1, 60), 0xA002: 4000, 0x927C: b"\1\2\3"}
    exif[GPS] = {1: "N", 2: (48.0, 12.0, 30.0)}
    Image.new("RGB", (12, 8), (200, 100, 50)).save(path, exif=exif.tobytes(), **others)
    return read_photo(path)


def exif_in(data):
    exif = Image.Exif()
    exif.load(data if data.startswith(b"Exif") else b"Exif\0\0" + data)
    return exif


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.avif", "a.tif"])
def test_camera_time_author_and_place_are_read_and_what_holds_no_more_is_not(tmp_path, name):
    exif = exif_in(taken_photo(tmp_path / name).exif)
    assert exif[0x010F] == "Maker"
    assert exif.get_ifd(EXIF)[0x9003] == "2020:01:02 03:04:05"
    assert exif.get_ifd(GPS)[2] == (48.0, 12.0, 30.0)
    assert 0x0112 not in exif
    assert not {0xA002, 0x927C} & exif.get_ifd(EXIF).keys()
    assert set(exif) <= {0x010F, 0x013B, 0x8298, EXIF, GPS}


def test_a_photo_without_has_none(tmp_path):
    Image.new("RGB", (3, 3)).save(tmp_path / "a.png")
    assert read_photo(tmp_path / "a.png").exif is None


@pytest.mark.parametrize("data", [b"Exif\0\0", b"Exif\0\0MM\0*\0\0\xff\xff", b"Exif\0\0" + b"\xff" * 100])
def test_nonsense_is_none(tmp_path, data):
    Image.new("RGB", (3, 3)).save(tmp_path / "a.jpg", exif=data)
    assert read_photo(tmp_path / "a.jpg").exif is None


def exported(document, path, format_id, **options):
    kind = format_of(format_id)
    run_export(ExportSource(document), ExportJob(format_id, kind.options_type.from_plain(options), path))
    with Image.open(path) as image:
        image.load()
        return image.getexif()


@pytest.mark.parametrize("format_id", PICTURES)
def test_it_is_written_on_wish_alone(tmp_path, format_id):
    document = Document.from_photo(taken_photo(tmp_path / "a.jpg"))
    path = tmp_path / f"out.{format_id}"
    assert not exported(document, path, format_id)
    kept = exported(document, path, format_id, metadata=True)
    assert kept[0x010F] == "Maker"
    assert kept.get_ifd(GPS)[1] == "N"
    assert kept.get(0x0112, 1) == 1
    assert exported(replace(document, exif=None), path, format_id, metadata=True).get(0x010F) is None


def test_a_project_keeps_it(tmp_path):
    document = Document.from_photo(taken_photo(tmp_path / "a.jpg"))
    path = write_project(document, tmp_path / "a.clickcut.ora", EncodedPictures())
    assert read_project(path).document.exif == document.exif


def test_it_is_asked_for_only_where_there_is_any(tmp_path):
    document = Document.from_photo(taken_photo(tmp_path / "a.jpg"))
    assert "metadata" not in format_of("png").idle_options(document)
    assert "metadata" in format_of("png").idle_options(replace(document, exif=None))


def test_more_than_a_jpeg_has_room_for_is_left_out(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "x" * 70_000
    buffer = io.BytesIO()
    Image.new("RGB", (3, 3)).save(buffer, "PNG", exif=exif.tobytes())
    (tmp_path / "a.png").write_bytes(buffer.getvalue())
    assert read_photo(tmp_path / "a.png").exif is None
