"""PSD files as two readers tell them that share no code: psd-tools, and photoshopapi where it is installed."""

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from psd_tools import PSDImage
from psd_tools.constants import ChannelID

HAS_PHOTOSHOPAPI = find_spec("photoshopapi") is not None


@dataclass(frozen=True, eq=False)
class Item:
    """A layer, or a group, which has neither pixels nor a place of its own."""

    depth: int
    name: str
    opacity: int
    is_visible: bool
    is_locked: bool = False
    place: tuple | None = None
    pixels: np.ndarray | None = None
    mask: np.ndarray | None = None
    is_mask_enabled: bool = True


def with_psd_tools(path):
    """Return all items from the bottom, a group after its members; every channel through the library's own codec."""
    return list(_of_psd_tools(PSDImage.open(path), 0))


def _of_psd_tools(stack, depth):
    for layer in stack:
        is_group = layer.kind == "group"
        if is_group:
            yield from _of_psd_tools(layer, depth + 1)
        seen = Item(depth, layer.name, layer.opacity, layer.visible, layer.locks is not None and layer.locks.complete)
        if is_group:
            yield seen
            continue
        channels = _planes(layer)
        yield Item(
            *(seen.depth, seen.name, seen.opacity, seen.is_visible, seen.is_locked),
            place=(layer.left, layer.top),
            pixels=np.dstack([channels[index] for index in (0, 1, 2, -1)]),
            mask=channels.get(-2),
            is_mask_enabled=not (layer.has_mask() and layer.mask.disabled),
        )


def _planes(layer):
    kind = np.dtype(">u2") if layer._psd.depth == 16 else np.dtype(np.uint8)
    planes = {}
    for info, data in zip(layer._record.channel_info, layer._channels, strict=True):
        place = layer.mask.bbox if info.id == ChannelID.USER_LAYER_MASK else layer.bbox
        assert place == layer.bbox
        raw = data.get_data(layer.width, layer.height, layer._psd.depth)
        planes[int(info.id)] = np.frombuffer(raw, kind).reshape(layer.height, layer.width)
    return planes


def with_photoshopapi(path):
    """Return the same as :func:`with_psd_tools`. It keeps a group's place only as its canvas."""
    import photoshopapi

    return list(_of_photoshopapi(photoshopapi.LayeredFile.read(str(path)).layers, 0))


def _of_photoshopapi(layers, depth):
    for layer in reversed(layers):
        is_group = hasattr(layer, "layers")
        if is_group:
            yield from _of_photoshopapi(layer.layers, depth + 1)
        common = depth, layer.name, round(layer.opacity * 255), layer.is_visible, layer.is_locked
        if is_group:
            yield Item(*common)
            continue
        channels = layer.get_image_data()
        # The place is that of the layer's middle on the canvas.
        left, top = layer.center_x - layer.width / 2, layer.center_y - layer.height / 2
        yield Item(
            *common,
            place=(left, top),
            pixels=np.dstack([channels[index] for index in (0, 1, 2, -1)]),
            mask=layer.mask if layer.has_mask() else None,
            is_mask_enabled=not (layer.has_mask() and layer.mask_disabled),
        )
