"""How far a long work on bytes is, told often enough to be seen moving, and not more often."""

from collections.abc import Callable
from time import monotonic
from typing import TypeAlias

from core.texts import number, tr

Report: TypeAlias = Callable[[str, float | None], None]
"""Told what is going on, in words for the person, and how far it is from 0 to 1 (None where that is not known)."""

_REPORT_INTERVAL = 0.05


def silent(step: str, fraction: float | None) -> None:
    """Report to nobody."""
    del step, fraction


def size_text(nbytes: int) -> str:
    """Return a size as a person reads it, in decimal units as disks are sold: ``41 MB``, ``1.2 GB``."""
    if nbytes < 1e6:
        return f"{max(1, round(nbytes / 1e3))} kB" if nbytes else "0 MB"
    if nbytes < 0.9995e9:
        return f"{nbytes / 1e6:.0f} MB"
    return f"{number(nbytes / 1e9, 1 if nbytes < 9.95e9 else 0)} GB"


class ByteProgress:
    """Adds up the parts of one work.

    Parameters
    ----------
    words
        What is going on; ``: 12.3 of 45.6 MB`` is put after it.
    total
        Bytes of all parts, about.
    """

    def __init__(self, words: str, total: int, report: Report) -> None:
        self._words, self._total, self._report = words, max(1, total), report
        self._done = 0
        self._told_at = -_REPORT_INTERVAL

    def tell(self, nbytes: int) -> None:
        """Tell that `nbytes` of the present part are done."""
        now = monotonic()
        if now - self._told_at >= _REPORT_INTERVAL:
            self._told_at = now
            self._say(self._done + nbytes)

    def finish(self, nbytes: int) -> None:
        """Tell that the present part is done; it counts as `nbytes`."""
        self._done += nbytes
        self._say(self._done)

    def _say(self, done: int) -> None:
        done = min(done, self._total)
        self._report(
            tr(
                "{words}: {done} of {total} MB",
                words=self._words,
                done=number(done / 1e6, 1),
                total=number(self._total / 1e6, 1),
            ),
            done / self._total,
        )
