"""What is known about a model's files, wherever they lie."""

import pytest

from core.cancel import Cancelled, CancelToken
from core.model_list import MODELS
from core.model_store import Integrity
from core.segmenters.registry import find_weights
from tests.core.hub_files import everything_in, write_snapshot
from tests.core.owl_models import write_owl
from tests.core.store_shelf import CONTENT, fetch, spec_of, visible

OWL = MODELS["owlvit"]
REVISION = "cbc355fb364588351c5d51c7f74465e8e7ec6f72"


@pytest.fixture
def snapshot(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    source = write_owl(tmp_path / "owl", "owlvit")
    return write_snapshot(tmp_path / "cache", "google/owlvit-base-patch32", REVISION, source)


def test_checking_tells_how_far_it_is(store, server):
    spec, told = spec_of(server.url), []
    fetch(store, spec)
    assert store.verify(spec, None, lambda *words: told.append(words)) is Integrity.VERIFIED
    assert told[-1] == ("Checking The Model: 1.0 of 1.0 MB", 1.0)


def test_checking_can_be_cancelled_in_the_middle(store):
    spec, token = spec_of("http://x"), CancelToken()
    store.folder.mkdir()
    store.path_of(spec).write_bytes(CONTENT * 3)
    with pytest.raises(Cancelled):
        store.verify(spec, token, lambda _step, _fraction: token.cancel())


def test_adding_tells_how_far_it_is_and_can_be_cancelled_in_the_middle(store, tmp_path):
    source, told, token = tmp_path / "mine.pt", [], CancelToken()
    source.write_bytes(CONTENT * 3)

    def tell(step, _fraction):
        told.append(step)
        token.cancel()

    with pytest.raises(Cancelled):
        store.add(spec_of("http://x"), source, token, tell)
    assert told == ["Copying The Model: 1.0 of 3.1 MB"]
    assert visible(store) == []


def test_a_model_in_the_hub_cache_is_compared_with_the_hashes_that_the_hub_gave(store, snapshot, tmp_path):
    before = everything_in(tmp_path / "cache")
    # No hash is known for the small files.
    assert store.verify(OWL, place=snapshot) is Integrity.UNKNOWN
    (snapshot / "pytorch_model.bin").resolve().write_bytes(b"other")
    assert store.verify(OWL, place=snapshot) is Integrity.ALTERED
    assert everything_in(tmp_path / "cache").keys() == before.keys()
    assert not store.folder.exists()


def test_a_model_that_is_whole_in_other_files_is_not_missing(store):
    folder = write_owl(store.folder / "owlv2", "owlv2")
    (folder / "vocab.json").rename(folder / "tokenizer.json")
    place = find_weights(MODELS["owlv2"], store)
    assert place == folder
    assert store.verify(MODELS["owlv2"], place=place) is Integrity.ALTERED
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert store.verify(MODELS["owlv2"], place=place) is Integrity.UNKNOWN


def test_removal_takes_such_files_along_and_leaves_what_is_none(store):
    folder = write_owl(store.folder / "owlvit", "owlvit")
    (folder / "pytorch_model.bin").rename(folder / "model.safetensors")
    (folder / "notes.md").write_text("mine")
    assert store.size_on_disk(OWL) > 100_000
    store.remove(OWL)
    assert [path.name for path in folder.iterdir()] == ["notes.md"]
    assert store.size_on_disk(OWL) == 0


def test_removal_leaves_the_hub_cache_alone(store, snapshot, tmp_path):
    before = everything_in(tmp_path / "cache")
    store.remove(OWL)
    assert everything_in(tmp_path / "cache") == before
