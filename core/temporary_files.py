"""Files that are being written beside the ones whose place they will take.

Whoever writes one holds a lock on it, which the system lets go of when the program ends, however it ends. One that
nobody holds was abandoned, and the next who writes into its folder takes it away.
"""

import os
import re
import secrets
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

if sys.platform != "win32":
    import fcntl

_NEW, _OLD = ".new", ".old"
_NAME = re.compile(rf"\.clickcut-[0-9a-f]{{16}}{re.escape(_NEW)}(\..*)?")
_OLD_SECONDS = 24 * 3600
"""Age from which a file was abandoned where the file system knows no locks."""


@dataclass(eq=False)
class TemporaryFile:
    """An empty file of ours until :meth:`discard`; its name ends in the suffix of the file beside which it lies.

    Every method raises :class:`OSError` where the file system refuses.
    """

    path: Path
    _descriptor: int

    @classmethod
    def beside(cls, target: Path) -> Self:
        """Return a new one."""
        while True:
            path = _name_beside(target, _NEW)
            # Created by hand because tempfile's files are private to the user whatever the umask says.
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
            _lock(descriptor)
            if os.fstat(descriptor).st_nlink > 0:
                return cls(path, descriptor)
            os.close(descriptor)  # somebody took it for abandoned before it was held

    def flush_to_disk(self) -> None:
        """Wait until what was written is on the disk: a power cut must not leave an empty file under another name."""
        os.fsync(self._descriptor)

    def replace(self, target: Path) -> None:
        """Give the file the name `target`, whose own file is gone then."""
        if sys.platform == "win32":
            self._let_go()  # an open file cannot be renamed there
        self.path.replace(target)

    def discard(self) -> None:
        """Remove the file, if it is still there, and let go of it."""
        if sys.platform == "win32":
            self._let_go()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        self._let_go()

    def _let_go(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def name_for_old(target: Path) -> Path:
    """Return an unused hidden name beside `target` for its old content; :func:`remove_abandoned` lets it be."""
    return _name_beside(target, _OLD)


def remove_abandoned(folder: Path) -> None:
    """Remove the temporary files in `folder` of programs that ended before they were done, as far as possible."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    _remove_if_abandoned(Path(entry.path))


def _remove_if_abandoned(path: Path) -> None:
    if sys.platform == "win32":
        path.unlink()  # which fails while somebody holds it
        return
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_abandoned = True
    except BlockingIOError:
        is_abandoned = False
    except OSError:
        is_abandoned = time.time() - os.fstat(descriptor).st_mtime > _OLD_SECONDS
    try:
        if is_abandoned:
            path.unlink()
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform != "win32":
        with suppress(OSError):  # the file system knows no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)


def _name_beside(target: Path, mark: str) -> Path:
    return target.with_name(f".clickcut-{secrets.token_hex(8)}{mark}{target.suffix}")
