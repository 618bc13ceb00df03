"""A brush stroke in a prompt: over what belongs, or over what does not."""

from dataclasses import dataclass
from itertools import pairwise
from math import hypot, isfinite

from core.errors import PromptError
from core.geometry import Size

Place = tuple[float, float]
_WIDEST = 1e5


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

    def check(self, size: Size) -> None:
        """Check that the stroke can be drawn on a photo of `size`.

        Raises
        ------
        PromptError
            If it has no place, a number that is none, or no corner inside the photo.
        """
        if not self.path:
            raise PromptError("A scribble has no place: draw it over the photo.")
        if not all(isfinite(x) and isfinite(y) for x, y in self.path):
            raise PromptError("A scribble has a coordinate that is not a number.")
        if not 0 < self.width <= _WIDEST:
            raise PromptError(f"A scribble cannot be {self.width:g} pixels wide: choose a width from 1 to {_WIDEST:g}.")
        if not self._places_in(size, self.path):
            raise PromptError(f"A scribble lies outside the photo ({size} pixels).")

    def sampled(self, most: int, size: Size) -> tuple[Place, ...]:
        """Return at most `most` places along the stroke, evenly apart, inside a photo of `size`; at least one.

        The stroke must have passed :meth:`check`.
        """
        lengths = [hypot(xb - xa, yb - ya) for (xa, ya), (xb, yb) in pairwise(self.path)]
        count = 1 if sum(lengths) < 2 * self.width else most
        places = [self._place_at((number + 0.5) / count * sum(lengths), lengths) for number in range(count)]
        return tuple(self._places_in(size, places) or self._places_in(size, self.path)[:1])

    def _place_at(self, distance: float, lengths: list[float]) -> Place:
        """Return the place at a distance from the start, measured along the stroke."""
        for ((xa, ya), (xb, yb)), length in zip(pairwise(self.path), lengths, strict=True):
            if distance <= length and length > 0:
                share = distance / length
                return xa + (xb - xa) * share, ya + (yb - ya) * share
            distance -= length
        return self.path[-1]

    @staticmethod
    def _places_in(size: Size, places: "tuple[Place, ...] | list[Place]") -> list[Place]:
        return [(x, y) for x, y in places if 0 <= x < size.width and 0 <= y < size.height]
