"""The label map of a document's objects: which object each pixel belongs to, and a legend beside it."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.export.annotation import annotated_objects
from core.export.format import ExportFormat, Progress, Target
from core.export.label_map import legend_path, write_label_map
from core.export.options import ExportError, ExportOptions
from core.export.source import ExportSource
from core.object_map import MOST_LABELS, DrawnObject, DrawnObjects
from core.texts import mark, tr


@dataclass(frozen=True)
class LabelsOptions(ExportOptions):
    """A label map leaves nothing to choose."""


class LabelsFormat(ExportFormat[LabelsOptions]):
    """The objects as a label map with its legend."""

    id: ClassVar[str] = "labels"
    title: ClassVar[str] = mark("Label map")
    summary: ClassVar[str] = mark("A PNG in which each pixel has its object's number, and a JSON file that lists them.")
    suffixes: ClassVar[tuple[str, ...]] = (".png",)
    options_type = LabelsOptions
    is_layered: ClassVar[bool] = True
    has_objects: ClassVar[bool] = True

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: LabelsOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write map and legend (see :meth:`core.export.format.ExportFormat.write`)."""
        objects, notes = annotated_objects(source)
        if len(objects) > MOST_LABELS:
            raise ExportError(tr("A label map tells at most {most} objects apart.", most=MOST_LABELS))
        drawn = source.drawn
        if drawn is None:
            layers = (DrawnObject.of(each.name, each.score or 1.0, each.rect, each.coverage) for each in objects)
            drawn = DrawnObjects(source.document.size, tuple(layers))
        progress.step(0.3, 1)
        write_label_map(drawn, targets[0].temporary, targets[1].temporary, targets[0].path.name)
        progress.step(1, 1)
        return notes

    def companions(self, path: Path, options: LabelsOptions) -> tuple[Path, ...]:
        """Return the legend."""
        del options
        return (legend_path(path),)
