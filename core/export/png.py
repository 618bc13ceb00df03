"""PNG files of a document: the cutout, the mask, and one file a layer. Straight alpha, with the photo's colour profile.

Slow functions for a worker; a document is a snapshot, so it may go on changing meanwhile.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.arrays import Coverage, DeepImage, RgbaImage
from core.atomic_file import replacing_all
from core.backdrop import on_background
from core.color import to_srgb
from core.cut_source import CutSource
from core.cutout import make_cutout, trimmed
from core.deep import carried, to_deep
from core.document import Document
from core.errors import AppError, ImageWriteError
from core.export.depth import profile_to_write
from core.export.file_names import file_stem
from core.export.options import ExportError
from core.geometry import Rect, Size
from core.image_io import encode_png, write_png
from core.layer import Layer
from core.png_io import write_png_to
from core.recipe import Recipe
from core.recipe_json import recipe_path, write_recipe
from core.texts import tr


class NothingCutOutError(AppError):
    """The document shows an opaque photo and nothing is selected."""


@dataclass(frozen=True, eq=False, slots=True)
class ClipboardPicture:
    """A picture as programs take it from the clipboard: `pixels` are sRGB RGBA, `png` the same as a file's bytes."""

    pixels: RgbaImage = field(repr=False)
    png: bytes = field(repr=False)


def cutout_of(document: Document, keep_hidden: bool = False) -> RgbaImage:
    """Return what is cut out, ``(H, W, 4)`` of the document's size.

    What is selected, cut from the photo. Without a selection, what the visible layers show, if some of it is
    transparent; else the active layer alone, if that is an object cut out of the photo. Where nothing is cut out at
    all, it is the picture as it is, opaque. `keep_hidden` keeps the colours of what is wholly transparent.
    """
    return _cutout_and_layer(document, keep_hidden)[0]


def deep_cutout_of(document: Document, keep_hidden: bool = False) -> tuple[RgbaImage, DeepImage]:
    """Return :func:`cutout_of` with 8 and with 16 bits a channel."""
    cutout, layer = _cutout_and_layer(document, keep_hidden)
    if layer is None:
        return cutout, CutSource.of(document).deep_of(cutout, document.rect)
    return cutout, _deep_on_canvas(layer, document, cutout)


def _cutout_and_layer(document: Document, keep_hidden: bool) -> tuple[RgbaImage, Layer | None]:
    """Return what is cut out, and the layer that it is, if it is one layer alone."""
    source = CutSource.of(document)
    if document.selection is not None:
        return source.cut(document.selection, document.rect, keep_hidden=keep_hidden), None
    visible = source.cut(None, document.rect, keep_hidden=keep_hidden)
    if (visible[..., 3] < 255).any():
        return visible, None
    layer = document.active_layer
    if layer is not None and layer not in source.layers:
        return _on_canvas(layer, document, keep_hidden), layer
    return visible, None


def is_nothing_cut_out(document: Document) -> bool:
    """Whether :func:`cutout_of` is the picture as it is, as far as one layer that hides everything below it tells."""
    if document.selection is not None or not document.has_visible_layer:
        return False
    active = document.active_layer
    if active is not None and active not in CutSource.of(document).layers:
        return False
    return any(_hides_everything(layer, document) for layer in document.shown_layers)


def _hides_everything(layer: Layer, document: Document) -> bool:
    is_full = layer.shown_mask is None and document.opacity_of(layer) == 1
    if not is_full or layer.rect.intersect(document.rect) != document.rect:
        return False
    seen = document.rect.moved(-layer.x, -layer.y)
    return bool(layer.pixels[seen.slices][..., 3].min() == 255)


def finished_cutout_of(document: Document, trim: bool, keep_hidden: bool = False) -> RgbaImage:
    """Return :func:`cutout_of` over the document's background (errors as there).

    `trim` leaves out the margins in which even that is transparent.
    """
    finished = on_background(document, cutout_of(document, keep_hidden))
    return trimmed(finished)[0] if trim else finished


def finished_deep_cutout_of(document: Document, trim: bool, keep_hidden: bool = False) -> tuple[RgbaImage, DeepImage]:
    """Return :func:`finished_cutout_of` with 8 and with 16 bits a channel."""
    cutout, deep = deep_cutout_of(document, keep_hidden)
    finished = on_background(document, cutout)
    if finished is not cutout:
        deep = carried(finished, cutout, deep)
    if not trim:
        return finished, deep
    shown, rect = trimmed(finished)
    return shown, deep[rect.slices]


def clipboard_picture_of(document: Document) -> ClipboardPicture:
    """Return the trimmed :func:`finished_cutout_of` for the clipboard, where nobody looks for a colour profile."""
    pixels = to_srgb(finished_cutout_of(document, trim=True), document.icc_profile)
    return ClipboardPicture(pixels, encode_png(pixels))


