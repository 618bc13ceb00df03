"""A file on a server, and room for it on the disk."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import ModelUnavailableError
from core.file_presence import is_folder
from core.texts import tr

SPARE_BYTES = 64 << 20
"""What stays free on the disk."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file to fetch: address, exact size or None, hexadecimal SHA-256 or empty."""

    url: str
    nbytes: int | None
    sha256: str

    @property
    def host(self) -> str:
        """The server's name."""
        return urlsplit(self.url).hostname or self.url


class BrokenOffError(Exception):
    """The connection failed in a way that another attempt may not."""


def check_space(folder: Path, nbytes: int) -> None:
    """Raise :class:`ModelUnavailableError` unless `nbytes` more fit into an existing folder, with some to spare."""
    free = shutil.disk_usage(folder).free
    if free < nbytes + SPARE_BYTES:
        raise ModelUnavailableError(
            tr(
                "{needed:.0f} MB are needed in {folder}, and only {free:.0f} MB are free there.",
                needed=nbytes / 1e6,
                folder=folder,
                free=free / 1e6,
            )
        )


def free_bytes(folder: Path) -> int | None:
    """Return how much room there is for a folder, even if it is not made yet; None if that cannot be told."""
    there = next((path for path in (folder, *folder.parents) if is_folder(path)), None)
    try:
        return None if there is None else shutil.disk_usage(there).free
    except OSError:
        return None


def size_of(path: Path) -> int:
    """Return the size of a file in bytes, 0 if there is none."""
    return path.stat().st_size if path.is_file() else 0
