"""Where a person decides whether prepared photos are kept on disk."""

import pytest

from core.embedding_store import EmbeddingStore
from core.settings import Settings
from tests.core.test_embedding_store import embed, files
from tests.ui.desk import NO_SCREEN

pytestmark = NO_SCREEN


@pytest.fixture
def kept(desk):
    return desk.shop.kept


def choose(desk, text):
    chip = desk.window.parts.chip
    chip._fill_menu()
    next(action for action in desk.choices(chip.menu()) if action.text() == text).trigger()
    chip._fill_menu()
    assert text in [action.text() for action in desk.choices(chip.menu()) if action.isChecked()]


def test_nothing_is_kept_unless_the_person_says_so(kept):
    assert not kept.is_on


def test_the_chips_menu_turns_it_on_and_off_and_off_removes_what_was_kept(desk, kept):
    choose(desk, "Keep up to 256 MB")
    assert desk.shop.remembered.settings.embedding_cache_mb == 256
    embed(kept)
    assert len(files(kept)) == 1
    assert embed(EmbeddingStore(kept.folder, 256 << 20))[1] == 0
    choose(desk, "Keep none")
    assert not kept.is_on
    assert files(kept) == []


def test_a_limit_that_was_set_elsewhere_is_shown_as_the_nearest_one(desk, kept):
    desk.shop.remembered.become(Settings(theme="dark", embedding_cache_mb=900))
    chip = desk.window.parts.chip
    chip._fill_menu()
    assert "Keep up to 1 GB" in [action.text() for action in desk.choices(chip.menu()) if action.isChecked()]
    desk.shop.remembered.become(Settings(theme="dark"))
