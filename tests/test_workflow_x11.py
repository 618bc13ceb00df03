"""The main jobs as a person does them: a real X server, the real platform plugin, a real mouse and keyboard."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tests.other_program import PLACE, TITLE
from tests.running_program import FRAME_WIDTH, ROOT, Program, frame_photo, pixels_of, running
from tests.screen import Window, drag, picture, until

pytestmark = pytest.mark.x11

BOX = (96, 12, 421, 293)
BLUE = (47, 111, 208)
BALL = (240, 150)
DISCS = {(110, 150): (200, 60, 40), (330, 190): (40, 150, 70)}
"""Middles in the photo and colours."""

RADIUS = 62


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A real photo."""
    spec = find_spec("skimage")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    with Image.open(Path(spec.submodule_search_locations[0], "data", "chelsea.png")) as cat:
        return frame_photo(cat, tmp_path / "cat.png")


@pytest.fixture(scope="module", autouse=True)
def held_screen() -> Iterator[None]:
    """Stay connected: an X server starts anew when its last program has left, and takes the next one's start along."""
    waiting = subprocess.Popen(["xdotool", "search", "--sync", "--name", "^nobody is called so$"])
    yield
    waiting.kill()
    waiting.wait(20)


def _around(middle: tuple[int, int], reach: int) -> tuple[int, int, int, int]:
    return middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach


