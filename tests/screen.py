"""A person in front of a real X server: looks at the screen, moves the mouse, types. Needs xdotool."""

import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import ImageGrab

T = TypeVar("T")

PATIENCE_S = 40.0


def until(look: Callable[[], T | None], what: str) -> T:
    """Look again and again until `look` gives something true; the program is another process and tells nobody."""
    deadline = time.monotonic() + PATIENCE_S
    pause = threading.Event()
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        pause.wait(0.05)
    raise AssertionError(f"waited {PATIENCE_S:g} s in vain for {what}")


def xdotool(*words: object) -> str:
    done = subprocess.run(["xdotool", *map(str, words)], capture_output=True, text=True, check=False, timeout=30)
    return done.stdout.strip()


@dataclass(frozen=True)
class Window:
    """A top-level window on the screen."""

    id: str

    @classmethod
    def wait_for(cls, title: str) -> "Window":
        found = until(lambda: xdotool("search", "--onlyvisible", "--name", title).split(), f"a window {title!r}")
        return cls(found[-1])

    @property
    def title(self) -> str:
        return xdotool("getwindowname", self.id)

    def wait_for_title(self, part: str) -> None:
        """Wait until the title holds this."""
        until(lambda: part in self.title, f"{part!r} in the title")

    def focus(self) -> None:
        # There is no window manager: nobody else hands out the keyboard.
        xdotool("windowfocus", "--sync", self.id)

    def press(self, keys: str) -> None:
        self.focus()
        xdotool("key", "--clearmodifiers", keys)

    def type(self, text: str) -> None:
        self.focus()
        xdotool("type", "--delay", 5, text)


def picture() -> NDArray[np.uint8]:
    """Return what the screen shows, ``(H, W, 3)`` uint8."""
    return np.asarray(ImageGrab.grab().convert("RGB"))


def drag(start: tuple[int, int], end: tuple[int, int], steps: int = 8) -> None:
    """Drag with the left button, through `steps` positions as a hand would."""
    xdotool("mousemove", *start)
    xdotool("mousedown", 1)
    for step in range(1, steps + 1):
        x, y = (round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))
        xdotool("mousemove", x, y)
    xdotool("mouseup", 1)
