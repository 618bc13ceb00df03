"""What an export is about: a document, and the objects that can be told apart in it."""

from dataclasses import dataclass, field, replace

import numpy as np

from core.arrays import Coverage
from core.document import Document
from core.geometry import Rect
from core.layer import Layer
from core.object_map import DrawnObject, DrawnObjects


@dataclass(frozen=True, eq=False)
class ExportObject:
    """One object of a picture, for masks, cut lines and datasets.

    Attributes
    ----------
    name
        The layer's name, which stands for the object's class in datasets.
    rect
        The bounding rectangle of what is covered of the document, half-open; never empty.
    coverage
        ``(rect.height, rect.width)``, read-only.
    score
        How sure the segmenter was, in [0, 1]; None if nobody knows.
    """

    name: str
    rect: Rect
    coverage: Coverage = field(repr=False)
    score: float | None = None


@dataclass(frozen=True, eq=False)
class ExportSource:
    """A snapshot of what is exported.

    Attributes
    ----------
    drawn
        The objects, if they were found by a segmenter and are not those of the layers.
    is_one_layer
        Whether the document is one of many files, each of a layer alone.
    """

    document: Document
    drawn: DrawnObjects | None = None
    is_one_layer: bool = False

    def objects(self) -> tuple[ExportObject, ...]:
        """Return the objects, the bottom one first; none if nothing is cut out. They may overlap.

        What a segmenter found; else what is selected; else every visible layer's coverage that is not the whole
        picture.
        """
        document = self.document
        if self.drawn is not None:
            return tuple(ExportObject(each.name, each.rect, each.coverage, each.score) for each in self.drawn.layers)
        if document.selection is not None:
            return _object(document.name, document.selection, document.rect, document.rect)
        found: list[ExportObject] = []
        for layer in document.shown_layers:
            found.extend(_object(layer.name, _coverage_of(layer), layer.rect, document.rect))
        return tuple(each for each in found if each.rect != document.rect or each.coverage.min() < 255)

    def part_names(self) -> tuple[str, ...]:
        """Return what the :meth:`parts` are called."""
        found = self.document.layers if self.drawn is None else self.drawn.layers
        return tuple(each.name for each in found)

    def parts(self) -> "tuple[ExportSource, ...]":
        """Return what files of their own are about, the bottom one first.

        Every object that a segmenter found; else every layer, hidden ones too, as if it were alone.
        """
        if self.drawn is None:
            return tuple(self._of_layer(layer) for layer in self.document.layers)
        return tuple(self._of_object(each, self.drawn) for each in self.drawn.layers)

    def _of_layer(self, layer: Layer) -> "ExportSource":
        """Return a document that shows a layer, fully opaque and in place, and nothing else; nothing is selected."""
        shown = replace(layer, is_visible=True, opacity=1.0, group_id=None)
        without = replace(self.document, background=None, selection=None, selection_recipe=None)
        return ExportSource(replace(without.with_layers((shown,), layer.id, ()), name=layer.name), is_one_layer=True)

    def _of_object(self, each: DrawnObject, drawn: DrawnObjects) -> "ExportSource":
        return ExportSource(self.document, replace(drawn, layers=(each,)))


def _coverage_of(layer: Layer) -> Coverage:
    """Return how much of its own pixels a layer shows, opacity aside."""
    alpha = layer.pixels[..., 3]
    if layer.shown_mask is None:
        return np.ascontiguousarray(alpha)
    product = alpha.astype(np.uint16) * layer.shown_mask
    return ((product + 127) // 255).astype(np.uint8)


def _object(name: str, coverage: Coverage, place: Rect, canvas: Rect) -> tuple[ExportObject, ...]:
    inner = place.intersect(canvas)
    if inner.is_empty:
        return ()
    part = coverage[inner.moved(-place.x, -place.y).slices]
    covered = Rect.of_mask(part)
    if covered.is_empty:
        return ()
    kept = np.ascontiguousarray(part[covered.slices])
    kept.flags.writeable = False
    return (ExportObject(name, covered.moved(inner.x, inner.y), kept),)
