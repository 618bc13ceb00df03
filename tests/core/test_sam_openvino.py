"""MobileSAM's encoder on OpenVINO answers as the library does; whatever goes wrong with it, PyTorch answers."""

import logging
import os
import shutil
import sys

import numpy as np
import pytest
import torch

from core.cancel import CancelToken
from core.device import Device, Precision
from core.kept_files import signed
from core.prompt import Prompt
from core.segment_request import ModelChoice
from core.segmenters import sam_openvino
from core.segmenters.registry import load_segmenter
from core.segmenters.sam_openvino import SUFFIX
from tests.sam_files import build_network, draw_photo, write_weights

PHOTO = draw_photo(320, 240)
CLICK = Prompt().with_point(150, 130)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("weights") / "mobile_sam.pt", "vit_t")


@pytest.fixture(scope="module")
def predictor(weights):
    import mobile_sam

    predictor = mobile_sam.SamPredictor(build_network("vit_t", weights).eval())
    predictor.set_image(PHOTO)
    return predictor


@pytest.fixture(scope="module")
def kept(weights, tmp_path_factory):
    """A folder with the converted encoder."""
    folder = tmp_path_factory.mktemp("encoders")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sam_openvino, "_default_folder", lambda: folder)
        load(weights)
    assert len(list(folder.iterdir())) == 1
    return folder


@pytest.fixture
def folder(kept, monkeypatch):
    monkeypatch.setattr(sam_openvino, "_default_folder", lambda: kept)
    return kept


@pytest.fixture
def good(kept):
    """The file of the converted encoder."""
    (path,) = kept.glob(f"*{SUFFIX}")
    return path


@pytest.fixture
def conversions(good, monkeypatch):
    """Notes what is converted, in no time."""
    calls = []

    def convert(openvino, encoder):
        calls.append(encoder)
        return openvino.Core().read_model(*sam_openvino._read(good))

    monkeypatch.setattr(sam_openvino, "_convert", convert)
    return calls


def load(weights, precision=Precision.FP32):
    return load_segmenter(ModelChoice("mobile_sam", weights, Device.CPU, precision))


def is_on_openvino(segmenter):
    return "OpenVINO" in segmenter.device_choice.reason


def difference(ours, theirs):
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def features_of(segmenter):
    return segmenter.pack(segmenter.embed(PHOTO, CancelToken()))["features"]


# Without its relative positions an encoder is off by more than a hundredth: see test_sam_reference.
@pytest.mark.parametrize(("precision", "bound"), [(Precision.FP32, 1e-4), (Precision.BF16, 5e-2)])
def test_features_are_the_librarys(folder, weights, predictor, conversions, precision, bound):
    segmenter = load(weights, precision)
    assert is_on_openvino(segmenter)
    assert conversions == []
    assert difference(features_of(segmenter), predictor.features.numpy()) < bound


def test_masks_are_the_librarys(folder, weights, predictor):
    segmenter = load(weights)
    embedding = segmenter.embed(PHOTO, CancelToken())
    best = segmenter.predict(embedding, CLICK).best
    masks, scores, logits = predictor.predict(np.array([[150, 130]]), np.array([1]))
    index = int(scores.argmax())
    assert difference(best.logits, logits[index]) < 1e-4
    assert best.score == pytest.approx(float(scores[index]), abs=1e-5)
    assert np.mean(segmenter.to_mask(embedding, best) != masks[index]) < 1e-3


def test_another_networks_encoder_is_converted_anew(good, weights, tmp_path, monkeypatch, conversions):
    shutil.copy(good, tmp_path)
    monkeypatch.setattr(sam_openvino, "_default_folder", lambda: tmp_path)
    tensors = torch.load(weights, weights_only=True)
    tensors["image_encoder.neck.2.weight"].mul_(1.5)
    torch.save(tensors, tmp_path / "trained.pt")
    assert is_on_openvino(load(tmp_path / "trained.pt"))
    assert len(conversions) == 1
    assert len(list(tmp_path.glob(f"*{SUFFIX}"))) == 2