def layer_picture_of(document: Document, layer_id: str) -> ClipboardPicture:
    """Return one layer as a picture: its mask applied, trimmed, in sRGB, and opaque where it is fully shown."""
    layer = document.layer(layer_id)
    pixels = _masked(layer, Rect.of_size(Size.of(layer.pixels)))
    pixels = to_srgb(trimmed(pixels)[0], document.icc_profile)
    return ClipboardPicture(pixels, encode_png(pixels))


def recipe_of_cutout(document: Document) -> Recipe | None:
    """Return how :func:`cutout_of` came about; None if that is not known, or there is more than one object in it."""
    if document.selection is not None:
        return document.selection_recipe
    shown, active = document.shown_layers, document.active_layer
    layer = shown[0] if len(shown) == 1 else active
    return None if layer is None or layer not in shown else layer.recipe


def export_cutout(document: Document, path: Path, trim: bool, recipe: Recipe | None = None) -> Path:
    """Write :func:`finished_cutout_of`, and `recipe` beside it if there is one; return `path`.

    Raises
    ------
    PromptError
        If no layer is visible.
    ImageWriteError
        If the file cannot be written; there is no half-written one.
    """
    if document.is_deep:
        cutout: RgbaImage | DeepImage = finished_deep_cutout_of(document, trim)[1]
    else:
        cutout = finished_cutout_of(document, trim)
    if recipe is not None:
        write_recipe(recipe, recipe_path(path))
    write_png(path, cutout, profile_to_write(document), document.dpi)
    return path


def export_mask(document: Document, path: Path) -> Path:
    """Write the selection, or else the alpha of :func:`cutout_of`, as 8-bit grey of the document's size.

    Returns `path`; errors as :func:`export_cutout`, and :class:`NothingCutOutError` if all of it is opaque.
    """
    write_png(path, mask_of(document), None, document.dpi)
    return path


def export_layers(document: Document, folder: Path) -> tuple[Path, ...]:
    """Write every layer, hidden ones too, to a file of the document's size; return the files, bottom layer first.

    Layer masks are applied, opacity is not. The names sort in the order of the layers.

    Raises
    ------
    ExportError
        If there is no layer.
    ImageWriteError
        If the folder cannot be made or a file cannot be written. All files are then as they were.
    """
    if not document.layers:
        raise ExportError(tr("There is no layer to write. Open a photo first."))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImageWriteError(
            tr(
                "The folder {folder} cannot be made: {reason}. Choose another one.",
                folder=folder,
                reason=error.strerror,
            )
        ) from error
    paths = tuple(
        folder / f"{number:02d} {file_stem(layer.name)}.png" for number, layer in enumerate(document.layers, start=1)
    )
    with replacing_all(paths) as temporaries:
        for layer, temporary in zip(document.layers, temporaries, strict=True):
            picture = _on_canvas(layer, document)
            deep = _deep_on_canvas(layer, document, picture) if document.is_deep else None
            with temporary.open("wb") as file:
                write_png_to(file, picture if deep is None else deep, profile_to_write(document), document.dpi)
    return paths


def mask_of(document: Document) -> Coverage:
    """Return the selection, or else the alpha of :func:`cutout_of`, ``(H, W)``.

    Raises
    ------
    NothingCutOutError
        If all of that is opaque.
    """
    if document.selection is not None:
        return document.selection
    alpha = np.ascontiguousarray(cutout_of(document)[..., 3])
    if alpha.min() == 255:
        raise NothingCutOutError(tr("Nothing is cut out yet: select an object or remove the background first."))
    return alpha


def _on_canvas(layer: Layer, document: Document, keep_hidden: bool = False) -> RgbaImage:
    """Return the layer's pixels with its mask applied, at their place in an image of the document's size."""
    canvas = np.zeros((*document.size.shape, 4), dtype=np.uint8)
    part = layer.rect.intersect(document.rect)
    if part.is_empty:
        return canvas
    canvas[part.slices] = _masked(layer, part.moved(-layer.x, -layer.y), keep_hidden)
    return canvas


def _deep_on_canvas(layer: Layer, document: Document, picture: RgbaImage) -> DeepImage:
    """Return `picture`, what :func:`_on_canvas` made, with as many of 16 bits as the layer has."""
    deep = to_deep(picture)
    part = layer.rect.intersect(document.rect)
    if layer.deep is not None and not part.is_empty:
        inner = part.moved(-layer.x, -layer.y).slices
        deep[part.slices] = carried(picture[part.slices], layer.pixels[inner], layer.deep[inner])
    return deep


def _masked(layer: Layer, part: Rect, keep_hidden: bool = False) -> RgbaImage:
    """Return a part of the layer's own pixels with its mask applied."""
    pixels = layer.pixels[part.slices]
    if layer.shown_mask is not None:
        return make_cutout(pixels, layer.shown_mask[part.slices], keep_hidden=keep_hidden)
    return pixels if keep_hidden else pixels * (pixels[..., 3:] > 0)  # nothing hides under full transparency
