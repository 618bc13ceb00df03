"""The photos that can be gone through one by one: those that were opened together, or those of one folder."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from core.image_io import READABLE_SUFFIXES
from core.texts import tr
from ui.export_wish import exported_from

_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class PhotoSeries:
    """Photos in their order, each once, and which of them was asked for last.

    Attributes
    ----------
    is_folder
        Whether they are the photos of a folder, and not some that the person chose.
    """

    paths: tuple[Path, ...]
    index: int = 0
    is_folder: bool = False

    @classmethod
    def of_files(cls, paths: Sequence[Path]) -> Self:
        """Return the series of files that were chosen together, at the first."""
        return cls(tuple(dict.fromkeys(paths)))

    @classmethod
    def of_folder(cls, paths: tuple[Path, ...], current: Path) -> Self:
        """Return the series of a folder's photos, at `current`, which is one of them."""
        return cls(paths, paths.index(current), is_folder=True)

    @property
    def current(self) -> Path:
        """The photo that was asked for last, whether it could be read or not."""
        return self.paths[self.index]

    def has(self, step: int) -> bool:
        """Whether there is a photo `step` places further."""
        return 0 <= self.index + step < len(self.paths)

    def moved(self, step: int) -> Self:
        """Return the series at the photo `step` places further, which must be there (see :meth:`has`)."""
        return replace(self, index=self.index + step)

    def at(self, path: Path) -> Self:
        """Return the series at `path`, which is one of its photos."""
        return replace(self, index=self.paths.index(path))

    def place_of(self, path: Path | None) -> str:
        """Return which photo of how many `path` is, in words; empty if it is none of them or the only one."""
        if len(self.paths) < 2 or path not in self.paths:
            return ""
        return tr("photo {number} of {count}", number=self.paths.index(path) + 1, count=len(self.paths))


def photos_beside(path: Path) -> tuple[Path, ...]:
    """Return the photos of the folder of `path` by their names, in natural order; `path` is always one of them.

    Hidden files are left out, and what is by its name an export of a photo beside it. A folder that cannot be listed
    holds `path` alone.
    """
    try:
        with os.scandir(path.parent) as entries:
            found = {path.parent / entry.name for entry in entries if _is_photo(entry)}
    except OSError:
        found = set()
    stems = {other.stem for other in (path, *found)}
    photos = {other for other in found if exported_from(other.name) not in stems}
    return tuple(sorted({path, *photos}, key=natural_key))


def natural_key(path: Path) -> tuple[list[str | int], str]:
    """Return what sorts names as people do: by the value of numbers in them, whatever the case of letters."""
    parts = _NUMBER.split(path.name.casefold())
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], path.name


def _is_photo(entry: os.DirEntry[str]) -> bool:
    name = entry.name.casefold()
    return name.endswith(READABLE_SUFFIXES) and not name.startswith(".") and entry.is_file()
