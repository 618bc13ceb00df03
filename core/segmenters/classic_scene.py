"""What is worked out of a part of a photo before anything is asked about it, kept while questions go on."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbImage
from core.geometry import Rect
from core.segmenters.classic_colour import ColourCells
from core.segmenters.classic_cut import contrast_channels
from core.segmenters.classic_reach import edge_cost

Field = NDArray[np.float32]
_KEPT = 4
"""Parts of the photo: two, drawn coarse and fine each."""
_BYTES_A_PIXEL = 32


@dataclass(frozen=True, eq=False)
class Scene:
    """A part of a photo drawn small, and what prompts need to know of its colours and edges.

    Attributes
    ----------
    image
        ``(h, w, 3)`` uint8.
    cells, contrast
        Its colours, sorted for counting and for following edges.
    cost
        ``(h, w)`` float32 of :func:`edge_cost`.
    """

    image: RgbImage = field(repr=False)
    cells: ColourCells = field(repr=False)
    contrast: NDArray[np.uint8] = field(repr=False)
    cost: Field = field(repr=False)

    @classmethod
    def of(cls, image: RgbImage) -> "Scene":
        """Work out the scene of a picture ``(h, w, 3)``."""
        cells = ColourCells.of(image)
        return cls(image, cells, contrast_channels(cells.lab), edge_cost(cells.lab))


class SceneShelf:
    """The scenes used last, four at most; safe to ask from several threads."""

    def __init__(self) -> None:
        self._scenes: OrderedDict[tuple[Rect, int], Scene] = OrderedDict()
        self._lock = Lock()

    def scene(self, cells: Rect, length: int, draw: Callable[[], RgbImage]) -> Scene:
        """Return the scene of a part, no side above `length`; `draw` makes its picture if it is not there yet."""
        key = (cells, length)
        with self._lock:
            found = self._scenes.get(key)
            if found is not None:
                self._scenes.move_to_end(key)
                return found
        # Two threads may both work it out: the same values, and nobody waits for a lock meanwhile.
        made = Scene.of(draw())
        with self._lock:
            self._scenes[key] = made
            while len(self._scenes) > _KEPT:
                self._scenes.popitem(last=False)
        return made

    @staticmethod
    def nbytes_for(*lengths: int) -> int:
        """Return the memory that the scenes of two parts take at most, each drawn at every one of `lengths`."""
        return sum(_KEPT // 2 * length * length * _BYTES_A_PIXEL for length in lengths)
