"""COCO, YOLO and labelme: what is written is what other programs read out of it."""

import base64
import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_strategies
from PIL import Image
from pycocotools import mask as coco_mask

from core.document import Document
from core.export.job import ExportJob, run_export
from core.export.options import ExportError
from core.export.registry import format_of
from core.export.rle import packed, run_lengths
from core.export.source import ExportSource
from core.geometry import Rect, Size
from core.layer import Layer

SIZE = Size(60, 40)


def shape_layer(name: str, mask: np.ndarray, x: int = 0, y: int = 0) -> Layer:
    pixels = np.zeros((*mask.shape, 4), np.uint8)
    pixels[mask] = 200, 100, 50, 255
    return Layer(name, name, pixels, x, y)


def disc(width: int, height: int, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return np.hypot(columns - width / 2 + 0.5, rows - height / 2 + 0.5) < radius


@pytest.fixture
def source() -> ExportSource:
    photo = Layer("photo", "Photo", np.full((*SIZE.shape, 4), 255, np.uint8))
    ring = disc(20, 20, 9) & ~disc(20, 20, 4)
    parts = disc(30, 12, 5) | np.roll(disc(30, 12, 3), 10, axis=1)
    layers = (photo, shape_layer("Katze 猫", ring, 5, 8), shape_layer("dog", parts, 40, -4))
    return ExportSource(Document(SIZE, layers, "dog", name="photo", path=Path("/photos/été.jpg")))


def on_canvas(source: ExportSource) -> list[np.ndarray]:
    masks = []
    for each in source.objects():
        mask = np.zeros(SIZE.shape, bool)
        mask[each.rect.slices] = each.coverage >= 128
        masks.append(mask)
    return masks


def written(source: ExportSource, folder: Path, format_id: str, **options: object):
    kind = format_of(format_id)
    path = folder / f"out{kind.suffixes[0]}"
    return path, run_export(source, ExportJob(format_id, kind.options_type.from_plain(options), path))


@given(numpy_strategies.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))), st.integers(0, 3))
def test_run_lengths_are_those_of_pycocotools_byte_for_byte(mask: np.ndarray, margin: int) -> None:
    whole = np.pad(mask, margin)
    rect = Rect(margin, margin, mask.shape[1], mask.shape[0])
    theirs = coco_mask.encode(np.asfortranarray(whole.astype(np.uint8)))["counts"].decode()
    assert packed(run_lengths(mask, rect, Size.of(whole))) == theirs


def test_long_runs_are_packed_as_pycocotools_does() -> None:
    mask = np.zeros((900, 1200), bool)
    mask[3:800, 100:1100] = True
    mask[::7, ::3] ^= True
    theirs = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))["counts"].decode()
    assert packed(run_lengths(mask, Rect.of_size(Size.of(mask)), Size.of(mask))) == theirs


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_coco_masks_areas_and_boxes_are_what_pycocotools_makes_of_them(source: ExportSource, tmp_path: Path) -> None:
    path, _ = written(source, tmp_path, "coco")
    content = json.loads(path.read_text("utf-8"))
    assert content["images"] == [{"id": 1, "file_name": "été.jpg", "width": 60, "height": 40}]
    assert [each["name"] for each in content["categories"]] == ["Katze 猫", "dog"]
    for each, mask in zip(content["annotations"], on_canvas(source), strict=True):
        np.testing.assert_array_equal(coco_mask.decode(each["segmentation"]), mask)
        assert each["area"] == coco_mask.area(each["segmentation"]) == mask.sum()
        assert each["bbox"] == coco_mask.toBbox(each["segmentation"]).tolist()
        assert each["iscrowd"] == 0
    assert [each["category_id"] for each in content["annotations"]] == [1, 2]


