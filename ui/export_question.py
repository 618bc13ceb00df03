"""What is asked about an export to any format, and what the person's words about it come to."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.document import Document
from core.export.format import ExportFormat
from core.export.job import ExportJob, Scope, planned_files
from core.export.options import ExportError
from core.export.registry import FORMATS, format_of
from core.export.source import ExportSource
from core.file_presence import is_file, is_folder
from core.texts import tr, tr_n

_NAMED = 3


@dataclass(frozen=True, slots=True)
class ExportQuestion:
    """What is exported, and how that would be done if nothing is changed."""

    source: ExportSource = field(repr=False)
    job: ExportJob

    @property
    def document(self) -> Document:
        """The document that it is about."""
        return self.source.document

    @property
    def formats(self) -> tuple[ExportFormat[Any], ...]:
        """The formats that can hold it: only some tell of objects that a segmenter found."""
        return tuple(each for each in FORMATS if each.has_objects or self.source.drawn is None)

    @property
    def has_parts(self) -> bool:
        """Whether there is more than one layer, or object that a segmenter found."""
        return len(self.source.part_names()) > 1

    @property
    def shown_part(self) -> ExportSource:
        """The layer that stands for all others in a preview: the active one; the first of objects (see `has_parts`)."""
        layers = self.document.layers
        index = next((index for index, each in enumerate(layers) if each.id == self.document.active_layer_id), 0)
        return self.source.parts()[0 if self.source.drawn is not None else index]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said about an export beforehand.

    Attributes
    ----------
    job
        What would be done, its path complete; None if it cannot be.
    text
        One sentence for the person; empty if there is nothing to say.
    is_replacing
        Whether files that are there would be replaced.
    """

    job: ExportJob | None
    text: str = ""
    is_replacing: bool = False


def judged(question: ExportQuestion, job: ExportJob) -> Verdict:
    """Return what becomes of `job`, whose path is what was typed and may lack its ending."""
    try:
        completed = replace(job, path=_completed(job, question.document.path))
        format_of(job.format_id).check(question.source, job.options)
        planned = planned_files(completed, question.source)
    except (ExportError, ValueError) as error:
        return Verdict(None, str(error))
    replaced = [path.name for path in planned if is_file(path)]
    if replaced:
        text = tr_n(
            "{names} is there already and will be replaced.",
            "{names} are there already and will be replaced.",
            len(replaced),
            names=_listed(replaced),
        )
        return Verdict(completed, text, is_replacing=True)
    if len(planned) > 1:
        return Verdict(completed, tr("Writes {names}.", names=_listed([path.name for path in planned])))
    return Verdict(completed)


def with_format(path: Path, old_id: str, new_id: str) -> Path:
    """Return a file's path with the ending of another format in place of its own."""
    name = path.name
    for suffix in sorted(format_of(old_id).suffixes, key=len, reverse=True):
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)]
            break
    return path.with_name(f"{name}{format_of(new_id).suffixes[0]}")


def _completed(job: ExportJob, photo: Path | None) -> Path:
    """Return the path as it will be written to; raise ValueError, with a sentence, if it cannot be."""
    text = str(job.path).strip()
    if not text or text == ".":
        raise ValueError(tr("Give the file a name."))
    # Path.expanduser raises for a person that is not known here; this leaves the name as it is.
    path = Path(os.path.expanduser(text))  # noqa: PTH111
    path = path if path.is_absolute() else Path.home() / path
    if not is_folder(path.parent):
        raise ValueError(tr("There is no folder {folder}.", folder=path.parent))
    if job.scope is Scope.LAYERS:
        if is_file(path):
            raise ValueError(tr("A file of this name is there already; choose a folder."))
        return path
    suffixes = format_of(job.format_id).suffixes
    if not path.name.lower().endswith(suffixes):
        path = path.with_name(f"{path.name}{suffixes[0]}")
    if is_folder(path):
        raise ValueError(tr("A folder of this name is there already."))
    # Path.resolve fails on links in a circle, which are reported where they are written to.
    if photo is not None and os.path.realpath(path) == os.path.realpath(photo):
        raise ValueError(tr("This is the photo itself; choose another name."))
    return path


def _listed(names: list[str]) -> str:
    if len(names) <= _NAMED:
        return ", ".join(names)
    more = len(names) - _NAMED + 1
    return tr("{names} and {n} more", names=", ".join(names[: _NAMED - 1]), n=more)
