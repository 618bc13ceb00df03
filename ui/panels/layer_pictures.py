"""Small pictures of layers and their masks, made once for each content."""

from collections.abc import Iterable

from PySide6.QtGui import QImage

from core.layer import Layer
from core.thumbnails import layer_thumbnail, mask_thumbnail
from ui.qimage import to_qimage

_SIDE = 96
"""Longest side in device pixels: sharp on a screen of two a pixel."""


class LayerPictures:
    """Pictures by the names of what they show."""

    def __init__(self) -> None:
        self._known: dict[str, QImage] = {}

    def pixels(self, layer: Layer, icc_profile: bytes | None) -> QImage:
        """Return the layer as it shows, its mask applied and its opacity not."""
        from core.color import to_srgb

        key = _pixels_key(layer)
        if key not in self._known:
            self._known[key] = to_qimage(to_srgb(layer_thumbnail(layer, _SIDE), icc_profile))
        return self._known[key]

    def mask(self, layer: Layer) -> QImage | None:
        """Return the layer's mask, white where it shows; None without one."""
        if layer.mask is None:
            return None
        if layer.mask_key not in self._known:
            self._known[layer.mask_key] = to_qimage(mask_thumbnail(layer.mask, _SIDE))
        return self._known[layer.mask_key]

    def keep(self, layers: Iterable[Layer]) -> None:
        """Forget the pictures of all other layers."""
        wanted = {key for layer in layers for key in (_pixels_key(layer), layer.mask_key)}
        self._known = {key: picture for key, picture in self._known.items() if key in wanted}


def _pixels_key(layer: Layer) -> str:
    return f"{layer.pixels_key}/{layer.mask_key if layer.shown_mask is not None else ''}"
