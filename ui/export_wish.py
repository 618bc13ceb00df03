"""What a person wants to save, and where."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.document import Document
from core.file_presence import is_file, is_folder
from core.project import PROJECT_SUFFIX


class ExportKind(StrEnum):
    """What is saved of a document."""

    CUTOUT = "cutout"
    PICTURE = "picture"
    """A cutout of which nothing is cut out."""

    MASK = "mask"
    LAYERS = "layers"
    OBJECTS = "objects"
    """What a segmenter found, in a format that tells of objects."""

    PROJECT = "project"


_ENDINGS = {
    ExportKind.CUTOUT: "-cutout.png",
    ExportKind.PICTURE: "-picture.png",
    ExportKind.MASK: "-mask.png",
    ExportKind.LAYERS: "-layers",
    ExportKind.OBJECTS: "-objects.png",
    ExportKind.PROJECT: PROJECT_SUFFIX,
}
"""What follows the photo's name in the names of what is saved of it."""


@dataclass(frozen=True, slots=True)
class ExportWish:
    """One export; `path` is a file, or a folder for layers; `photo` is the opened file, which stays as it is."""

    kind: ExportKind
    path: Path
    is_trimmed: bool = False
    photo: Path | None = None
    has_recipe: bool = False
    """Whether it is known how the cutout came about."""
    with_recipe: bool = False
    """Whether that is to be saved beside it."""


def suggested_path(kind: ExportKind, document: Document, last_folder: str) -> Path:
    """Return where an export would go: to the last folder, else beside the photo, else to the home folder."""
    folder = Path(last_folder) if last_folder and is_folder(Path(last_folder)) else None
    if folder is None:
        folder = document.path.parent if document.path is not None else Path.home()
    return folder / f"{safe_stem(document.name)}{_ENDINGS[kind]}"


def suggested_project(document: Document, last_folder: str) -> Path:
    """Return where a project would be saved: beside the photo, else as :func:`suggested_path`."""
    beside = "" if document.path is None else str(document.path.parent)
    return suggested_path(ExportKind.PROJECT, document, beside if is_folder(Path(beside)) else last_folder)


def exported_from(name: str) -> str | None:
    """Return what the photo is called, without its ending, whose export a file named `name` is by that name."""
    endings = (ending for ending in _ENDINGS.values() if name.endswith(ending))
    return next((name.removesuffix(ending) for ending in endings), None)


def checked_path(text: str, kind: ExportKind, photo: Path | None = None) -> Path:
    """Return the path that was typed, with the ending of its kind; never that of `photo`, the opened file.

    Raises
    ------
    ValueError
        If it cannot be written to, with a sentence for the person.
    """
    if not text.strip():
        raise ValueError("Give the file a name.")
    # Path.expanduser raises for a person that is not known here; this leaves the name as it is.
    path = Path(os.path.expanduser(text.strip()))  # noqa: PTH111
    if not path.is_absolute():
        path = Path.home() / path
    if kind is not ExportKind.LAYERS:
        path = _with_ending(path, kind)
        if is_folder(path):
            raise ValueError("A folder of this name is there already.")
        # Path.resolve fails on links in a circle, which are reported where they are written to.
        if photo is not None and os.path.realpath(path) == os.path.realpath(photo):
            raise ValueError("This is the photo itself; choose another name.")
    elif is_file(path):
        raise ValueError("A file of this name is there already; choose a folder.")
    if not is_folder(path.parent):
        raise ValueError(f"There is no folder {path.parent}.")
    return path


def _with_ending(path: Path, kind: ExportKind) -> Path:
    if kind is ExportKind.PROJECT:
        return path if path.suffix.lower() == ".ora" else path.with_name(f"{path.name}{PROJECT_SUFFIX}")
    return path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png")


def safe_stem(name: str) -> str:
    """Return `name` as a file name that every system takes."""
    from core.export.file_names import file_stem

    return file_stem(name)
