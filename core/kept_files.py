"""Files that are kept because making them again takes time: told whole from damaged, and bounded in their number.

A file holds a mark, which says what it is and in which version, a digest of all that follows, and that. It is data, and
nothing in it runs. Several processes may use a folder of such files at the same time; nothing here waits for another.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

DIGEST_BYTES = 20

UNFINISHED_SECONDS = 3600
"""Age from which nobody goes on with what is not finished: who wrote it was ended."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a folder.

    Attributes
    ----------
    used_at
        When it was last used, in seconds of :func:`time.time`.
    """

    path: Path
    used_at: float
    nbytes: int


def front_length(mark: bytes) -> int:
    """Return the bytes before what a file of this mark holds."""
    return len(mark) + DIGEST_BYTES


def signed(mark: bytes, body: bytes) -> bytes:
    """Return the content of the file that holds `body`."""
    return mark + _digest(body) + body


def body_of(mark: bytes, content: bytes | bytearray) -> memoryview:
    """Return what a file of this `content` holds, without a copy.

    Raises
    ------
    ValueError
        If it is of another mark, or damaged.
    """
    if not content.startswith(mark):
        raise ValueError("it is none of this version")
    start = front_length(mark)
    body = memoryview(content)[start:]
    if _digest(body) != content[len(mark) : start]:
        raise ValueError("it is damaged")
    return body


def files_in(folder: Path, *endings: str) -> list[KeptFile]:
    """Return the files of `folder` whose names end in one of `endings`, the one used last first.

    What another process removes meanwhile is left out, as is what is no file. A folder that is not there holds none.

    Raises
    ------
    OSError
        If the folder cannot be listed.
    """
    return sorted(_files_in(folder, endings), key=lambda file: file.used_at, reverse=True)


def remove_left_over(folder: Path, pattern: str) -> None:
    """Remove files and folders that were not finished, such as after a crash; younger ones may be somebody's work."""
    for path in folder.glob(pattern):
        with suppress(OSError):  # another process was faster, or uses it
            if time.time() - path.lstat().st_mtime > UNFINISHED_SECONDS:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def _digest(body: bytes | memoryview) -> bytes:
    return hashlib.blake2b(body, digest_size=DIGEST_BYTES).digest()


def _files_in(folder: Path, endings: tuple[str, ...]) -> Iterator[KeptFile]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(endings):
                    with suppress(FileNotFoundError):  # another process was faster
                        if entry.is_file(follow_symlinks=False):
                            status = entry.stat(follow_symlinks=False)
                            yield KeptFile(Path(entry.path), status.st_mtime, status.st_size)
    except FileNotFoundError:
        return
