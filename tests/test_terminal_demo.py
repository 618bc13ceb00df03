import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.demo_photo import find_demo_photo
from core.errors import ImageReadError
from ui import terminal_demo, terminal_display
from ui.terminal import run
from ui.terminal_display import can_start_qt, why_no_display

_ROOT = Path(__file__).parents[1]


@pytest.fixture
def no_display(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


def test_the_demo_s_photo_is_found_without_importing_its_package():
    code = "import sys; from core.demo_photo import find_demo_photo as f; f(); sys.exit('skimage' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, check=False)

    assert done.returncode == 0


def test_a_missing_photo_says_what_to_install(monkeypatch):
    monkeypatch.setattr("core.demo_photo.find_spec", lambda _: None)

    with pytest.raises(ImageReadError, match="scikit-image"):
        find_demo_photo()


def test_the_demo_saves_photo_cutout_and_mask_and_says_so(tmp_path, capsys, no_display):
    folder = tmp_path / "new" / "demo"
    opened = []

    assert run(["demo", "-o", str(folder)], opened.append) == 0

    names = sorted(path.name for path in folder.iterdir())
    assert names == ["coffee.png", "cutout.png", "mask.png"]
    with Image.open(folder / "cutout.png") as cutout, Image.open(folder / "mask.png") as mask:
        share = np.count_nonzero(np.asarray(mask)) / (mask.width * mask.height)
        assert cutout.size == mask.size
        assert cutout.mode == "RGBA"
    # Cup and saucer fill almost half of the photo.
    assert 0.4 < share < 0.55
    out = capsys.readouterr().out
    assert "cutout.png" in out
    assert "all of it" in out
    assert out.rstrip().endswith("There is no display, so the editor was not opened.")
    assert opened == []


def test_with_a_display_the_demo_opens_the_editor_with_the_cup_selected(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(terminal_demo, "why_no_display", lambda: None)
    monkeypatch.setattr(terminal_demo, "can_start_qt", lambda: True)
    opened = []

    def open_editor(files, selection):
        opened.append((files, selection))
        return 0

    assert run(["demo", "-o", str(tmp_path)], open_editor) == 0

    assert opened == [([tmp_path / "coffee.png"], tmp_path / "mask.png")]


def test_a_display_that_qt_cannot_use_does_not_break_the_demo(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(terminal_demo, "why_no_display", lambda: None)
    monkeypatch.setattr(terminal_demo, "can_start_qt", lambda: False)
    opened = []

    assert run(["demo", "-o", str(tmp_path)], opened.append) == 0

    assert opened == []
    assert "cannot be used" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path, capsys):
    (tmp_path / "file").write_bytes(b"")

    assert run(["demo", "-o", str(tmp_path / "file" / "demo")]) == 1

    assert capsys.readouterr().err.count("\n") == 1


def test_without_a_display_the_editor_says_so_in_one_line(no_display):
    env = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "QT_QPA_PLATFORM")}

    done = subprocess.run(
        [sys.executable, str(_ROOT / "main.py")], capture_output=True, text=True, check=False, env=env
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "no display" in done.stderr


def test_a_platform_without_a_screen_needs_none(no_display, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    assert why_no_display() is None


@pytest.mark.parametrize("platform", ["xcb", "wayland", "wayland-egl;xcb"])
def test_a_platform_that_needs_a_screen_does(no_display, monkeypatch, platform):
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)

    assert "no display" in why_no_display()


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_always_have_a_screen(no_display, monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)

    assert why_no_display() is None


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs local sockets")
@pytest.mark.parametrize("name", [":7", ":7.0", "unix:7"])
def test_a_listening_x_server_is_a_display(no_display, monkeypatch, tmp_path, name):
    monkeypatch.setattr(terminal_display, "_X11_FOLDER", tmp_path)
    monkeypatch.setenv("DISPLAY", name)
    assert "cannot be reached" in why_no_display()

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "X7"))
        server.listen()
        assert why_no_display() is None


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs local sockets")
def test_a_listening_wayland_compositor_is_a_display(no_display, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert "cannot be reached" in why_no_display()

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert why_no_display() is None


@pytest.mark.parametrize("name", [":", "nonsense", ":x", "localhost:70000"])
def test_a_display_that_is_none_is_told(no_display, monkeypatch, name):
    monkeypatch.setenv("DISPLAY", name)

    assert "cannot be reached" in why_no_display()


def test_whether_qt_starts_is_found_out_without_ending_this_process(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert can_start_qt()

    monkeypatch.setenv("QT_QPA_PLATFORM", "no such platform")
    assert not can_start_qt()
