"""One attempt at a file over HTTP. Imported only when there is something to fetch: what it needs takes long to load."""

import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from core.cancel import CancelToken
from core.errors import ModelUnavailableError
from core.patience import Errands
from core.remote_file import BrokenOffError, RemoteFile, check_space, size_of
from core.texts import tr

TIMEOUT = 20.0
"""Seconds without a byte after which a connection counts as broken."""

_CHUNK = 256 << 10
_ERRORS = (OSError, http.client.HTTPException, ValueError, BrokenOffError, ModelUnavailableError)
_TRANSIENT_STATUS = {408, 425, 429, 500, 502, 503, 504}


class _NoDowngrade(urllib.request.HTTPRedirectHandler):
    """Follows redirections, but never from an encrypted address to one that is not."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise ModelUnavailableError(
                tr("{host} redirects to an unencrypted address; nothing was downloaded.", host=req.host)
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def attempt(remote: RemoteFile, part: Path, report: Callable[[int], None], token: CancelToken) -> None:
    """Ask for what `part` lacks and append it; return when it is whole.

    Raises
    ------
    BrokenOffError
        If the connection failed; what came is kept.
    Cancelled
        If `token` was cancelled; what came is kept.
    ModelUnavailableError
        If the server has no such file or another one, or the disk is full.
    OSError
        If `part` cannot be written.
    """
    token.check()
    start = size_of(part)
    if start and start == remote.nbytes:
        return
    try:
        # Name look-up, connection and waiting for bytes block in the system, out of reach of a token.
        with Errands(token, _ERRORS) as errands:
            response = errands.do(lambda: errands.keep(_open(remote, start)))
            _refuse_page(response)
            begin, total = _range_of(response, start)
            _check_total(remote, total)
            check_space(part.parent, (total or remote.nbytes or begin) - begin)
            received = _append(lambda: errands.do(lambda: _read(response)), remote, part, begin, report)
    except urllib.error.HTTPError as error:
        _handle_status(error, remote, part, start)
    except urllib.error.URLError as error:
        raise BrokenOffError(str(getattr(error.reason, "strerror", None) or error.reason)) from error
    except (http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise BrokenOffError(str(error) or type(error).__name__) from error
    else:
        if total is not None and received < total:
            raise BrokenOffError(tr("the connection broke off"))


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
        raise ModelUnavailableError(
            tr("{host} answered with a web page instead of the file.", host=urlsplit(response.url).hostname)
        )


def _range_of(response: http.client.HTTPResponse, asked: int) -> tuple[int, int | None]:
    """Return where the server's bytes begin and how long the whole file is (None if it does not say)."""
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        unit, _, span = response.headers.get("Content-Range", "").partition(" ")
        first, _, total = span.partition("/")
        if unit != "bytes" or first.partition("-")[0] != str(asked):
            raise ModelUnavailableError(
                tr("{host} sent another part than was asked for.", host=urlsplit(response.url).hostname)
            )
        return asked, int(total) if total.isdigit() else None
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _check_total(remote: RemoteFile, total: int | None) -> None:
    if total is not None and remote.nbytes is not None and total != remote.nbytes:
        raise ModelUnavailableError(
            tr(
                "{host} offers a file of {total} bytes; the published one has {nbytes}.",
                host=remote.host,
                total=total,
                nbytes=remote.nbytes,
            )
        )


def _append(
    read: Callable[[], bytes], remote: RemoteFile, part: Path, start: int, report: Callable[[int], None]
) -> int:
    """Write what comes after the first `start` bytes of `part`; return its size. Whatever comes is kept."""
    received = start
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        report(received)
        # One byte too many is enough to know that it is another file.
        while (remote.nbytes is None or received <= remote.nbytes) and (chunk := read()):
            file.write(chunk)
            received += len(chunk)
            report(received)
        file.flush()
        os.fsync(file.fileno())
    return received


def _read(response: http.client.HTTPResponse) -> bytes:
    try:
        # As much as is there: a slow server's bytes are kept as they come.
        return response.read1(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise BrokenOffError(str(error) or type(error).__name__) from error


def _handle_status(error: urllib.error.HTTPError, remote: RemoteFile, part: Path, start: int) -> None:
    with error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            # The server's file ends where ours does, so ours is whole, or it is none of this server's.
            total = error.headers.get("Content-Range", "").rpartition("/")[2]
            if total != str(start):
                part.unlink()
                raise BrokenOffError(tr("the file on the server has changed"))
            return
        if error.code in _TRANSIENT_STATUS:
            raise BrokenOffError(tr("it answers {code} {reason}", code=error.code, reason=error.reason)) from error
        raise ModelUnavailableError(
            tr(
                "{host} does not give the file: {code} {reason}.",
                host=remote.host,
                code=error.code,
                reason=error.reason,
            )
        ) from error
