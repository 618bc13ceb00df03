"""Cropping, turning, mirroring and resizing a document: one undoable command each, with the history kept.

Whatever happens, layers keep what lies outside of the frame, so that a crop hides pixels and loses none.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from math import sqrt
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, DeepImage, RgbaImage, freeze
from core.background import MOST_RADIUS, Background, BlurFill
from core.commands import Command
from core.compositor import composite_layers
from core.deep import to_bytes
from core.document import Document
from core.geometry import Rect, Size
from core.layer import Layer, new_array_key
from core.texts import mark, tr

if TYPE_CHECKING:
    from core.recipe import Recipe

_Array: TypeAlias = NDArray[Any]
_TILE = 1024
LARGEST_SIDE = 30_000
"""Longest side, in pixels, that a document can be given."""


class Turn(Enum):
    """A turn by quarters, or a mirror image."""

    RIGHT = mark("Rotate right")
    LEFT = mark("Rotate left")
    HALF = mark("Rotate 180°")
    FLIP_ACROSS = mark("Flip horizontally")
    FLIP_DOWN = mark("Flip vertically")


@dataclass(frozen=True, eq=False)
class Frame:
    """All of a document that its coordinates concern."""

    size: Size
    layers: tuple[Layer, ...] = field(repr=False)
    selection: Coverage | None = field(repr=False)
    recipe: "Recipe | None" = field(repr=False)
    background: Background | None
    key: str

    @classmethod
    def of(cls, document: Document) -> Self:
        """Return the document's."""
        return cls(
            document.size,
            document.layers,
            document.selection,
            document.selection_recipe,
            document.background,
            document.frame_key,
        )


