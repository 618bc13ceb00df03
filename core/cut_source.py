"""What a person points at and cuts from.

A click is about what is seen: the visible layers over one another. Objects that were already cut out of the photo
and still lie over it, in place, show nothing new; they are left out, so that cutting one object after the other goes
on working on one and the same picture, whose embedding is made once.
"""

from dataclasses import dataclass, field
from typing import Self

import cv2
import numpy as np

from core.arrays import Coverage, DeepImage, RgbaImage, RgbImage
from core.color import to_model_rgb
from core.compositor import composite_layers, composite_layers_deep
from core.cutout import make_cutout
from core.deep import carried
from core.document import Document
from core.edge_colours import layers_with_clean_edges
from core.errors import PromptError
from core.geometry import Rect
from core.layer import Layer
from core.texts import mark, tr

NOTHING_VISIBLE = mark("There is nothing to cut from: no layer is visible. Show the photo's layer first.")


@dataclass(frozen=True, eq=False)
class CutSource:
    """The picture that prompts are about, and that objects are cut from.

    A snapshot: it may be used in another thread while the document goes on changing.
    """

    document: Document = field(repr=False)
    layers: tuple[Layer, ...] = field(repr=False)

    @classmethod
    def of(cls, document: Document) -> Self:
        """Return the source of cutouts in `document`.

        Raises
        ------
        PromptError
            If no layer is visible.
        """
        visible = document.shown_layers
        if not visible:
            raise PromptError(tr(NOTHING_VISIBLE))
        return cls(document, tuple(layer for layer in visible if not is_cut_in_place(layer, visible)))

    @property
    def key(self) -> str:
        """Name of exactly the pixels of :meth:`to_model_image`."""
        if self.photo is not None:
            looks = [_place_key(self.photo)]
        else:
            looks = [_look_key(layer, self.document) for layer in self.layers]
        return "+".join((str(self.document.size), *looks))  # a crop shows another part of the same layers

    def to_model_image(self) -> RgbImage:
        """Return the picture in sRGB, document size, read-only: what a segmenter sees. Slow; for a worker.

        A photo alone is shown to segmenters without its mask and opacity, so that what was hidden by removing the
        background can be pointed at again.
        """
        return self.to_model_part(self.document.rect)

    def to_model_part(self, region: Rect) -> RgbImage:
        """Return :meth:`to_model_image` in `region` of the document alone, ``(region.height, region.width, 3)``."""
        photo = self.photo
        pixels = self.composite(region) if photo is None else _unmasked(photo, region)
        image = to_model_rgb(pixels, self.document.icc_profile)
        image.flags.writeable = False
        return image

    def cut(self, coverage: Coverage | None, region: Rect, *, keep_hidden: bool = False) -> RgbaImage:
        """Return the picture in `region` of the document, transparent where `coverage` or a layer mask hides it.

        `coverage` is of the document's size; None hides nothing. Colours along the edges are cleaned of what was
        behind them. `keep_hidden` keeps the colours of what is wholly transparent, which are black otherwise.
        """
        if coverage is None:
            everything = np.full(region.size.shape, 255, np.uint8)
            return self.cut_part(everything, region, clean_edges=False, keep_hidden=keep_hidden)
        return self.cut_part(coverage[region.slices], region, keep_hidden=keep_hidden)

    def cut_part(
        self, part: Coverage, region: Rect, *, clean_edges: bool = True, keep_hidden: bool = False
    ) -> RgbaImage:
        """Return :meth:`cut` where `part` is the coverage of `region` alone, ``(region.height, region.width)``."""
        if self.photo is None:
            shown = layers_with_clean_edges(self.layers, region, self.document.groups)
            return make_cutout(shown, part, keep_hidden=keep_hidden, clean_edges=clean_edges)
        photo, pixels = self.photo, _unmasked(self.photo, region)
        mask = photo.shown_mask
        if mask is not None:
            part = scaled_coverage(part, mask[region.moved(-photo.x, -photo.y).slices])
        cutout = make_cutout(pixels, part, keep_hidden=keep_hidden)
        opacity = self.document.opacity_of(photo)
        if opacity < 1:
            cutout[..., 3] = np.rint(cutout[..., 3] * np.float32(opacity))
        return cutout

    def deep_of_photo(self, cutout: RgbaImage, region: Rect) -> DeepImage | None:
        """Return :meth:`cut`, done for `region`, with 16 bits a channel; None if it is not of a photo that has them."""
        photo = self.photo
        if photo is None or photo.deep is None:
            return None
        return carried(cutout, _unmasked(photo, region), photo.deep[region.moved(-photo.x, -photo.y).slices])

    def deep_of(self, cutout: RgbaImage, region: Rect) -> DeepImage:
        """Return :meth:`cut`, done for `region`, with as many of 16 bits as the layers have. Slow when large."""
        deep = self.deep_of_photo(cutout, region)
        if deep is not None:
            return deep
        shown = composite_layers_deep(self.layers, region, self.document.groups)
        return carried(cutout, self.composite(region), shown)

    def composite(self, region: Rect) -> RgbaImage:
        """Return what the layers show in `region`, masks and opacities included; perhaps read-only."""
        return composite_layers(self.layers, region, self.document.groups)

    @property
    def photo(self) -> Layer | None:
        """The one layer that is the whole picture, if there is such a one."""
        if len(self.layers) != 1:
            return None
        layer = self.layers[0]
        return layer if layer.rect.intersect(self.document.rect) == self.document.rect else None


def is_cut_in_place(layer: Layer, visible: tuple[Layer, ...]) -> bool:
    """Whether `layer` was cut or copied out of layers of `visible` other than itself, and so shows nothing new."""
    others = {other.pixels_key for other in visible if other.id != layer.id and not other.cut_from}
    return bool(layer.cut_from) and set(layer.cut_from) <= others


def scaled_coverage(first: Coverage, second: Coverage) -> Coverage:
    """Return how much both cover, ``first * second / 255`` rounded, as a new array of the same shape."""
    return np.asarray(cv2.multiply(first, second, scale=1 / 255), dtype=np.uint8)


def _unmasked(layer: Layer, region: Rect) -> RgbaImage:
    return layer.pixels[region.moved(-layer.x, -layer.y).slices]


def _place_key(layer: Layer) -> str:
    return f"{layer.pixels_key}@{layer.x},{layer.y}"


def _look_key(layer: Layer, document: Document) -> str:
    mask = layer.mask_key if layer.shown_mask is not None else "whole"
    faded = "".join(f"<{group.id}:{group.opacity:.4f}" for group in document.groups_of(layer) if group.opacity < 1)
    return f"{_place_key(layer)}/{mask}/{layer.opacity:.4f}{faded}"
