"""A real HTTP server on this computer that serves a few bytes, and misbehaves in the ways that servers do."""

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Say nothing of clients that hang up: some tests are about just that."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class LoopbackServer:
    """Serves `files` by path; `behave` may answer a request itself by returning True.

    `requests` records the path and the Range header of every request, in order.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.requests: list[tuple[str, str | None]] = []
        self.behave: Callable[[BaseHTTPRequestHandler, bytes], bool] = lambda _handler, _content: False
        self._server = _QuietServer(("127.0.0.1", 0), self._make_handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exc):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _make_handler(outer):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.requests.append((self.path, self.headers.get("Range")))
                content = outer.files.get(self.path)
                if content is None:
                    self.send_error(404)
                elif not outer.behave(self, content):
                    send(self, content)

            def log_message(self, *_args):
                """Keep the test's output clean."""

        return Handler


def send(handler, content: bytes) -> None:
    """Answer as a good server does: whole, or the range that was asked for."""
    wanted = handler.headers.get("Range")
    start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
    if wanted and start >= len(content):
        handler.send_response(416)
        handler.send_header("Content-Range", f"bytes */{len(content)}")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    handler.send_response(206 if wanted else 200)
    if wanted:
        handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
    handler.send_header("Content-Length", str(len(content) - start))
    handler.end_headers()
    handler.wfile.write(content[start:])


def break_off_after(count: int, then=send):
    """Return a behaviour: the first answer announces everything and ends after `count` bytes; later ones are `then`."""
    broken = []

    def behave(handler, content):
        if broken:
            then(handler, content)
        else:
            broken.append(True)
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content[:count])
            handler.close_connection = True
        return True

    return behave
