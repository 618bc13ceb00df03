"""One raster of a document: pixels, where they lie, and how they are shown."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from core.arrays import Coverage, DeepImage, RgbaImage, check_coverage, check_deep, check_rgba, freeze
from core.geometry import Rect

if TYPE_CHECKING:
    from core.recipe import Recipe

_keys = count(1)


def new_layer_id() -> str:
    """Return an id that no other layer has, also among documents."""
    return uuid4().hex[:12]


def new_array_key() -> str:
    """Return a name for pixels or a mask that nothing else in this process has had."""
    return f"array-{next(_keys)}"


@dataclass(frozen=True, eq=False)
class Layer:
    """Pixels of the document's colour space at a place, with an optional mask.

    A value: every change gives another layer, which shares the arrays that did not change. The arrays are made
    read-only here. Other pixels or another mask come in through :meth:`with_pixels` and :meth:`with_mask`, so that
    the keys go on naming exactly one content.

    Attributes
    ----------
    pixels
        ``(H, W, 4)`` uint8, straight alpha.
    x, y
        Where the layer's top left pixel lies in the document; may be outside of it.
    mask
        ``(H, W)`` coverage over the layer's own pixels: 0 hides, 255 shows.
    opacity
        In [0, 1].
    is_locked
        Whether pixels, mask and place are safe from gestures, and the layer from being deleted.
    group_id
        The group that the layer lies in; None outside of all.
    cut_from
        The `pixels_key` of every layer that this one was cut or copied out of and lies over exactly in place; empty
        for a layer of its own.
    recipe
        How what the layer shows was selected, as what its mask covers or, without a mask, as what it has of the pixels
        that it was cut from; None if that is not known.
    deep
        The same pixels with 16 bits a channel, where the file had them, of which `pixels` are the nearest 8-bit values
        (:func:`core.deep.to_bytes`); None if no more than `pixels` is known.
    pixels_key, mask_key
        Names of the content of `pixels` and `mask`, for caches.
    """

    id: str
    name: str
    pixels: RgbaImage = field(repr=False)
    x: int = 0
    y: int = 0
    mask: Coverage | None = field(default=None, repr=False)
    is_mask_enabled: bool = True
    opacity: float = 1.0
    is_visible: bool = True
    is_locked: bool = False
    group_id: str | None = None
    cut_from: tuple[str, ...] = ()
    recipe: "Recipe | None" = field(default=None, repr=False)
    deep: DeepImage | None = field(default=None, repr=False)
    pixels_key: str = field(default_factory=new_array_key)
    mask_key: str = field(default_factory=new_array_key)

    def __post_init__(self) -> None:
        check_rgba(self.pixels)
        freeze(self.pixels)
        if self.deep is not None:
            check_deep(self.deep)
            if self.deep.shape != self.pixels.shape:
                raise ValueError(f"16-bit pixels of shape {self.deep.shape} beside pixels of shape {self.pixels.shape}")
            freeze(self.deep)
        if self.mask is not None:
            check_coverage(self.mask)
            if self.mask.shape != self.pixels.shape[:2]:
                raise ValueError(f"layer mask of shape {self.mask.shape} over pixels of shape {self.pixels.shape}")
            freeze(self.mask)
        if not 0.0 <= self.opacity <= 1.0:
            raise ValueError(f"layer opacity {self.opacity} is not between 0 and 1")

    @property
    def rect(self) -> Rect:
        """The document pixels that the layer covers."""
        return Rect(self.x, self.y, self.pixels.shape[1], self.pixels.shape[0])

    @property
    def pixels_nbytes(self) -> int:
        """Bytes of the pixels, at each depth that they are there with."""
        return self.pixels.nbytes + (0 if self.deep is None else self.deep.nbytes)

    @property
    def shown_mask(self) -> Coverage | None:
        """The mask, unless it is switched off."""
        return self.mask if self.is_mask_enabled else None

    @property
    def is_plain(self) -> bool:
        """Whether the layer shows its pixels as they are: neither mask nor opacity changes them."""
        return self.opacity == 1.0 and self.shown_mask is None

    def with_pixels(self, pixels: RgbaImage, x: int, y: int, deep: DeepImage | None = None) -> Self:
        """Return the layer with other pixels at another place, without its mask."""
        return replace(
            self,
            pixels=pixels,
            x=x,
            y=y,
            mask=None,
            recipe=None,
            deep=deep,
            pixels_key=new_array_key(),
            mask_key=new_array_key(),
        )

    def with_mask(self, mask: Coverage | None, recipe: "Recipe | None" = None) -> Self:
        """Return the layer with another mask, that `recipe` leads to, switched on, or with none."""
        return replace(self, mask=mask, is_mask_enabled=True, recipe=recipe, mask_key=new_array_key())
