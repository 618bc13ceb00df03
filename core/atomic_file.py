"""Writing files so that a reader sees the old content or the new one, never half of it."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from core.errors import ImageWriteError
from core.temporary_files import TemporaryFile, name_for_old, remove_abandoned
from core.texts import mark, tr

_REASONS = {
    errno.ENOSPC: mark("the disk is full"),
    errno.EDQUOT: mark("the disk quota is used up"),
    errno.EACCES: mark("there is no permission to write in that folder"),
    errno.EPERM: mark("there is no permission to write there"),
    errno.EROFS: mark("the disk is read-only"),
    errno.ENOENT: mark("the folder does not exist"),
    errno.ENOTDIR: mark("a part of its path is not a folder"),
    errno.ENAMETOOLONG: mark("its name is too long"),
    errno.EISDIR: mark("a folder of that name is in the way"),
    errno.ENOTSUP: mark("it is a device, not a file that could be replaced"),
    errno.EFBIG: mark("it is larger than the disk's file system allows"),
}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside `path`; what was written to it replaces `path` when the block ends well.

    The temporary file exists, is empty, ends in the suffix of `path` and is gone afterwards, whatever happens. A file
    that is replaced keeps its permissions; a symbolic link stays one, and the file that it points to is replaced. What
    a program that was killed while it wrote into the same folder has left there is removed on the way.

    Devices and pipes are refused.

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
    targets = [_real(path) for path in paths]
    temporaries: list[TemporaryFile] = []
    try:
        for target in targets:
            with _explained(target):
                temporaries.append(_temporary_for(target))
        with _explained(targets[0], others=targets[1:]):
            yield tuple(temporary.path for temporary in temporaries)
        _put_in_place(temporaries, targets)
    finally:
        for temporary in temporaries:
            temporary.discard()
    for folder in {target.parent for target in targets}:
        remove_abandoned(folder)


def check_writable(path: Path) -> None:
    """Raise unless a file could be written at `path` now: cheap to ask before hours of work.

    Raises
    ------
    ImageWriteError
        If its folder is missing or closed, or `path` is a folder or write-protected.
    """
    target = _real(path)
    with _explained(target):
        _temporary_for(target).discard()


def _real(path: Path) -> Path:
    """Return the file that `path` leads to; a NUL, which no system takes, is an error of the name."""
    with _explained(Path(str(path).replace("\0", "?"))):
        if "\0" in str(path):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
        return Path(os.path.realpath(path))


def _temporary_for(target: Path) -> TemporaryFile:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if target.exists() and not target.is_file():
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), str(target))
    if target.exists() and not os.access(target, os.W_OK):
        code = errno.EROFS if _is_on_read_only_disk(target) else errno.EPERM
        raise OSError(code, os.strerror(code), str(target))
    temporary = TemporaryFile.beside(target)
    if target.exists():
        temporary.path.chmod(target.stat().st_mode & 0o7777)
    return temporary


def _is_on_read_only_disk(path: Path) -> bool:
    """Whether that is why a file cannot be written, as far as the system tells."""
    return hasattr(os, "statvfs") and bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _put_in_place(temporaries: Sequence[TemporaryFile], targets: Sequence[Path]) -> None:
    for temporary, target in zip(temporaries, targets, strict=True):
        with _explained(target):
            temporary.flush_to_disk()
    if len(targets) == 1:
        with _explained(targets[0]):
            temporaries[0].replace(targets[0])
        return
    _put_all_in_place(temporaries, targets)


def _put_all_in_place(temporaries: Sequence[TemporaryFile], targets: Sequence[Path]) -> None:
    kept: list[Path] = []
    with ExitStack() as undo:
        # A file that another program holds open fails here, before anything has changed.
        for target in targets:
            if target.exists():
                old = name_for_old(target)
                with _explained(target):
                    _keep(target, old)
                undo.callback(_put_back, old, target)
                kept.append(old)
        for temporary, target in zip(temporaries, targets, strict=True):
            with _explained(target):
                temporary.replace(target)
            undo.callback(target.unlink)
        undo.pop_all()
    for old in kept:
        with suppress(OSError):
            old.unlink()


def _keep(target: Path, old: Path) -> None:
    """Give what `target` holds the name `old`, and leave it its own where a file can have two."""
    try:
        old.hardlink_to(target)
    except OSError:
        target.replace(old)


def _put_back(old: Path, target: Path) -> None:
    old.replace(target)
    old.unlink(missing_ok=True)  # which is still there where both were one file


@contextmanager
def _explained(target: Path, others: Sequence[Path] = ()) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        names = ", ".join(str(path) for path in (target, *others))
        reason = tr(_REASONS.get(error.errno or 0, "")) or error.strerror or str(error)
        raise ImageWriteError(tr("Cannot write {names}: {reason}.", names=names, reason=reason)) from error
