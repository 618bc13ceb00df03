"""Weights files that carry code: whatever they are and wherever they hide it, they are refused and nothing runs."""

import os
import pickle
import socket
import subprocess
from functools import partial

import pytest

from core.device import Device
from core.errors import ModelUnavailableError
from core.model_store import ModelStore
from core.segment_request import ModelChoice
from core.segmenters.fastsam_library import undoing_side_effects
from core.segmenters.fastsam_weights import guess_architecture
from core.segmenters.registry import load_segmenter, resolve_name
from core.segmenters.weights_file import read_tensors

COMMAND = "touch exploded"
PROGRAM = "open('exploded', 'w').close()"


class Calls:
    """Pickled, it is a call; unpickled by the unsafe way, the call is made."""

    def __init__(self, function, *arguments):
        self._call = function, arguments

    def __reduce__(self):
        return self._call


BOMBS = {
    "os.system": (os.system, COMMAND),
    "eval": (eval, f"__import__('os').system({COMMAND!r})"),
    "exec": (exec, PROGRAM),
    "open": (open, "exploded", "w"),
    "run": (subprocess.run, ["touch", "exploded"]),
    "getattr": (getattr, Calls(__import__, "os"), "system"),
}
PLACES = {
    "the whole file": lambda bomb: bomb,
    "the model": lambda bomb: {"model": bomb},
    "the averaged model": lambda bomb: {"ema": bomb, "model": None},
    "the settings": lambda bomb: {"model": make_module(), "train_args": {"data": bomb}},
    "a layer": lambda bomb: {"model": make_module(bomb)},
    "a table of weights": lambda bomb: {"model.0.conv.weight": bomb},
}


def make_module(bomb=None):
    import torch

    module = torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1), torch.nn.SiLU())
    if bomb is not None:
        module._modules["1"] = bomb
        module.__dict__["_state_dict_hooks"] = {0: bomb}
    return module


def write_zip(content, path):
    import torch

    torch.save(content, path)


def write_legacy(content, path):
    import torch

    torch.save(content, path, _use_new_zipfile_serialization=False)


def write_bare(content, path):
    path.write_bytes(pickle.dumps(content))


FORMATS = {"zip": write_zip, "legacy": write_legacy, "pickle": write_bare}


@pytest.fixture
def nothing_may_run(tmp_path, monkeypatch):
    """A folder to stand in that stays as it is, a home that stays empty, and a network that fails the test."""
    here, home = tmp_path / "here", tmp_path / "home"
    for folder in (here, home):
        folder.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TORCH_HOME", str(home / "torch"))
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words, **_: asked.append(words) or [])
    yield
    assert asked == []
    assert list(here.iterdir()) == list(home.iterdir()) == []


def readers(path):
    store = ModelStore(path.parent / "models")
    return {
        "without a name": partial(resolve_name, ModelChoice(weights=path), store),
        "as FastSAM": partial(load_segmenter, ModelChoice("fastsam_s", path, Device.CPU), store),
        "as MobileSAM": partial(load_segmenter, ModelChoice("mobile_sam", path, Device.CPU), store),
    }


@pytest.mark.parametrize("how", FORMATS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("bomb", BOMBS)
def test_code_in_a_file_is_refused_and_not_run(bomb, place, how, tmp_path, nothing_may_run):
    path = tmp_path / "FastSAM-s.pt"
    FORMATS[how](PLACES[place](Calls(*BOMBS[bomb])), path)
    for read in readers(path).values():
        with pytest.raises(ModelUnavailableError, match="classic") as error:
            read()
        assert str(path) in str(error.value)


def test_the_bombs_would_go_off_if_they_were_read_the_unsafe_way(tmp_path, monkeypatch):
    import torch

    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bomb.pt"
    for name in ("os.system", "eval", "exec", "run"):
        write_zip({"model": Calls(*BOMBS[name])}, path)
        torch.load(path, weights_only=False)
        (tmp_path / "exploded").unlink()


def test_the_name_of_what_a_file_wants_to_call_is_told(tmp_path, nothing_may_run):
    path = tmp_path / "FastSAM-s.pt"
    write_zip({"model": Calls(os.system, COMMAND)}, path)
    with pytest.raises(ModelUnavailableError, match=r"names \w+\.system, .*nothing in it was run"):
        read_tensors(path)


def library_calls():
    with undoing_side_effects():
        from ultralytics.nn.modules.block import TorchVision
        from ultralytics.nn.tasks import SegmentationModel
    return {
        "downloads weights": Calls(TorchVision, "resnet18", "DEFAULT"),
        "reads an address": Calls(SegmentationModel, "https://example.org/plan.yaml"),
    }


@pytest.mark.parametrize("name", ["downloads weights", "reads an address"])
def test_a_layer_that_a_file_calls_with_its_own_arguments_is_not_called(name, tmp_path, nothing_may_run):
    path = tmp_path / "FastSAM-s.pt"
    call = library_calls()[name]
    write_zip({"model": call}, path)
    with pytest.raises(ModelUnavailableError, match="no weights of FastSAM"):
        load_segmenter(ModelChoice("fastsam_s", path, Device.CPU))
    write_zip({"model": make_module(), "train_args": {"model": call}}, path)
    assert set(read_tensors(path)) == {"0.weight", "0.bias"}


def test_layers_within_layers_without_end_are_no_network(tmp_path):
    import torch

    ring = torch.nn.Sequential()
    ring._modules["again"] = ring
    write_zip({"model": ring}, tmp_path / "ring.pt")
    assert guess_architecture(read_tensors(tmp_path / "ring.pt")) is None


def test_what_a_file_may_name_is_forgotten_after_reading(tmp_path):
    import torch

    before = set(torch.serialization.get_safe_globals())
    write_zip({"model": make_module()}, tmp_path / "module.pt")
    read_tensors(tmp_path / "module.pt")
    assert set(torch.serialization.get_safe_globals()) == before
    with pytest.raises(pickle.UnpicklingError):
        torch.load(tmp_path / "module.pt", weights_only=True)
