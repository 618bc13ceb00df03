"""What C libraries print by themselves, past Python."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_STDERR = 2
_lock = threading.Lock()


@contextmanager
def native_stderr_silenced() -> Iterator[None]:
    """Throw away what anybody writes to the process's standard error during the block, which should be short.

    For libraries that can be silenced in no other way. Without a standard error nothing happens.
    """
    # Two blocks at a time would each take the other's nowhere for the real thing.
    with _lock:
        try:
            kept = os.dup(_STDERR)
        except OSError:
            kept = None
        if kept is None:
            yield
            return
        try:
            with suppress(OSError):
                _point_to_nowhere()
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)


def _point_to_nowhere() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, _STDERR)
    finally:
        os.close(nowhere)
