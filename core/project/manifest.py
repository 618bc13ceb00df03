"""What a project says about itself, in the words of its JSON: everything about the document that is no pixels."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from core.geometry import Size
from core.layer_group import LayerGroup
from core.project.fields import Fields, ManifestError, NewerManifestError, parsed
from core.texts import tr

VERSION = 1
"""Rises when an older Clickcut would misunderstand what a newer one writes."""

MOST_SIDE = 1 << 18
MOST_PLACE = 1 << 24
MOST_LAYERS = 10_000
MOST_GROUPS = 2_000
MOST_DEPTH = 300
"""Groups in one another: more than anybody makes, and few enough to be drawn one within the other."""

MOST_KEYS = 100_000
_MOST_DPI = 1e15


@dataclass(frozen=True, slots=True)
class LayerEntry:
    """One layer: the fields of :class:`core.layer.Layer`, with members of the file in the place of arrays.

    `pixels_key`, `mask_key` and `cut_from` are names that hold within the file. `recipe` is what
    :mod:`core.recipe_json` makes of it, unchecked; None = none.
    """

    id: str
    name: str
    x: int
    y: int
    width: int
    height: int
    opacity: float
    is_visible: bool
    is_locked: bool
    is_mask_enabled: bool
    group_id: str | None
    pixels: str
    mask: str | None
    pixels_key: str
    mask_key: str
    cut_from: tuple[str, ...]
    recipe: Any


@dataclass(frozen=True, slots=True)
class Manifest:
    """A document without its pixels.

    Attributes
    ----------
    selection, icc_profile, exif
        Members of the file; None = none.
    layers
        Bottom first.
    selection_recipe
        What :mod:`core.recipe_json` makes of the recipe, unchecked; None = none.
    background
        What :mod:`core.project.background_entry` makes of it, unchecked; None = none.
    shown
        The members that other programs read, and the checksum of each: whether any of them has changed it.
    """

    size: Size
    name: str
    dpi: tuple[float, float] | None
    icc_profile: str | None
    exif: str | None
    selection: str | None
    selection_recipe: Any
    active_layer_id: str | None
    active_group_id: str | None
    is_mask_target: bool
    layers: tuple[LayerEntry, ...]
    groups: tuple[LayerGroup, ...]
    background: Any
    shown: dict[str, int]


def to_json(manifest: Manifest) -> bytes:
    """Return the JSON text of a manifest."""
    values = {"format": "clickcut-project", "version": VERSION, **asdict(manifest)}
    return json.dumps(values, separators=(",", ":")).encode("ascii")


def from_json(data: bytes) -> Manifest:
    """Return the manifest of a JSON text that anybody may have written.

    Raises
    ------
    ManifestError
        If it is no manifest, or one that Clickcut does not write.
    NewerManifestError
        If a newer version of Clickcut wrote it.
    """
    fields = Fields(parsed(data, tr("its description")), tr("the project"))
    if fields.text("format") != "clickcut-project":
        raise ManifestError(tr("its description is of something else"))
    if fields.integer("version", 1, 1 << 30) > VERSION:
        raise NewerManifestError(tr("was saved by a newer version of Clickcut"))
    size = Fields(fields.raw("size"), tr("the project's size"))
    layers = tuple(_layer_entry(value) for value in fields.items("layers", MOST_LAYERS))
    manifest = Manifest(
        size=Size(*(size.integer(side, 1, MOST_SIDE) for side in ("width", "height"))),
        name=fields.text("name"),
        dpi=fields.optional("dpi", lambda name: fields.pair(name, 1 / _MOST_DPI, _MOST_DPI)),
        icc_profile=fields.optional("icc_profile", fields.text),
        exif=fields.optional("exif", fields.text) if fields.has("exif") else None,
        selection=fields.optional("selection", fields.text),
        selection_recipe=fields.raw("selection_recipe"),
        active_layer_id=fields.optional("active_layer_id", fields.text),
        active_group_id=fields.optional("active_group_id", fields.text),
        is_mask_target=fields.flag("is_mask_target"),
        layers=layers,
        groups=tuple(_group(value) for value in fields.items("groups", MOST_GROUPS)),
        background=fields.raw("background"),
        shown=_checksums(fields.raw("shown")),
    )
    size.close()
    fields.close()
    _check_layers(manifest)
    _check_depth(manifest.groups)
    return manifest


def _layer_entry(value: Any) -> LayerEntry:
    fields = Fields(value, tr("a layer"))
    entry = LayerEntry(
        id=fields.text("id"),
        name=fields.text("name"),
        x=fields.integer("x", -MOST_PLACE, MOST_PLACE),
        y=fields.integer("y", -MOST_PLACE, MOST_PLACE),
        width=fields.integer("width", 1, MOST_SIDE),
        height=fields.integer("height", 1, MOST_SIDE),
        opacity=fields.number("opacity", 0.0, 1.0),
        is_visible=fields.flag("is_visible"),
        is_locked=fields.flag("is_locked"),
        is_mask_enabled=fields.flag("is_mask_enabled"),
        group_id=fields.optional("group_id", fields.text),
        pixels=fields.text("pixels"),
        mask=fields.optional("mask", fields.text),
        pixels_key=fields.text("pixels_key"),
        mask_key=fields.text("mask_key"),
        cut_from=fields.texts("cut_from", MOST_KEYS),
        recipe=fields.raw("recipe"),
    )
    fields.close()
    return entry


def _check_depth(groups: tuple[LayerGroup, ...]) -> None:
    """Refuse groups that lie in too many others, or in themselves."""
    parents = {group.id: group.parent_id for group in groups}
    for group in groups:
        outer = group.parent_id
        for _ in range(MOST_DEPTH):
            if outer is None:
                break
            outer = parents.get(outer)
        else:
            raise ManifestError(tr("it has too many groups"))


def _group(value: Any) -> LayerGroup:
    fields = Fields(value, tr("a group"))
    group = LayerGroup(
        id=fields.text("id"),
        name=fields.text("name"),
        opacity=fields.number("opacity", 0.0, 1.0),
        is_visible=fields.flag("is_visible"),
        is_open=fields.flag("is_open"),
        parent_id=fields.optional("parent_id", fields.text),
    )
    fields.close()
    return group


def _check_layers(manifest: Manifest) -> None:
    ids = {entry.id for entry in manifest.layers}
    if len(ids) < len(manifest.layers):
        raise ManifestError(tr("two layers have the same id"))
    if manifest.active_layer_id not in ids and manifest.active_layer_id is not None:
        raise ManifestError(tr("its active layer is not among its layers"))
    contents: dict[str, tuple[str, int, int]] = {}
    for entry in manifest.layers:
        content = entry.pixels, entry.width, entry.height
        if contents.setdefault(entry.pixels_key, content) != content:
            raise ManifestError(tr("one name stands for the pixels of two different layers"))


def _checksums(value: Any) -> dict[str, int]:
    fields = Fields(value, tr("the list of its pictures"))
    return {name: fields.integer(name, 0, 0xFFFFFFFF) for name in list(value)}
