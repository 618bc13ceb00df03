"""Does the slow part of an edit on a snapshot of the document."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from core.cancel import CancelToken
from core.document import Document
from workers.worker import Worker

Compute: TypeAlias = Callable[[Document, CancelToken, Callable[[float], None]], object]
"""A slow function of `core`: of a document, a token to look at, and whom to tell the fraction done."""


Draft: TypeAlias = Callable[[Document], object]
"""A quick function of `core` that returns roughly what the slow one will, or None."""


@dataclass(frozen=True, eq=False, slots=True)
class EditJob:
    """A slow function and the document that it is asked about; `draft` is what is asked first."""

    document: Document = field(repr=False)
    compute: Compute = field(repr=False)
    draft: Draft | None = field(default=None, repr=False)
    token: CancelToken = field(default_factory=CancelToken, repr=False)


class EditWorker(Worker):
    """Computes edits; a withdrawn one is dropped before, after and, if it looks at its token, between native calls."""

    def work(self, job: EditJob) -> object:
        """Return what the job computes."""
        job.token.check()
        draft = None if job.draft is None else job.draft(job.document)
        if draft is not None:
            self.drafted.emit(job, draft)
            job.token.check()
        result = job.compute(job.document, job.token, lambda fraction: self.report(job, "", fraction))
        job.token.check()
        return result
