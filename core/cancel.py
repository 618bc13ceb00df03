"""How a request is withdrawn while another thread works on it."""

import threading


class Cancelled(Exception):  # noqa: N818 - it is no error
    """Raised by :meth:`CancelToken.check`; the work's answer is not wanted any more."""


class CancelToken:
    """A flag shared by who asks and who works; setting it is final."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Withdraw the request. May be called from any thread, any number of times."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether the request has been withdrawn."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise :class:`Cancelled` if the request has been withdrawn."""
        if self._event.is_set():
            raise Cancelled