@dataclass(frozen=True, eq=False)
class ChangeFrame:
    """Another size, or the same content elsewhere; layers keep their ids, names and groups."""

    title: str
    before: Frame
    after: Frame

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays that only one side has."""
        before, after = _arrays(self.before), _arrays(self.after)
        return sum({**before, **after}[key] for key in before.keys() ^ after.keys())

    def apply(self, document: Document) -> tuple[Document, Rect]:
        """Return the document in its new frame."""
        return _framed(document, self.after)

    def revert(self, document: Document) -> tuple[Document, Rect]:
        """Return the document in its former frame."""
        return _framed(document, self.before)


def crop(document: Document, rect: Rect, title: str = "") -> Command | None:
    """Show `rect` of the document alone; it may reach beyond, where there is nothing. No pixel is lost."""
    if rect.is_empty or rect == document.rect or max(rect.width, rect.height) > LARGEST_SIDE:
        return None
    layers = tuple(replace(layer, x=layer.x - rect.x, y=layer.y - rect.y) for layer in document.layers)
    return _changed(title or tr("Crop"), document, rect.size, layers, _cut_selection(document, rect))


def crop_to_selection(document: Document) -> Command | None:
    """Show the rectangle around what is selected alone."""
    return (
        None
        if document.selection is None
        else crop(document, Rect.of_mask(document.selection), tr("Crop to selection"))
    )


def trim(document: Document) -> Command | None:
    """Leave out the margins in which no layer shows anything. Slow when large."""
    seen = Rect(0, 0, 0, 0)
    for tile in document.rect.tiles(_TILE):
        shown = composite_layers(document.layers, tile, document.groups)
        seen = seen.unite(Rect.of_mask(shown[..., 3]).moved(tile.x, tile.y))
    return crop(document, seen, tr("Trim"))


def reveal(document: Document) -> Command | None:
    """Make the document as large as all of its visible layers need."""
    rect = Rect(0, 0, 0, 0)
    for layer in document.shown_layers:
        rect = rect.unite(layer.rect)
    return crop(document, rect, tr("Reveal all"))


def change_canvas(document: Document, size: Size, place: tuple[float, float]) -> Command | None:
    """Give the document more or less room, with its layers as they are.

    `place` is where the present picture comes to lie, as fractions of the room that is left beside it: 0 is the left
    or top end, 1 the right or bottom one.
    """
    x = round((document.size.width - size.width) * place[0])
    y = round((document.size.height - size.height) * place[1])
    return crop(document, Rect(x, y, size.width, size.height), tr("Canvas size"))


def turn(document: Document, how: Turn) -> Command:
    """Turn or mirror everything. Slow when large."""
    size, turned = document.size, _Once(lambda array: _turned(array, how))
    layers = [turned.layer(layer, *_turned_place(layer.rect, size, how)) for layer in document.layers]
    selection = None if document.selection is None else _turned(document.selection, how)
    is_quarter = how in (Turn.RIGHT, Turn.LEFT)
    return _changed(tr(how.value), document, Size(*size.shape) if is_quarter else size, layers, selection)


def resize(document: Document, size: Size) -> Command | None:
    """Give the document another size in pixels, with everything in it. Slow when large.

    Smaller pixels are the mean of those that they replace, larger ones are interpolated (Lanczos); colours count by
    how opaque they are. A layer's edges are rounded to whole pixels.
    """
    if size == document.size or not 1 <= min(size.shape) <= max(size.shape) <= LARGEST_SIDE:
        return None
    across, down = size.width / document.size.width, size.height / document.size.height
    shared: dict[Size, _Once] = {}
    layers = []
    for layer in document.layers:
        place = _scaled(layer.rect, across, down)
        resized = shared.setdefault(place.size, _Once(partial(_resized, size=place.size)))
        layers.append(resized.layer(layer, place.x, place.y))
    selection = None if document.selection is None else _resized(document.selection, size)
    background = _scaled_background(document.background, sqrt(across * down))
    return _changed(tr("Resize"), document, size, layers, selection, background)


class _Once:
    """Changes arrays; what two layers share is changed once, and they go on sharing it."""

    def __init__(self, change: Callable[[_Array], _Array]) -> None:
        self._change = change
        self._pictures: dict[str, tuple[str, RgbaImage, DeepImage | None]] = {}
        self._masks: dict[str, tuple[str, Coverage]] = {}

    def layer(self, layer: Layer, x: int, y: int) -> Layer:
        """Return the layer with changed pixels and mask at another place."""
        pixels_key, pixels, deep = self._picture(layer)
        if layer.mask is None:
            return replace(layer, pixels=pixels, deep=deep, x=x, y=y, pixels_key=pixels_key)
        if layer.mask_key not in self._masks:
            self._masks[layer.mask_key] = new_array_key(), self._change(layer.mask)
        mask_key, mask = self._masks[layer.mask_key]
        return replace(layer, pixels=pixels, deep=deep, mask=mask, x=x, y=y, pixels_key=pixels_key, mask_key=mask_key)

    def _picture(self, layer: Layer) -> tuple[str, RgbaImage, DeepImage | None]:
        key = layer.pixels_key
        if key not in self._pictures:
            if layer.deep is None:
                self._pictures[key] = new_array_key(), self._change(layer.pixels), None
            else:
                deep = self._change(layer.deep)
                self._pictures[key] = new_array_key(), to_bytes(deep), deep
        return self._pictures[key]


def _changed(
    title: str,
    document: Document,
    size: Size,
    layers: Sequence[Layer],
    selection: Coverage | None,
    background: Background | None = None,
) -> ChangeFrame:
    """Return the command that gives `document` these layers and this selection; both in the order and kind it has."""
    keys = {old.pixels_key: new.pixels_key for old, new in zip(document.layers, layers, strict=True)}
    # How a mask or the selection came about is told in coordinates that are no more.
    kept = tuple(
        replace(layer, cut_from=tuple(keys.get(key, key) for key in layer.cut_from), recipe=None) for layer in layers
    )
    if selection is not None:
        freeze(selection)
        selection = selection if selection.any() else None
    after = Frame(size, kept, selection, None, background or document.background, new_array_key())
    return ChangeFrame(title, Frame.of(document), after)


def _framed(document: Document, frame: Frame) -> tuple[Document, Rect]:
    framed = replace(
        document,
        size=frame.size,
        layers=frame.layers,
        selection=frame.selection,
        selection_recipe=frame.recipe,
        background=frame.background,
        frame_key=frame.key,
    )
    return framed, framed.rect


def _arrays(frame: Frame) -> dict[Hashable, int]:
    sizes: dict[Hashable, int] = {layer.pixels_key: layer.pixels_nbytes for layer in frame.layers}
    sizes.update({layer.mask_key: layer.mask.nbytes for layer in frame.layers if layer.mask is not None})
    if frame.selection is not None:
        sizes[id(frame.selection)] = frame.selection.nbytes
    return sizes


def _cut_selection(document: Document, rect: Rect) -> Coverage | None:
    if document.selection is None:
        return None
    selection = np.zeros(rect.size.shape, dtype=np.uint8)
    part = rect.intersect(document.rect)
    selection[part.moved(-rect.x, -rect.y).slices] = document.selection[part.slices]
    return selection


def _turned(array: _Array, how: Turn) -> _Array:
    match how:
        case Turn.RIGHT:
            turned = cv2.rotate(array, cv2.ROTATE_90_CLOCKWISE)
        case Turn.LEFT:
            turned = cv2.rotate(array, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case Turn.HALF:
            turned = cv2.rotate(array, cv2.ROTATE_180)
        case Turn.FLIP_ACROSS:
            turned = cv2.flip(array, 1)
        case Turn.FLIP_DOWN:
            turned = cv2.flip(array, 0)
    return np.asarray(turned, dtype=array.dtype)


def _turned_place(rect: Rect, size: Size, how: Turn) -> tuple[int, int]:
    """Return where the left top corner of `rect` comes to lie."""
    from_right, from_bottom = size.width - rect.right, size.height - rect.bottom
    return {
        Turn.RIGHT: (from_bottom, rect.x),
        Turn.LEFT: (rect.y, from_right),
        Turn.HALF: (from_right, from_bottom),
        Turn.FLIP_ACROSS: (from_right, rect.y),
        Turn.FLIP_DOWN: (rect.x, from_bottom),
    }[how]


def _scaled(rect: Rect, across: float, down: float) -> Rect:
    x, y = round(rect.x * across), round(rect.y * down)
    return Rect(x, y, max(1, round(rect.right * across) - x), max(1, round(rect.bottom * down) - y))


def _resized(array: _Array, size: Size) -> _Array:
    """Return pixels or coverage at another size."""
    if array.ndim == 2 or array[..., 3].min() == np.iinfo(array.dtype).max:
        return np.asarray(_sampled(array, size), dtype=array.dtype)
    if array.dtype == np.uint16:
        return _resized_deep(array, size)
    # 255 x 255 fits into 16 bits.
    alpha = array[..., 3:].astype(np.uint16)
    wide = np.concatenate([array[..., :3] * alpha, alpha * np.uint16(255)], axis=2)
    sampled = _sampled(wide, size).astype(np.float32)
    result = np.empty((*size.shape, 4), dtype=np.uint8)
    share = np.maximum(sampled[..., 3:], np.float32(1)) / 255
    result[..., :3] = np.rint(sampled[..., :3] / share).clip(0, 255)
    result[..., 3] = np.rint(sampled[..., 3] / 255)
    return result


def _resized_deep(array: DeepImage, size: Size) -> DeepImage:
    wide = array.astype(np.float32)
    wide[..., :3] *= wide[..., 3:] / np.float32(65535)
    sampled = _sampled(wide, size)
    sampled[..., :3] *= np.float32(65535) / np.maximum(sampled[..., 3:], np.float32(1))
    return np.asarray(np.rint(sampled.clip(0, 65535)), np.uint16)


def _sampled(array: _Array, size: Size) -> _Array:
    """Shrink by means first, side by side as it is needed, then enlarge by interpolation."""
    height, width = array.shape[:2]
    smaller = min(width, size.width), min(height, size.height)
    if smaller != (width, height):
        array = cv2.resize(array, smaller, interpolation=cv2.INTER_AREA)
    if smaller != (size.width, size.height):
        array = cv2.resize(array, (size.width, size.height), interpolation=cv2.INTER_LANCZOS4)
    return array


def _scaled_background(background: Background | None, scale: float) -> Background | None:
    if background is None:
        return None
    fill, shadow = background.fill, background.shadow
    if isinstance(fill, BlurFill):
        fill = BlurFill(min(MOST_RADIUS, fill.radius * scale))
    if shadow is not None:
        blur = min(MOST_RADIUS, shadow.blur * scale)
        shadow = replace(shadow, dx=round(shadow.dx * scale), dy=round(shadow.dy * scale), blur=blur)
    return Background(fill, shadow)
