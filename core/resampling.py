"""Bilinear resampling whose result at a pixel depends on nothing but the pixel.

OpenCV and PyTorch count coordinates from the corner of what is drawn, so that a part of a picture differs from the
whole in its last digits: enough for an outline to be on the other side of a pixel.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
_PIXELS_AT_ONCE = 1 << 16
"""So few that they stay in the processor's cache."""


def resampled(values: Field, columns: NDArray[np.floating[Any]], rows: NDArray[np.floating[Any]]) -> Field:
    """Return ``(h, w)`` float32: values between the cells of a grid, bilinearly; beyond it, those of its border.

    Parameters
    ----------
    values
        ``(m, n)`` float32, at least one.
    columns, rows
        ``(w,)`` and ``(h,)``, rising: where, in cells from the middle of the first one.
    """
    left, right_share = _between(columns, values.shape[1])
    top, lower_share = _between(rows, values.shape[0])
    # Of a grid that is drawn small only some rows are looked at.
    needed, place = np.unique(np.concatenate([top, np.minimum(top + 1, values.shape[0] - 1)]), return_inverse=True)
    across = _between_columns(values[needed], left, right_share)
    result = np.empty((len(rows), len(columns)), dtype=np.float32)
    upper, lower = place[: len(rows)], place[len(rows) :]
    count = max(1, _PIXELS_AT_ONCE // len(columns))
    for first in range(0, len(rows), count):
        span = slice(first, first + count)
        drawn = np.take(across, upper[span], axis=0, out=result[span], mode="clip")
        step = np.take(across, lower[span], axis=0, mode="clip")
        step -= drawn
        step *= lower_share[span, None]
        drawn += step
    return result


def _between_columns(values: Field, left: NDArray[np.intp], share: Field) -> Field:
    across = np.take(values, left, axis=1, mode="clip")
    step = np.take(np.diff(values, axis=1, append=values[:, -1:]), left, axis=1, mode="clip")
    step *= share
    across += step
    return across


def _between(places: NDArray[np.floating[Any]], count: int) -> tuple[NDArray[np.intp], Field]:
    """Return the cell before each place, and how far on the way to the next one it lies."""
    held = np.clip(places, 0, count - 1)
    first = np.floor(held).astype(np.intp)
    return first, (held - first).astype(np.float32)
