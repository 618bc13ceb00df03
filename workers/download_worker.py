"""Brings models' weights to this computer, one after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from core.cancel import CancelToken
from core.model_list import ModelSpec
from core.texts import tr
from workers.worker import Worker

Fetch: TypeAlias = Callable[[ModelSpec, Callable[[str, float | None], None], CancelToken], Path]
"""Gets a model, telling how far it is; raises AppError or Cancelled."""


@dataclass(frozen=True, eq=False, slots=True)
class DownloadJob:
    """A model to get, and how: from its server, or from a file that the person has."""

    spec: ModelSpec
    fetch: Fetch = field(repr=False)
    token: CancelToken = field(default_factory=CancelToken, repr=False)


class DownloadWorker(Worker):
    """Gets models; a withdrawn download stops soon and keeps what it has for the next try."""

    def work(self, job: DownloadJob) -> Path:
        """Return where the model lies now."""
        job.token.check()
        self.report(job, tr("Starting"), None)  # a server that cannot be reached is tried for seconds
        return job.fetch(job.spec, lambda step, fraction: self.report(job, step, fraction), job.token)
