import json
from dataclasses import asdict, fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ImageWriteError
from core.settings import MOST_RECENT_FILES, Settings, load_settings, save_settings, settings_path, wished_language

OTHERS = Settings(
    theme="dark",
    language="de",
    model="mobile_sam",
    detector="owlvit",
    device="cpu",
    precision="fp32",
    edge="matte",
    threshold=0.4,
    confidence=0.25,
    overlap=0.7,
    brush_size=12.5,
    brush_hardness=0.0,
    scribble_size=9.0,
    hair_size=90.0,
    brush_opacity=0.5,
    has_brush_pressure=False,
    wand_tolerance=9,
    wand_reach="everywhere",
    is_wand_smooth=False,
    recent_files=("/photos/a.png", "/photos/ä ß 猫.jpg"),
    window_geometry="AdnQ",
    panel_state="AAAA",
    open_folder="/photos",
    export_folder="/cutouts",
    last_export="{}",
    is_panel_visible=False,
    is_export_trimmed=True,
    is_recipe_exported=True,
    is_ghost_shown=False,
    is_edge_detailed=False,
    embedding_cache_mb=256,
    has_ants=False,
    overlay="hatch",
    is_overlay_on_selected=True,
    overlay_color="#ff00aa",
    overlay_opacity=0.3,
    has_rulers=True,
    has_photo_strip=True,
    has_minimap=False,
    is_autosaved=False,
    autosave_seconds=300,
    keys=(("undo", ("Ctrl+U",)), ("redo", ())),
)


def test_every_setting_survives_saving_and_loading(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "settings.json"
    save_settings(OTHERS, path)
    assert load_settings(path) == OTHERS
    for field in fields(Settings):
        assert getattr(OTHERS, field.name) != getattr(Settings(), field.name), f"{field.name} is not tried"


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == Settings()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b"null", b"\xff\xfe\x00{", b"[" * 100_000])
def test_a_broken_file_gives_the_defaults_and_is_kept_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert load_settings(path) == Settings()
    assert not path.exists()
    assert (tmp_path / "settings.broken.json").read_bytes() == content


def test_a_folder_in_place_of_the_file_gives_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    assert load_settings(path) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "purple"),
        ("language", "../de"),
        ("language", None),
        ("overlay", "dots"),
        ("overlay_color", "red"),
        ("overlay_color", "#12345"),
        ("overlay_opacity", 1.5),
        ("theme", ["dark"]),
        ("device", "tpu"),
        ("precision", 16),
        ("edge", None),
        ("threshold", 1.5),
        ("confidence", -0.1),
        ("overlap", 2),
        ("threshold", True),
        ("threshold", float("nan")),
        ("brush_size", 0),
        ("brush_size", "40"),
        ("brush_hardness", -0.1),
        ("window_geometry", 5),
        ("is_panel_visible", 1),
        ("embedding_cache_mb", -1),
        ("embedding_cache_mb", 0.5),
        ("embedding_cache_mb", True),
        ("autosave_seconds", 0),
        ("autosave_seconds", 60.5),
        ("is_autosaved", 1),
        ("recent_files", "/a.png"),
        ("recent_files", None),
    ],
)
def test_one_bad_value_has_its_default_and_leaves_the_others(tmp_path: Path, name: str, value: object) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(asdict(OTHERS) | {name: value, "from_a_later_version": 1}), encoding="utf-8")
    assert load_settings(path) == replace(OTHERS, **{name: getattr(Settings(), name)})


@given(
    stored=st.dictionaries(
        st.sampled_from([f.name for f in fields(Settings)]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers() | st.text())),
    )
)
def test_any_json_object_loads(tmp_path_factory: pytest.TempPathFactory, stored: dict[str, object]) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_text(json.dumps(stored), encoding="utf-8")
    loaded = load_settings(path)
    save_settings(loaded, path)
    assert load_settings(path) == loaded


def test_recent_files_have_the_latest_first_once_and_are_bounded(tmp_path: Path) -> None:
    settings = Settings()
    for index in range(MOST_RECENT_FILES + 3):
        settings = settings.with_recent(tmp_path / f"{index}.png")
    settings = settings.with_recent(tmp_path / "5.png")
    assert settings.recent_files[0] == str(tmp_path / "5.png")
    assert len(settings.recent_files) == MOST_RECENT_FILES == len(set(settings.recent_files))


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ImageWriteError, match="settings cannot be saved"):
        save_settings(Settings(), tmp_path / "file" / "settings.json")


def test_the_settings_live_in_the_platforms_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_path().name == "settings.json"
    assert "clickcut" in settings_path().parts


def test_the_language_is_known_before_anything_else_of_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    assert wished_language(path) == "system"
    save_settings(OTHERS, path)
    assert wished_language(path) == "de"


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b'{"language": 5}', b'{"language": "../x"}', b"[" * 100_000])
def test_settings_that_cannot_be_understood_wish_no_language_and_stay_where_they_are(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert wished_language(path) == "system"
    assert path.read_bytes() == content
