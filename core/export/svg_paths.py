"""Outlines as the data of SVG paths: https://www.w3.org/TR/SVG11/paths.html."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.curve_fitting import fitted_curves

_DIGITS = 2
_ROUNDING = 10.0**-_DIGITS
"""How far a point moves at most by being written, across both axes."""


def crack_path(rings: Iterable[NDArray[np.int64]], x: int, y: int) -> str:
    """Return rings of horizontal and vertical lines, moved by (x, y)."""
    parts = []
    for ring in rings:
        start = ring[0] + np.array([x, y])
        steps = np.diff(ring, axis=0)
        parts.append(f"M{start[0]} {start[1]}")
        # The last side is the way back, which "z" draws.
        parts.extend(f"h{dx}" if dx else f"v{dy}" for dx, dy in steps.tolist())
        parts.append("z")
    return "".join(parts)


def smooth_path(rings: Iterable[NDArray[np.float64]], tolerance: float, x: float, y: float) -> str:
    """Return rings, moved by (x, y), as curves that are nowhere further from them than `tolerance`."""
    parts = []
    for ring in rings:
        curves = fitted_curves(ring + np.array([x, y]), tolerance - _ROUNDING)
        parts.append(f"M{_numbers(curves[0][:1])}")
        parts.extend(f"C{_numbers(curve[1:])}" for curve in curves)
        parts.append("z")
    return "".join(parts)


def _numbers(points: NDArray[np.float64]) -> str:
    return " ".join(f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".") for value in points.ravel().tolist())
