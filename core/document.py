"""What is being edited: layers, the selection, and what the photo's file said about colour and print size."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from core.arrays import Coverage, check_coverage, freeze
from core.geometry import Rect, Size
from core.layer import Layer, new_layer_id

if TYPE_CHECKING:
    from core.image_io import Photo


@dataclass(frozen=True, eq=False)
class Document:
    """Layers over one another, and the pixels that are selected.

    A value: every change gives another document that shares what did not change, so a document in hand is a
    snapshot that another thread may read for as long as it likes.

    Attributes
    ----------
    layers
        Bottom first.
    active_layer_id
        The layer that the person works on; None only when there are no layers.
    selection
        ``(H, W)`` coverage, read-only. None when nothing is selected; it is never all zero.
    icc_profile
        Colour space of all layers; None = sRGB.
    dpi
        Horizontal and vertical resolution for print.
    path
        Where the photo came from, None when it has no file.
    revision
        Rises with every change, undoing included.
    """

    size: Size
    layers: tuple[Layer, ...]
    active_layer_id: str | None = None
    selection: Coverage | None = field(default=None, repr=False)
    icc_profile: bytes | None = field(default=None, repr=False)
    dpi: tuple[float, float] | None = None
    name: str = "Untitled"
    path: Path | None = None
    revision: int = 0

    def __post_init__(self) -> None:
        if self.active_layer_id is not None and not self.has_layer(self.active_layer_id):
            raise ValueError(f"the active layer {self.active_layer_id} is not in the document")
        if self.selection is not None:
            check_coverage(self.selection)
            if self.selection.shape != self.size.shape:
                raise ValueError(f"selection of shape {self.selection.shape} in a document of {self.size} pixels")
            freeze(self.selection)

    @classmethod
    def from_photo(cls, photo: "Photo", path: Path | None = None) -> Self:
        """Return a document that shows `photo` in one layer."""
        layer = Layer(new_layer_id(), photo.name, photo.pixels)
        return cls(
            size=Size.of(photo.pixels),
            layers=(layer,),
            active_layer_id=layer.id,
            icc_profile=photo.icc_profile,
            dpi=photo.dpi,
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
        return any(layer.is_visible for layer in self.layers)

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

    def with_selection(self, selection: Coverage | None) -> Self:
        """Return the document with another selection; the array is made read-only."""
        return replace(self, selection=selection)

    def with_layers(self, layers: tuple[Layer, ...], active_layer_id: str | None) -> Self:
        """Return the document with other layers, bottom first."""
        return replace(self, layers=layers, active_layer_id=active_layer_id)
