import hashlib
import socket
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from core import download, http_source, model_store, remote_file
from core.cancel import Cancelled, CancelToken
from core.detectors.owl_folder import read_type
from core.errors import ModelUnavailableError
from core.model_list import MODELS, ModelFile, ModelSpec, Task
from core.model_store import Integrity, ModelStore
from tests.core.loopback_server import LoopbackServer, break_off_after, send
from tests.core.owl_models import write_owl
from tests.sam_files import write_weights

CONTENT = bytes(range(256)) * 4096  # 1 MiB
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def silent(_step, _fraction):
    """Report nothing."""


def spec_of(url, sha256=DIGEST, is_size_exact=True):
    file = ModelFile("weights.pt", f"{url}/weights.pt", len(CONTENT), is_size_exact, sha256)
    return ModelSpec("model", "The Model", "fastsam", Task.SEGMENT, (file,), "MIT", "For tests.", True)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Try again without waiting, and never through a proxy."""
    monkeypatch.setattr(download, "PAUSES", (0, 0))
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server():
    with LoopbackServer({"/weights.pt": CONTENT}) as server:
        yield server


@pytest.fixture
def store(tmp_path):
    return ModelStore(tmp_path / "models")


def fetch(store, spec, token=None):
    return store.download(spec, silent, token or CancelToken())


def visible(store):
    return sorted(path.name for path in store.folder.iterdir() if not path.name.startswith("."))


def test_a_file_is_downloaded_checked_and_put_in_place(store, server):
    path = fetch(store, spec_of(server.url))
    assert path == store.folder / "weights.pt"
    assert path.read_bytes() == CONTENT
    assert visible(store) == ["weights.pt"]
    assert store.verify(spec_of(server.url)) is Integrity.VERIFIED


def test_progress_rises_to_the_whole_and_names_the_model(store, server):
    told = []
    store.download(spec_of(server.url), lambda step, fraction: told.append((step, fraction)), CancelToken())
    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert told[-1] == ("The Model: 1.0 of 1.0 MB", 1.0)


def test_a_file_that_is_there_is_not_fetched_again(store, server):
    fetch(store, spec_of(server.url))
    fetch(store, spec_of(server.url))
    assert len(server.requests) == 1


def test_a_broken_connection_is_resumed_where_it_ended(store, server):
    server.behave = break_off_after(300_000)
    assert fetch(store, spec_of(server.url)).read_bytes() == CONTENT
    assert server.requests == [("/weights.pt", None), ("/weights.pt", "bytes=300000-")]


def test_a_download_stopped_earlier_goes_on_with_the_next_call(store, server):
    store.folder.mkdir()
    (store.folder / "weights.pt.part").write_bytes(CONTENT[:1000])
    assert fetch(store, spec_of(server.url)).read_bytes() == CONTENT
    assert server.requests == [("/weights.pt", "bytes=1000-")]


def test_a_server_that_cannot_resume_sends_everything_again(store, server):
    def whole(handler, content):
        del handler.headers["Range"]
        send(handler, content)
        return True

    server.behave = whole
    store.folder.mkdir()
    (store.folder / "weights.pt.part").write_bytes(b"x" * 1000)
    assert fetch(store, spec_of(server.url)).read_bytes() == CONTENT


def test_a_damaged_beginning_is_fetched_again_from_the_start(store, server):
    store.folder.mkdir()
    (store.folder / "weights.pt.part").write_bytes(b"x" * 1000)
    assert fetch(store, spec_of(server.url)).read_bytes() == CONTENT
    assert [wanted for _, wanted in server.requests] == ["bytes=1000-", None]


def test_a_finished_part_is_used_without_asking_again(store, server):
    store.folder.mkdir()
    (store.folder / "weights.pt.part").write_bytes(CONTENT)
    assert fetch(store, spec_of(server.url)).read_bytes() == CONTENT
    assert server.requests == []


def test_a_finished_part_of_unknown_length_is_recognised_by_the_server(store, server):
    store.folder.mkdir()
    (store.folder / "weights.pt.part").write_bytes(CONTENT)
    assert fetch(store, spec_of(server.url, is_size_exact=False)).read_bytes() == CONTENT


def test_a_part_longer_than_the_servers_file_is_thrown_away(store, server):
    store.folder.mkdir()
    (store.folder / "weights.pt.part").write_bytes(CONTENT + b"more")
    assert fetch(store, spec_of(server.url, is_size_exact=False)).read_bytes() == CONTENT


def test_wrong_bytes_are_deleted_and_said(store, server):
    server.files["/weights.pt"] = CONTENT[::-1]
    with pytest.raises(ModelUnavailableError, match="other bytes than the published file"):
        fetch(store, spec_of(server.url))
    assert visible(store) == []


def test_a_file_of_another_length_than_the_published_one_is_not_even_begun(store, server):
    server.files["/weights.pt"] = CONTENT + b"more"
    with pytest.raises(ModelUnavailableError, match="offers a file of 1048580 bytes"):
        fetch(store, spec_of(server.url))
    assert visible(store) == []


def test_a_server_that_announces_more_than_it_ever_sends_is_given_up(store, server):
    def lie(handler, content):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.close_connection = True
        return True

    server.behave = lie
    with pytest.raises(ModelUnavailableError, match="broke off"):
        fetch(store, spec_of(server.url))
    assert len(server.requests) == 3


def test_a_server_that_never_stops_sending_is_stopped(store, server):
    def flood(handler, content):
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(content)
        except OSError:
            return True

    server.behave = flood
    with pytest.raises(ModelUnavailableError, match="other bytes"):
        fetch(store, spec_of(server.url))
    assert visible(store) == []


def test_a_redirection_is_followed_and_still_resumes(store, server):
    server.files = {"/weights.pt": b"", "/mirror/weights.pt": CONTENT}
    broken = break_off_after(500)

    def redirect(handler, content):
        if handler.path != "/weights.pt":
            return broken(handler, content)
        handler.send_response(302)
        handler.send_header("Location", "/mirror/weights.pt")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    server.behave = redirect
    assert fetch(store, spec_of(server.url)).read_bytes() == CONTENT
    assert server.requests[-1] == ("/mirror/weights.pt", "bytes=500-")


def test_an_encrypted_address_never_leads_to_an_open_one():
    request = http_source.urllib.request.Request("https://example.org/a")
    with pytest.raises(ModelUnavailableError, match="unencrypted"):
        http_source._NoDowngrade().redirect_request(request, None, 302, "Found", {}, "http://example.org/a")


def test_a_busy_server_is_asked_again(store, server):
    answers = [503, 429]

    def busy(handler, _content):
        if not answers:
            return False
        handler.send_error(answers.pop())
        return True

    server.behave = busy
    assert fetch(store, spec_of(server.url)).read_bytes() == CONTENT


def test_a_file_that_the_server_does_not_have_is_said_at_once(store, server):
    server.files.clear()
    with pytest.raises(ModelUnavailableError, match="404 Not Found"):
        fetch(store, spec_of(server.url))
    assert len(server.requests) == 1


def test_a_log_in_page_is_not_taken_for_weights(store, server):
    def portal(handler, _content):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(b"<html>Welcome to the hotel</html>")
        return True

    server.behave = portal
    with pytest.raises(ModelUnavailableError, match="web page"):
        fetch(store, spec_of(server.url, sha256="", is_size_exact=False))
    assert visible(store) == []


def test_a_stalling_server_counts_as_broken_off(store, server, monkeypatch):
    monkeypatch.setattr(http_source, "TIMEOUT", 0.5)
    gate = threading.Event()

    def stall(handler, content):
        if len(server.requests) > 1:
            return False
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.flush()
        gate.wait()
        return True

    server.behave = stall
    try:
        assert fetch(store, spec_of(server.url)).read_bytes() == CONTENT
    finally:
        gate.set()


def test_without_a_network_one_sentence_says_where_the_file_may_be_put(store):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        spec = spec_of(f"http://127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(ModelUnavailableError) as error:
            fetch(store, spec)
    for part in ("The Model", "127.0.0.1 cannot be reached", str(store.folder / "weights.pt"), "classic"):
        assert part in str(error.value)


def test_a_cancelled_download_keeps_what_came_and_goes_on_later(store, server, monkeypatch):
    monkeypatch.setattr(model_store, "_REPORT_INTERVAL", 0)
    token = CancelToken()
    spec = spec_of(server.url)

    def cancel_after_the_first_bytes(_step, fraction):
        if fraction:
            token.cancel()

    with pytest.raises(Cancelled):
        store.download(spec, cancel_after_the_first_bytes, token)
    assert store.locate(spec) is None
    kept = (store.folder / "weights.pt.part").stat().st_size
    assert 0 < kept < len(CONTENT)
    assert fetch(store, spec).read_bytes() == CONTENT
    assert server.requests[-1] == ("/weights.pt", f"bytes={kept}-")


def test_a_full_disk_is_said_before_anything_is_fetched(store, server, monkeypatch):
    monkeypatch.setattr(remote_file.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=10_000_000))
    with pytest.raises(ModelUnavailableError, match="only 10 MB are free"):
        fetch(store, spec_of(server.url))
    assert server.requests == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path, server):
    (tmp_path / "file").touch()
    store = ModelStore(tmp_path / "file" / "models")
    with pytest.raises(ModelUnavailableError, match="models folder"):
        fetch(store, spec_of(server.url))


def test_a_second_program_waits_and_finds_the_work_done(store, server):
    spec = spec_of(server.url)
    arrived, gate, told = threading.Event(), threading.Event(), []

    def hold(_handler, _content):
        arrived.set()
        gate.wait()
        return False

    def tell(step, _fraction):
        told.append(step)
        gate.set()

    server.behave = hold
    first = threading.Thread(target=fetch, args=(store, spec))
    first.start()
    arrived.wait()
    path = ModelStore(store.folder).download(spec, tell, CancelToken())
    first.join()
    assert path.read_bytes() == CONTENT
    assert "Waiting for another program" in told[0]
    assert len(server.requests) == 1


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


@pytest.mark.parametrize("name", ["classic", "fastsam_s"])
def test_a_model_without_files_or_support_is_neither_downloaded_nor_added(store, name, tmp_path):
    with pytest.raises(ModelUnavailableError):
        fetch(store, MODELS[name])
    with pytest.raises(ModelUnavailableError):
        store.add(MODELS[name], tmp_path)


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
    with pytest.raises(ModelUnavailableError, match=r"other\.pt is not the published file"):
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
    with pytest.raises(ModelUnavailableError, match=r"owl lacks model\.safetensors"):
        store.add(MODELS["owlv2"], folder)
    with pytest.raises(ModelUnavailableError, match="give the folder"):
        store.add(MODELS["owlv2"], Path(__file__))


def test_a_folder_of_another_detector_is_not_added(store, tmp_path):
    folder = write_owl(tmp_path / "owl", "owlvit")
    (folder / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelUnavailableError, match=r"owl holds owlvit, not OWLv2"):
        store.add(MODELS["owlv2"], folder)
    assert store.locate(MODELS["owlv2"]) is None
