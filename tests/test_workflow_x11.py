"""The main job as a person does it: a real X server, the real platform plugin, a real mouse and keyboard."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from tests.screen import Window, drag, picture, until

pytestmark = pytest.mark.x11

ROOT = Path(__file__).parent.parent
FRAME = (255, 0, 255)
FRAME_WIDTH = 6
BOX = (96, 12, 421, 293)


@dataclass(frozen=True)
class Program:
    """The running editor with a photo open at 100 %."""

    window: Window
    origin: tuple[int, int]

    def at(self, x: int, y: int) -> tuple[int, int]:
        """Return where on the screen the corner of photo pixel (x, y) is."""
        return self.origin[0] + x, self.origin[1] + y


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A real photo, in a frame of a colour that nothing else on the screen has."""
    spec = find_spec("skimage")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    with Image.open(Path(spec.submodule_search_locations[0], "data", "chelsea.png")) as cat:
        framed = ImageOps.expand(cat.convert("RGB"), FRAME_WIDTH, FRAME)
    path = tmp_path / "cat.png"
    framed.save(path)
    return path


@pytest.fixture
def program(photo: Path) -> Iterator[Program]:
    """Start the editor as a person would, from a terminal that OpenCV's plug-in path has leaked into."""
    opencv = find_spec("cv2")
    assert opencv is not None
    assert opencv.origin is not None
    leaked = Path(opencv.origin).parent / "qt" / "plugins"
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_QPA_PLATFORM_PLUGIN_PATH": str(leaked)}
    process = subprocess.Popen([sys.executable, str(ROOT / "main.py"), str(photo)], env=environment)
    try:
        window = Window.wait_for("Clickcut")
        until(lambda: "cat" in window.title, "the photo's name in the title")
        window.press("ctrl+1")
        yield Program(window, until(lambda: _frame_corner(photo), "the photo at 100 %"))
        window.press("ctrl+q")
    finally:
        process.terminate()
        process.wait(20)


def _frame_corner(photo: Path) -> tuple[int, int] | None:
    """Return where the photo's corner is on the screen, once its frame is there whole and pixel for pixel."""
    with Image.open(photo) as image:
        width, height = image.size
    rows, columns = np.nonzero((picture() == FRAME).all(axis=2))
    if rows.size == 0:
        return None
    spans = (columns.max() - columns.min() + 1, rows.max() - rows.min() + 1)
    return (int(columns.min()), int(rows.min())) if spans == (width, height) else None


def _terminal_cut(photo: Path, out: Path) -> NDArray[np.uint8]:
    box = ",".join(map(str, BOX))
    command = [sys.executable, str(ROOT / "main.py"), "cut", str(photo), "-o", str(out), "--box", box]
    subprocess.run([*command, "--model", "classic"], check=True, timeout=60)
    return _pixels(out)


def _pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        assert image.mode == "RGBA"
        return np.asarray(image)


def test_a_dragged_box_exports_the_same_cutout_as_the_terminal(program: Program, photo: Path, tmp_path: Path) -> None:
    window, exported = program.window, tmp_path / "by hand.png"
    before = picture()

    drag(program.at(BOX[0], BOX[1]), program.at(BOX[2], BOX[3]))
    until(lambda: _differs(before, picture(), program), "the mask to be shown")
    window.press("Return")
    until(lambda: "*" in window.title, "the selection")
    window.press("ctrl+j")
    window.press("ctrl+shift+e")
    dialog = Window.wait_for("Export cutout")
    dialog.press("ctrl+a")
    dialog.type(str(exported))
    dialog.press("Return")
    until(exported.exists, "the exported file")

    np.testing.assert_array_equal(_pixels(exported), _terminal_cut(photo, tmp_path / "by terminal.png"))


def _differs(before: NDArray[np.uint8], after: NDArray[np.uint8], program: Program) -> bool:
    """Whether a good part of what lies in the box looks different: more than the lines of the box itself."""
    (left, top), (right, bottom) = program.at(BOX[0], BOX[1]), program.at(BOX[2], BOX[3])
    changed = (before[top:bottom, left:right] != after[top:bottom, left:right]).any(axis=2)
    return bool(changed.mean() > 0.2)
