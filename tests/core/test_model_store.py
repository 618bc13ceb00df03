from dataclasses import replace
from pathlib import Path

import pytest

from core.detectors.owl_folder import read_type
from core.errors import ModelUnavailableError
from core.model_list import MODELS, ModelFile
from core.model_store import Integrity, ModelStore
from tests.core.fastsam_files import build_network, write_table
from tests.core.owl_models import write_owl
from tests.core.store_shelf import CONTENT, DIGEST, fetch, spec_of, visible
from tests.sam_files import write_weights


def test_without_a_published_hash_the_first_copy_is_trusted_and_a_change_noticed(store, server):
    spec = spec_of(server.url, sha256="", is_size_exact=False)
    path = fetch(store, spec)
    assert store.verify(spec) is Integrity.TRUSTED
    path.write_bytes(CONTENT[:-1])
    assert store.verify(spec) is Integrity.ALTERED


def test_files_put_by_hand_are_found_and_compared_only_with_what_is_published(store):
    unknown, known = spec_of("http://x", sha256=""), spec_of("http://x")
    assert store.verify(known) is Integrity.MISSING
    store.folder.mkdir()
    (store.folder / "weights.pt").write_bytes(b"other")
    assert store.locate(known) == store.folder / "weights.pt"
    assert store.verify(unknown) is Integrity.UNKNOWN
    assert store.verify(known) is Integrity.ALTERED


def test_a_damaged_record_of_hashes_counts_as_none(store, server):
    spec = spec_of(server.url, sha256="")
    fetch(store, spec)
    for content in ("{", "[]", '{"weights.pt": 3}'):
        (store.folder / ".model.trusted.json").write_text(content)
        assert store.verify(spec) is Integrity.UNKNOWN


def test_a_model_of_several_files_lies_in_its_own_folder(store, server):
    server.files = {"/a.json": b"{}", "/b.bin": CONTENT}
    files = (ModelFile("a.json", f"{server.url}/a.json", 100, False, ""),)
    files += (ModelFile("b.bin", f"{server.url}/b.bin", len(CONTENT), True, DIGEST),)
    spec = replace(spec_of(server.url), files=files)
    assert fetch(store, spec) == store.folder / "model"
    assert store.locate(spec) == store.folder / "model"
    (store.folder / "model" / "a.json").unlink()
    assert store.locate(spec) is None
    assert store.missing_files(spec) == (store.folder / "model" / "a.json",)
    fetch(store, spec)
    assert [path for path, _ in server.requests] == ["/a.json", "/b.bin", "/a.json"]


def test_removal_deletes_everything_of_the_model_and_nothing_else(store, server):
    spec = spec_of(server.url, sha256="")
    fetch(store, spec)
    (store.folder / "weights.pt.part").write_bytes(b"rest")
    (store.folder / "other.pt").write_bytes(b"mine")
    assert store.size_on_disk(spec) == len(CONTENT) + 4
    store.remove(spec)
    assert visible(store) == ["other.pt"]
    assert store.verify(spec) is Integrity.MISSING
    assert not (store.folder / ".model.trusted.json").exists()


def test_removal_from_a_folder_that_is_not_there_makes_none(store):
    store.remove(spec_of("http://x"))
    assert not store.folder.exists()


@pytest.mark.parametrize(
    "spec", [MODELS["classic"], replace(MODELS["mobile_sam"], is_supported=False)], ids=["built in", "coming"]
)
def test_a_model_without_files_or_support_is_neither_downloaded_nor_added(store, spec, tmp_path):
    with pytest.raises(ModelUnavailableError):
        fetch(store, spec)
    with pytest.raises(ModelUnavailableError):
        store.add(spec, tmp_path)


def test_the_folder_may_be_named_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("CLICKCUT_MODELS", str(tmp_path / "mine"))
    assert ModelStore().folder == tmp_path / "mine"
    monkeypatch.setenv("CLICKCUT_MODELS", " ")
    assert ModelStore().folder.parts[-2:] == ("clickcut", "models")


