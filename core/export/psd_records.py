"""The records of a PSD: one a layer, and two a group, which say what channels follow and how they are shown."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.backdrop import laid_on_background
from core.deep import to_bytes
from core.document import Document
from core.export.psd_channels import Channel
from core.layer import Layer, new_layer_id
from core.layer_group import LayerGroup
from core.layer_tree import Branch, Tree, tree_of
from core.texts import tr

if TYPE_CHECKING:
    from psd_tools.psd.layer_and_mask import ChannelInfo, LayerRecord, MaskData
    from psd_tools.psd.tagged_blocks import TaggedBlocks

_END_OF_GROUP = "</Layer group>"
"""What every program calls the record below a group's members."""

_LONGEST_PASCAL = 255


@dataclass(frozen=True, eq=False)
class Entry:
    """A record and the channels that are stored for it; a group has none with pixels."""

    record: "LayerRecord"
    channels: tuple[Channel, ...] = ()


def as_written(document: Document, is_mask_baked: bool) -> Document:
    """Return the document as far as the file can tell it, so that its merged picture is that of its layers.

    What lies behind the layers becomes one of them, opacities are those of 255 steps, and masks, if they are baked, are
    worked into the pixels.
    """
    layers = tuple(
        replace(_baked(layer) if is_mask_baked else layer, opacity=_steps(layer.opacity) / 255)
        for layer in (*_background_layer(document), *document.layers)
    )
    groups = tuple(replace(group, opacity=_steps(group.opacity) / 255) for group in document.groups)
    bare = replace(document, selection=None, selection_recipe=None, background=None)
    return bare.with_layers(layers, document.active_layer_id, groups, is_mask_target=False)


def entries_of(document: Document, is_deep: bool) -> list[Entry]:
    """Return all records in the order in which they are stored, from the bottom up."""
    return list(_entries(tree_of(document), is_deep))


def _background_layer(document: Document) -> tuple[Layer, ...]:
    if document.background is None:
        return ()
    nothing = np.zeros((*document.size.shape, 4), np.uint8)
    behind = laid_on_background(document, nothing, document.rect)
    return (Layer(new_layer_id(), tr("Background"), behind),) if behind[..., 3].any() else ()


def _baked(layer: Layer) -> Layer:
    """Return the layer with its mask worked in, or without one that is switched off."""
    if layer.mask is None:
        return layer
    if layer.shown_mask is None:
        return layer.with_mask(None)
    if layer.deep is not None:
        deep = layer.deep.copy()
        deep[..., 3] = (deep[..., 3].astype(np.uint32) * layer.shown_mask + 127) // 255
        return replace(layer.with_pixels(to_bytes(deep), layer.x, layer.y), deep=deep)
    pixels = layer.pixels.copy()
    pixels[..., 3] = cv2.multiply(pixels[..., 3], layer.shown_mask, scale=1 / 255)
    return layer.with_pixels(pixels, layer.x, layer.y)


def _steps(opacity: float) -> int:
    return round(opacity * 255)


def _entries(tree: Tree, is_deep: bool) -> Iterator[Entry]:
    for node in tree:
        if isinstance(node, Branch):
            yield Entry(_end_record())
            yield from _entries(node.items, is_deep)
            yield Entry(_group_record(node.group))
        else:
            yield _layer_entry(node, is_deep)


def _layer_entry(layer: Layer, is_deep: bool) -> Entry:
    from psd_tools.constants import ProtectedFlags, Tag

    record = _record(layer.name, layer.opacity, layer.is_visible)
    place = layer.rect
    record.top, record.left, record.bottom, record.right = place.y, place.x, place.bottom, place.right
    if layer.is_locked:
        record.flags.transparency_protected = True  # which is part of being locked altogether
        record.tagged_blocks.set_data(Tag.PROTECTED_SETTING, ProtectedFlags.COMPLETE)
    pixels = layer.deep if is_deep and layer.deep is not None else layer.pixels
    channels = [Channel(-1, pixels, 3), *(Channel(index, pixels, index) for index in range(3))]
    if layer.mask is not None:
        record.mask_data = _mask_data(layer)
        channels.append(Channel(-2, layer.mask))
    record.channel_info = [_info(channel.id) for channel in channels]
    return Entry(record, tuple(channels))


def _mask_data(layer: Layer) -> "MaskData":
    from psd_tools.psd.layer_and_mask import MaskData, MaskFlags

    place = layer.rect
    return MaskData(
        top=place.y,
        left=place.x,
        bottom=place.bottom,
        right=place.right,
        background_color=0,
        flags=MaskFlags(mask_disabled=not layer.is_mask_enabled),
    )


def _group_record(group: LayerGroup) -> "LayerRecord":
    from psd_tools.constants import SectionDivider

    kind = SectionDivider.OPEN_FOLDER if group.is_open else SectionDivider.CLOSED_FOLDER
    return _divider(_record(group.name, group.opacity, group.is_visible), kind)


def _end_record() -> "LayerRecord":
    from psd_tools.constants import SectionDivider

    return _divider(_record(_END_OF_GROUP, 1.0, True), SectionDivider.BOUNDING_SECTION_DIVIDER)


def _divider(record: "LayerRecord", kind: int) -> "LayerRecord":
    """Return a record made one of a group, whose own channels are empty."""
    from psd_tools.constants import BlendMode, SectionDivider, Tag

    record.channel_info = [_info(number) for number in (-1, 0, 1, 2)]
    record.flags.pixel_data_irrelevant = True
    # "Pass through", the default, lets what lies below show through the group's opacity; ours are composited apart.
    mode = None if kind == SectionDivider.BOUNDING_SECTION_DIVIDER else BlendMode.NORMAL
    record.tagged_blocks.set_data(Tag.SECTION_DIVIDER_SETTING, kind, blend_mode=mode)
    return record


def _record(name: str, opacity: float, is_visible: bool) -> "LayerRecord":
    from psd_tools.psd.layer_and_mask import LayerFlags, LayerRecord

    known = _known_name(name)
    return LayerRecord(
        opacity=_steps(opacity),
        flags=LayerFlags(visible=is_visible),
        name=_ascii(known),
        tagged_blocks=_named(known),
    )


def _named(name: str) -> "TaggedBlocks":
    from psd_tools.constants import Tag
    from psd_tools.psd.tagged_blocks import TaggedBlocks

    blocks = TaggedBlocks()
    blocks.set_data(Tag.UNICODE_LAYER_NAME, name)
    return blocks


def _known_name(name: str) -> str:
    """Return a name without what no reader takes: half characters, from odd file names, and the end of a C string.

    Nor is it empty, at which GIMP shows an error.
    """
    return name.replace("\0", "").encode("utf-8", "replace").decode("utf-8") or tr("Layer")


def _ascii(name: str) -> str:
    """Return a name for programs that know only the format's older names, without accents."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return plain.encode("ascii", "replace").decode("ascii")[:_LONGEST_PASCAL]


def _info(number: int) -> "ChannelInfo":
    from psd_tools.constants import ChannelID
    from psd_tools.psd.layer_and_mask import ChannelInfo

    # Two bytes are the least: the number of a compression, without data.
    return ChannelInfo(ChannelID(number), 2)
