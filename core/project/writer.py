"""Writing projects: an OpenRaster picture for every program, with what only Clickcut reads under ``clickcut/``.

OpenRaster knows no layer masks and no colour profile that all programs heed. Its layers are therefore written as they
show, masks worked in, in sRGB; where that is not what the layer holds, its own pixels are kept beside that.
https://www.openraster.org/baseline/file-layout-spec.html
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np

from core.arrays import Coverage, DeepImage, RgbaImage
from core.atomic_file import replacing
from core.backdrop import laid_on_background
from core.background import ImageFill
from core.color import convert_profile, to_srgb
from core.compositor import composite
from core.document import Document
from core.image_io import encode_png
from core.layer import Layer
from core.project import stack
from core.project.background_entry import to_plain
from core.project.encoded import EncodedPictures
from core.project.manifest import LayerEntry, Manifest, to_json
from core.recipe import Recipe
from core.recipe_json import to_json as to_text
from core.thumbnails import shrunk

MIMETYPE = "image/openraster"
MANIFEST = "clickcut/project.json"
STACK = "stack.xml"
_PROFILE = "clickcut/profile.icc"
_EXIF = "clickcut/exif.tif"
_SELECTION = "clickcut/selection.png"
_MERGED = "mergedimage.png"
THUMBNAIL = "Thumbnails/thumbnail.png"
_THUMBNAIL_SIDE = 256
_DATE = 1980, 1, 1, 0, 0, 0


def write_project(document: Document, path: Path, encoded: EncodedPictures) -> Path:
    """Write `document` as an OpenRaster project in place of `path`; return `path`.

    Parameters
    ----------
    encoded
        What is known from earlier saves.

    Raises
    ------
    ImageWriteError
        If it cannot be written; `path` is then as it was.
    """
    with replacing(path) as temporary, temporary.open("wb") as file:
        _write(document, file, encoded, is_for_others=True)
    return path


def write_for_recovery(document: Document, path: Path, encoded: EncodedPictures, note: tuple[str, bytes]) -> Path:
    """Write `document` as :func:`write_project` does, but only what Clickcut reads; quicker, and no OpenRaster picture.

    Parameters
    ----------
    note
        One more member, by its name.
    """
    with replacing(path) as temporary, temporary.open("wb") as file:
        _write(document, file, encoded, is_for_others=False, note=note)
    return path


def write_openraster(document: Document, file: BinaryIO, told: Callable[[], None]) -> None:
    """Write `document` as a plain OpenRaster picture, in which nothing is for Clickcut alone.

    Parameters
    ----------
    told
        Called before each picture is encoded, at most once a layer and twice more; what it raises ends the writing.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with zipfile.ZipFile(file, "w") as archive:
        members = _Members(archive, EncodedPictures(), told)
        members.add("mimetype", MIMETYPE.encode("ascii"))
        _add_layers(document, members)
        told()
        _add_merged(document, members, is_for_others=True)


def _write(
    document: Document,
    file: BinaryIO,
    encoded: EncodedPictures,
    is_for_others: bool,
    note: tuple[str, bytes] | None = None,
) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        members = _Members(archive, encoded)
        members.add("mimetype", MIMETYPE.encode("ascii"))
        if note is not None:
            members.add(*note)
        if is_for_others:
            _add_layers(document, members)
        _add_merged(document, members, is_for_others)
        shown = {name: archive.getinfo(name).CRC for name in members.names if name == STACK or name[:5] == "data/"}
        members.add_text(MANIFEST, to_json(_manifest(document, members, shown)))


@dataclass(eq=False)
class _Members:
    """The members of a file that is being written; a picture is stored once, however often it is used."""

    archive: zipfile.ZipFile
    encoded: EncodedPictures
    told: Callable[[], None] = lambda: None
    names: list[str] = field(default_factory=list)
    _pictures: dict[Hashable, str] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> str:
        """Add a member as it is, and return its name."""
        self.archive.writestr(zipfile.ZipInfo(name, _DATE), data)
        self.names.append(name)
        return name

    def add_text(self, name: str, data: bytes) -> None:
        """Add a member that shrinks well."""
        self.archive.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)
        self.names.append(name)

    def add_picture(self, folder: str, content: Hashable, make: Callable[[], RgbaImage | DeepImage | Coverage]) -> str:
        """Add the PNG of `content`, unless it is there; return the member's name."""
        if content not in self._pictures:
            self.told()
            name = f"{folder}/{len(self._pictures):03d}.png"
            self._pictures[content] = self.add(name, self.encoded.png_of(content, make))
        return self._pictures[content]

    def key(self, key: str) -> str:
        """Return the name within the file for the name of some content."""
        return self._keys.setdefault(key, f"k{len(self._keys)}")


