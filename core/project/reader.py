"""Opening projects, and OpenRaster pictures of other programs. They are data: nothing in them runs or is unpacked."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from core.arrays import Coverage, DeepImage, RgbaImage
from core.color import is_usable_profile, to_srgb
from core.document import Document
from core.errors import ImageReadError
from core.geometry import Size
from core.image_decoding import UndecodableError, decode
from core.layer import Layer, new_array_key, new_layer_id
from core.layer_group import used_groups
from core.project import PROJECT_SUFFIX, stack
from core.project.archive import MOST_PICTURE_BYTES, MOST_TEXT_BYTES, Archive
from core.project.background_entry import from_plain
from core.project.fields import MOST_TEXT, ManifestError, NewerManifestError
from core.project.manifest import LayerEntry, Manifest, from_json
from core.project.writer import MANIFEST, MIMETYPE, STACK, THUMBNAIL
from core.recipe import Recipe, RecipeError
from core.recipe_json import from_json as from_text
from core.texts import mark, tr

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_Read = TypeVar("_Read")
_MOST_PROFILE_BYTES = 16 << 20
_MOST_EXIF_BYTES = 1 << 16
_EMPTY = mark("its list of layers is empty")


@dataclass(frozen=True, eq=False, slots=True)
class ReadProject:
    """A document, what was given up on the way in, and whether the file is a project that nobody else has changed."""

    document: Document
    notes: tuple[str, ...]
    is_own: bool


def is_project(start: bytes) -> bool:
    """Whether a file that starts so may be a project: all of them are zip files."""
    return start.startswith(_ZIP_STARTS)


def read_project(path: Path) -> ReadProject:
    """Read a project of Clickcut's, or the layers of an OpenRaster picture.

    Raises
    ------
    ImageReadError
        If it cannot be read, is neither, is damaged, or was saved by a newer version of Clickcut.
    """
    return _explained(path, _read)


def read_thumbnail(path: Path) -> RgbaImage:
    """Return the small picture of a project, ``(H, W, 4)`` in sRGB (errors as :func:`read_project`)."""
    return _explained(path, lambda archive, _path: _foreign_pixels(archive, THUMBNAIL)[0])


def _explained(path: Path, read: Callable[[Archive, Path], _Read]) -> _Read:
    try:
        with Archive(path) as archive:
            return read(archive, path)
    except NewerManifestError as error:
        raise ImageReadError(tr("{path} {error}. Update Clickcut to open it.", path=path, error=error)) from error
    except ManifestError as error:
        raise ImageReadError(tr("{path} cannot be opened: {error}.", path=path, error=error)) from error
    except MemoryError as error:
        raise ImageReadError(tr("There is not enough memory to open {path}.", path=path)) from error
    except OSError as error:
        raise ImageReadError(
            tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror or error)
        ) from error


def _read(archive: Archive, path: Path) -> ReadProject:
    notes: tuple[str, ...] = ()
    if MANIFEST in archive:
        manifest = from_json(archive.read(MANIFEST, MOST_TEXT_BYTES))
        if all(archive.checksum(name) == checksum for name, checksum in manifest.shown.items()):
            return _own(archive, manifest, path)
        notes = (tr("Another program has changed this project: it is open as that left it."),)
    elif "mimetype" not in archive or archive.read("mimetype", 100).strip() != MIMETYPE.encode("ascii"):
        raise ManifestError(tr("it is neither a photo nor a project"))
    return _foreign(archive, path, notes)


def _own(archive: Archive, manifest: Manifest, path: Path) -> ReadProject:
    size = manifest.size
    archive.reserve(size.area * 4)
    archive.check_room(_layer_bytes(manifest))
    icc_profile = None
    if manifest.icc_profile is not None:
        icc_profile = archive.read(manifest.icc_profile, _MOST_PROFILE_BYTES)
        if not is_usable_profile(icc_profile):
            raise ManifestError(tr("its colour profile is damaged"))
    exif = None if manifest.exif is None else archive.read(manifest.exif, _MOST_EXIF_BYTES)
    selection = None
    if manifest.selection is not None:
        selection = archive.coverage(manifest.selection, size.width, size.height)
        if not selection.any():
            raise ManifestError(tr("its selection is empty"))
    recipe, notes = (None, ()) if selection is None else _recipe(manifest.selection_recipe)
    reader = _Layers(archive)
    layers = tuple(reader.read(entry) for entry in manifest.layers)
    try:
        document = Document(
            size=size,
            layers=layers,
            active_layer_id=manifest.active_layer_id,
            selection=selection,
            icc_profile=icc_profile,
            dpi=manifest.dpi,
            exif=exif,
            name=manifest.name,
            path=path,
            groups=manifest.groups,
            active_group_id=manifest.active_group_id,
            is_mask_target=manifest.is_mask_target,
            selection_recipe=recipe,
            background=from_plain(manifest.background, archive.pixels),
        )
    except ManifestError:
        raise
    except ValueError as error:
        raise ManifestError(tr("its groups or what is active in it make no sense")) from error
    return ReadProject(document, notes, is_own=True)


def _layer_bytes(manifest: Manifest) -> int:
    """Return the bytes of all layers, decoded; what several share is counted once."""
    pictures = {(entry.pixels, entry.width, entry.height): 4 for entry in manifest.layers}
    masks = {(entry.mask, entry.width, entry.height): 1 for entry in manifest.layers if entry.mask is not None}
    return sum(width * height * each for (_, width, height), each in (*pictures.items(), *masks.items()))


def _recipe(plain: Any) -> tuple[Recipe | None, tuple[str, ...]]:
    """Return how the selection came about, as far as that can be understood, and what is told if it cannot."""
    if plain is None:
        return None, ()
    try:
        return from_text(json.dumps(plain)), ()
    except RecipeError:
        return None, (tr("How its selection came about cannot be understood."),)


class _Layers:
    """Reads the layers of one project; what several share is read once and shared again."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._keys: dict[str, str] = {}
        self._pictures: dict[tuple[str, int, int], tuple[RgbaImage, DeepImage | None]] = {}
        self._masks: dict[tuple[str, int, int], Coverage] = {}

    def read(self, entry: LayerEntry) -> Layer:
        """Return the layer of an entry."""
        picture = entry.pixels, entry.width, entry.height
        if picture not in self._pictures:
            self._pictures[picture] = self._archive.picture(*picture)
        pixels, deep = self._pictures[picture]
        return Layer(
            id=entry.id,
            name=entry.name,
            pixels=pixels,
            x=entry.x,
            y=entry.y,
            mask=self._mask(entry),
            is_mask_enabled=entry.is_mask_enabled,
            opacity=entry.opacity,
            is_visible=entry.is_visible,
            is_locked=entry.is_locked,
            group_id=entry.group_id,
            cut_from=tuple(self._key(key) for key in entry.cut_from),
            recipe=_recipe(entry.recipe)[0],
            deep=deep,
            pixels_key=self._key(entry.pixels_key),
            mask_key=self._key(entry.mask_key),
        )

    def _mask(self, entry: LayerEntry) -> Coverage | None:
        if entry.mask is None:
            return None
        picture = entry.mask, entry.width, entry.height
        if picture not in self._masks:
            self._masks[picture] = self._archive.coverage(*picture)
        return self._masks[picture]

    def _key(self, key: str) -> str:
        """Return the name that stands in this process for what `key` stands for in the file."""
        if key not in self._keys:
            self._keys[key] = new_array_key()
        return self._keys[key]


