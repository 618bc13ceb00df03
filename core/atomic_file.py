"""Writing files so that a reader sees the old content or the new one, never half of it."""

import errno
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from core.errors import ImageWriteError

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "there is no permission to write in that folder",
    errno.EPERM: "there is no permission to write there",
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "a part of its path is not a folder",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EISDIR: "a folder of that name is in the way",
    errno.EFBIG: "it is larger than the disk's file system allows",
}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside `path`; what was written to it replaces `path` when the block ends well.

    The temporary file exists, is empty, ends in the suffix of `path` and is gone afterwards, whatever happens. A file
    that is replaced keeps its permissions; a symbolic link stays one, and the file that it points to is replaced.

    Raises
    ------
    ImageWriteError
        If `path` cannot be written, or the block raised an :class:`OSError`. `path` is then as it was.
    """
    with replacing_all([path]) as (temporary,):
        yield temporary


@contextmanager
def replacing_all(paths: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """Do what :func:`replacing` does for several files that belong together: all are replaced, or none.

    Raises
    ------
    ImageWriteError
        If one of them cannot be written. All are then as they were.
    """
    targets = [Path(os.path.realpath(path)) for path in paths]
    temporaries: list[Path] = []
    try:
        for target in targets:
            with _explained(target):
                temporaries.append(_temporary_for(target))
        with _explained(targets[0], others=targets[1:]):
            yield tuple(temporaries)
        _put_in_place(temporaries, targets)
    finally:
        for temporary in temporaries:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Raise unless a file could be written at `path` now: cheap to ask before hours of work.

    Raises
    ------
    ImageWriteError
        If its folder is missing or closed, or `path` is a folder or write-protected.
    """
    target = Path(os.path.realpath(path))
    with _explained(target):
        _temporary_for(target).unlink()


def _temporary_for(target: Path) -> Path:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(target))
    temporary = _hidden_name_beside(target)
    # Created by hand because tempfile's files are private to the user whatever the umask says.
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    if target.exists():
        temporary.chmod(target.stat().st_mode & 0o7777)
    return temporary


def _put_in_place(temporaries: Sequence[Path], targets: Sequence[Path]) -> None:
    for temporary, target in zip(temporaries, targets, strict=True):
        with _explained(target):
            _flush_to_disk(temporary)
    if len(targets) == 1:
        with _explained(targets[0]):
            temporaries[0].replace(targets[0])
        return
    _put_all_in_place(temporaries, targets)


def _put_all_in_place(temporaries: Sequence[Path], targets: Sequence[Path]) -> None:
    moved_aside: list[Path] = []
    with ExitStack() as undo:
        # A file that another program holds open fails here, before anything has changed.
        for target in targets:
            if target.exists():
                aside = _hidden_name_beside(target)
                with _explained(target):
                    target.replace(aside)
                undo.callback(aside.replace, target)
                moved_aside.append(aside)
        for temporary, target in zip(temporaries, targets, strict=True):
            with _explained(target):
                temporary.replace(target)
            undo.callback(target.unlink)
        undo.pop_all()
    for aside in moved_aside:
        with suppress(OSError):
            aside.unlink()


def _hidden_name_beside(target: Path) -> Path:
    return target.with_name(f".{secrets.token_hex(8)}{target.suffix}")


def _flush_to_disk(path: Path) -> None:
    # Without this a power cut after the replacement can leave an empty file under the final name.
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(target: Path, others: Sequence[Path] = ()) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        names = ", ".join(str(path) for path in (target, *others))
        reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
        raise ImageWriteError(f"Cannot write {names}: {reason}.") from error
