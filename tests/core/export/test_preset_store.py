"""Presets that a person saved: found again, and nothing lost to a broken file."""

import json

import pytest

from core.errors import ImageWriteError
from core.export.job import Scope
from core.export.options import ExportError
from core.export.preset_store import PresetStore
from core.export.presets import Preset
from core.export.registry import format_of


def preset(name, format_id="png", scope=Scope.WHOLE, **options):
    return Preset(name, format_id, format_of(format_id).options_type.from_plain(options), scope)


@pytest.fixture
def store(tmp_path):
    return PresetStore(tmp_path / "config" / "presets.json")


def path_of(store):
    return store._path


def test_a_preset_is_found_again_whatever_its_capitals(store):
    saved = preset("Büro 猫", "png", Scope.LAYERS, trim=True, outline=4)
    store.save(saved)
    assert store.presets() == (saved,)
    assert store.find(" bÜRO 猫 ") == saved
    assert store.find("web png").name == "Web PNG"
    assert store.find("nothing") is None


def test_saving_under_a_name_again_replaces_and_removing_forgets(store):
    store.save(preset("Mine", outline=1))
    store.save(preset("Other"))
    store.save(preset("mine", outline=2))
    assert [(each.name, each.options.outline) for each in store.presets()] == [("mine", 2), ("Other", 0)]
    store.remove("MINE")
    assert [each.name for each in store.presets()] == ["Other"]
    assert not store.is_own("mine")


@pytest.mark.parametrize("name", ["", "  ", "Web PNG", "web png"])
def test_names_that_are_none_or_taken_are_refused(store, name):
    with pytest.raises(ExportError):
        store.save(preset(name))
    assert not path_of(store).exists()


def test_presets_of_a_newer_program_are_not_shown_and_not_lost(store):
    unknown = {"name": "Later", "format": "holograms", "options": {}}
    path_of(store).parent.mkdir()
    path_of(store).write_text(json.dumps({"presets": [unknown, 7]}), "utf-8")
    assert store.presets() == ()
    store.save(preset("Mine"))
    store.remove("Mine")
    assert json.loads(path_of(store).read_text("utf-8"))["presets"] == [unknown, 7]


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"presets": {}}'])
def test_a_file_that_is_broken_is_kept_aside_by_the_next_save(store, content):
    path_of(store).parent.mkdir()
    path_of(store).write_bytes(content)
    assert store.presets() == ()
    store.save(preset("Mine"))
    assert [each.name for each in store.presets()] == ["Mine"]
    assert (path_of(store).parent / "presets.broken.json").read_bytes() == content


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ImageWriteError, match="Presets cannot be saved in"):
        PresetStore(tmp_path / "file" / "presets.json").save(preset("Mine"))
