"""How much memory a piece of work takes at its height, as the system counts it."""

import sys
from contextlib import suppress
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"

_TOLERANCE = 16 << 20
"""Bytes that may come between forgetting the old height and reading the new one."""


class PeakMemory:
    """The process's memory from now on. Known on Linux only (proc(5): ``VmRSS``, ``VmHWM``, ``clear_refs``)."""

    def __init__(self) -> None:
        # Where the system does not let the old height be forgotten, only a new one can be told.
        with suppress(OSError):
            _CLEAR.write_text(_RESET_PEAK, encoding="ascii")
        self._before = _read("VmRSS")
        self._height_before = _read("VmHWM")

    def extra_bytes(self) -> int | None:
        """Return by how much the process has been larger than at the start, at most; None where that is not known."""
        height = _read("VmHWM")
        if height is None or self._before is None or self._height_before is None:
            return None
        was_forgotten = self._height_before <= self._before + _TOLERANCE
        return max(0, height - self._before) if was_forgotten or height > self._height_before else None


def _read(name: str) -> int | None:
    """Return a line of the process's status in bytes."""
    if sys.platform != "linux":
        return None
    try:
        lines = _STATUS.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    line = next((line for line in lines if line.startswith(f"{name}:")), "")
    return int(line.split()[1]) * 1024 if line else None
