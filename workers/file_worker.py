"""Reads and writes files, one after the other; nothing is ever dropped."""

from collections.abc import Callable
from dataclasses import dataclass, field

from workers.worker import Worker


@dataclass(frozen=True, eq=False, slots=True)
class FileJob:
    """One file operation of `core` with what it needs, all of it values.

    `kind` is for who asked; `is_writing` says that closing the program must wait for it.
    """

    kind: str
    operation: Callable[[], object] = field(repr=False)
    is_writing: bool


class FileWorker(Worker):
    """Carries file operations out in the order in which they were asked for."""

    def work(self, job: FileJob) -> object:
        """Return what the operation returns."""
        return job.operation()
