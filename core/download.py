"""One file over HTTP: resumed where it broke off, checked, and in place only when it is whole."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from core.cancel import CancelToken
from core.errors import ModelUnavailableError
from core.remote_file import BrokenOffError, RemoteFile, size_of
from core.texts import tr

ByteReport: TypeAlias = Callable[[int], None]
"""Told how many bytes of the file are there."""

PAUSES = (0.5, 2.0, 5.0)
"""Seconds to wait before each new attempt; an attempt that brought bytes starts the row anew."""

_CHUNK = 1 << 20


def fetch(remote: RemoteFile, part: Path, report: ByteReport, token: CancelToken) -> str:
    """Bring a file into `part`, going on with what is there already, and return its SHA-256.

    Raises
    ------
    Cancelled
        If `token` was cancelled; `part` stays, and the next call goes on from there.
    ModelUnavailableError
        If the server cannot be reached or goes on failing (`part` stays), has no such file, sends other bytes than
        the published ones (`part` is removed), or the disk is full.
    """
    was_resumed = part.is_file() and part.stat().st_size > 0
    try:
        digest = _fetch_checked(remote, part, report, token)
        if digest is None and was_resumed:
            # What an earlier attempt left may have been wrong from the start.
            digest = _fetch_checked(remote, part, report, token)
    except OSError as error:
        raise ModelUnavailableError(
            tr("{part} cannot be written: {reason}.", part=part, reason=error.strerror or error)
        ) from error
    if digest is None:
        raise ModelUnavailableError(
            tr("{host} sent other bytes than the published file; what came was deleted.", host=remote.host)
        )
    return digest


def hash_file(path: Path, token: CancelToken | None = None, report: ByteReport | None = None) -> str:
    """Return the hexadecimal SHA-256 of a file; `report` is told how many bytes are done.

    Raises
    ------
    Cancelled
        If `token` was cancelled.
    """
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if token is not None:
                token.check()
            digest.update(chunk)
            done += len(chunk)
            if report is not None:
                report(done)
    return digest.hexdigest()


def _fetch_checked(remote: RemoteFile, part: Path, report: ByteReport, token: CancelToken) -> str | None:
    """Return the digest of the whole file, or None after removing one that is not the published file."""
    _fetch_with_retries(remote, part, report, token)
    digest = hash_file(part, token)
    has_right_size = remote.nbytes is None or part.stat().st_size == remote.nbytes
    if has_right_size and remote.sha256 in ("", digest):
        return digest
    part.unlink()
    return None


def _fetch_with_retries(remote: RemoteFile, part: Path, report: ByteReport, token: CancelToken) -> None:
    from core.http_source import attempt

    pauses = list(PAUSES)
    while True:
        before = size_of(part)
        try:
            attempt(remote, part, report, token)
        except BrokenOffError as error:
            token.check()
            if size_of(part) > before:
                pauses = list(PAUSES)
            if not pauses:
                raise ModelUnavailableError(
                    tr("{host} cannot be reached ({error}).", host=remote.host, error=error)
                ) from error
            _wait(pauses.pop(0), token)
        else:
            return


def _wait(seconds: float, token: CancelToken) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        token.check()
        time.sleep(min(left, 0.1))
