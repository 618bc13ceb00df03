"""The 16-bit pixels of photos, which Pillow cuts to 8: read by OpenCV, and believed where both agree."""

from typing import BinaryIO

import cv2
import numpy as np

from core.arrays import DeepImage, RgbaImage
from core.deep import to_bytes
from core.native_output import native_stderr_silenced

FORMATS = ("PNG", "TIFF")
"""Pillow's names of the formats that can hold such pixels, and that are read here."""

_SPARE_BYTES = 64 << 20
_STRIP_ROWS = 256


def deep_pixels(file: BinaryIO, shown: RgbaImage) -> DeepImage | None:
    """Return the photo in an open file with 16 bits a channel, not turned; None if it cannot be had like that.

    Parameters
    ----------
    shown
        The same at 8 bits. What is not that, to the last place, was understood in another way and is not returned.
    """
    length = file.seek(0, 2)
    file.seek(0)
    if length > shown.nbytes * 2 + _SPARE_BYTES:
        return None  # most of it is something else, such as further pages
    try:
        with native_stderr_silenced():
            decoded = cv2.imdecode(np.frombuffer(file.read(), np.uint8), cv2.IMREAD_UNCHANGED)
        deep = None if decoded is None or decoded.dtype != np.uint16 else _rgba(np.asarray(decoded, np.uint16))
    except (cv2.error, MemoryError):
        return None
    return deep if deep is not None and _agrees(deep, shown) else None


def _rgba(decoded: DeepImage) -> DeepImage | None:
    channels = 1 if decoded.ndim == 2 else decoded.shape[2]
    conversion = {1: cv2.COLOR_GRAY2RGBA, 3: cv2.COLOR_BGR2RGBA, 4: cv2.COLOR_BGRA2RGBA}.get(channels)
    return None if conversion is None else np.asarray(cv2.cvtColor(decoded, conversion), np.uint16)


def _agrees(deep: DeepImage, shown: RgbaImage) -> bool:
    if deep.shape != shown.shape:
        return False
    strips = (slice(top, top + _STRIP_ROWS) for top in range(0, len(deep), _STRIP_ROWS))
    # Others leave the lower 8 bits out, instead of rounding.
    return all(np.abs(to_bytes(deep[rows]).astype(np.int16) - shown[rows]).max() <= 1 for rows in strips)
