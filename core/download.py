"""One file over HTTP: resumed where it broke off, checked, and in place only when it is whole."""

import hashlib
import http.client
import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias
from urllib.parse import urlsplit

from core.cancel import CancelToken
from core.errors import ModelUnavailableError

ByteReport: TypeAlias = Callable[[int], None]
"""Told how many bytes of the file are there."""

TIMEOUT = 20.0
"""Seconds without a byte after which a connection counts as broken."""

PAUSES = (0.5, 2.0, 5.0)
"""Seconds to wait before each new attempt; an attempt that brought bytes starts the row anew."""

SPARE_BYTES = 64 << 20
"""What stays free on the disk."""

_CHUNK = 256 << 10
_TRANSIENT_STATUS = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file to fetch: address, exact size or None, hexadecimal SHA-256 or empty."""

    url: str
    nbytes: int | None
    sha256: str


class _BrokenOffError(Exception):
    """The connection failed in a way that another attempt may not."""


class _NoDowngrade(urllib.request.HTTPRedirectHandler):
    """Follows redirections, but never from an encrypted address to one that is not."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise ModelUnavailableError(f"{req.host} redirects to an unencrypted address; nothing was downloaded.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


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
        raise ModelUnavailableError(f"{part} cannot be written: {error.strerror or error}.") from error
    if digest is None:
        raise ModelUnavailableError(f"{_host(remote)} sent other bytes than the published file; what came was deleted.")
    return digest


def hash_file(path: Path, token: CancelToken | None = None) -> str:
    """Return the hexadecimal SHA-256 of a file.

    Raises
    ------
    Cancelled
        If `token` was cancelled.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK * 4):
            if token is not None:
                token.check()
            digest.update(chunk)
    return digest.hexdigest()


def check_space(folder: Path, nbytes: int) -> None:
    """Raise :class:`ModelUnavailableError` unless `nbytes` more fit into an existing folder, with some to spare."""
    free = shutil.disk_usage(folder).free
    if free < nbytes + SPARE_BYTES:
        raise ModelUnavailableError(
            f"{nbytes / 1e6:.0f} MB are needed in {folder}, and only {free / 1e6:.0f} MB are free there."
        )


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
    pauses = list(PAUSES)
    while True:
        before = _size_of(part)
        try:
            _attempt(remote, part, report, token)
        except _BrokenOffError as error:
            token.check()
            if _size_of(part) > before:
                pauses = list(PAUSES)
            if not pauses:
                raise ModelUnavailableError(f"{_host(remote)} cannot be reached ({error}).") from error
            _wait(pauses.pop(0), token)
        else:
            return


def _wait(seconds: float, token: CancelToken) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        token.check()
        time.sleep(min(left, 0.1))


def _attempt(remote: RemoteFile, part: Path, report: ByteReport, token: CancelToken) -> None:
    """Ask for what is missing and append it; return when the file is whole."""
    token.check()
    start = _size_of(part)
    if start and start == remote.nbytes:
        return
    try:
        with _open(remote, start) as response:
            _refuse_page(response)
            start, total = _range_of(response, start)
            _check_total(remote, total)
            check_space(part.parent, (total or remote.nbytes or start) - start)
            received = _append(response, remote, part, start, report, token)
    except urllib.error.HTTPError as error:
        _handle_status(error, remote, part, start)
    except urllib.error.URLError as error:
        raise _BrokenOffError(str(getattr(error.reason, "strerror", None) or error.reason)) from error
    except (http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise _BrokenOffError(str(error) or type(error).__name__) from error
    else:
        if total is not None and received < total:
            raise _BrokenOffError("the connection broke off")


def _open(remote: RemoteFile, start: int) -> http.client.HTTPResponse:
    if urlsplit(remote.url).scheme not in ("http", "https"):
        raise ValueError(f"not an address on the web: {remote.url}")
    headers = {"User-Agent": "clickcut", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(remote.url, headers=headers)  # noqa: S310 - checked above
    response: http.client.HTTPResponse = urllib.request.build_opener(_NoDowngrade).open(request, timeout=TIMEOUT)
    return response


def _refuse_page(response: http.client.HTTPResponse) -> None:
    """Recognise the log-in page of a network that is not connected, before it is taken for weights."""
    if response.headers.get_content_type() == "text/html":
        raise ModelUnavailableError(f"{urlsplit(response.url).hostname} answered with a web page instead of the file.")


def _range_of(response: http.client.HTTPResponse, asked: int) -> tuple[int, int | None]:
    """Return where the server's bytes begin and how long the whole file is (None if it does not say)."""
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        unit, _, span = response.headers.get("Content-Range", "").partition(" ")
        first, _, total = span.partition("/")
        if unit != "bytes" or first.partition("-")[0] != str(asked):
            raise ModelUnavailableError(f"{urlsplit(response.url).hostname} sent another part than was asked for.")
        return asked, int(total) if total.isdigit() else None
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _check_total(remote: RemoteFile, total: int | None) -> None:
    if total is not None and remote.nbytes is not None and total != remote.nbytes:
        raise ModelUnavailableError(
            f"{_host(remote)} offers a file of {total} bytes; the published one has {remote.nbytes}."
        )


def _append(
    response: http.client.HTTPResponse,
    remote: RemoteFile,
    part: Path,
    start: int,
    report: ByteReport,
    token: CancelToken,
) -> int:
    """Write what comes after the first `start` bytes of `part`; return its size. Whatever comes is kept."""
    received = start
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        report(received)
        # One byte too many is enough to know that it is another file.
        while (remote.nbytes is None or received <= remote.nbytes) and (chunk := _read(response)):
            token.check()
            file.write(chunk)
            received += len(chunk)
            report(received)
        file.flush()
        os.fsync(file.fileno())
    return received


def _read(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _BrokenOffError(str(error) or type(error).__name__) from error


def _handle_status(error: urllib.error.HTTPError, remote: RemoteFile, part: Path, start: int) -> None:
    with error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            # The server's file ends where ours does, so ours is whole, or it is none of this server's.
            total = error.headers.get("Content-Range", "").rpartition("/")[2]
            if total != str(start):
                part.unlink()
                raise _BrokenOffError("the file on the server has changed")
            return
        if error.code in _TRANSIENT_STATUS:
            raise _BrokenOffError(f"it answers {error.code} {error.reason}") from error
        raise ModelUnavailableError(f"{_host(remote)} does not give the file: {error.code} {error.reason}.") from error


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _host(remote: RemoteFile) -> str:
    return urlsplit(remote.url).hostname or remote.url
