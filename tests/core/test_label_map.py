import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.atomic_file import replacing_all
from core.errors import ImageWriteError
from core.export.label_map import legend_path, write_label_map
from core.geometry import Rect, Size
from core.object_colors import object_colors
from core.object_map import DrawnObject, DrawnObjects

SIZE = Size(80, 50)


def objects_of(count: int) -> DrawnObjects:
    """Return so many objects of three by two pixels, side by side."""
    across = SIZE.width // 3
    rects = [Rect(3 * (i % across), 2 * (i // across), 3, 2) for i in range(count)]
    full = np.full((2, 3), 255, np.uint8)
    layers = tuple(DrawnObject.of(f"Object {i}", 1 - i / 1000, rect, full) for i, rect in enumerate(rects, start=1))
    return DrawnObjects(SIZE, layers)


def export_label_map(objects: DrawnObjects, path: Path) -> Path:
    with replacing_all([path, legend_path(path)]) as (picture, legend):
        write_label_map(objects, picture, legend, path.name)
    return path


def read(path: Path) -> tuple[str, np.ndarray, dict]:
    with Image.open(path) as image:
        return image.mode, np.asarray(image), json.loads(legend_path(path).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("count", "mode", "dtype"), [(0, "P", "u1"), (3, "P", "u1"), (255, "P", "u1"), (256, "I;16", "u2")]
)
def test_labels_are_read_back_exactly(tmp_path: Path, count: int, mode: str, dtype: str) -> None:
    objects = objects_of(count)
    path = export_label_map(objects, tmp_path / "labels.png")
    read_mode, labels, legend = read(path)
    assert (read_mode, labels.dtype) == (mode, np.dtype(dtype))
    np.testing.assert_array_equal(labels, objects.labels())
    assert [entry["index"] for entry in legend["objects"]] == list(range(1, count + 1))


def test_the_palette_has_a_colour_of_its_own_for_every_object_and_nothing_is_transparent_black(tmp_path: Path) -> None:
    path = export_label_map(objects_of(255), tmp_path / "labels.png")
    with Image.open(path) as image:
        palette = np.array(image.getpalette()).reshape(-1, 3)
        shown = np.asarray(image.convert("RGBA"))
    assert len({tuple(color) for color in palette[:256].tolist()}) == 256
    legend = json.loads(legend_path(path).read_text(encoding="utf-8"))
    first = legend["objects"][0]
    assert tuple(bytes.fromhex(first["color"][1:])) == tuple(shown[0, 0, :3]) == tuple(object_colors([1])[0])
    assert shown[0, 0, 3] == 255
    assert tuple(shown[-1, -1]) == (0, 0, 0, 0)


def test_the_legend_says_what_and_where_each_object_is(tmp_path: Path) -> None:
    soft = np.array([[0, 255, 255, 100], [128, 255, 255, 0]], np.uint8)
    layers = (DrawnObject.of("Käse", 0.87654, Rect(10, 20, 4, 2), soft),)
    path = export_label_map(DrawnObjects(SIZE, layers), tmp_path / "a label map.png")
    _, _, legend = read(path)
    assert (legend["labels"], legend["width"], legend["height"]) == ("a label map.png", 80, 50)
    (entry,) = legend["objects"]
    assert (entry["name"], entry["score"], entry["area"], entry["box"]) == ("Käse", 0.8765, 5, [10, 20, 13, 22])


def test_many_objects_have_no_colours(tmp_path: Path) -> None:
    path = export_label_map(objects_of(300), tmp_path / "labels.png")
    assert {entry["color"] for entry in read(path)[2]["objects"]} == {None}


def test_map_and_legend_are_written_both_or_neither(tmp_path: Path) -> None:
    path = tmp_path / "labels.png"
    path.write_bytes(b"before")
    legend_path(path).mkdir()
    with pytest.raises(ImageWriteError, match=r"labels\.json"):
        export_label_map(objects_of(3), path)
    assert path.read_bytes() == b"before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["labels.json", "labels.png"]
