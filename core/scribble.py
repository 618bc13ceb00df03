"""A brush stroke in a prompt: over what belongs, or over what does not."""

from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot, isfinite, nextafter
from typing import Self

import cv2
import numpy as np

from core.errors import PromptError
from core.geometry import Size
from core.texts import tr

Place = tuple[float, float]
_Part = tuple[Place, Place]

_WIDEST = 1e5
_FARTHEST = 1e6
"""Coordinates beyond it are a mistake, and could not be drawn."""

_TOLERANCE = 0.1
"""How far a simplified stroke may stray from where it was drawn, as a fraction of its width: nobody sees it."""


@dataclass(frozen=True, slots=True)
class Scribble:
    """A stroke of a round brush.

    Attributes
    ----------
    path
        ``(x, y)`` in photo pixels, from corner to corner; at least one. A stroke may leave the photo.
    width
        The brush's diameter in photo pixels.
    is_include
        Whether what it covers belongs to the object, or does not.
    """

    path: tuple[Place, ...]
    width: float
    is_include: bool = True

    def meets(self, size: Size) -> bool:
        """Return whether the stroke's middle line has a place inside a photo of `size`."""
        return bool(self._parts_in(size))

    def check(self, size: Size) -> None:
        """Check that the stroke can be drawn on a photo of `size`.

        Raises
        ------
        PromptError
            If it has no place, a number that is none or is out of all proportion, or no place inside the photo.
        """
        if not self.path:
            raise PromptError(tr("A scribble has no place: draw it over the photo."))
        numbers = [number for place in self.path for number in place]
        if not all(isfinite(number) for number in numbers):
            raise PromptError(tr("A scribble has a coordinate that is not a number."))
        if not 0 < self.width <= _WIDEST:
            raise PromptError(
                tr(
                    "A scribble cannot be {width:g} pixels wide: choose a width from 1 to {most:g}.",
                    width=self.width,
                    most=_WIDEST,
                )
            )
        if max(abs(number) for number in numbers) > _FARTHEST:
            raise PromptError(
                tr("A scribble leads more than {most:.0f} pixels away: draw it over the photo.", most=_FARTHEST)
            )
        if not self.meets(size):
            (x0, y0), (x1, y1) = self.path[0], self.path[-1]
            if len(self.path) == 1:
                raise PromptError(
                    tr("The scribble at {x:g},{y:g} lies outside the photo ({size} pixels).", x=x0, y=y0, size=size)
                )
            raise PromptError(
                tr(
                    "The scribble from {x0:g},{y0:g} to {x1:g},{y1:g} lies outside the photo ({size} pixels).",
                    x0=x0,
                    y0=y0,
                    x1=x1,
                    y1=y1,
                    size=size,
                )
            )

    def simplified(self) -> Self:
        """Return the stroke with as few corners as tell it from what was drawn."""
        if len(self.path) < 2:
            return self
        drawn = np.array(self.path, np.float32)
        corners = cv2.approxPolyDP(drawn[:, None], self.width * _TOLERANCE, closed=False)[:, 0]
        if (corners[-1] != drawn[-1]).any():  # OpenCV leaves the end out where a stroke comes back to its start
            corners = np.vstack([corners, drawn[-1:]])
        return replace(self, path=tuple((float(x), float(y)) for x, y in corners))

    def sampled(self, most: int, size: Size) -> tuple[Place, ...]:
        """Return at most `most` places along the stroke, evenly apart, inside a photo of `size`; at least one.

        The stroke must have passed :meth:`check`.
        """
        parts = self._parts_in(size)
        lengths = [hypot(xb - xa, yb - ya) for (xa, ya), (xb, yb) in parts]
        count = 1 if sum(lengths) < 2 * self.width else most
        return tuple(_place_at((number + 0.5) / count * sum(lengths), parts, lengths) for number in range(count))

    def _parts_in(self, size: Size) -> list[_Part]:
        """Return the straight parts of the stroke as far as they lie in the photo; that of a dab has no length."""
        steps = list(pairwise(self.path)) or [(self.path[0], self.path[0])]
        return [part for start, end in steps if (part := _part_in(start, end, size)) is not None]


def _part_in(start: Place, end: Place, size: Size) -> _Part | None:
    """Return the part of a straight line that lies in a photo of `size`; None if there is none."""
    lasts = nextafter(size.width, 0.0), nextafter(size.height, 0.0)
    enters, leaves = 0.0, 1.0
    for a, b, last in zip(start, end, lasts, strict=True):
        if a == b:
            if not 0 <= a <= last:
                return None
            continue
        near, far = sorted((-a / (b - a), (last - a) / (b - a)))
        enters, leaves = max(enters, near), min(leaves, far)
    if enters > leaves:
        return None
    return _place_on(start, end, enters, lasts), _place_on(start, end, leaves, lasts)


def _place_on(start: Place, end: Place, share: float, lasts: Place) -> Place:
    """Return a place between two, kept in the photo where rounding would leave it."""
    x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return min(max(x, 0.0), lasts[0]), min(max(y, 0.0), lasts[1])


def _place_at(distance: float, parts: list[_Part], lengths: list[float]) -> Place:
    """Return the place at a distance from the start, measured along the parts."""
    for ((xa, ya), (xb, yb)), length in zip(parts, lengths, strict=True):
        if distance < length:
            share = distance / length
            return xa + (xb - xa) * share, ya + (yb - ya) * share
        distance -= length
    return parts[-1][1]
