"""PNG files that other programs wrote, read without our reader, with the bits that they have."""

import cv2
import numpy as np


def png_pixels(data: bytes) -> np.ndarray:
    """Return ``(H, W, 4)`` pixels of a PNG, uint8 or uint16; profiles are let be."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGBA)
    return cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGBA)
