"""Waiting for what blocks in the system, and giving up as soon as it is not wanted any more."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from core.cancel import CancelToken

_LOOK_SECONDS = 0.1
"""Between two looks at the token: less than a person notices."""


class _CanClose(Protocol):
    def close(self) -> object:
        """Let go of what the system holds."""


T = TypeVar("T")
C = TypeVar("C", bound=_CanClose)


class Errands:
    """Blocking calls, made one after the other in a thread of their own, while a token is watched.

    A call that is given up, because the token was cancelled or the person interrupts the program, goes on in its thread
    until the system ends it; the thread then closes what it keeps. Nobody waits for that, nor does the program's end.

    Parameters
    ----------
    errors
        What the calls may raise; it is raised again where the call was asked for.
    """

    def __init__(self, token: CancelToken, errors: tuple[type[Exception], ...]) -> None:
        self._token, self._errors = token, errors
        self._calls: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self._last: Future[Any] | None = None
        self._kept = ExitStack()
        self._thread = threading.Thread(target=self._run, name="errands", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._calls.put(None)
        if self._last is None or self._last.done():
            self._thread.join()

    def do(self, call: Callable[[], T]) -> T:
        """Return what `call` returns, or raise what it raises.

        Raises
        ------
        Cancelled
            If the token is cancelled before the call has ended.
        """
        self._token.check()
        answer: Future[T] = Future()
        self._last = answer
        self._calls.put((call, answer))
        while not answer.done():
            try:
                return answer.result(_LOOK_SECONDS)
            except TimeoutError:  # this wait's, or the call's own
                self._token.check()
        return answer.result()

    def keep(self, resource: C) -> C:
        """Return `resource`, and close it when the errands are over; for the calls themselves."""
        self._kept.callback(resource.close)
        return resource

    def _run(self) -> None:
        with self._kept:
            while (errand := self._calls.get()) is not None:
                call, answer = errand
                try:
                    answer.set_result(call())
                except self._errors as error:
                    answer.set_exception(error)
                finally:
                    # Nothing happens to what has an answer. Otherwise a mistake ends the thread: nobody waits in vain.
                    answer.cancel()
