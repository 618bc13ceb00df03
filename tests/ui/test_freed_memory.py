import pytest

from core.segment_request import EmbedWish
from tests.fakes import make_document
from ui import freed_memory
from ui.freed_memory import FreedMemory


@pytest.fixture
def calls(monkeypatch):
    calls = []
    monkeypatch.setattr(freed_memory, "give_back_memory", lambda: calls.append("given back"))
    return calls


@pytest.fixture
def follower(editor, session):
    return FreedMemory(editor, session.line, quiet_ms=0, parent=editor)


def test_memory_of_photos_is_given_back_once_after_others_have_taken_their_place(
    qtbot, calls, editor, session, follower
):
    for _ in range(3):
        editor.set_document(None)
    assert calls == []
    qtbot.waitUntil(lambda: calls != [])
    assert calls == ["given back"]
    assert follower.parent() is editor


def test_memory_of_an_encoder_is_given_back_when_the_workers_rest(qtbot, calls, editor, session, service, follower):
    gate = service.hold(EmbedWish)
    editor.set_document(make_document())
    gate.wait_reached()
    follower._on_quiet()
    assert calls == []
    gate.open()
    qtbot.waitUntil(lambda: calls != [])


def test_an_encoded_photo_asks_for_it_once_more(qtbot, calls, opened, service, follower):
    opened.line.withdraw_all()
    assert calls == []
    opened.line.encoded.emit()
    qtbot.waitUntil(lambda: calls != [])
    assert calls == ["given back"]


def test_clicks_give_nothing_back(calls, opened, settle, follower):
    opened.add_point(10, 10)
    settle()
    assert not follower._timer.isActive()
    assert calls == []
