"""Other programs on this machine that open what was exported."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QProcess

_GIMP, _KRITA, _INKSCAPE = ("GIMP", "gimp"), ("Krita", "krita"), ("Inkscape", "inkscape")

_FITTING = {
    "psd": (_GIMP, _KRITA),
    "ora": (_KRITA, _GIMP),
    "tiff": (_GIMP, _KRITA),
    "svg": (_INKSCAPE,),
    "png": (_GIMP, _KRITA),
    "webp": (_GIMP, _KRITA),
    "jpeg": (_GIMP, _KRITA),
    "avif": (_GIMP, _KRITA),
    "mask": (_GIMP, _KRITA),
}
"""By a format's id, the programs that keep most of it, the best first, with what they are started by."""


@dataclass(frozen=True, slots=True)
class OtherProgram:
    """A program that is installed, by its name and its file."""

    name: str
    file: str

    def open(self, path: Path) -> bool:
        """Let it open a file; return whether it could be started. It goes on when this program ends."""
        started, _ = QProcess.startDetached(self.file, [str(path)])
        return bool(started)


def program_for(format_id: str) -> OtherProgram | None:
    """Return the best installed program for files of a format; None if there is none."""
    for name, command in _FITTING.get(format_id, ()):
        file = shutil.which(command)
        if file is not None:
            return OtherProgram(name, file)
    return None