def _foreign(archive: Archive, path: Path, notes: tuple[str, ...]) -> ReadProject:
    found = stack.from_xml(archive.read(STACK, MOST_TEXT_BYTES))
    if not found.layers:
        raise ManifestError(tr(_EMPTY))
    archive.reserve(found.width * found.height * 4)
    archive.check_room(sum(archive.claimed_bytes(source) for source in {each.source for each in found.layers}))
    contents: dict[str, tuple[RgbaImage, DeepImage | None, str]] = {}
    layers = []
    for each in found.layers:
        if each.source not in contents:
            contents[each.source] = *_foreign_pixels(archive, each.source), new_array_key()
        layers.append(_foreign_layer(each, *contents[each.source]))
    if not all(each.is_normal for each in found.layers):
        notes = (*notes, tr("Layers that are blended in another way than over one another are shown plainly."))
    size = Size(found.width, found.height)
    name = path.name.removesuffix(PROJECT_SUFFIX)
    name = name if name != path.name else path.stem
    groups = used_groups(layers, found.groups)
    chosen = [layer.id for layer, each in zip(layers, found.layers, strict=True) if each.is_active]
    active = (chosen or [layers[-1].id])[0]
    document = Document(size, tuple(layers), active, dpi=found.dpi, name=name, path=path, groups=groups)
    return ReadProject(document, notes, is_own=False)


def _foreign_layer(found: stack.StackLayer, pixels: RgbaImage, deep: DeepImage | None, pixels_key: str) -> Layer:
    return Layer(
        id=new_layer_id(),
        name=found.name[:MOST_TEXT],
        pixels=pixels,
        x=found.x,
        y=found.y,
        opacity=found.opacity,
        is_visible=found.is_visible,
        is_locked=found.is_locked,
        group_id=found.group_id,
        deep=deep,
        pixels_key=pixels_key,
    )


def _foreign_pixels(archive: Archive, name: str) -> tuple[RgbaImage, DeepImage | None]:
    data = archive.read(name, MOST_PICTURE_BYTES)
    try:
        decoded = decode(io.BytesIO(data))
    except UndecodableError as error:
        raise ManifestError(tr("the picture of a layer, {name!r}, cannot be decoded", name=name[:60])) from error
    except ImageReadError as error:
        raise ManifestError(tr("a layer {problem}", problem=error).rstrip(".")) from error
    archive.reserve(decoded.pixels.nbytes * (1 if decoded.deep is None else 3))
    pixels = to_srgb(decoded.pixels, decoded.icc_profile)
    return pixels, decoded.deep if pixels is decoded.pixels else None  # 16 bits are not converted
