"""Looks after the models that are here: checks, removes and measures them, one after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from PySide6.QtCore import Signal

from core.cancel import CancelToken
from workers.worker import Worker

Compute: TypeAlias = Callable[[Callable[[str, float | None], None], Callable[[object], object], CancelToken], object]
"""Does the work: gets what is told how far it is, what is told each part of the answer, and the token."""


@dataclass(frozen=True, eq=False, slots=True)
class ModelJob:
    """A work of `kind` on the model `name` (empty for all); both are for who asked."""

    kind: str
    name: str
    compute: Compute = field(repr=False)
    token: CancelToken = field(default_factory=CancelToken, repr=False)


class ModelWorker(Worker):
    """Does model jobs; a withdrawn one ends at its next look at the token."""

    found = Signal(object, object)  # job, part of its answer

    def work(self, job: ModelJob) -> object:
        """Return what the job computes."""
        job.token.check()
        return job.compute(
            lambda step, fraction: self.report(job, step, fraction), lambda part: self.found.emit(job, part), job.token
        )
