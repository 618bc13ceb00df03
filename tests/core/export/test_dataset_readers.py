"""Datasets as their readers check them: ultralytics' label parser, and the rules of labelme's loader."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from core.document import Document
from core.export.source import ExportSource
from tests.core.export.test_datasets import SIZE, on_canvas, shape_layer, source, written  # noqa: F401 - a fixture


def labelme_problems(content):
    """Return what labelme's loader would refuse.

    It has no schema in a file of its own; these are the rules of ``labelme/_label_file.py`` in
    https://github.com/wkentaro/labelme.
    """
    kinds = {"imagePath": str, "shapes": list, "flags": dict, "imageHeight": int, "imageWidth": int, "version": str}
    for name, kind in kinds.items():
        if not isinstance(content.get(name), kind):
            yield name
    if content["imageData"] is not None:
        yield "imageData"
    for shape in content["shapes"]:
        kinds = {"label": str, "points": list, "shape_type": str, "flags": dict, "description": str, "mask": str}
        yield from (name for name, kind in kinds.items() if not isinstance(shape.get(name), kind))
        if shape["group_id"] is not None and not isinstance(shape["group_id"], int):
            yield "group_id"
        points = shape["points"]
        if not points or not all(len(point) == 2 and {type(value) for value in point} == {float} for point in points):
            yield "points"


def test_labelme_finds_nothing_wrong_and_every_mask_in_its_box(source, tmp_path):  # noqa: F811
    path, _ = written(source, tmp_path, "labelme")
    content = json.loads(path.read_text("utf-8"))
    assert list(labelme_problems(content)) == []
    for shape, wanted in zip(content["shapes"], on_canvas(source), strict=True):
        (left, top), (right, bottom) = (map(int, point) for point in shape["points"])
        with Image.open(io.BytesIO(base64.b64decode(shape["mask"]))) as image:
            mask = np.asarray(image).astype(bool)
        assert mask.shape == (bottom - top + 1, right - left + 1)
        found = np.zeros(SIZE.shape, bool)
        found[top : bottom + 1, left : right + 1] = mask
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.filterwarnings("ignore")
def test_ultralytics_reads_every_object_of_a_yolo_file(source, tmp_path):  # noqa: F811
    from ultralytics.data.utils import verify_image_label

    path, done = written(source, tmp_path, "yolo")
    picture = tmp_path / "picture.jpg"
    Image.new("RGB", (SIZE.width, SIZE.height)).save(picture)
    answer = verify_image_label((str(picture), str(path), "", False, 2, 0, 0, False))
    _, boxes, shape, segments, _, missing, found, empty, corrupt, message = answer
    assert (shape, missing, found, empty, corrupt, message) == (SIZE.shape, 0, 1, 0, 0, "")
    assert boxes[:, 0].tolist() == [0, 1]
    for box, segment, wanted in zip(boxes, segments, on_canvas(source), strict=True):
        rows, columns = np.nonzero(wanted)
        sides = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1] / np.tile([SIZE.width, SIZE.height], 2)
        centre, extent = (sides[:2] + sides[2:]) / 2, sides[2:] - sides[:2]
        np.testing.assert_allclose(box[1:], [*centre, *extent], atol=1e-5)
        assert len(segment) >= 4
    assert any("holes" in note for note in done.notes)


def test_that_several_parts_become_one_ring_is_told(tmp_path):
    mask = np.zeros((10, 30), bool)
    mask[:, :8] = mask[:, 20:] = True
    _, done = written(ExportSource(Document(SIZE, (shape_layer("two", mask),), "two")), tmp_path, "yolo")
    assert done.notes == ("1 object has several parts, which are joined by thin ways: YOLO has one ring an object.",)
