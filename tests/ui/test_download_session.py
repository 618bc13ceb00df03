"""Getting models: progress, ends, cancelling, closing."""

from pathlib import Path

import pytest

from core.cancel import CancelToken
from core.errors import ModelUnavailableError
from core.model_list import MODELS
from tests.fakes import Gate
from ui.download_session import DownloadSession

SPEC, OTHER = MODELS["mobile_sam"], MODELS["sam_vit_b"]


class FakeStore:
    """Waits at a gate in the middle of a download; looks at the token after it."""

    def __init__(self):
        self.gate, self.error, self.added = Gate(), None, []

    def download(self, spec, report, token: CancelToken):
        report("Downloading", 0.5)
        self.gate.pass_through()
        token.check()
        if self.error is not None:
            raise self.error
        report("Downloading", 1.0)
        return Path("models") / spec.name

    def add(self, spec, source, token, report):
        token.check()
        self.added.append((spec.name, source))
        return Path("models") / spec.name


@pytest.fixture
def store():
    return FakeStore()


@pytest.fixture
def session(qapp, store):
    session = DownloadSession(store)
    yield session
    store.gate.open()
    assert session.shutdown()


def test_a_download_tells_its_progress_and_its_end(session, store, qtbot):
    progress = []
    session.progressed.connect(lambda *args: progress.append(args))
    with qtbot.waitSignal(session.finished) as finished:
        session.download(SPEC)
        store.gate.open()
    assert finished.args == ["mobile_sam", Path("models/mobile_sam")]
    assert progress == [
        ("mobile_sam", "Starting", None),
        ("mobile_sam", "Downloading", 0.5),
        ("mobile_sam", "Downloading", 1.0),
    ]
    assert not session.is_busy


def test_a_model_on_its_way_is_not_asked_for_twice(session, store, qtbot):
    with qtbot.waitSignals([session.busy_changed, session.finished, session.finished, session.busy_changed]):
        session.download(SPEC)
        session.download(SPEC)
        session.download(OTHER)
        assert session.is_getting("mobile_sam")
        assert session.is_getting("sam_vit_b")
        store.gate.open()
    assert not session.is_getting("mobile_sam")


def test_a_cancelled_download_ends_as_cancelled_and_says_no_more(session, store, qtbot):
    session.download(SPEC)
    store.gate.wait_reached()
    session.cancel("mobile_sam")
    session.cancel("nobody")
    with qtbot.assertNotEmitted(session.progressed), qtbot.waitSignal(session.cancelled) as cancelled:
        store.gate.open()
    assert cancelled.args == ["mobile_sam"]


def test_a_failure_names_the_model_and_the_reason(session, store, qtbot):
    store.error = ModelUnavailableError("The server does not answer.")
    with qtbot.waitSignal(session.failed) as failed:
        session.download(SPEC)
        store.gate.open()
    assert failed.args == ["mobile_sam", store.error]


def test_a_file_of_the_persons_own_is_taken_into_the_store(session, store, qtbot):
    with qtbot.waitSignal(session.finished):
        session.add(SPEC, Path("Downloads/mobile_sam.pt"))
    assert store.added == [("mobile_sam", Path("Downloads/mobile_sam.pt"))]


def test_closing_withdraws_what_runs_and_what_waits(session, store):
    session.download(SPEC)
    session.download(OTHER)
    store.gate.wait_reached()
    store.gate.open()
    assert session.shutdown()
    session.download(MODELS["sam_vit_h"])
