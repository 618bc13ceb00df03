"""One colour an object: on the screen and in label maps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_LIGHTNESS, _CHROMA = 0.82, 0.15
_FIRST_HUE, _GOLDEN_ANGLE = 200.0, 137.50776
"""In degrees."""

_TO_CONES = np.array(
    [[1.0, 0.3963377774, 0.2158037573], [1.0, -0.1055613458, -0.0638541728], [1.0, -0.0894841775, -1.2914855480]]
)
_FROM_CONES = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def object_colors(numbers: Sequence[int]) -> NDArray[np.uint8]:
    """Return the colour of each of the objects, ``(len(numbers), 3)``, RGB: equally light, and neighbours unlike.

    Hues in steps of the golden angle, in B. Ottosson's Oklab (2020).
    """
    hue = np.deg2rad(_FIRST_HUE + _GOLDEN_ANGLE * np.array(numbers, dtype=np.float64))
    lab = np.stack([np.full(len(numbers), _LIGHTNESS), _CHROMA * np.cos(hue), _CHROMA * np.sin(hue)])
    linear = _FROM_CONES @ (_TO_CONES @ lab) ** 3
    clipped = linear.clip(0, 1)
    encoded = np.where(clipped <= 0.0031308, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * encoded.T), dtype=np.uint8)
