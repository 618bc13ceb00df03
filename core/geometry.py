"""Sizes, boxes and pixel rectangles.

Coordinates are pixels of the photo as displayed, x to the right, y down; pixel (column c, row r) covers the square
[c, c+1) x [r, r+1), so the pixel under a point is its floor.
"""

from dataclasses import dataclass
from math import ceil, floor, isfinite
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    @classmethod
    def of(cls, array: NDArray[np.generic]) -> Self:
        """Return the size of an image or mask array."""
        return cls(int(array.shape[1]), int(array.shape[0]))

    @property
    def area(self) -> int:
        """Number of pixels."""
        return self.width * self.height

    @property
    def longest(self) -> int:
        """The longer side."""
        return max(self.width, self.height)

    @property
    def shape(self) -> tuple[int, int]:
        """``(height, width)``, numpy's order."""
        return self.height, self.width

    def fitted(self, longest: int) -> "Size":
        """Return this size shrunk in proportion so that no side exceeds `longest`; never enlarged, never below 1."""
        scale = min(1.0, longest / self.longest)
        return Size(max(1, round(self.width * scale)), max(1, round(self.height * scale)))

    def __str__(self) -> str:
        return f"{self.width} x {self.height}"


@dataclass(frozen=True, slots=True)
class Box:
    """What a person drags: two corners in photo coordinates, ``x0 <= x1`` and ``y0 <= y1``."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def from_corners(cls, xa: float, ya: float, xb: float, yb: float) -> Self:
        """Return the box between two opposite corners, whichever way it was dragged."""
        return cls(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    @property
    def width(self) -> float:
        """Horizontal extent."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Vertical extent."""
        return self.y1 - self.y0

    @property
    def is_finite(self) -> bool:
        """Whether no corner is infinite or not a number."""
        return all(isfinite(v) for v in (self.x0, self.y0, self.x1, self.y1))

    def clipped(self, size: Size) -> Self:
        """Return the part inside a photo of `size`; its width or height is 0 if there is none."""
        return type(self)(
            min(max(self.x0, 0.0), size.width),
            min(max(self.y0, 0.0), size.height),
            min(max(self.x1, 0.0), size.width),
            min(max(self.y1, 0.0), size.height),
        )

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies inside or on the border."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    def to_rect(self) -> "Rect":
        """Return the smallest pixel rectangle that covers the box."""
        x, y = floor(self.x0), floor(self.y0)
        return Rect(x, y, ceil(self.x1) - x, ceil(self.y1) - y)


@dataclass(frozen=True, slots=True)
class Rect:
    """A block of pixels: columns ``x .. x+width-1``, rows ``y .. y+height-1``. Empty if a side is 0 or less."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def of_size(cls, size: Size) -> Self:
        """Return the rectangle that covers a whole image."""
        return cls(0, 0, size.width, size.height)

    @classmethod
    def of_mask(cls, mask: NDArray[np.generic]) -> Self:
        """Return the bounding rectangle of the non-zero elements of an ``(H, W)`` array; empty if there are none."""
        rows = np.flatnonzero(mask.any(axis=1))
        if rows.size == 0:
            return cls(0, 0, 0, 0)
        top, bottom = int(rows[0]), int(rows[-1])
        columns = np.flatnonzero(mask[top : bottom + 1].any(axis=0))
        left, right = int(columns[0]), int(columns[-1])
        return cls(left, top, right - left + 1, bottom - top + 1)

    @property
    def right(self) -> int:
        """First column to the right of the rectangle."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row below the rectangle."""
        return self.y + self.height

    @property
    def size(self) -> Size:
        """Width and height."""
        return Size(self.width, self.height)

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.width <= 0 or self.height <= 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index that cuts these pixels out of an array that holds them: ``array[rect.slices]``."""
        return slice(self.y, self.bottom), slice(self.x, self.right)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies on one of its pixels."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def moved(self, dx: int, dy: int) -> Self:
        """Return the rectangle shifted by whole pixels."""
        return type(self)(self.x + dx, self.y + dy, self.width, self.height)

    def padded(self, margin: int) -> Self:
        """Return the rectangle grown by `margin` pixels on every side."""
        return type(self)(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    def intersect(self, other: "Rect") -> Self:
        """Return the pixels in both; ``Rect(0, 0, 0, 0)`` if there are none."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        width, height = min(self.right, other.right) - x, min(self.bottom, other.bottom) - y
        return type(self)(x, y, width, height) if width > 0 and height > 0 else type(self)(0, 0, 0, 0)

    def unite(self, other: "Rect") -> Self:
        """Return the smallest rectangle that holds both; an empty one adds nothing."""
        if self.is_empty or other.is_empty:
            kept = other if self.is_empty else self
            return type(self)(kept.x, kept.y, kept.width, kept.height)
        x, y = min(self.x, other.x), min(self.y, other.y)
        return type(self)(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def clipped(self, size: Size) -> Self:
        """Return the part inside an image of `size`."""
        return self.intersect(Rect.of_size(size))

    def without(self, other: "Rect") -> "list[Rect]":
        """Return what is left of it beside `other`: up to four rectangles, none of which is empty."""
        hole = self.intersect(other)
        if hole.is_empty:
            return [] if self.is_empty else [self]
        parts = (
            Rect(self.x, self.y, self.width, hole.y - self.y),
            Rect(self.x, hole.y, hole.x - self.x, hole.height),
            Rect(hole.right, hole.y, self.right - hole.right, hole.height),
            Rect(self.x, hole.bottom, self.width, self.bottom - hole.bottom),
        )
        return [part for part in parts if not part.is_empty]

    def tiles(self, side: int) -> "list[Rect]":
        """Cut the rectangle into squares of `side` pixels, row by row; those at its right and bottom may be smaller."""
        return [
            Rect(x, y, side, side).intersect(self)
            for y in range(self.y, self.bottom, side)
            for x in range(self.x, self.right, side)
        ]
