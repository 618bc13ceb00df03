"""What a kind of exported file is: one class a format, one instance each in :mod:`core.export.registry`."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from core.arrays import RgbaImage
from core.cancel import CancelToken
from core.compositor import composite
from core.document import Document
from core.export.annotation import drawn_objects
from core.export.options import ExportOptions
from core.export.source import ExportSource

AnyOptions = TypeVar("AnyOptions", bound=ExportOptions)


def _unheard(fraction: float) -> None:
    del fraction


@dataclass(frozen=True, slots=True)
class Progress:
    """How an export is withdrawn, and whom it tells how far it is, from 0 to 1."""

    token: CancelToken = field(default_factory=CancelToken)
    report: Callable[[float], None] = _unheard

    def step(self, done: float, total: float) -> None:
        """Tell that `done` of `total` is done; raises :class:`core.cancel.Cancelled` if nobody wants it any more."""
        self.token.check()
        self.report(min(1.0, done / total) if total else 1.0)

    def part(self, start: float, end: float) -> "Progress":
        """Return the progress of a part of this work, whose 0 and 1 are `start` and `end` here."""
        return Progress(self.token, lambda fraction: self.report(start + fraction * (end - start)))


@dataclass(frozen=True, slots=True)
class Target:
    """A file that is written: what it will be called, and the file beside it that is there to be written to now."""

    path: Path
    temporary: Path


class ExportFormat(ABC, Generic[AnyOptions]):
    """A kind of exported file.

    Attributes
    ----------
    id
        Its name in presets and in the terminal; never changes.
    title, summary
        Marked texts: what it is called in a list, and one sentence on what it is good for and what it keeps.
    suffixes
        How names of such files end, in lower case with the dot; the first one is written by default.
    options_type
        What can be chosen about it.
    has_objects
        Whether the file is about objects rather than pixels, so that it can be of what a segmenter found.
    is_layered
        Whether one file holds all layers, so that a file for every layer would be odd.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    options_type: type[AnyOptions]
    is_layered: ClassVar[bool] = False
    has_objects: ClassVar[bool] = False

    @abstractmethod
    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: AnyOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the files, and return sentences on what could not be kept.

        Parameters
        ----------
        targets
            The file itself, then those that :meth:`companions` names. All of them are put in place afterwards, or
            none; what is raised here leaves nothing behind.

        Raises
        ------
        ExportError
            If it cannot be done as wished.
        OSError
            If a file cannot be written; who called turns it into a sentence.
        Cancelled
            If it was withdrawn.
        """

    def companions(self, path: Path, options: AnyOptions) -> tuple[Path, ...]:
        """Return the files that are written beside `path`."""
        del path, options
        return ()

    def check(self, source: ExportSource, options: AnyOptions) -> None:
        """Raise :class:`core.export.options.ExportError` if it is known beforehand that it cannot be written; quick."""

    def idle_options(self, document: Document) -> frozenset[str]:
        """Return the names of options that change nothing for this document, which a dialog does not ask for."""
        idle = {"depth": not document.is_deep, "metadata": document.exif is None}
        return frozenset(name for name, is_idle in idle.items() if is_idle)

    def preview(self, source: ExportSource, options: AnyOptions) -> RgbaImage:
        """Return what the file will show, in the document's colour space, straight alpha. Slow; for a worker."""
        del options
        return drawn_objects(source) if self.has_objects else composite(source.document, source.document.rect)