@pytest.mark.parametrize("damage", ["cut off", "changed", "foreign", "empty", "well signed nonsense"])
def test_a_damaged_file_is_made_again(good, weights, tmp_path, monkeypatch, conversions, caplog, damage):
    content = bytearray(good.read_bytes())
    path = tmp_path / good.name
    path.write_bytes(
        {
            "cut off": content[:-5000],
            "changed": content[:-5000] + b"\1" + content[-4999:],
            "foreign": b"<html>" * 100,
            "empty": b"",
            "well signed nonsense": signed(sam_openvino._MARK, b"\0" * 90),
        }[damage]
    )
    monkeypatch.setattr(sam_openvino, "_default_folder", lambda: tmp_path)
    with caplog.at_level(logging.WARNING):
        assert is_on_openvino(load(weights))
    assert "made again" in caplog.text
    assert len(conversions) == 1
    assert len(path.read_bytes()) == len(content)


def test_a_folder_that_cannot_be_written_keeps_nothing_and_openvino_computes(
    weights, tmp_path, monkeypatch, conversions, caplog
):
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    monkeypatch.setattr(sam_openvino, "_default_folder", lambda: in_the_way)
    with caplog.at_level(logging.WARNING):
        assert is_on_openvino(load(weights))
    assert "cannot be kept" in caplog.text


def test_only_the_files_used_last_stay(good, weights, tmp_path, monkeypatch):
    used = tmp_path / good.name
    used.write_bytes(good.read_bytes())
    os.utime(used, (1, 1))
    for age in range(2, 6):
        (tmp_path / f"{age}{SUFFIX}").write_bytes(b"old")
        os.utime(tmp_path / f"{age}{SUFFIX}", (age, age))
    (tmp_path / "somebody else's").write_bytes(b"")
    (tmp_path / "unfinished-1").mkdir()
    os.utime(tmp_path / "unfinished-1", (1, 1))
    monkeypatch.setattr(sam_openvino, "_default_folder", lambda: tmp_path)
    load(weights)
    sam_openvino._tidy(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        used.name, f"5{SUFFIX}", f"4{SUFFIX}", f"3{SUFFIX}", "somebody else's"
    }  # fmt: skip


def test_without_the_package_pytorch_answers(folder, weights, predictor, monkeypatch, caplog):
    for name in [name for name in sys.modules if name.split(".")[0] == "openvino"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NotInstalled(), *sys.meta_path])
    with caplog.at_level(logging.WARNING):
        assert not is_on_openvino(load(weights))
    assert caplog.text == ""


class NotInstalled:
    """Hides the package."""

    def find_spec(self, name, path=None, target=None):
        if name == "openvino":
            raise ModuleNotFoundError("No module named 'openvino'", name=name)


@pytest.mark.parametrize("place", ["_import_quietly", "_find_model", "_compile"])
def test_whatever_fails_while_loading_it_is_pytorchs_turn(folder, weights, monkeypatch, caplog, place):
    def fail(*args):
        raise RuntimeError("broken")

    monkeypatch.setattr(sam_openvino, place, fail)
    with caplog.at_level(logging.WARNING):
        assert not is_on_openvino(load(weights))
    assert "PyTorch does" in caplog.text


def test_a_failure_on_a_photo_leaves_it_to_pytorch(folder, weights, predictor, monkeypatch, caplog):
    def fail(encoder, frame):
        raise RuntimeError("no memory")

    segmenter = load(weights)
    assert is_on_openvino(segmenter)
    monkeypatch.setattr(sam_openvino.OpenVinoEncoder, "encode", fail)
    with caplog.at_level(logging.WARNING):
        assert difference(features_of(segmenter), predictor.features.numpy()) < 1e-4
    assert not is_on_openvino(segmenter)
    assert "PyTorch takes over" in caplog.text


def test_a_package_that_was_loaded_with_its_telemetry_is_not_used(folder, weights, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "openvino_telemetry", sys)
    with caplog.at_level(logging.WARNING):
        assert not is_on_openvino(load(weights))
    assert "telemetry" in caplog.text
