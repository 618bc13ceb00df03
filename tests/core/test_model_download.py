import socket
import threading
from types import SimpleNamespace

import pytest

from core import byte_progress, download, http_source, remote_file
from core.cancel import Cancelled, CancelToken
from core.errors import ModelUnavailableError
from core.model_store import Integrity, ModelStore
from tests.core.loopback_server import break_off_after, send
from tests.core.store_shelf import CONTENT, fetch, spec_of, visible


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


def test_without_a_network_one_sentence_says_where_the_file_may_be_put(store, monkeypatch):
    monkeypatch.setattr(download, "PAUSES", (0, 0, 0))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        spec = spec_of(f"http://127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(ModelUnavailableError) as error:
            fetch(store, spec)
    for part in ("The Model", "127.0.0.1 cannot be reached", str(store.folder / "weights.pt"), "classic"):
        assert part in str(error.value)


def test_a_cancelled_download_keeps_what_came_and_goes_on_later(store, server, monkeypatch):
    monkeypatch.setattr(byte_progress, "_REPORT_INTERVAL", 0)
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


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_server_that_says_nothing_holds_no_cancelled_download_up(store, server, monkeypatch, has_begun):
    monkeypatch.setattr(http_source, "TIMEOUT", 3600)
    arrived, gate, token = threading.Event(), threading.Event(), CancelToken()

    def stall(handler, content):
        if has_begun:
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content[:1000])
            handler.wfile.flush()
        arrived.set()
        gate.wait()
        return True

    server.behave = stall
    ended = []

    def download():
        try:
            fetch(store, spec_of(server.url), token)
        except Cancelled:
            ended.append("while the server is still silent" if not gate.is_set() else "when it spoke")

    waiting = threading.Thread(target=download)
    waiting.start()
    arrived.wait()
    if has_begun:
        wait_for_bytes(store.folder / "weights.pt.part")
    token.cancel()
    waiting.join()
    gate.set()
    assert ended == ["while the server is still silent"]


def wait_for_bytes(path):
    """Wait until something of a download is on the disk, whatever buffers there are on the way."""
    tick = threading.Event()
    while not path.is_file():
        tick.wait(0.01)


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
