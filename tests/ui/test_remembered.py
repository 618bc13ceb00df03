"""What is remembered reaches the disk without the program being closed."""

import pytest

from core.settings import Settings
from ui import remembered
from ui.remembered import Remembered


@pytest.fixture
def saved(qapp, monkeypatch):
    monkeypatch.setattr(remembered, "PAUSE_MS", 0)
    return []


def test_what_changed_is_written_soon_and_once(qtbot, saved):
    kept = Remembered(Settings(), save=saved.append)
    kept.change(theme="dark")
    kept.change(has_rulers=True)
    assert not saved
    qtbot.waitUntil(lambda: bool(saved))
    assert saved == [Settings(theme="dark", has_rulers=True)]


def test_nothing_is_written_where_nothing_changes(qtbot, saved):
    kept = Remembered(Settings(theme="dark"), save=saved.append)
    kept.change(theme="dark")
    qtbot.wait(5)
    assert not saved


def test_what_was_written_when_closing_is_not_written_again(qtbot, saved):
    kept = Remembered(Settings(), save=saved.append)
    kept.change(theme="dark")
    kept.save()
    qtbot.wait(5)
    assert len(saved) == 1
