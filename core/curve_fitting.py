"""Cubic Bezier curves along the points of an outline, nowhere further from it than a tolerance.

P. J. Schneider, "An algorithm for automatically fitting digitized curves", Graphics Gems, 1990: least squares for the
lengths of the handles, better parameters by Newton's method, and a cut in two where that is not close enough.
"""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_ROUNDS = 3
_NEAR = 2
"""How many points to each side tell the direction of the outline where two curves meet."""

_TINY = 1e-9


def fitted_curves(ring: Points, tolerance: float) -> list[Points]:
    """Return the curves along a closed outline.

    Parameters
    ----------
    ring
        ``(N, 2)``, at least three points; the way from the last to the first closes it.
    tolerance
        How far a curve may be from the lines between the points, in their unit; more than 0.

    Returns
    -------
    list
        Each ``(4, 2)``: start, two handles, end. The end of each is the start of the next, that of the last of the
        first.
    """
    ring = _with_midpoints(ring)
    count = len(ring)
    apart = int(np.argmax(((ring - ring[0]) ** 2).sum(1)))
    closed = np.concatenate([ring, ring[:1]])
    tangents = _tangents(ring)
    curves: list[Points] = []
    # Not by recursion: an outline may have to be cut very often.
    waiting = [(apart, count), (0, apart)]
    while waiting:
        first, last = waiting.pop()
        points = closed[first : last + 1]
        curve, worst = _fit(points, tangents[first], -tangents[last % count], tolerance)
        if curve is not None:
            curves.append(curve)
        else:
            cut = first + min(max(worst, 1), len(points) - 2)  # never at an end
            waiting += [(cut, last), (first, cut)]
    return curves


def _with_midpoints(ring: Points) -> Points:
    """Return the points with those halfway between them, so that curves are held there, too."""
    following = np.roll(ring, -1, axis=0)
    dense = np.empty((2 * len(ring), 2))
    dense[::2], dense[1::2] = ring, (ring + following) / 2
    return dense


def _tangents(ring: Points) -> Points:
    """Return the direction of the outline at each point, of length 1."""
    along = np.roll(ring, -_NEAR, axis=0) - np.roll(ring, _NEAR, axis=0)
    length = np.hypot(along[:, 0], along[:, 1])
    straight = np.roll(ring, -1, axis=0) - ring
    along[length < _TINY] = straight[length < _TINY]
    return np.asarray(along / np.maximum(np.hypot(along[:, 0], along[:, 1]), _TINY)[:, np.newaxis])


def _fit(points: Points, leaving: Points, arriving: Points, tolerance: float) -> tuple[Points | None, int]:
    """Return one curve along all points, or None and the index of the point where it is furthest from them."""
    start, end = points[0], points[-1]
    if len(points) == 2:
        return np.array([start, (2 * start + end) / 3, (start + 2 * end) / 3, end]), 0
    steps = np.hypot(*np.diff(points, axis=0).T)
    parameters = np.concatenate([[0.0], np.cumsum(steps)]) / max(steps.sum(), _TINY)
    worst, distance = 0, np.inf
    for _ in range(_ROUNDS):
        curve = _least_squares(points, parameters, leaving, arriving)
        apart = _apart(curve, points, parameters)
        worst, distance = int(np.argmax(apart)), float(apart.max())
        if distance <= tolerance:
            return curve, worst
        if distance > 4 * tolerance:
            break
        parameters = _closer(curve, points, parameters)
    return None, worst


def _apart(curve: Points, points: Points, parameters: Points) -> Points:
    """Return how far the curve and the lines to the next point are apart at most, for all points but the last.

    Between two parameters a curve leaves its chord by no more than an eighth of its greatest second derivative times
    the square of their difference.
    """
    distances = np.hypot(*(_at(curve, parameters) - points).T)
    bend = 6 * float(np.hypot(*np.diff(curve, 2, axis=0).T).max())
    return np.asarray(np.maximum(distances[:-1], distances[1:]) + bend / 8 * np.diff(parameters) ** 2)


def _least_squares(points: Points, parameters: Points, leaving: Points, arriving: Points) -> Points:
    """Return the curve with these directions at its ends whose handles are as long as fits best."""
    start, end = points[0], points[-1]
    rest = 1 - parameters
    first, second = 3 * parameters * rest**2, 3 * parameters**2 * rest
    one, other = first[:, np.newaxis] * leaving, second[:, np.newaxis] * arriving
    straight = (rest**3 + first)[:, np.newaxis] * start + (parameters**3 + second)[:, np.newaxis] * end
    left = points - straight
    matrix = np.array([[(one * one).sum(), (one * other).sum()], [(one * other).sum(), (other * other).sum()]])
    wanted = np.array([(one * left).sum(), (other * left).sum()])
    chord = float(np.hypot(*(end - start)))
    determinant = float(np.linalg.det(matrix))
    lengths = np.linalg.solve(matrix, wanted) if abs(determinant) > _TINY else np.zeros(2)
    if lengths.min() < chord * 1e-3 or lengths.max() > 4 * max(chord, _TINY) + 4:
        lengths = np.full(2, chord / 3)  # a loop, or a handle that points back
    return np.array([start, start + leaving * lengths[0], end + arriving * lengths[1], end])


def _at(curve: Points, parameters: Points) -> Points:
    rest = 1 - parameters
    weights = np.stack([rest**3, 3 * parameters * rest**2, 3 * parameters**2 * rest, parameters**3], axis=1)
    return np.asarray(weights @ curve)


def _closer(curve: Points, points: Points, parameters: Points) -> Points:
    """Return parameters at which the curve is nearer to the points; they go on rising."""
    speed, turn = 3 * np.diff(curve, axis=0), 6 * np.diff(curve, 2, axis=0)
    rest = 1 - parameters
    first = np.stack([rest**2, 2 * parameters * rest, parameters**2], axis=1) @ speed
    second = np.stack([rest, parameters], axis=1) @ turn
    apart = _at(curve, parameters) - points
    slope = (first * first).sum(1) + (apart * second).sum(1)
    moved = parameters - np.where(np.abs(slope) > _TINY, (apart * first).sum(1) / np.where(slope == 0, 1, slope), 0)
    return np.asarray(np.maximum.accumulate(moved.clip(0, 1)))
