"""Krita without its window: it opens a file and writes it again, and what it wrote is read here without our reader."""

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from core.arrays import RgbaImage

REQUIRED = os.environ.get("CLICKCUT_PROGRAMS") == "required"
"""Whether a program that is not there is a failure: where all of them were installed just before."""

_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Item:
    """A layer of an OpenRaster file, or a group, which has no pixels, with the number of groups around it."""

    depth: int
    name: str
    opacity: float
    is_visible: bool
    is_locked: bool = False
    is_active: bool = False
    x: int = 0
    y: int = 0
    pixels: RgbaImage | None = None


class Krita:
    """The program, with a home of its own: the person's own settings are nobody's business."""

    def __init__(self, home: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "XDG_"))}
        self._environment = {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}

    @staticmethod
    def missing() -> str:
        """Return a sentence on what is not there to run Krita; an empty one if everything is."""
        absent = [name for name in ("krita", "xvfb-run") if shutil.which(name) is None]
        return f"{' and '.join(absent)}: not installed." if absent else ""

    def convert(self, source: Path, target: Path) -> Path:
        """Let Krita open `source` and write `target`, in the format that its name says; return `target`."""
        # Not without a screen: Krita insists on an X server. It shows nothing there.
        screen = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 800x600x24 -noreset"]
        command = ["krita", "--nosplash", "--export", "--export-filename", str(target), str(source)]
        done = subprocess.run(
            [*screen, *command],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
        assert target.is_file(), f"Krita wrote nothing: {done.stderr}"
        return target


def items_of(path: Path) -> list[Item]:
    """Return the layers and groups of an OpenRaster file, from the top, a group before its members."""
    with zipfile.ZipFile(path) as archive:
        stack = ElementTree.fromstring(archive.read("stack.xml")).find("stack")
        assert stack is not None
        return list(_items(archive, stack, 0))


def pixels_of(data: bytes) -> RgbaImage:
    """Return the pixels of a PNG in sRGB."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def _items(archive: zipfile.ZipFile, stack: ElementTree.Element, depth: int) -> Iterator[Item]:
    for element in stack:
        get = element.attrib.get
        name, opacity, is_visible = get("name", ""), float(get("opacity", "1")), get("visibility") != "hidden"
        if element.tag == "stack":
            yield Item(depth, name, opacity, is_visible)
            yield from _items(archive, element, depth + 1)
            continue
        marks = get("edit-locked") == "true", get("selected") == "true"
        pixels = pixels_of(archive.read(get("src", "")))
        yield Item(depth, name, opacity, is_visible, *marks, int(get("x", "0")), int(get("y", "0")), pixels)
