"""labelme's JSON: each object a mask in its box, to be corrected there or trained with."""

import base64
from dataclasses import dataclass
from io import BytesIO
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from core.arrays import to_mask
from core.export.annotation import annotated_objects, class_index, class_names, picture_name, write_json
from core.export.format import ExportFormat, Progress, Target
from core.export.options import ExportOptions, option
from core.export.source import ExportObject, ExportSource
from core.geometry import Rect
from core.texts import mark

_FORMAT_VERSION = "5.5.0"
"""Of labelme's files: the first ones that hold masks as they are written here are older."""


@dataclass(frozen=True)
class LabelmeOptions(ExportOptions):
    """What can be chosen about labelme's JSON."""

    one_class: str = option("", mark("One label for all"), tip=mark("Empty: every layer's name is its label."))


class LabelmeFormat(ExportFormat[LabelmeOptions]):
    """The objects as labelme's JSON with mask shapes."""

    id: ClassVar[str] = "labelme"
    title: ClassVar[str] = mark("labelme")
    summary: ClassVar[str] = mark("Objects as masks with labels, to go on annotating in labelme.")
    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    options_type = LabelmeOptions
    is_layered: ClassVar[bool] = True
    has_objects: ClassVar[bool] = True

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: LabelmeOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the JSON (see :meth:`core.export.format.ExportFormat.write`)."""
        objects, notes = annotated_objects(source)
        names, size = class_names(objects, options.one_class), source.document.size
        shapes = []
        for number, each in enumerate(objects):
            progress.step(number, len(objects))
            shapes.append(_shape(each, names[class_index(each, names)]))
        content: dict[str, Any] = {
            "version": _FORMAT_VERSION,
            "flags": {},
            "shapes": shapes,
            "imagePath": picture_name(source.document),
            "imageData": None,
            "imageHeight": size.height,
            "imageWidth": size.width,
        }
        write_json(targets[0].temporary, content)
        progress.step(1, 1)
        return notes


def _shape(each: ExportObject, label: str) -> dict[str, Any]:
    mask = to_mask(each.coverage)
    inner = Rect.of_mask(mask)
    box = inner.moved(each.rect.x, each.rect.y)
    return {
        "label": label,
        # Both corners belong to the box.
        "points": [[float(box.x), float(box.y)], [float(box.right - 1), float(box.bottom - 1)]],
        "group_id": None,
        "description": "",
        "shape_type": "mask",
        "flags": {},
        "mask": _png(mask[inner.slices].astype(np.uint8)),
    }


def _png(values: "np.ndarray[Any, np.dtype[np.uint8]]") -> str:
    buffer = BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode("ascii")
