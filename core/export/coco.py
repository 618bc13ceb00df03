"""COCO: the objects of a picture for training, with their masks as run lengths or polygons."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np

from core.arrays import to_mask
from core.export.annotation import (
    annotated_objects,
    class_index,
    class_names,
    holes_note,
    outer_rings,
    picture_name,
    write_json,
)
from core.export.format import ExportFormat, Progress, Target
from core.export.options import ExportOptions, option
from core.export.rle import packed, run_lengths
from core.export.source import ExportObject, ExportSource
from core.geometry import Rect, Size
from core.texts import mark


class CocoOutline(StrEnum):
    """How a mask is written."""

    RLE = "rle"
    POLYGONS = "polygons"


@dataclass(frozen=True)
class CocoOptions(ExportOptions):
    """What can be chosen about COCO."""

    outline: CocoOutline = option(
        CocoOutline.RLE,
        mark("Outlines"),
        tip=mark("Run lengths are exact and keep holes; polygons are for programs that read nothing else."),
        words={CocoOutline.RLE: mark("Run lengths (exact)"), CocoOutline.POLYGONS: mark("Polygons (without holes)")},
    )
    one_class: str = option("", mark("One class for all"), tip=mark("Empty: every layer's name is a class."))


class CocoFormat(ExportFormat[CocoOptions]):
    """The objects as COCO's JSON."""

    id: ClassVar[str] = "coco"
    title: ClassVar[str] = mark("COCO dataset")
    summary: ClassVar[str] = mark("Objects with class, box, area and exact mask, as JSON for training.")
    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    options_type = CocoOptions
    is_layered: ClassVar[bool] = True
    has_objects: ClassVar[bool] = True

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: CocoOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the JSON (see :meth:`core.export.format.ExportFormat.write`)."""
        objects, notes = annotated_objects(source)
        names, size = class_names(objects, options.one_class), source.document.size
        annotations, with_holes = [], 0
        for number, each in enumerate(objects, start=1):
            progress.step(number - 1, len(objects))
            annotation, has_lost_holes = _annotation(each, size, options)
            with_holes += has_lost_holes
            ids = {"id": number, "image_id": 1, "category_id": class_index(each, names) + 1}
            annotations.append(ids | annotation)
        picture = {"id": 1, "file_name": picture_name(source.document), "width": size.width, "height": size.height}
        categories = [{"id": index, "name": name, "supercategory": ""} for index, name in enumerate(names, start=1)]
        content = {"info": {"description": source.document.name}, "licenses": [], "images": [picture]}
        write_json(targets[0].temporary, content | {"annotations": annotations, "categories": categories})
        progress.step(1, 1)
        return (*notes, *holes_note(with_holes))


def _annotation(each: ExportObject, size: Size, options: CocoOptions) -> tuple[dict[str, Any], bool]:
    """Return what is said of an object's shape, and whether it lost holes."""
    mask = to_mask(each.coverage)
    box = Rect.of_mask(mask).moved(each.rect.x, each.rect.y)
    segmentation: object
    has_lost_holes = False
    if options.outline is CocoOutline.RLE:
        counts = packed(run_lengths(mask, each.rect, size))
        segmentation = {"size": [size.height, size.width], "counts": counts}
    else:
        rings, has_lost_holes = outer_rings(mask)
        corner = np.array([each.rect.x, each.rect.y])
        segmentation = [(ring + corner).ravel().tolist() for ring in rings]
    score = {} if each.score is None else {"score": round(each.score, 4)}
    shape = {
        "segmentation": segmentation,
        "area": int(np.count_nonzero(mask)),
        "bbox": [box.x, box.y, box.width, box.height],
        "iscrowd": 0,
    }
    return shape | score, has_lost_holes