def test_coco_polygons_fill_to_the_object_without_its_holes_which_is_told(source: ExportSource, tmp_path: Path) -> None:
    path, done = written(source, tmp_path, "coco", outline="polygons", one_class="animal")
    content = json.loads(path.read_text("utf-8"))
    assert [each["name"] for each in content["categories"]] == ["animal"]
    assert done.notes == ("1 object has holes, which polygons cannot have: they are filled.",)
    second = content["annotations"][1]["segmentation"]
    assert len(second) == 1
    xy = np.array(second[0]).reshape(-1, 2)
    shoelace = (xy[:, 0] * np.roll(xy[:, 1], -1) - np.roll(xy[:, 0], -1) * xy[:, 1]).sum() / 2
    assert shoelace == on_canvas(source)[1].sum()


def test_labelme_masks_lie_between_two_corners_that_belong_to_them(source: ExportSource, tmp_path: Path) -> None:
    path, _ = written(source, tmp_path, "labelme")
    content = json.loads(path.read_text("utf-8"))
    assert (content["imagePath"], content["imageWidth"], content["imageHeight"]) == ("été.jpg", 60, 40)
    for shape, mask in zip(content["shapes"], on_canvas(source), strict=True):
        (x0, y0), (x1, y1) = np.array(shape["points"]).astype(int)
        inner = np.asarray(Image.open(io.BytesIO(base64.b64decode(shape["mask"])))).astype(bool)
        again = np.zeros_like(mask)
        again[y0 : y1 + 1, x0 : x1 + 1] = inner
        np.testing.assert_array_equal(again, mask)
        assert shape["shape_type"] == "mask"
    assert [shape["label"] for shape in content["shapes"]] == ["Katze 猫", "dog"]


def test_yolo_lines_fill_to_the_objects_with_all_their_parts(tmp_path: Path) -> None:
    two = np.zeros((40, 60), bool)
    two[3:10, 4:20] = two[20:36, 30:50] = True
    source = ExportSource(Document(SIZE, (shape_layer("two\nparts", two),), "two\nparts"))
    path, done = written(source, tmp_path, "yolo")
    index, *values = path.read_text("utf-8").split()
    scaled = np.array(values, float).reshape(-1, 2) * (600, 400)
    again = cv2.fillPoly(np.zeros((400, 600), np.uint8), [np.rint(scaled).astype(np.int32)], 1)
    wanted = np.kron(two, np.ones((10, 10), np.uint8))
    rim = cv2.dilate(wanted, np.ones((5, 5), np.uint8)) - cv2.erode(wanted, np.ones((5, 5), np.uint8))
    way = cv2.line(np.zeros_like(wanted), (200, 100), (300, 200), 1, 5)
    assert index == "0"
    np.testing.assert_array_equal(again[(rim | way) == 0], wanted[(rim | way) == 0])
    assert [each.name for each in done.paths] == ["out.txt", "out-classes.txt"]
    assert done.paths[1].read_text("utf-8") == "two parts\n"


@pytest.mark.parametrize("format_id", ["coco", "yolo", "labelme"])
def test_a_picture_without_objects_is_refused_with_what_to_do(format_id: str, tmp_path: Path) -> None:
    photo = Layer("photo", "Photo", np.full((*SIZE.shape, 4), 255, np.uint8))
    with pytest.raises(ExportError, match="There is no object to write"):
        written(ExportSource(Document(SIZE, (photo,), "photo")), tmp_path, format_id)
    assert list(tmp_path.iterdir()) == []


def test_objects_that_are_nowhere_half_there_are_left_out_and_told(source: ExportSource, tmp_path: Path) -> None:
    faint = Layer("faint", "faint", np.full((3, 3, 4), 90, np.uint8))
    document = source.document.with_layers((*source.document.layers, faint), "faint")
    path, done = written(ExportSource(document), tmp_path, "coco")
    assert len(json.loads(path.read_text("utf-8"))["annotations"]) == 2
    assert done.notes == ("1 object covers no pixel by half and was left out.",)
