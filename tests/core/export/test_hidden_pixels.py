"""Colours under what is transparent: gone from files unless they are wished for."""

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from core.export.job import ExportJob, run_export
from core.export.registry import format_of
from core.export.source import ExportSource
from tests.core.deep_scenes import deep_document
from tests.core.test_deep_layers import HALF


def written(path, format_id, **options):
    document = deep_document(selection=HALF)
    kind = format_of(format_id).options_type.from_plain(options)
    run_export(ExportSource(document), ExportJob(format_id, kind, path))
    if format_id == "tiff":
        return document, tifffile.imread(path)
    if options.get("depth") != "8" and format_id == "png":
        return document, cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[..., [2, 1, 0, 3]]
    with Image.open(path) as image:
        return document, np.asarray(image)


CASES = [
    ("png", {}),
    ("png", {"depth": "8"}),
    ("webp", {}),
    ("tiff", {"pages": "single"}),
    ("tiff", {"pages": "single", "depth": "8"}),
]


@pytest.mark.parametrize(("format_id", "options"), CASES)
def test_what_was_cut_away_is_in_the_file_on_wish_alone(tmp_path, format_id, options):
    _, gone = written(tmp_path / "a", format_id, **options)
    assert not gone[HALF == 0].any()
    document, kept = written(tmp_path / "b", format_id, keep_hidden=True, **options)
    photo = document.layers[0].deep if kept.dtype == np.uint16 else document.layers[0].pixels
    np.testing.assert_array_equal(kept[HALF == 0][:, :3], photo[HALF == 0][:, :3])
    assert not kept[HALF == 0][:, 3].any()
    np.testing.assert_array_equal(kept[HALF == 255], photo[HALF == 255])


def test_a_new_size_drops_them(tmp_path):
    _, picture = written(tmp_path / "a", "png", keep_hidden=True, longest_side=60, depth="8")
    assert not picture[picture[..., 3] == 0].any()
