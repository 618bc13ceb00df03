"""Where the candidates of a click are offered around it: near, inside the view, and beside the object if that goes."""

from collections.abc import Callable
from math import asin, cos, degrees, radians, sin

Place = tuple[float, float]
"""A point of the view, in logical pixels."""

_RADII = (64.0, 100.0, 144.0)
_DIRECTIONS = tuple(range(-90, 270, 15))
"""In degrees; upwards first, where the pointer's own shape covers nothing."""

_GAP = 4.0
_COST_OF_DISTANCE = 0.015
"""What a logical pixel away from the click costs, in shares of an item that covers the object."""

_COST_OF_TURNING = 0.0005
"""What a degree away from upwards costs: of equally good places, the same one is taken every time."""


def ring_places(
    anchor: Place,
    count: int,
    item: tuple[float, float],
    view: tuple[float, float],
    covers: Callable[[float, float], bool],
) -> tuple[Place, ...]:
    """Return the middles of `count` items along an arc around `anchor`; none if they do not fit.

    The first is at the left, or above if the arc stands upright.

    Parameters
    ----------
    anchor
        The click.
    item, view
        Width and height of an item and of the view, in logical pixels.
    covers
        Whether the object lies under such a point of the view.
    """
    best: tuple[float, tuple[Place, ...]] | None = None
    for radius in _RADII:
        for direction in _DIRECTIONS:
            places = _arc(anchor, count, radius, direction, max(item))
            if not all(_is_inside(place, item, view) for place in places):
                continue
            cost = _covered(places, item, covers) + (radius - _RADII[0]) * _COST_OF_DISTANCE
            cost += abs(direction + 90) % 360 * _COST_OF_TURNING
            if best is None or cost < best[0]:
                best = cost, places
    return () if best is None else _in_order(best[1])


def _in_order(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Return places along an arc from left to right, or from above to below where it stands upright."""
    (first_x, first_y), (last_x, last_y) = places[0], places[-1]
    is_lying = abs(last_x - first_x) >= abs(last_y - first_y)
    is_backwards = last_x < first_x if is_lying else last_y < first_y
    return places[::-1] if is_backwards else places


def _arc(anchor: Place, count: int, radius: float, direction: float, item: float) -> tuple[Place, ...]:
    step = degrees(2 * asin(min(1.0, (item + _GAP) / 2 / radius)))
    angles = [radians(direction + (index - (count - 1) / 2) * step) for index in range(count)]
    return tuple((anchor[0] + radius * cos(angle), anchor[1] + radius * sin(angle)) for angle in angles)


def _is_inside(place: Place, item: tuple[float, float], view: tuple[float, float]) -> bool:
    half_width, half_height = item[0] / 2 + _GAP, item[1] / 2 + _GAP
    return half_width <= place[0] <= view[0] - half_width and half_height <= place[1] <= view[1] - half_height


def _covered(places: tuple[Place, ...], item: tuple[float, float], covers: Callable[[float, float], bool]) -> float:
    """Return how many items' worth of the object would lie under the items."""
    steps = (-0.4, 0.0, 0.4)
    looked_at = [(place[0] + u * item[0], place[1] + v * item[1]) for place in places for u in steps for v in steps]
    return sum(covers(x, y) for x, y in looked_at) / len(steps) ** 2
