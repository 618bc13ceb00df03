"""TIFF: one picture with alpha, or a page a layer with its name and place.

PageName, XPosition and YPosition are baseline tags (TIFF 6.0, section 12); GIMP reads pages as layers by them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.arrays import DeepImage, RgbaImage
from core.deep import to_deep
from core.document import Document
from core.export.depth import Depth, at_depth, depth_option, profile_to_write
from core.export.format import ExportFormat, Progress, Target
from core.export.options import ExportError, ExportOptions, option
from core.export.png import finished_cutout_of, finished_deep_cutout_of
from core.export.source import ExportSource
from core.layer import Layer
from core.texts import mark, tr

_PAGE_NAME, _X_POSITION, _Y_POSITION = 285, 286, 287
_RATIONAL, _TEXT = 5, 2
_DEFAULT_DPI = 72.0
_FINENESS = 10_000
"""Parts of a dot per inch that are kept, and that places are counted in, so that they come out whole."""

_MOST_CLASSIC_BYTES = 3_900_000_000
_THREADS = 2

_Page: TypeAlias = tuple[str, RgbaImage | DeepImage, int, int]
"""Name, pixels, and where the top left one lies."""


class Pages(StrEnum):
    """What the pages are."""

    LAYERS = "layers"
    SINGLE = "single"


@dataclass(frozen=True)
class TiffOptions(ExportOptions):
    """What can be chosen about TIFF."""

    pages: Pages = option(
        Pages.LAYERS,
        mark("Pages"),
        words={Pages.LAYERS: mark("One for every layer"), Pages.SINGLE: mark("One, of what is cut out")},
    )
    keep_hidden: bool = option(
        False,
        mark("Keep hidden pixels"),
        tip=mark("Of what is cut out, the colours under what is transparent; pages of layers keep them always."),
    )
    depth: Depth = depth_option()
    hidden: bool = option(
        False, mark("Hidden layers too"), tip=mark("TIFF cannot say that a page is hidden: others show all of them.")
    )


class TiffFormat(ExportFormat[TiffOptions]):
    """The document as TIFF."""

    id: ClassVar[str] = "tiff"
    title: ClassVar[str] = mark("TIFF")
    summary: ClassVar[str] = mark("A page for every layer, with name and place, or one picture; without loss.")
    suffixes: ClassVar[tuple[str, ...]] = (".tif", ".tiff")
    options_type = TiffOptions
    is_layered: ClassVar[bool] = True

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: TiffOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the file (see :meth:`core.export.format.ExportFormat.write`)."""
        from tifffile import TiffWriter

        document = at_depth(source.document, options.depth)
        pages, count, notes = _pages(document, options)
        # Should deflate fail to make them smaller; a page is at most as large as the picture.
        claimed = count * document.size.area * (8 if document.is_deep else 4)
        with TiffWriter(targets[0].temporary, bigtiff=claimed > _MOST_CLASSIC_BYTES) as writer:
            for index, page in enumerate(pages):
                progress.step(index, count)
                _add(writer, page, document)
        progress.step(1, 1)
        return tuple(notes)

    def preview(self, source: ExportSource, options: TiffOptions) -> RgbaImage:
        """Return what is cut out, or all layers."""
        if options.pages is Pages.SINGLE:
            return finished_cutout_of(source.document, trim=False)
        return super().preview(source, options)


def _pages(document: Document, options: TiffOptions) -> tuple[Iterator[_Page], int, list[str]]:
    """Return the pages, made one by one, how many there are, and what is not as it was."""
    if options.pages is Pages.SINGLE:
        picture = (
            finished_deep_cutout_of(document, False, options.keep_hidden)[1]
            if document.is_deep
            else finished_cutout_of(document, False, options.keep_hidden)
        )
        return iter([(document.name, picture, 0, 0)]), 1, []
    layers, notes = _chosen(document, options.hidden)
    return (_page(layer, document) for layer in layers), len(layers), notes


def _chosen(document: Document, with_hidden: bool) -> tuple[list[Layer], list[str]]:
    """Return the layers that become pages, bottom first, and what is not as it was."""
    layers = list(document.layers if with_hidden else document.shown_layers)
    inside = [layer for layer in layers if not layer.rect.intersect(document.rect).is_empty]
    if not inside:
        raise ExportError(tr("There is no layer to write: none is visible within the picture."))
    notes = []
    if len(layers) < len(document.layers):
        notes.append(tr("Hidden layers were left out: TIFF cannot hide a page."))
    if any(layer.rect.intersect(document.rect) != layer.rect for layer in layers):
        notes.append(tr("What lies outside of the picture was left out: TIFF has no place for it."))
    if document.groups:
        notes.append(tr("Groups are not kept: TIFF does not know them."))
    if document.background is not None:
        notes.append(tr("The background is not a page of its own and was left out."))
    return inside, notes


def _page(layer: Layer, document: Document) -> _Page:
    """Return what the picture shows of a layer by itself: mask and opacity, also of its groups, worked into alpha."""
    part = layer.rect.intersect(document.rect)
    inner = part.moved(-layer.x, -layer.y).slices
    pixels: NDArray[Any] = _values(layer, document)[inner]
    share = document.opacity_of(layer)
    if layer.shown_mask is not None or share < 1:
        alpha = pixels[..., 3].astype(np.float32) * np.float32(share)
        if layer.shown_mask is not None:
            alpha *= layer.shown_mask[inner].astype(np.float32) / np.float32(255)
        pixels = pixels.copy()
        pixels[..., 3] = np.rint(alpha)
    return layer.name, np.ascontiguousarray(pixels), part.x, part.y


def _values(layer: Layer, document: Document) -> RgbaImage | DeepImage:
    """Return a layer's pixels at the document's depth."""
    if not document.is_deep:
        return layer.pixels
    return to_deep(layer.pixels) if layer.deep is None else layer.deep


def _add(writer: Any, page: _Page, document: Document) -> None:
    name, pixels, x, y = page
    dpi = document.dpi or (_DEFAULT_DPI, _DEFAULT_DPI)
    text = name.encode("utf-8", errors="replace") + b"\0"
    tags = [
        (_PAGE_NAME, _TEXT, len(text), text, False),
        (_X_POSITION, _RATIONAL, 1, (x * _FINENESS, round(dpi[0] * _FINENESS)), False),
        (_Y_POSITION, _RATIONAL, 1, (y * _FINENESS, round(dpi[1] * _FINENESS)), False),
    ]
    writer.write(
        pixels,
        photometric="rgb",
        extrasamples=["unassalpha"],
        compression="zlib",
        compressionargs={"level": 1},
        predictor=True,
        maxworkers=_THREADS,
        contiguous=False,
        metadata=None,
        software=False,
        resolution=dpi,
        resolutionunit="INCH",
        iccprofile=profile_to_write(document),
        extratags=tags,
    )
