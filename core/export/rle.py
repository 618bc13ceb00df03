"""COCO's run lengths: columns first, zeros first, and packed into a text, byte for byte as pycocotools does it.

https://github.com/cocodataset/cocoapi/blob/master/common/maskApi.c (the format; nothing of it is used here)
"""

import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask
from core.geometry import Rect, Size


def run_lengths(mask: Mask, rect: Rect, size: Size) -> NDArray[np.int64]:
    """Return the lengths of the runs of a picture of `size`, column by column, the first one of zeros.

    Parameters
    ----------
    mask
        ``(rect.height, rect.width)``; all pixels outside of `rect`, which lies in the picture, are zero.
    """
    padded = np.zeros((rect.width, rect.height + 2), np.int8)
    padded[:, 1:-1] = mask.T
    change = np.diff(padded, axis=1)
    starts = _positions(change == 1, rect, size)
    ends = _positions(change == -1, rect, size)
    # A run that reaches the bottom goes on at the top of the next column.
    is_joined = starts[1:] == ends[:-1]
    starts = starts[np.concatenate([[True], ~is_joined])[: starts.size]]
    ends = ends[np.concatenate([~is_joined, [True]])[-ends.size :]] if ends.size else ends
    edges = np.empty(2 * starts.size + 2, np.int64)
    edges[0], edges[-1] = 0, size.area
    edges[1:-1:2], edges[2:-1:2] = starts, ends
    counts = np.diff(edges)
    return counts[:-1] if counts[-1] == 0 else counts


def packed(counts: NDArray[np.int64]) -> str:
    """Return run lengths as the text that COCO calls ``counts``: five bits a character, later ones as differences."""
    values = counts.copy()
    values[3:] -= counts[1:-2]
    text = bytearray()
    for value in values.tolist():
        rest, is_more = value, True
        while is_more:
            bits = rest & 0x1F
            rest >>= 5
            is_more = rest != (-1 if bits & 0x10 else 0)
            text.append((bits | 0x20 if is_more else bits) + 48)
    return text.decode("ascii")


def _positions(is_change: NDArray[np.bool_], rect: Rect, size: Size) -> NDArray[np.int64]:
    columns, rows = np.nonzero(is_change)
    return np.asarray((columns + rect.x) * size.height + rows + rect.y, dtype=np.int64)
