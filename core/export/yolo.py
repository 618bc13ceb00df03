"""YOLO's text for training segmenters: a line an object, its class and one polygon, as parts of the picture's sides."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.arrays import to_mask
from core.export.annotation import annotated_objects, class_index, class_names, holes_note, outer_rings
from core.export.format import ExportFormat, Progress, Target
from core.export.options import ExportOptions, option
from core.export.source import ExportObject, ExportSource
from core.geometry import Size
from core.texts import mark, tr_n


@dataclass(frozen=True)
class YoloOptions(ExportOptions):
    """What can be chosen about YOLO's text."""

    one_class: str = option("", mark("One class for all"), tip=mark("Empty: every layer's name is a class."))


class YoloFormat(ExportFormat[YoloOptions]):
    """The objects as YOLO's polygons, with a list of the classes beside it."""

    id: ClassVar[str] = "yolo"
    title: ClassVar[str] = mark("YOLO segmentation")
    summary: ClassVar[str] = mark("A line of text an object, with its polygon; another file lists the classes.")
    suffixes: ClassVar[tuple[str, ...]] = (".txt",)
    options_type = YoloOptions
    is_layered: ClassVar[bool] = True
    has_objects: ClassVar[bool] = True

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: YoloOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write lines and classes (see :meth:`core.export.format.ExportFormat.write`)."""
        objects, notes = annotated_objects(source)
        names = class_names(objects, options.one_class)
        lines, with_holes, in_parts = [], 0, 0
        for number, each in enumerate(objects):
            progress.step(number, len(objects))
            polygon, has_lost_holes, parts = _polygon(each, source.document.size)
            with_holes += has_lost_holes
            in_parts += parts > 1
            lines.append(" ".join([str(class_index(each, names)), *(f"{value:.6f}" for value in polygon.ravel())]))
        targets[0].temporary.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="replace")
        classes = [" ".join(name.split()) for name in names]  # a line a class, whatever is in the name
        targets[1].temporary.write_text("\n".join(classes) + "\n", encoding="utf-8", errors="replace")
        progress.step(1, 1)
        return (*notes, *holes_note(with_holes), *_parts_note(in_parts))

    def companions(self, path: Path, options: YoloOptions) -> tuple[Path, ...]:
        """Return the list of the classes, whose line numbers from 0 are the numbers in the lines."""
        del options
        return (path.with_name(f"{path.stem}-classes.txt"),)


def _parts_note(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        tr_n(
            "{n} object has several parts, which are joined by thin ways: YOLO has one ring an object.",
            "{n} objects have several parts, which are joined by thin ways: YOLO has one ring an object.",
            count,
        ),
    )


def _polygon(each: ExportObject, size: Size) -> tuple[NDArray[np.float64], bool, int]:
    """Return one ring around all parts, ``(N, 2)`` in [0, 1], whether holes were lost, and how many parts there are.

    A line has room for one ring: parts hang on the largest one by a way there and back that encloses nothing.
    """
    rings, has_lost_holes = outer_rings(to_mask(each.coverage))
    rings.sort(key=len, reverse=True)
    joined = rings[0]
    for ring in rings[1:]:
        at, start = _nearest(joined, ring)
        visit = np.concatenate([ring[start:], ring[: start + 1]])
        joined = np.concatenate([joined[: at + 1], visit, joined[at:]])
    place, sides = np.array([each.rect.x, each.rect.y]), np.array([size.width, size.height])
    return (joined + place) / sides, has_lost_holes, len(rings)


def _nearest(points: NDArray[np.int64], others: NDArray[np.int64]) -> tuple[int, int]:
    """Return the indices of two points, one of each kind, that are next to one another."""
    from scipy.spatial import cKDTree

    distances, places = cKDTree(points).query(others)
    other = int(distances.argmin())
    return int(places[other]), other
