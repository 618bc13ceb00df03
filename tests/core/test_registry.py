import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from core.cancel import CancelToken
from core.device import Device
from core.errors import ModelUnavailableError
from core.model_list import MODELS, UnknownModelError
from core.model_store import ModelStore
from core.prompt import Prompt
from core.segment_request import ModelChoice
from core.segmenters.registry import availability, default_model, load_segmenter, resolve_name
from core.segmenters.sam_weights import load_network, read_weights
from tests.sam_files import draw_photo, write_weights

pytestmark = pytest.mark.usefixtures("in_pytorch")

ON_CPU = {"device": Device.CPU}


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("weights") / "mobile_sam.pt", "vit_t")


@pytest.fixture
def empty(tmp_path):
    return ModelStore(tmp_path / "models")


def test_classic_is_the_default_until_mobile_sam_is_there(empty, weights):
    assert default_model(empty) == "classic"
    assert default_model(ModelStore(weights.parent)) == "mobile_sam"


def test_the_empty_name_loads_the_default(empty):
    segmenter = load_segmenter(ModelChoice(), empty)
    assert segmenter.name == "classic"
    assert segmenter.device_choice.device is Device.CPU


def test_classic_loads_without_importing_torch():
    program = (
        "import sys; from core.segmenters.registry import load_segmenter; from core.segment_request import ModelChoice;"
        "load_segmenter(ModelChoice('classic')); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_mobile_sam_is_loaded_from_the_store(weights):
    segmenter = load_segmenter(ModelChoice("mobile_sam", **ON_CPU), ModelStore(weights.parent))
    assert segmenter.name == "mobile_sam"
    embedding = segmenter.embed(draw_photo(80, 60), CancelToken())
    assert segmenter.predict(embedding, Prompt().with_point(20, 20)).candidates


def test_a_weights_file_without_a_name_says_itself_what_it_is(weights, empty, tmp_path):
    other = tmp_path / "renamed.bin"
    other.write_bytes(weights.read_bytes())
    assert resolve_name(ModelChoice(weights=other), empty) == "mobile_sam"


def test_missing_weights_say_which_file_where_to_put_it_and_what_works_without(empty):
    with pytest.raises(ModelUnavailableError) as error:
        load_segmenter(ModelChoice("mobile_sam"), empty)
    for part in ("mobile_sam.pt", str(empty.folder), "models download mobile_sam", "classic"):
        assert part in str(error.value)


def test_a_named_weights_file_that_is_not_there_is_said(empty, tmp_path):
    with pytest.raises(ModelUnavailableError, match=r"no weights file .*gone\.pt.*classic"):
        load_segmenter(ModelChoice("mobile_sam", tmp_path / "gone.pt"), empty)


def test_weights_of_another_network_are_refused(weights, empty):
    with pytest.raises(ModelUnavailableError, match="vit_t, not of vit_b"):
        load_segmenter(ModelChoice("sam_vit_b", weights, **ON_CPU), empty)


def test_weights_for_classic_are_refused(weights, empty):
    with pytest.raises(ModelUnavailableError, match="needs no weights"):
        load_segmenter(ModelChoice("classic", weights), empty)


def test_a_model_that_is_not_there_yet_says_so_plainly(empty, monkeypatch):
    coming = replace(MODELS["sam_vit_h"], is_supported=False)
    monkeypatch.setattr("core.segmenters.registry.find_spec", lambda _: coming)
    with pytest.raises(ModelUnavailableError, match="not there yet in this version"):
        load_segmenter(ModelChoice("sam_vit_h"), empty)
    assert availability(coming, empty).reason == "not supported by this version yet"


def test_an_unknown_name_is_refused(empty):
    with pytest.raises(UnknownModelError, match="'sam3'"):
        load_segmenter(ModelChoice("sam3"), empty)


def test_a_detector_is_no_segmenter(empty):
    with pytest.raises(ModelUnavailableError, match="words"):
        load_segmenter(ModelChoice("owlvit"), empty)


@pytest.mark.parametrize(
    ("name", "is_ready", "reason"),
    [
        ("classic", True, "built in"),
        ("mobile_sam", True, "installed"),
        ("sam_vit_b", False, "not downloaded (375 MB)"),
        ("fastsam_s", False, "not downloaded (24 MB)"),
    ],
)
def test_every_model_has_a_state_in_words(weights, name, is_ready, reason):
    found = availability(MODELS[name], ModelStore(weights.parent))
    assert (found.is_ready, found.reason) == (is_ready, reason)


def test_a_detectors_state_is_that_of_its_folder(empty):
    assert availability(MODELS["owlv2"], empty).reason == "not downloaded (622 MB)"


class Bomb:
    def __reduce__(self):
        return (open, ("exploded", "w"))


def write_damaged(path, weights):
    """Return the bad files that a person may meet, by what is wrong with them."""
    import torch

    whole = weights.read_bytes()
    contents = {
        "cut short": whole[: len(whole) // 2],
        "cut to its start": whole[:100],
        "empty": b"",
        "web page": b"\n<!DOCTYPE html><html>Not found</html>",
        "pointer of git": b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 40728226\n",
        "bomb": pickle.dumps(Bomb()),
        "text": b"mobile_sam",
        "zeros": bytes(5000),
    }
    for name, content in contents.items():
        (path / name).write_bytes(content)
    torch.save({"a": 1}, path / "no tensors")
    torch.save([torch.zeros(2)], path / "no table")
    torch.save({"conv.weight": torch.zeros(2)}, path / "another model")
    torch.save({"x": Bomb()}, path / "bomb in a weights file")
    return sorted(path.iterdir())


def test_damaged_and_malicious_files_are_refused_in_one_line_and_nothing_runs(weights, tmp_path, monkeypatch):
    folder = tmp_path / "bad"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    files = write_damaged(folder, weights)
    assert len(files) == 12
    for file in files:
        with pytest.raises(ModelUnavailableError, match="classic") as error:
            read_weights(file)
        assert str(file) in str(error.value)
        assert "\n" not in str(error.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad"]


def test_a_folder_or_a_missing_file_is_no_weights_file(tmp_path):
    for path in (tmp_path, tmp_path / "none.pt"):
        with pytest.raises(ModelUnavailableError, match="cannot be read"):
            read_weights(path)


def test_random_damage_never_escapes_as_another_error(tmp_path):
    import torch

    rng = np.random.default_rng(3)
    file = tmp_path / "damaged.pt"
    torch.save({"image_encoder.patch_embed.proj.weight": torch.zeros(768, 2), "other": torch.ones(3)}, file)
    whole = file.read_bytes()
    refused = 0
    for _ in range(300):
        damaged = bytearray(whole)
        for place in rng.integers(0, len(damaged), 5):
            damaged[place] = rng.integers(256)
        file.write_bytes(damaged)
        try:
            assert read_weights(file).architecture == "vit_b"
        except ModelUnavailableError:
            refused += 1
    assert refused > 50


def test_incomplete_and_misshapen_weights_are_refused(weights, tmp_path):
    import torch

    tensors = torch.load(weights, weights_only=True)
    missing = dict(tensors)
    del missing["mask_decoder.iou_token.weight"]
    misshapen = {**tensors, "mask_decoder.iou_token.weight": torch.zeros(2, 2)}
    for content in (missing, misshapen):
        torch.save(content, tmp_path / "partly.pt")
        with pytest.raises(ModelUnavailableError, match="parts are missing or of another shape"):
            load_network(tmp_path / "partly.pt", "vit_t")
