"""A label map: one PNG whose pixels say which object they belong to, and a legend beside it.

Up to 255 objects make a PNG with a palette, which shows every object in a colour of its own and whose values are the
labels; more make a 16-bit grey one. 0 is no object.
"""

import json
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image

from core.geometry import Rect
from core.object_colors import object_colors
from core.object_map import DrawnObjects, Labels

_Color: TypeAlias = tuple[int, int, int]


def write_label_map(objects: DrawnObjects, picture: Path, legend: Path, name: str) -> None:
    """Write a label map and its legend to two files that are there; `name` is what the map will be called.

    The legend is JSON: the name of the picture (``labels``), its ``width`` and ``height``, and its ``objects`` from
    the bottom to the top, each with ``index`` (its value in the map), ``name``, ``color`` (``#rrggbb`` in the
    palette; null where there is none), ``score``, ``area`` (pixels of this value) and ``box`` (left, top, right and
    bottom of them, half-open).

    Raises
    ------
    OSError
        If one of the two cannot be written.
    """
    labels = objects.labels()
    colors = _palette(len(objects.layers)) if labels.dtype == np.uint8 else None
    text = json.dumps(_legend(objects, labels, colors, name), indent=1, ensure_ascii=False) + "\n"
    image = Image.fromarray(labels)
    options: dict[str, int] = {}
    if colors is not None:
        image.putpalette([value for color in colors for value in color])
        options["transparency"] = 0
    with picture.open("wb") as file:
        image.save(file, "PNG", **options)
    legend.write_text(text, encoding="utf-8", errors="replace")


def legend_path(path: Path) -> Path:
    """Return where the legend of the label map `path` is: the same name with the ending ``.json``."""
    return path.with_suffix(".json")


def _palette(count: int) -> list[_Color]:
    """Return black for no object, and a colour for each of `count`; no two are the same."""
    colors: list[_Color] = [(0, 0, 0)]
    for red, green, blue in object_colors(range(1, count + 1)).tolist():
        color = (red, green, blue)
        # After many steps of the golden angle two hues may round to the same colour.
        while color in colors:
            color = (red, green, (color[2] + 1) % 256)
        colors.append(color)
    return colors


def _legend(objects: DrawnObjects, labels: Labels, colors: list[_Color] | None, name: str) -> dict[str, object]:
    entries = []
    for index, layer in enumerate(objects.layers, start=1):
        own = labels[layer.rect.slices] == index
        box = Rect.of_mask(own).moved(layer.rect.x, layer.rect.y)
        entries.append(
            {
                "index": index,
                "name": layer.name,
                "color": None if colors is None else "#{:02x}{:02x}{:02x}".format(*colors[index]),
                "score": round(layer.score, 4),
                "area": int(np.count_nonzero(own)),
                "box": [box.x, box.y, box.right, box.bottom],
            }
        )
    return {"labels": name, "width": objects.size.width, "height": objects.size.height, "objects": entries}
