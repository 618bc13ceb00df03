"""How FastSAM sees a photo: its longest side made 1024, in the middle of a grey rim that fills up whole strides."""

from dataclasses import dataclass
from math import ceil
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbImage
from core.geometry import Size

LONGEST = 1024
"""Side that the published networks were trained at."""

CELL = 4
"""Pixels of the frame along a cell of the prototypes."""

_STRIDE = 32
_GREY = 114


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a photo lies in what the network sees; the same as ultralytics' own preparation gives.

    Attributes
    ----------
    photo, inner, outer
        Sizes of the photo, of the photo in the frame, and of the frame with its rim.
    left, top
        Width of the rim on these sides.
    """

    photo: Size
    inner: Size
    outer: Size
    left: int
    top: int

    @classmethod
    def of(cls, photo: Size) -> Self:
        """Return the frame of a photo of that size; small photos are enlarged, as the network expects."""
        scale = LONGEST / photo.longest
        inner = Size(max(round(photo.width * scale), 1), max(round(photo.height * scale), 1))
        outer = Size(*(ceil(side / _STRIDE) * _STRIDE for side in (inner.width, inner.height)))
        # ultralytics' rounding: the odd pixel of the rim goes to the right and to the bottom.
        left = round((outer.width - inner.width) / 2 - 0.1)
        top = round((outer.height - inner.height) / 2 - 0.1)
        return cls(photo, inner, outer, left, top)

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the photo in cells of the prototypes."""
        return self.inner.width / CELL, self.inner.height / CELL

    @property
    def origin(self) -> tuple[float, float]:
        """The photo's upper left corner in cells of the prototypes."""
        return self.left / CELL, self.top / CELL

    def apply(self, image: RgbImage) -> RgbImage:
        """Return the photo in its frame, ``(outer.height, outer.width, 3)`` uint8."""
        # Without a change of size this is a copy.
        resized = cv2.resize(image, (self.inner.width, self.inner.height), interpolation=cv2.INTER_LINEAR)
        framed = np.full((*self.outer.shape, 3), _GREY, np.uint8)
        framed[self.top : self.top + self.inner.height, self.left : self.left + self.inner.width] = resized
        return framed

    def to_photo(self, boxes: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return boxes ``(N, 4)``, left top right bottom in pixels of the frame, in pixels of the photo and within."""
        corner = np.array([self.left, self.top] * 2, dtype=np.float64)
        inner = np.array([self.inner.width, self.inner.height] * 2)
        photo = np.array([self.photo.width, self.photo.height] * 2)
        return np.asarray(np.clip((boxes - corner) * (photo / inner), 0, photo))

    def to_cells(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return places ``(..., 2)``, x and y in pixels of the photo, in cells of the prototypes."""
        cells_a_pixel = np.array(self.extent) / (self.photo.width, self.photo.height)
        return np.asarray(places * cells_a_pixel + self.origin)
