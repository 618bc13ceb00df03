"""How signals end a command: by unwinding it, so that unfinished files are removed. Imports no Qt."""

import signal
from types import FrameType
from typing import NoReturn

_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


def unwind_on_signals() -> None:
    """Let the signals that end a process raise an exception; those that its parent had ignored stay ignored."""
    for number in _ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def leave_signals_alone() -> None:
    """Take :func:`unwind_on_signals` back: while Qt waits for events, no handler written in Python would run."""
    for number in _ENDING:
        if signal.getsignal(number) is _end:
            signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is _interrupt:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(number: int, _: FrameType | None) -> NoReturn:
    # A second one ends the process at once.
    leave_signals_alone()
    raise SystemExit(128 + number)


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    # Whoever presses Ctrl+C three times means it once; the second would hit the cleaning up.
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
