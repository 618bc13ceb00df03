"""A prompt on a frame, as the classic solver sees it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask, RgbImage
from core.segmenters.classic_colour import ColourCells
from core.segmenters.classic_scene import Scene

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Task:
    """A prompt on a frame.

    Attributes
    ----------
    scene
        What is known of the frame before anything is asked about it.
    includes, excludes
        ``(column, row)`` of the clicks.
    marks
        ``(h, w)`` int8: 1 at include clicks and under include strokes, -1 where something is excluded, else 0.
    allowed
        ``(h, w)`` bool: where the object may lie at all, the inside of the box.
    has_box
        Whether that is a person's box, which an object fills.
    prior
        ``(h, w)`` float32 in [-1, 1], what was on the screen before the last click, or None.
    """

    scene: Scene = field(repr=False)
    includes: tuple[tuple[int, int], ...]
    excludes: tuple[tuple[int, int], ...]
    marks: NDArray[np.int8] = field(repr=False)
    allowed: Mask = field(repr=False)
    has_box: bool
    prior: Field | None = field(repr=False)

    @property
    def image(self) -> RgbImage:
        """``(h, w, 3)`` uint8, the frame."""
        return self.scene.image

    @property
    def cells(self) -> ColourCells:
        """The frame's colours, sorted for counting."""
        return self.scene.cells

    @property
    def contrast(self) -> NDArray[np.uint8]:
        """The frame's colours, sorted for following edges, ``(h, w, 2)``."""
        return self.scene.contrast

    @property
    def is_correction(self) -> bool:
        """Whether marks correct what was there."""
        return self.prior is not None and bool(self.marks.any())

    @property
    def shape(self) -> tuple[int, int]:
        """``(h, w)`` of the frame."""
        return self.allowed.shape[0], self.allowed.shape[1]

    @property
    def aim(self) -> tuple[int, int]:
        """``(column, row)`` of the first include click, else of the middle of what is included.

        There must be something included.
        """
        if self.includes:
            return self.includes[0]
        rows, columns = np.nonzero(self.marks > 0)
        # The included pixel nearest to the centre, as the centre of a bent stroke lies beside it.
        away = np.hypot(rows - rows.mean(), columns - columns.mean())
        return int(columns[away.argmin()]), int(rows[away.argmin()])
