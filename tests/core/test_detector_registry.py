"""Which detector is loaded, from where, and what is said where there is none."""

import shutil
from pathlib import Path

import pytest

from core.detectors.registry import default_detector, load_detector
from core.device import Device, Precision
from core.errors import ModelUnavailableError
from core.model_list import UnknownModelError
from core.model_store import ModelStore
from core.segment_request import ModelChoice
from tests.core.owl_models import write_owl


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parent = tmp_path_factory.mktemp("models")
    for name in ("owlvit", "owlv2"):
        write_owl(parent / name, name)
    return parent


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "store")


def put(models: Path, store: ModelStore, name: str) -> Path:
    return Path(shutil.copytree(models / name, store.folder / name))


def cpu(name: str = "", weights: Path | None = None) -> ModelChoice:
    return ModelChoice(name, weights, Device.CPU, Precision.FP32)


def refusal(choice: ModelChoice, store: ModelStore) -> str:
    with pytest.raises(ModelUnavailableError) as caught:
        load_detector(choice, store)
    return str(caught.value)


@pytest.mark.parametrize("name", ["owlvit", "owlv2"])
def test_a_detector_in_the_store_is_loaded_by_name(models: Path, store: ModelStore, name: str) -> None:
    put(models, store, name)
    detector = load_detector(cpu(name), store)
    assert detector.name == name
    assert detector.device_choice.device is Device.CPU


def test_without_a_name_owlvit_comes_first(models: Path, store: ModelStore) -> None:
    put(models, store, "owlvit")
    put(models, store, "owlv2")
    assert default_detector(store) == "owlvit"
    assert load_detector(cpu(), store).name == "owlvit"


def test_without_a_name_owlv2_serves_where_it_is_alone(models: Path, store: ModelStore) -> None:
    put(models, store, "owlv2")
    assert default_detector(store) == "owlv2"
    assert load_detector(cpu(), store).name == "owlv2"


def test_a_folder_that_is_not_whole_is_no_default(models: Path, store: ModelStore) -> None:
    put(models, store, "owlv2")
    (put(models, store, "owlvit") / "vocab.json").unlink()
    assert default_detector(store) == "owlv2"


@pytest.mark.parametrize("name", ["owlvit", "owlv2"])
def test_a_folder_of_ones_own_needs_no_name(models: Path, store: ModelStore, name: str) -> None:
    assert load_detector(cpu(weights=models / name), store).name == name
    assert load_detector(cpu(name, models / name), store).name == name


def test_a_folder_of_ones_own_goes_before_the_store(models: Path, store: ModelStore) -> None:
    put(models, store, "owlvit")
    assert load_detector(cpu(weights=models / "owlv2"), store).name == "owlv2"


def test_without_any_the_message_says_which_folder_where_and_what_works(store: ModelStore) -> None:
    assert default_detector(store) is None
    message = refusal(cpu(), store)
    assert str(store.folder / "owlvit") in message
    assert "models download owlvit" in message
    assert "Clicks and boxes work without it" in message
    assert not store.folder.exists()


def test_a_folder_in_the_store_that_is_not_whole_is_explained(models: Path, store: ModelStore) -> None:
    (put(models, store, "owlvit") / "merges.txt").unlink()
    assert "lacks merges.txt" in refusal(cpu("owlvit"), store)


def test_a_folder_of_the_other_model_is_named(models: Path, store: ModelStore) -> None:
    assert "Choose owlv2" in refusal(cpu("owlvit", models / "owlv2"), store)


def test_a_folder_that_is_not_there_is_named(store: ModelStore, tmp_path: Path) -> None:
    for name in ("", "owlvit"):
        assert f"no folder {tmp_path / 'nowhere'}" in refusal(cpu(name, tmp_path / "nowhere"), store)


def test_a_segmenter_is_no_detector(store: ModelStore) -> None:
    assert "not words" in refusal(cpu("mobile_sam"), store)


def test_an_unknown_name_is_said_to_be_unknown(store: ModelStore) -> None:
    with pytest.raises(UnknownModelError, match="night_owl"):
        load_detector(cpu("night_owl"), store)
