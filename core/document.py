"""What is being edited: layers, the selection, and what the photo's file said about colour and print size."""

from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Self

from core.arrays import Coverage, check_coverage, freeze
from core.background import Background
from core.geometry import Rect, Size
from core.layer import Layer, new_layer_id
from core.layer_group import LayerGroup, check_groups, enclosing, used_groups
from core.texts import tr

if TYPE_CHECKING:
    from core.image_io import Photo
    from core.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Document:
    """Layers over one another, and the pixels that are selected.

    A value: every change gives another document that shares what did not change, so a document in hand is a
    snapshot that another thread may read for as long as it likes.

    Attributes
    ----------
    layers
        Bottom first. The members of a group lie next to one another.
    active_layer_id
        The layer that the person works on; None only when there are no layers.
    selection
        ``(H, W)`` coverage, read-only. None when nothing is selected; it is never all zero.
    selection_recipe
        How the selection came about; None if that is not known, or if there is no selection.
    icc_profile
        Colour space of all layers; None = sRGB.
    dpi
        Horizontal and vertical resolution for print.
    path
        Where the photo came from, None when it has no file.
    revision
        Rises with every change, undoing included.
    groups
        What :attr:`Layer.group_id` speaks of, in no particular order; none is empty.
    active_group_id
        The group, around the active layer, that the person chose as a whole; None if it is the layer alone.
    is_mask_target
        Whether the mask of the active layer takes the selection's place: what paints and selects changes it instead.
        True only where there is such a mask, and the layer is not locked.
    background
        What lies below all layers; None for nothing.
    frame_key
        Names what coordinates mean: it is another one after the picture was turned, cropped or resized.
    exif
        What the photo's file said about camera, time, author and place (:func:`core.photo_exif.exif_of`).
    """

    size: Size
    layers: tuple[Layer, ...]
    active_layer_id: str | None = None
    selection: Coverage | None = field(default=None, repr=False)
    icc_profile: bytes | None = field(default=None, repr=False)
    dpi: tuple[float, float] | None = None
    name: str = field(default_factory=lambda: tr("Untitled"))
    path: Path | None = None
    revision: int = 0
    groups: tuple[LayerGroup, ...] = ()
    active_group_id: str | None = None
    is_mask_target: bool = False
    selection_recipe: "Recipe | None" = field(default=None, repr=False)
    background: Background | None = None
    frame_key: str = ""
    exif: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_groups(self.layers, self.groups)
        if self.active_layer_id is not None and not self.has_layer(self.active_layer_id):
            raise ValueError(f"the active layer {self.active_layer_id} is not in the document")
        if self.active_group_id is not None and self.active_group_id not in self._active_path:
            raise ValueError(f"the active layer does not lie in the active group {self.active_group_id}")
        if self.is_mask_target and not _can_paint_mask(self.active_layer):
            raise ValueError("there is no mask to be the target, or it is locked")
        if self.selection is not None:
            check_coverage(self.selection)
            if self.selection.shape != self.size.shape:
                raise ValueError(f"selection of shape {self.selection.shape} in a document of {self.size} pixels")
            freeze(self.selection)

    @classmethod
    def from_photo(cls, photo: "Photo", path: Path | None = None) -> Self:
        """Return a document that shows `photo` in one layer."""
        layer = Layer(new_layer_id(), photo.name, photo.pixels, deep=photo.deep)
        return cls(
            size=Size.of(photo.pixels),
            layers=(layer,),
            active_layer_id=layer.id,
            icc_profile=photo.icc_profile,
            dpi=photo.dpi,
            exif=photo.exif,
            name=photo.name,
            path=path,
        )

    @property
    def rect(self) -> Rect:
        """All pixels of the document."""
        return Rect.of_size(self.size)

    @property
    def active_layer(self) -> Layer | None:
        """The layer that the person works on."""
        return None if self.active_layer_id is None else self.layer(self.active_layer_id)

    @property
    def has_visible_layer(self) -> bool:
        """Whether there is anything to see, and to cut from."""
        return any(self.is_shown(layer) for layer in self.layers)

    @property
    def is_deep(self) -> bool:
        """Whether any layer has more than 8 bits a channel."""
        return any(layer.deep is not None for layer in self.layers)

    @property
    def shown_layers(self) -> tuple[Layer, ...]:
        """The layers that nobody hid, bottom first."""
        return tuple(layer for layer in self.layers if self.is_shown(layer))

    @property
    def active_group(self) -> LayerGroup | None:
        """The group that the person chose as a whole."""
        return None if self.active_group_id is None else self.group(self.active_group_id)

    def is_shown(self, layer: Layer) -> bool:
        """Whether `layer`, one of the document's, and every group around it are visible."""
        return layer.is_visible and all(group.is_visible for group in self.groups_of(layer))

    def opacity_of(self, layer: Layer) -> float:
        """Return the opacity of `layer` times that of every group around it, in [0, 1]."""
        return prod((group.opacity for group in self.groups_of(layer)), start=layer.opacity)

    def groups_of(self, layer: Layer) -> tuple[LayerGroup, ...]:
        """Return the groups around `layer`, the outermost first."""
        return enclosing(layer.group_id, self.groups)

    def group(self, group_id: str) -> LayerGroup:
        """Return the group with this id; raises :class:`KeyError` if there is none."""
        for group in self.groups:
            if group.id == group_id:
                return group
        raise KeyError(group_id)

    def members(self, group_id: str) -> tuple[Layer, ...]:
        """Return all layers in a group and in the groups in it, bottom first."""
        return tuple(layer for layer in self.layers if any(group.id == group_id for group in self.groups_of(layer)))

    def has_layer(self, layer_id: str) -> bool:
        """Whether there is a layer with this id."""
        return any(layer.id == layer_id for layer in self.layers)

    def layer(self, layer_id: str) -> Layer:
        """Return the layer with this id.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self.layers[self.index_of(layer_id)]

    def index_of(self, layer_id: str) -> int:
        """Return the place of a layer, counted from the bottom (errors as :meth:`layer`)."""
        for index, layer in enumerate(self.layers):
            if layer.id == layer_id:
                return index
        raise KeyError(layer_id)

    def with_selection(self, selection: Coverage | None, recipe: "Recipe | None" = None) -> Self:
        """Return the document with another selection, that `recipe` leads to; the array is made read-only."""
        return replace(self, selection=selection, selection_recipe=None if selection is None else recipe)

    def with_layers(
        self,
        layers: tuple[Layer, ...],
        active_layer_id: str | None,
        groups: tuple[LayerGroup, ...] | None = None,
        active_group_id: str | None = None,
        *,
        is_mask_target: bool | None = None,
    ) -> Self:
        """Return the document with other layers, bottom first.

        Groups that hold none of them are dropped from `groups`, by default the document's. By default, the mask stays
        the target if the same layer is active, and has one.
        """
        if is_mask_target is None:
            active = next((layer for layer in layers if layer.id == active_layer_id), None)
            is_same = active_layer_id == self.active_layer_id
            is_mask_target = self.is_mask_target and is_same and _can_paint_mask(active)
        return replace(
            self,
            layers=layers,
            active_layer_id=active_layer_id,
            groups=used_groups(layers, self.groups if groups is None else groups),
            active_group_id=active_group_id,
            is_mask_target=is_mask_target,
        )

    @property
    def _active_path(self) -> tuple[str, ...]:
        """Ids of the groups around the active layer."""
        layer = self.active_layer
        return () if layer is None else tuple(group.id for group in self.groups_of(layer))


def _can_paint_mask(layer: Layer | None) -> bool:
    return layer is not None and layer.mask is not None and not layer.is_locked