def _distance_from(middle: tuple[int, int], pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return how far from a place every pixel lies, ``(H, W)``."""
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]] + 0.5
    return np.asarray(np.hypot(columns - middle[0], rows - middle[1]))


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def _terminal_cut(photo: Path, out: Path) -> NDArray[np.uint8]:
    box = ",".join(map(str, BOX))
    command = [sys.executable, str(ROOT / "main.py"), "cut", str(photo), "-o", str(out), "--box", box]
    subprocess.run([*command, "--model", "classic"], check=True, timeout=60)
    return pixels_of(out)


def _differs(before: NDArray[np.uint8], program: Program, box: tuple[int, int, int, int]) -> bool:
    """Whether a good part of what lies in the box looks different: more than the lines of the box itself."""
    (left, top), (right, bottom) = program.at(*box[:2]), program.at(*box[2:])
    changed = (before[top:bottom, left:right] != picture()[top:bottom, left:right]).any(axis=2)
    return bool(changed.mean() > 0.2)


def _keep_box(program: Program, box: tuple[int, int, int, int]) -> None:
    """Drag a box, wait until what was found in it is shown, and keep that."""
    before = picture()
    drag(program.at(*box[:2]), program.at(*box[2:]))
    until(lambda: _differs(before, program, box), "the mask to be shown")
    program.window.press("Return")
    program.window.wait_for_title("*")


def test_a_dragged_box_exports_the_same_cutout_as_the_terminal(photo: Path, tmp_path: Path) -> None:
    exported = tmp_path / "by hand.png"
    with running(photo, tmp_path, _size(photo)) as program:
        _keep_box(program, BOX)
        program.window.press("ctrl+j")
        program.window.press("ctrl+shift+e")
        program.save("Export cutout", exported)
        np.testing.assert_array_equal(pixels_of(exported), _terminal_cut(photo, tmp_path / "by terminal.png"))


@pytest.fixture
def ball(tmp_path: Path) -> Path:
    """A picture of one disc before a grey that grows lighter to the right."""
    grey = np.tile(np.linspace(150, 200, 450).astype(np.uint8)[:, None], (300, 1, 3))
    image = Image.fromarray(grey)
    ImageDraw.Draw(image).ellipse(_around(BALL, 90), (200, 60, 40))
    path = tmp_path / "ball.png"
    image.save(path)
    return path


def test_a_subject_on_a_new_background_is_saved_reopened_and_exported(ball: Path, tmp_path: Path) -> None:
    project, exported = tmp_path / "ball on blue.clickcut.ora", tmp_path / "ball on blue.png"
    with running(ball, tmp_path) as program:
        program.command("Remove Background")
        program.window.wait_for_title("*")
        program.window.press("ctrl+b")
        dialog = Window.wait_for("^Background$")
        dialog.press("Down")  # from transparent to a colour, which is white at first
        for _ in range(5):
            dialog.press("Tab")
        dialog.press("space")
        until(lambda: (picture() == BLUE).all(axis=2).mean() > 0.02, "the blue background")
        dialog.press("Escape")
        program.window.press("ctrl+s")
        program.save("Save project", project)
        until(lambda: "*" not in program.window.title, "the title of what is saved")
        assert program.quit() == 0, "nothing is unsaved, and nothing is asked"

    with running(project, tmp_path) as program:
        program.window.press("ctrl+shift+e")
        program.save("Export cutout", exported)
        assert program.quit() == 0

    made = pixels_of(exported)
    assert made.shape == (300, 450, 4)
    assert (made[..., 3] == 255).all(), "a colour lies behind everything"
    distance = _distance_from(BALL, made)
    assert (made[distance < 84] == (200, 60, 40, 255)).all()
    assert (made[distance > 96] == (*BLUE, 255)).all()


@pytest.fixture
def two_discs(tmp_path: Path) -> Path:
    """A picture of two discs of one colour each on grey."""
    image = Image.new("RGB", (450, 300), (190, 190, 185))
    for (x, y), color in DISCS.items():
        ImageDraw.Draw(image).ellipse(_around((x, y), RADIUS), color)
    return frame_photo(image, tmp_path / "discs.png")


def test_two_objects_become_layers_and_a_file_each(two_discs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "layers"
    with running(two_discs, tmp_path, _size(two_discs)) as program:
        for x, y in DISCS:
            _keep_box(program, _around((x + FRAME_WIDTH, y + FRAME_WIDTH), RADIUS + 12))
            program.window.press("ctrl+j")
            program.window.press("ctrl+d")
        program.command("Export Layers")
        program.save("Export layers", folder)
        files = until(lambda: found if len(found := sorted(folder.glob("[!.]*.png"))) == 3 else None, "a file for each")
        until(lambda: "*" not in program.window.title, "the end of the export")
    layers = [pixels_of(file) for file in files]
    for x, y in DISCS:
        disc = _distance_from((x + FRAME_WIDTH, y + FRAME_WIDTH), layers[0]) <= RADIUS
        covered = [each[..., 3] > 127 for each in layers]
        assert max((disc & each).sum() / (disc | each).sum() for each in covered) > 0.95


@pytest.fixture
def other(ball: Path) -> Iterator[Window]:
    """Another program, with the picture of a disc to be dragged and to be pasted."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb"}
    process = subprocess.Popen([sys.executable, str(ROOT / "tests" / "other_program.py"), str(ball)], env=environment)
    yield Window.wait_for(TITLE)
    process.kill()
    process.wait(20)


def test_a_file_dragged_from_another_program_opens(other: Window, tmp_path: Path) -> None:
    del other
    left, top, width, height = PLACE
    with running(None, tmp_path) as program:
        drag((left + width // 2, top + height // 2), (500, 400), steps=20)
        program.window.wait_for_title("ball")


def test_a_picture_that_another_program_copied_is_pasted_and_exported(other: Window, tmp_path: Path) -> None:
    del other
    exported = tmp_path / "pasted.png"
    with running(None, tmp_path) as program:
        program.window.press("ctrl+v")
        program.window.wait_for_title("Pasted image")
        program.command("Remove Background")
        program.window.wait_for_title("*")
        program.window.press("ctrl+shift+e")
        program.save("Export cutout", exported)
    distance, made = _distance_from(BALL, pixels_of(exported)), pixels_of(exported)
    assert (made[distance < 84] == (200, 60, 40, 255)).all()
    assert (made[distance > 96, 3] == 0).all()
