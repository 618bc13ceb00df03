"""The arrays that travel through Clickcut: their names, and checks at the doors where they come in.

Rows first: every array is indexed ``[y, x]``. Arrays in a document or a request are read-only (:func:`freeze`).
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

RgbImage: TypeAlias = NDArray[np.uint8]
"""``(H, W, 3)`` uint8, red first."""

RgbaImage: TypeAlias = NDArray[np.uint8]
"""``(H, W, 4)`` uint8, red first, straight (unassociated) alpha."""

DeepImage: TypeAlias = NDArray[np.uint16]
"""``(H, W, 4)`` uint16, red first, straight alpha: 0 to 65535."""

Mask: TypeAlias = NDArray[np.bool_]
"""``(H, W)`` bool, True = object."""

Coverage: TypeAlias = NDArray[np.uint8]
"""``(H, W)`` uint8: how much of each pixel belongs, 0 = none, 255 = all. Selections and layer masks."""

Alpha: TypeAlias = NDArray[np.float32]
"""``(H, W)`` float32 in [0, 1]; what matting computes with."""

Logits: TypeAlias = NDArray[np.float32]
"""``(h, w)`` float32 raw scores on a segmenter's own grid; > 0 = object."""


def freeze(array: NDArray[np.generic]) -> None:
    """Make `array` read-only, so that it can be shared between threads."""
    array.flags.writeable = False


def check_rgb(image: RgbImage) -> None:
    """Raise unless `image` is an ``(H, W, 3)`` uint8 array with at least one pixel.

    Raises
    ------
    TypeError
        If it is not a numpy array of uint8.
    ValueError
        If its shape is another one.
    """
    _check(image, "RGB image", channels=3)


def check_rgba(image: RgbaImage) -> None:
    """Raise unless `image` is an ``(H, W, 4)`` uint8 array with at least one pixel (errors as :func:`check_rgb`)."""
    _check(image, "RGBA image", channels=4)


def check_deep(image: DeepImage) -> None:
    """Raise unless `image` is an ``(H, W, 4)`` uint16 array with at least one pixel (errors as :func:`check_rgb`)."""
    _check(image, "16-bit RGBA image", channels=4, dtype=np.uint16)


def check_coverage(coverage: Coverage) -> None:
    """Raise unless `coverage` is an ``(H, W)`` uint8 array (errors as :func:`check_rgb`)."""
    _check(coverage, "coverage", channels=None)


def to_coverage(mask: Mask) -> Coverage:
    """Return 255 where `mask` is True and 0 elsewhere, as a new array."""
    return mask.astype(np.uint8) * np.uint8(255)


def to_mask(coverage: Coverage) -> Mask:
    """Return True where at least half of the pixel belongs."""
    return coverage >= 128


def _check(array: object, noun: str, channels: int | None, dtype: type[np.generic] = np.uint8) -> None:
    if not isinstance(array, np.ndarray) or array.dtype != dtype:
        kind = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise TypeError(f"{noun}: expected a {dtype.__name__} array, got {kind}")
    expected_ndim = 2 if channels is None else 3
    if array.ndim != expected_ndim or (channels is not None and array.shape[2] != channels) or 0 in array.shape:
        raise ValueError(f"{noun}: unexpected shape {array.shape}")
