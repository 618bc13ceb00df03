"""A cutout from the terminal in any format but PNG: the photo and what was found in it, as a document to export."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.arrays import Coverage
from core.background_wish import BackgroundWish
from core.cut_recipe import Drawn
from core.cut_request import CutRequest
from core.document import Document
from core.export.format import ExportFormat, Progress, Target
from core.export.options import ExportError, ExportOptions
from core.export.picture import PictureOptions
from core.export.registry import format_for
from core.export.source import ExportSource
from core.layer import Layer, new_layer_id

_NAME = "Cutout"


@dataclass(frozen=True)
class CutExport:
    """How a cutout is written; `paths` are its file and those that come with it."""

    kind: ExportFormat[Any]
    options: ExportOptions
    paths: tuple[Path, ...]

    @classmethod
    def of(cls, request: CutRequest) -> "CutExport | None":
        """Return the export that the ending of the output asks for; None for a PNG, which is written as it is.

        Raises
        ------
        ExportError
            If there is no such format, or it cannot be cropped as asked for.
        """
        if request.output.suffix.lower() == ".png":
            return None
        kind = format_for(request.output)
        options: ExportOptions = kind.options_type()
        if request.is_cropped:
            if not isinstance(options, PictureOptions) or request.background != BackgroundWish():
                raise ExportError("--crop is for pictures without a background, or for PNG; leave it out.")
            options = replace(options, trim=True)
        return cls(kind, options, (request.output, *kind.companions(request.output, options)))

    @classmethod
    def has_objects(cls, request: CutRequest) -> bool:
        """Return whether every object is to be told by itself."""
        export = cls.of(request) if request.is_everything else None
        return export is not None and export.kind.has_objects

    def write(self, document: Document, drawn: Drawn, temporaries: Sequence[Path]) -> tuple[str, ...]:
        """Write the photo's `document` with what was found, and return what could not be kept.

        Raises
        ------
        ExportError
            If the format cannot hold it.
        OSError
            If a file cannot be written.
        """
        if self.kind.is_layered and not self.kind.has_objects:
            document = with_cutout_layer(document, drawn.coverage)
        else:
            document = document.with_selection(drawn.coverage)
        source = ExportSource(document, drawn.objects if self.kind.has_objects else None)
        self.kind.check(source, self.options)
        targets = tuple(Target(path, temporary) for path, temporary in zip(self.paths, temporaries, strict=True))
        return self.kind.write(source, targets, self.options, Progress())


def with_cutout_layer(document: Document, coverage: Coverage) -> Document:
    """Return the photo, hidden, below the same pixels with `coverage` as a mask that can be edited."""
    photo = document.layers[0]
    cutout = Layer(new_layer_id(), _NAME, photo.pixels, mask=coverage, cut_from=(photo.pixels_key,), deep=photo.deep)
    return document.with_layers((replace(photo, is_visible=False), cutout), cutout.id)
