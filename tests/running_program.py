"""The editor as a person starts it on a real screen: a process with a home of its own, a photo open at 100 %."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageGrab, ImageOps

from tests.screen import Window, picture, until

ROOT = Path(__file__).parent.parent
FRAME = (255, 0, 255)
"""A colour that nothing else on the screen has."""

FRAME_WIDTH = 6


@dataclass(frozen=True)
class Program:
    """The running editor."""

    window: Window
    process: "subprocess.Popen[bytes]"
    origin: tuple[int, int]

    def at(self, x: int, y: int) -> tuple[int, int]:
        """Return where on the screen the corner of photo pixel (x, y) is."""
        return self.origin[0] + x, self.origin[1] + y

    def command(self, name: str) -> None:
        """Do something by its name, in the palette of all commands."""
        self.window.press("ctrl+shift+p")
        self.window.type(name)
        self.window.press("Return")

    def save(self, title: str, path: Path) -> None:
        """Answer the dialog of this title, which asks where to save, with `path`."""
        dialog = Window.wait_for(title)
        dialog.press("ctrl+a")
        dialog.type(str(path))
        dialog.press("Return")
        until(path.exists, f"{path.name}")

    def quit(self) -> int:
        """Leave with the keys for that, which nothing stands in the way of; return the exit code."""
        self.window.press("ctrl+q")
        return self.process.wait(40)


def frame_photo(pixels: "Image.Image", path: Path) -> Path:
    """Save a photo in a frame by which it is found on the screen."""
    ImageOps.expand(pixels.convert("RGB"), FRAME_WIDTH, FRAME).save(path)
    return path


@contextmanager
def running(file: Path | None, folder: Path, size: tuple[int, int] | None = None) -> Iterator[Program]:
    """Start the editor, with a file or none, from a terminal that OpenCV's plug-in path has leaked into.

    Parameters
    ----------
    folder
        Takes the person's home, and a picture of the screen if something goes wrong.
    size
        Of the framed photo in the file; None if its frame is not to be seen, and nothing is pointed at.
    """
    opencv = find_spec("cv2")
    assert opencv is not None
    assert opencv.origin is not None
    leaked = Path(opencv.origin).parent / "qt" / "plugins"
    qt = {"QT_QPA_PLATFORM": "xcb", "QT_QPA_PLATFORM_PLUGIN_PATH": str(leaked)}
    environment = {**os.environ, **qt, "HOME": str(folder)}
    files = [] if file is None else [str(file)]
    process = subprocess.Popen([sys.executable, str(ROOT / "main.py"), *files], env=environment)
    try:
        window = Window.wait_for("Clickcut")
        if file is not None:
            window.wait_for_title(file.stem.split(".")[0])
            window.press("ctrl+1")
        origin = (0, 0) if size is None else until(lambda: _frame_corner(size), "the photo at 100 %")
        yield Program(window, process, origin)
    except BaseException as error:
        screen = folder / "screen.png"
        ImageGrab.grab().save(screen)
        error.add_note(f"what was on the screen: {screen}")
        raise
    finally:
        process.kill()  # asked to end, it would ask about what is not saved
        process.wait(20)


def _frame_corner(size: tuple[int, int]) -> tuple[int, int] | None:
    """Return where the photo's corner is on the screen, once its frame is there whole and pixel for pixel."""
    rows, columns = np.nonzero((picture() == FRAME).all(axis=2))
    if rows.size == 0:
        return None
    spans = (columns.max() - columns.min() + 1, rows.max() - rows.min() + 1)
    return (int(columns.min()), int(rows.min())) if spans == size else None


def pixels_of(path: Path) -> NDArray[np.uint8]:
    """Return the RGBA pixels of a file that the editor wrote."""
    with Image.open(path) as image:
        assert image.mode == "RGBA"
        return np.asarray(image)
