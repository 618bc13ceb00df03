"""Does the slow part of an edit on a snapshot of the document."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.cancel import CancelToken
from core.document import Document
from workers.worker import Worker


@dataclass(frozen=True, eq=False, slots=True)
class EditJob:
    """A slow function of `core` and the document that it is asked about."""

    document: Document = field(repr=False)
    compute: Callable[[Document], object] = field(repr=False)
    token: CancelToken = field(default_factory=CancelToken, repr=False)


class EditWorker(Worker):
    """Computes edits; a withdrawn one is dropped before or after its native calls."""

    def work(self, job: EditJob) -> object:
        """Return what the job computes."""
        job.token.check()
        result = job.compute(job.document)
        job.token.check()
        return result
