"""What datasets say of objects: which there are, of what class, and their outlines as polygons."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask, RgbaImage, to_mask
from core.compositor import composite
from core.contours import crack_rings
from core.document import Document
from core.export.options import ExportError
from core.export.source import ExportObject, ExportSource
from core.object_colors import object_colors
from core.texts import tr, tr_n


def annotated_objects(source: ExportSource) -> tuple[tuple[ExportObject, ...], tuple[str, ...]]:
    """Return the objects that cover some pixel by half or more, and sentences on those that do not.

    Raises
    ------
    ExportError
        If there is none.
    """
    objects = source.objects()
    seen = tuple(each for each in objects if to_mask(each.coverage).any())
    if not seen:
        raise ExportError(
            tr("There is no object to write: select something, or cut objects out to layers of their own.")
        )
    faint = len(objects) - len(seen)
    note = tr_n(
        "{n} object covers no pixel by half and was left out.",
        "{n} objects cover no pixel by half and were left out.",
        faint,
    )
    return seen, (note,) if faint else ()


def drawn_objects(source: ExportSource) -> RgbaImage:
    """Return the picture, dimmed, with each object in a colour of its own (errors as :func:`annotated_objects`)."""
    objects, _ = annotated_objects(source)
    picture = composite(source.document, source.document.rect).copy()
    picture[..., :3] //= 2
    for each, color in zip(objects, object_colors(range(1, len(objects) + 1)), strict=True):
        part, mask = picture[each.rect.slices], to_mask(each.coverage)
        part[mask, :3] = (part[mask, :3] + color.astype(np.uint16) * 2) // 3
        part[mask, 3] = 255
    return picture


def class_names(objects: Iterable[ExportObject], one_class: str = "") -> tuple[str, ...]:
    """Return the classes in the order in which they come first, the objects' names; or `one_class` for all."""
    if one_class.strip():
        return (one_class.strip(),)
    return tuple(dict.fromkeys(each.name for each in objects))


def class_index(each: ExportObject, names: Sequence[str]) -> int:
    """Return which of :func:`class_names` an object is of, from 0."""
    return names.index(each.name) if len(names) > 1 else 0


def picture_name(document: Document) -> str:
    """Return what the file of the photo is called, as far as it is known."""
    return document.name if document.path is None else document.path.name


def outer_rings(mask: Mask) -> tuple[list[NDArray[np.int64]], bool]:
    """Return the outlines of the parts of a mask along the pixels' borders, and whether holes were left out.

    Each is ``(N, 2)`` corners ``(x, y)``, clockwise; all of them are needed.
    """
    rings = crack_rings(mask)
    outer = [ring for ring in rings if cv2.contourArea(ring.astype(np.float32), oriented=True) > 0]
    return outer, len(outer) < len(rings)


def holes_note(count: int) -> tuple[str, ...]:
    """Return the sentence on `count` objects whose holes polygons cannot have."""
    if not count:
        return ()
    return (
        tr_n(
            "{n} object has holes, which polygons cannot have: they are filled.",
            "{n} objects have holes, which polygons cannot have: they are filled.",
            count,
        ),
    )


def write_json(path: Path, content: Any) -> None:
    """Write JSON that people can read too."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", errors="replace")
