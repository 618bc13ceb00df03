"""Whether there is a screen to open a window on. Asked without Qt, which ends the whole process if there is none."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from core.opencv_env import drop_opencv_qt_paths

QT_PACKAGES = (
    "libegl1 libgl1 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 "
    "libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0"
)
"""What Debian and Ubuntu call the system libraries that Qt needs."""

_SECONDS_TO_CONNECT = 2.0
_SECONDS_TO_START_QT = 20.0
_X11_FOLDER = Path("/tmp/.X11-unix")  # noqa: S108 - where X servers listen
_FIRST_X11_PORT = 6000
_START_QT = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


def why_no_display() -> str | None:
    """Return a sentence that says why no window can be opened, or None if one probably can.

    Takes no time worth mentioning. macOS and Windows always have a screen, and a platform such as "offscreen" that
    QT_QPA_PLATFORM chooses needs none.
    """
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    needs_screen = platform == "" or platform.startswith(("xcb", "wayland"))
    if sys.platform in ("darwin", "win32") or not needs_screen:
        return None
    wayland, x11 = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("DISPLAY")
    if not wayland and not x11:
        return "There is no display to open the editor on: 'cut', 'demo' and 'models' work without one."
    if (wayland and _is_wayland_there(wayland)) or (x11 and _is_x11_there(x11)):
        return None
    return f"The display {wayland or x11} cannot be reached, so the editor cannot open: 'cut' works without one."


def can_start_qt() -> bool:
    """Whether Qt really starts here, tried in a process of its own, since a failure would end this one."""
    drop_opencv_qt_paths()
    try:
        attempt = subprocess.run(
            [sys.executable, "-c", _START_QT], capture_output=True, timeout=_SECONDS_TO_START_QT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return attempt.returncode == 0


def why_qt_fails(messages: Sequence[str]) -> str:
    """Return one line for the person out of what Qt, or the loading of Qt, said before it gave up."""
    said = " ".join("; ".join(message.strip(" .\n") for message in messages).split())
    head = f"Qt cannot open a window here ({said})."
    if "could not connect to display" in said:
        return f"{head} Check the variable DISPLAY; 'cut' works without a display."
    if "Could not find the Qt platform plugin" in said:
        return f"{head} Check the variables QT_QPA_PLATFORM and QT_QPA_PLATFORM_PLUGIN_PATH."
    return f"{head} A system library may be missing; on Debian and Ubuntu: sudo apt-get install {QT_PACKAGES}"


def _is_wayland_there(name: str) -> bool:
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return _can_connect(Path(folder, name))


def _is_x11_there(name: str) -> bool:
    """Whether a server listens at ``[host]:number[.screen]``."""
    host, _, rest = name.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdigit():
        return False
    if host in ("", "unix"):
        path = _X11_FOLDER / f"X{number}"
        # Linux servers also listen under this name outside of the file system.
        return _can_connect(path) or _can_connect(f"\0{path}")
    if "/" in host:
        return _can_connect(Path(host))
    try:
        with socket.create_connection((host, _FIRST_X11_PORT + int(number)), _SECONDS_TO_CONNECT):
            return True
    except (OSError, OverflowError):
        return False


def _can_connect(path: Path | str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_SECONDS_TO_CONNECT)
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True
