"""Real weights on real photos, where they are: run with ``python -m pytest -m weights``; see real_photos.py.

``CLICKCUT_MODELS`` names the folder with the weights, ``CLICKCUT_PHOTOS``, if set, one with photos and masks. Nothing
is downloaded. The other tests here run the same machinery on what is on every machine.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.detectors.owl import load_owl
from core.detectors.registry import load_detector
from core.device import Device, Precision
from core.model_list import MODELS, Task
from core.model_store import ModelStore
from core.segment_request import ModelChoice
from core.segmenters.registry import find_weights, load_segmenter
from tests.core.owl_models import write_owl
from tests.core.real_photos import (
    Scene,
    ask_detector,
    ask_segmenter,
    box_around,
    folder_scenes,
    mask_iou,
    middle_of,
    package_scenes,
    show,
)
from tests.sam_files import write_weights

# Read here, because every test has a folder of its own for models.
MODELS_FOLDER = os.environ.get("CLICKCUT_MODELS", "")
PHOTOS_FOLDER = os.environ.get("CLICKCUT_PHOTOS", "")

WITH_FILES = [spec for spec in MODELS.values() if spec.is_supported and spec.files]


def named(task):
    return pytest.mark.parametrize("name", [spec.name for spec in WITH_FILES if spec.task is task])


def store_with(name):
    """Return the person's own models, if `name` is one of them."""
    if not MODELS_FOLDER:
        pytest.skip("CLICKCUT_MODELS names no folder with weights")
    store = ModelStore(Path(MODELS_FOLDER))
    if find_weights(MODELS[name], store) is None:
        pytest.skip(f"the weights of {name} are not in {MODELS_FOLDER}")
    return store


@pytest.mark.weights
@named(Task.SEGMENT)
def test_real_segmenter_finds_the_objects_of_real_photos(name, capsys):
    segmenter = load_segmenter(ModelChoice(name), store_with(name))
    found = [one for scene in package_scenes() for one in ask_segmenter(segmenter, scene)]
    with capsys.disabled():
        show(f"{name} on {segmenter.device_choice.device}", found)
    by_box = [one for one in found if one.prompt == "box"]
    assert np.nanmean([one.iou for one in by_box]) > 0.8
    assert np.median([one.box_iou for one in by_box]) > 0.7
    assert np.median([one.inside for one in by_box]) > 0.9


@pytest.mark.weights
@named(Task.SEGMENT)
def test_real_segmenter_agrees_with_given_masks(name, capsys):
    store = store_with(name)
    if not PHOTOS_FOLDER:
        pytest.skip("CLICKCUT_PHOTOS names no folder with photos and masks")
    segmenter = load_segmenter(ModelChoice(name), store)
    found = [one for scene in folder_scenes(Path(PHOTOS_FOLDER)) for one in ask_segmenter(segmenter, scene)]
    if not found:
        pytest.skip(f"there is no photo with a mask in {PHOTOS_FOLDER}")
    with capsys.disabled():
        show(f"{name} on {segmenter.device_choice.device}, {PHOTOS_FOLDER}", found)
    assert np.mean([one.iou for one in found if one.prompt == "box"]) > 0.6


@pytest.mark.weights
@named(Task.DETECT)
def test_real_detector_finds_what_words_name(name, capsys):
    detector = load_detector(ModelChoice(name), store_with(name))
    found = [ask_detector(detector, scene) for scene in package_scenes() if scene.truth is None]
    with capsys.disabled():
        show(f"{name} on {detector.device_choice.device}", found)
    assert np.median([one.box_iou for one in found]) > 0.6


# --- the same without weights ---


def test_the_classical_segmenter_finds_round_objects_in_real_photos(capsys):
    segmenter = load_segmenter(ModelChoice("classic"))
    scenes = [scene for scene in package_scenes() if scene.truth is not None]
    found = [one for scene in scenes for one in ask_segmenter(segmenter, scene)]
    show("classic", found)
    printed = capsys.readouterr().out
    assert "coins, coin" in printed
    assert "mean of 3: box" in printed
    by_box = [one for one in found if one.prompt == "box"]
    assert np.mean([one.iou for one in by_box]) > 0.8
    assert min(one.inside for one in by_box) > 0.95


def test_random_weights_are_asked_and_measured_in_the_same_way(tmp_path, capsys):
    write_weights(tmp_path / "mobile_sam.pt", "vit_t")
    segmenter = load_segmenter(ModelChoice("mobile_sam", device=Device.CPU), ModelStore(tmp_path))
    show("random", ask_segmenter(segmenter, package_scenes()[-1]))
    folder = write_owl(tmp_path / "owl", "owlvit")
    detector = load_owl(MODELS["owlvit"], folder, Device.CPU, Precision.FP32)
    show("random words", [ask_detector(detector, package_scenes()[-1])])
    assert capsys.readouterr().out.count("IoU") >= 5


def test_a_folder_of_photos_and_masks_is_read_as_described(tmp_path):
    photo = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    values = np.zeros((30, 40), np.uint8)
    values[5:15, 10:30] = 255
    values[15:18, 10:30] = 128
    Image.fromarray(photo).save(tmp_path / "cat.jpg")
    Image.fromarray(values).save(tmp_path / "cat.png")
    Image.fromarray(photo).save(tmp_path / "no mask.jpg")
    (tmp_path / "notes.txt").write_text("")
    (scene,) = folder_scenes(tmp_path)
    assert scene.name == "cat"
    assert scene.box == box_around(values == 255)
    x, y = middle_of(scene)
    assert scene.truth[int(y), int(x)]
    assert mask_iou(scene.truth, scene) == 1
    assert mask_iou(values > 0, scene) == 1  # what is not counted does no harm
    half = scene.truth.copy()
    half[:10] = False
    assert mask_iou(half, scene) == 0.5


def test_the_boxes_of_the_photos_lie_in_them():
    for scene in package_scenes():
        height, width = scene.image.shape[:2]
        assert 0 <= scene.box.x0 < scene.box.x1 <= width, scene.name
        assert 0 <= scene.box.y0 < scene.box.y1 <= height, scene.name
        assert isinstance(scene, Scene)
