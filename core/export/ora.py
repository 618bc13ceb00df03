"""OpenRaster: layers and groups for GIMP, Krita, MyPaint and others, in sRGB, with masks worked in.

https://www.openraster.org/baseline/baseline.html
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from core.document import Document
from core.export.depth import Depth, at_depth, depth_option
from core.export.format import ExportFormat, Progress, Target
from core.export.options import ExportOptions, option
from core.export.source import ExportSource
from core.layer import Layer, new_array_key, new_layer_id
from core.project.writer import is_in_srgb, write_openraster
from core.texts import mark, tr


@dataclass(frozen=True)
class OraOptions(ExportOptions):
    """What can be chosen about OpenRaster."""

    mask_layers: bool = option(
        False,
        mark("Keep masks as hidden layers"),
        tip=mark("OpenRaster has no masks: they are worked in, and each can also be kept as a hidden grey layer."),
    )
    depth: Depth = depth_option()


class OraFormat(ExportFormat[OraOptions]):
    """The document as OpenRaster."""

    id: ClassVar[str] = "ora"
    title: ClassVar[str] = mark("OpenRaster (GIMP, Krita)")
    summary: ClassVar[str] = mark("Layers and groups for GIMP and Krita, in sRGB; masks are worked in.")
    suffixes: ClassVar[tuple[str, ...]] = (".ora",)
    options_type = OraOptions
    is_layered: ClassVar[bool] = True

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: OraOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the file (see :meth:`core.export.format.ExportFormat.write`)."""
        document = at_depth(source.document, options.depth)
        document = with_mask_layers(document) if options.mask_layers else document
        total, done = len(document.layers) + 1, 0

        def told() -> None:
            nonlocal done
            progress.step(done, total)
            done += 1

        with targets[0].temporary.open("wb") as file:
            write_openraster(document, file, told)
        progress.step(1, 1)
        if document.is_deep and not is_in_srgb(document):
            return (tr("OpenRaster is in sRGB: the colours were converted to it, with 8 bits a channel."),)
        return ()


def with_mask_layers(document: Document) -> Document:
    """Return the document with every layer mask also as a hidden grey layer above its layer, called after it."""
    layers: list[Layer] = []
    for layer in document.layers:
        layers.append(layer)
        if layer.mask is not None:
            pixels = np.dstack([layer.mask] * 3 + [np.full_like(layer.mask, 255)])
            shown = replace(layer.with_pixels(pixels, layer.x, layer.y), id=new_layer_id(), opacity=1.0, cut_from=())
            name = tr("{layer} mask", layer=layer.name)
            layers.append(replace(shown, name=name, is_visible=False, pixels_key=new_array_key()))
    return document.with_layers(tuple(layers), document.active_layer_id)
