"""One export from a document to its files: the same for the dialog, the terminal and batches."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from core.atomic_file import replacing_all
from core.errors import ImageWriteError
from core.export.file_names import file_stem
from core.export.format import Progress, Target
from core.export.options import ExportError, ExportOptions
from core.export.registry import format_of
from core.export.source import ExportSource
from core.texts import tr

DEFAULT_TEMPLATE = "{name}-{layer}"
PLACES = ("name", "layer", "index", "date")
"""What a template may hold in braces: the document, the layer or object, its number from the bottom, and today."""


class Scope(StrEnum):
    """How many files an export makes."""

    WHOLE = "whole"
    """One, of the document as it is."""

    LAYERS = "layers"
    """One for each of :meth:`core.export.source.ExportSource.parts`."""


@dataclass(frozen=True, slots=True)
class ExportJob:
    """What is written where.

    Attributes
    ----------
    path
        The file; with :attr:`Scope.LAYERS` the folder, which is made if its parent is there.
    template
        Names of the files of layers or objects, without their ending (see :data:`PLACES`).
    """

    format_id: str
    options: ExportOptions
    path: Path
    scope: Scope = Scope.WHOLE
    template: str = DEFAULT_TEMPLATE


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, companions included, and sentences on what could not be kept."""

    paths: tuple[Path, ...]
    notes: tuple[str, ...] = field(default=())


def planned_files(job: ExportJob, source: ExportSource, today: date | None = None) -> tuple[Path, ...]:
    """Return all files that an export writes.

    Raises
    ------
    ExportError
        If the template names something that is not there, or there is no layer.
    """
    kind = format_of(job.format_id)
    return tuple(
        path for main in _main_files(job, source, today) for path in (main, *kind.companions(main, job.options))
    )


def run_export(source: ExportSource, job: ExportJob, progress: Progress | None = None) -> Exported:
    """Write all files of an export; all of them are there afterwards, or none is changed.

    Raises
    ------
    ExportError
        If the format cannot hold the document, or the template makes no sense.
    ImageWriteError
        If a file cannot be written.
    Cancelled
        If it was withdrawn.
    """
    progress = progress or Progress()
    kind = format_of(job.format_id)
    mains = _main_files(job, source, None)
    sources = (source,) if job.scope is Scope.WHOLE else source.parts()
    for each in sources:
        kind.check(each, job.options)
    groups = [(main, *kind.companions(main, job.options)) for main in mains]
    made = _make_folder(job)
    notes: list[str] = []
    try:
        with replacing_all([path for group in groups for path in group]) as temporaries:
            left = iter(temporaries)
            for index, (each, group) in enumerate(zip(sources, groups, strict=True)):
                targets = tuple(Target(path, next(left)) for path in group)
                part = progress.part(index / len(groups), (index + 1) / len(groups))
                part.token.check()
                notes += kind.write(each, targets, job.options, part)
            progress.token.check()
    except BaseException:
        if made:
            with suppress(OSError):  # it is not empty if somebody else has written there meanwhile
                job.path.rmdir()
        raise
    return Exported(tuple(path for group in groups for path in group), tuple(dict.fromkeys(notes)))


def _main_files(job: ExportJob, source: ExportSource, today: date | None) -> list[Path]:
    if job.scope is Scope.WHOLE:
        return [job.path]
    names = source.part_names()
    if not names:
        raise ExportError(tr("There is no layer to write. Open a photo first."))
    suffix = format_of(job.format_id).suffixes[0]
    day = (today or date.today()).isoformat()
    stems = [
        filled(job.template, {"name": source.document.name, "layer": name, "index": f"{index:02d}", "date": day})
        for index, name in enumerate(names, start=1)
    ]
    return [job.path / f"{stem}{suffix}" for stem in _distinct(stems)]


def filled(template: str, values: dict[str, str]) -> str:
    """Return a template with its places filled, as a file name that every system takes.

    Raises
    ------
    ExportError
        If it names a place that is not among `values`.
    """

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            known = ", ".join(f"{{{each}}}" for each in values)
            raise ExportError(
                tr("{place} is no place of a file name; there is {known}.", place=found.group(0), known=known)
            )
        return values[name]

    return file_stem(re.sub(r"\{([^{}]*)\}", value, template))


def _distinct(stems: Sequence[str]) -> list[str]:
    """Return the names, numbered where one is there already: file systems that know no capitals must not mix them."""
    taken: set[str] = set()
    distinct = []
    for stem in stems:
        name, number = stem, 2
        while name.casefold() in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name.casefold())
        distinct.append(name)
    return distinct


def _make_folder(job: ExportJob) -> bool:
    """Make the folder that layers go to; return whether it was not there before."""
    try:
        if job.scope is Scope.WHOLE or job.path.is_dir():
            return False
        job.path.mkdir()
    except (OSError, ValueError) as error:  # the latter for a NUL in its name
        reason = error.strerror if isinstance(error, OSError) else None
        raise ImageWriteError(
            tr(
                "The folder {folder} cannot be made: {reason}. Choose another one.",
                folder=str(job.path).replace("\0", "?"),
                reason=reason or error,
            )
        ) from error
    return True
