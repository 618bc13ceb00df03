"""Between 8 and 16 bits a channel: 255 stands for 65535, so both ends are exact and there and back loses nothing."""

import numpy as np

from core.arrays import DeepImage, RgbaImage

_STEP = 257
_STRIP_VALUES = 1 << 22


def to_deep(pixels: RgbaImage) -> DeepImage:
    """Return 8-bit pixels with 16 bits a channel, as a new array."""
    return pixels.astype(np.uint16) * np.uint16(_STEP)


def to_bytes(deep: DeepImage) -> RgbaImage:
    """Return the nearest 8-bit value of each 16-bit one, as a new array."""
    result = np.empty(deep.shape, np.uint8)
    rows = max(1, _STRIP_VALUES * len(deep) // max(1, deep.size))
    for top in range(0, len(deep), rows):
        result[top : top + rows] = _nearest(deep[top : top + rows])
    return result


def carried(pixels: RgbaImage, before: RgbaImage, deep: DeepImage) -> DeepImage:
    """Return `pixels`, an edit of `before`, with 16 bits: those of `deep` wherever a value is still what it was.

    All have the same shape. If `before` are the nearest values of `deep`, then so are `pixels` of what is returned.
    """
    result = to_deep(pixels)
    np.copyto(result, deep, where=pixels == before)
    is_cut_away = before.any(axis=2) & ~pixels.any(axis=2)
    result[is_cut_away] = 0  # nothing is left of it, below 8 bits neither
    return result


def _nearest(deep: DeepImage) -> RgbaImage:
    # (v + 128) // 257 for every 16-bit v without leaving 16 bits: 257 v8 is v8 * 256 + v8.
    high = deep >> np.uint16(8)
    low = deep & np.uint16(0xFF)
    up = (low > high) & (low - np.minimum(low, high) > 128)
    down = (high > low) & (high - np.minimum(low, high) > 128)
    return np.asarray(high + up - down, dtype=np.uint8)
