"""Models that Hugging Face's own programs have fetched already are found, and left alone."""

from pathlib import Path

import pytest

from core.detectors.registry import default_detector, find_folder, load_detector
from core.device import Device, Precision
from core.hub_cache import hub_folder, published_digest, snapshots
from core.model_list import MODELS
from core.model_store import ModelStore
from core.segment_request import ModelChoice
from core.segmenters.registry import availability
from tests.core.hub_files import everything_in, write_snapshot
from tests.core.owl_models import write_owl

SPEC = MODELS["owlvit"]
REPOSITORY = "google/owlvit-base-patch32"
LISTED = "cbc355fb364588351c5d51c7f74465e8e7ec6f72"
OTHER = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def owl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_owl(tmp_path_factory.mktemp("owl") / "owlvit", "owlvit")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "store")


def test_the_folder_is_where_hugging_face_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert hub_folder() == tmp_path / "xdg" / "huggingface" / "hub"
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    assert hub_folder() == tmp_path / "home" / "hub"
    monkeypatch.setenv("HUGGINGFACE_HUB_CACHE", str(tmp_path / "old"))
    assert hub_folder() == tmp_path / "old"
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "new"))
    assert hub_folder() == tmp_path / "new"
    monkeypatch.delenv("HF_HUB_CACHE")
    monkeypatch.setenv("HUGGINGFACE_HUB_CACHE", "~/hub")
    assert hub_folder() == Path.home() / "hub"


def test_a_model_in_the_cache_is_ready_and_loads_without_a_change_to_it(owl, cache, store) -> None:
    snapshot = write_snapshot(cache, REPOSITORY, LISTED, owl)
    before = everything_in(cache)
    assert availability(SPEC, store).reason == "in the Hugging Face cache"
    assert default_detector(store) == "owlvit"
    assert find_folder(SPEC, store) == snapshot
    assert load_detector(ModelChoice("", None, Device.CPU, Precision.FP32), store).name == "owlvit"
    assert everything_in(cache) == before
    assert not store.folder.exists()


def test_what_is_in_the_store_goes_before_the_cache(owl, cache, store) -> None:
    write_snapshot(cache, REPOSITORY, LISTED, owl)
    write_owl(store.folder / "owlvit", "owlvit")
    assert find_folder(SPEC, store) == store.folder / "owlvit"
    assert "installed" in availability(SPEC, store).reason


def test_the_lists_own_revision_comes_before_the_newest_one(owl, cache) -> None:
    newest = write_snapshot(cache, REPOSITORY, OTHER, owl)
    assert list(snapshots(SPEC)) == [newest]
    listed = write_snapshot(cache, REPOSITORY, LISTED, owl, is_main=False)
    assert list(snapshots(SPEC)) == [listed, newest]


def test_a_snapshot_that_is_not_whole_is_passed_over(owl, cache, store) -> None:
    (write_snapshot(cache, REPOSITORY, LISTED, owl) / "config.json").unlink()
    assert find_folder(SPEC, store) is None
    newest = write_snapshot(cache, REPOSITORY, OTHER, owl)
    assert find_folder(SPEC, store) == newest


@pytest.mark.parametrize("text", ["../../elsewhere", "", "main", "\xff"])
def test_a_reference_that_is_no_revision_leads_nowhere(cache, text) -> None:
    folder = cache / "models--google--owlvit-base-patch32"
    (folder / "refs").mkdir(parents=True)
    (folder / "snapshots").mkdir()
    (cache / "elsewhere").mkdir()
    (folder / "refs" / "main").write_text(text, encoding="latin-1")
    assert list(snapshots(SPEC)) == []


def test_models_from_elsewhere_are_not_looked_for(cache) -> None:
    assert list(snapshots(MODELS["mobile_sam"])) == []
    assert list(snapshots(MODELS["classic"])) == []


def test_the_hash_of_a_large_file_is_the_name_that_it_lies_under(owl, cache, tmp_path) -> None:
    snapshot = write_snapshot(cache, REPOSITORY, LISTED, owl)
    assert len(published_digest(snapshot / "pytorch_model.bin")) == 64
    assert published_digest(snapshot / "config.json") == ""
    assert published_digest(tmp_path / "nothing") == ""