def _shown(layer: Layer, document: Document) -> tuple[Hashable, Callable[[], RgbaImage | DeepImage]]:
    """Return the layer as others see it, in sRGB with its mask worked in: a name for that, and what makes it."""
    profile = document.icc_profile
    if profile is not None and not _changes_colours(profile):
        profile = None
    if profile is None and layer.shown_mask is None:
        return _pixels(layer)
    mask_key = None if layer.shown_mask is None else layer.mask_key

    def make() -> RgbaImage | DeepImage:
        if profile is None and layer.deep is not None:
            return _masked(layer.deep, layer)
        return _masked(to_srgb(layer.pixels, profile), layer)

    return ("shown", layer.pixels_key, mask_key, profile), make


def _pixels(layer: Layer) -> tuple[Hashable, Callable[[], RgbaImage | DeepImage]]:
    return ("pixels", layer.pixels_key), lambda: layer.pixels if layer.deep is None else layer.deep


def _picture(fill: ImageFill) -> tuple[Hashable, Callable[[], RgbaImage]]:
    return ("pixels", fill.key), lambda: fill.pixels


def _masked(pixels: RgbaImage | DeepImage, layer: Layer) -> RgbaImage | DeepImage:
    if layer.shown_mask is None:
        return pixels
    pixels = pixels.copy()
    pixels[..., 3] = cv2.multiply(pixels[..., 3], layer.shown_mask.astype(pixels.dtype), scale=1 / 255)
    return pixels


def is_in_srgb(document: Document) -> bool:
    """Whether the document's colours are those of OpenRaster, so that none is converted, and 16 bits are kept."""
    return document.icc_profile is None or not _changes_colours(document.icc_profile)


def _changes_colours(icc_profile: bytes) -> bool:
    one = np.zeros((1, 1, 4), np.uint8)
    return convert_profile(one, icc_profile, None) is not one


def _add_layers(document: Document, members: _Members) -> None:
    """Add every layer as others see it, and the stack that they form."""
    sources = {layer.id: members.add_picture("data", *_shown(layer, document)) for layer in document.layers}
    behind = None if document.background is None else _add_background(document, members)
    members.add_text(STACK, stack.to_xml(document, sources, behind))


def _add_background(document: Document, members: _Members) -> str:
    """Add what lies behind the layers as a picture, which is all that others can make of it."""
    nothing = np.zeros((*document.size.shape, 4), np.uint8)
    behind = laid_on_background(document, nothing, document.rect)
    return members.add("data/background.png", encode_png(to_srgb(behind, document.icc_profile)))


def _add_merged(document: Document, members: _Members, is_for_others: bool) -> None:
    merged = composite(document, document.rect)
    if is_for_others:
        # A view is one layer that shows alone and unchanged; its picture is there already.
        alone = (layer for layer in document.layers if np.may_share_memory(merged, layer.pixels))
        layer = next((layer for layer in alone if layer.pixels.shape == merged.shape), None)
        if layer is None:
            png = encode_png(to_srgb(merged, document.icc_profile))
        else:
            png = members.encoded.png_of(*_shown(layer, document))
        members.add(_MERGED, png)
    members.add(THUMBNAIL, encode_png(to_srgb(shrunk(merged, _THUMBNAIL_SIDE), document.icc_profile)))


def _manifest(document: Document, members: _Members, shown: dict[str, int]) -> Manifest:
    profile, selection = document.icc_profile, document.selection
    entries = tuple(_entry(layer, members) for layer in document.layers)
    if selection is not None:
        content = "selection", hashlib.blake2b(np.ascontiguousarray(selection).data).digest()
        members.add(_SELECTION, members.encoded.png_of(content, lambda: selection))
    return Manifest(
        size=document.size,
        name=document.name,
        dpi=document.dpi,
        icc_profile=None if profile is None else members.add(_PROFILE, profile),
        exif=None if document.exif is None else members.add(_EXIF, document.exif),
        selection=None if selection is None else _SELECTION,
        selection_recipe=_plain(document.selection_recipe),
        active_layer_id=document.active_layer_id,
        active_group_id=document.active_group_id,
        is_mask_target=document.is_mask_target,
        layers=entries,
        groups=document.groups,
        background=to_plain(document.background, lambda fill: members.add_picture("clickcut", *_picture(fill))),
        shown=shown,
    )


def _plain(recipe: Recipe | None) -> Any:
    return None if recipe is None else json.loads(to_text(recipe))


def _entry(layer: Layer, members: _Members) -> LayerEntry:
    mask = layer.mask
    return LayerEntry(
        id=layer.id,
        name=layer.name,
        x=layer.x,
        y=layer.y,
        width=layer.rect.width,
        height=layer.rect.height,
        opacity=layer.opacity,
        is_visible=layer.is_visible,
        is_locked=layer.is_locked,
        is_mask_enabled=layer.is_mask_enabled,
        group_id=layer.group_id,
        pixels=members.add_picture("clickcut", *_pixels(layer)),
        mask=None if mask is None else members.add_picture("clickcut", ("mask", layer.mask_key), lambda: mask),
        pixels_key=members.key(layer.pixels_key),
        mask_key=members.key(layer.mask_key),
        cut_from=tuple(members.key(key) for key in layer.cut_from),
        recipe=_plain(layer.recipe),
    )