def test_looking_into_the_store_makes_nothing(store):
    assert store.locate(MODELS["mobile_sam"]) is None
    assert store.locate(MODELS["classic"]) is None
    assert not store.folder.exists()


def test_the_published_file_is_added_under_its_own_name(store, tmp_path):
    source = tmp_path / "from a friend.bin"
    source.write_bytes(CONTENT)
    spec = spec_of("http://x")
    assert store.add(spec, source).read_bytes() == CONTENT
    assert source.exists()
    assert store.verify(spec) is Integrity.VERIFIED
    assert visible(store) == ["weights.pt"]


def test_another_file_is_not_added_and_what_was_there_stays(store, tmp_path):
    source = tmp_path / "other.pt"
    source.write_bytes(b"other")
    store.folder.mkdir()
    (store.folder / "weights.pt").write_bytes(CONTENT)
    with pytest.raises(ModelUnavailableError, match=r"other\.pt .*weights"):
        store.add(spec_of("http://x"), source)
    assert (store.folder / "weights.pt").read_bytes() == CONTENT
    assert sorted(p.name for p in store.folder.iterdir()) == [".model.lock", "weights.pt"]


def test_own_weights_of_the_same_network_are_added_and_remembered(store, tmp_path):
    source = write_weights(tmp_path / "my finetune.pt", "vit_t")
    spec = MODELS["mobile_sam"]
    assert store.add(spec, source) == store.folder / "mobile_sam.pt"
    assert store.verify(spec) is Integrity.TRUSTED
    with pytest.raises(ModelUnavailableError, match=r"my finetune\.pt holds the weights of vit_t, not of vit_b"):
        store.add(MODELS["sam_vit_b"], source)


def test_own_weights_of_fastsam_are_added_and_remembered(store, tmp_path):
    source = write_table(tmp_path / "my finetune.pt", build_network("s"))
    assert store.add(MODELS["fastsam_s"], source) == store.folder / "FastSAM-s.pt"
    assert store.verify(MODELS["fastsam_s"]) is Integrity.TRUSTED
    with pytest.raises(ModelUnavailableError, match=r"my finetune\.pt holds the weights of FastSAM-s"):
        store.add(MODELS["fastsam_x"], source)


def test_a_file_that_is_no_weights_file_is_not_added(store, tmp_path):
    source = tmp_path / "page.html"
    source.write_text("<html>")
    with pytest.raises(ModelUnavailableError, match=r"page\.html is a web page"):
        store.add(MODELS["mobile_sam"], source)
    with pytest.raises(ModelUnavailableError, match=r"no file .*gone"):
        store.add(MODELS["mobile_sam"], tmp_path / "gone")
    assert visible(store) == []


def test_a_detectors_folder_is_added_if_it_is_whole_and_its_own(store, tmp_path):
    folder = write_owl(tmp_path / "owl", "owlvit")
    place = store.add(MODELS["owlvit"], folder)
    assert read_type(place) == "owlvit"
    assert store.verify(MODELS["owlvit"]) is Integrity.TRUSTED
    assert store.trust_note(MODELS["owlvit"]).startswith("There is no published hash")
    with pytest.raises(ModelUnavailableError, match=r"owl lacks model\.safetensors"):
        store.add(MODELS["owlv2"], folder)
    assert not store.path_of(MODELS["owlv2"]).exists()
    with pytest.raises(ModelUnavailableError, match="give the folder"):
        store.add(MODELS["owlv2"], Path(__file__))


def test_a_folder_of_another_detector_is_not_added(store, tmp_path):
    folder = write_owl(tmp_path / "owl", "owlvit")
    (folder / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelUnavailableError, match=r"owl holds owlvit, not OWLv2"):
        store.add(MODELS["owlv2"], folder)
    assert store.locate(MODELS["owlv2"]) is None
