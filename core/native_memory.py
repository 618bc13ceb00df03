"""How the C library hands memory to the model libraries.

By default glibc maps every large tensor afresh and gives it back at once, so that an encoder spends much of its time
on page faults. Kept in one arena that is not trimmed, the same memory serves again; the results are the same to the
bit. The knobs are those of mallopt(3). A thread that has an arena of its own already keeps it, and gains little: so
the program asks for this when it starts, before any library has started a thread, and gives memory back by hand when
a model was unloaded and, in the editor, when it rests after a photo was closed or encoded.
"""

import ctypes
import platform
from functools import cache

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX, _M_ARENA_MAX = -1, -2, -4, -8


@cache
def _glibc() -> ctypes.CDLL | None:
    if platform.libc_ver()[0] != "glibc":
        return None
    try:
        return ctypes.CDLL("libc.so.6")
    except OSError:
        return None


@cache
def reuse_memory() -> bool:
    """Make glibc keep and reuse freed memory, for the whole process; return whether it does.

    Does its work once, and only on Linux with glibc. :func:`give_back_memory` returns what is kept.
    """
    libc = _glibc()
    if libc is None:
        return False
    knobs = {_M_MMAP_MAX: 0, _M_TRIM_THRESHOLD: 2**31 - 1, _M_TOP_PAD: 256 << 20, _M_ARENA_MAX: 1}
    accepted = [libc.mallopt(knob, value) == 1 for knob, value in knobs.items()]
    return all(accepted)


def give_back_memory() -> None:
    """Return freed memory to the system after something large was let go. Does nothing without glibc."""
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)
