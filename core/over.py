"""One picture over another: straight alpha, 8 bits a channel, rounded once."""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbaImage

_STRIP_PIXELS = 1 << 20
_MUCH = 1 / 16
"""Share of pixels that are neither in front nor behind from which on all are mixed: a shadow, a faded layer, fog."""


def laid_over(top: RgbaImage, bottom: RgbaImage) -> RgbaImage:
    """Return `top` over `bottom`, of the same size, as a new array; hidden colours of the result are black."""
    result = np.asarray(cv2.copyTo(bottom, np.ascontiguousarray(bottom[..., 3])), dtype=np.uint8)
    rows = max(1, _STRIP_PIXELS // top.shape[1])
    for first in range(0, top.shape[0], rows):
        above, below = top[first : first + rows], result[first : first + rows]
        alpha = above[..., 3]
        cv2.copyTo(above, np.equal(alpha, 255).astype(np.uint8), below)
        # Few pixels are neither in front nor behind, so only they are worth wide numbers.
        soft = (alpha > 0) & (alpha < 255)
        if np.count_nonzero(soft) > alpha.size * _MUCH:
            below[...] = _blended(above, below)
        else:
            below[soft] = _mixed(above[soft].astype(np.float32), below[soft].astype(np.float32))
    return result


def _blended(above: RgbaImage, below: RgbaImage) -> RgbaImage:
    """Return the same as :func:`_mixed` for a whole picture, in a time that does not depend on what is in it."""
    front = np.ascontiguousarray(above[..., 3])
    behind = cv2.multiply(below[..., 3], cv2.bitwise_not(front), scale=1 / 255, dtype=cv2.CV_32F)
    share = front.astype(np.float32)
    blended = np.asarray(cv2.blendLinear(above, below, share, behind), dtype=np.uint8)
    blended[..., 3] = np.rint(share + behind)
    return blended


def _mixed(above: NDArray[np.float32], below: NDArray[np.float32]) -> RgbaImage:
    """Return ``(N, 4)`` straight-alpha pixels over others; those above are not wholly transparent."""
    share = above[:, 3:] / 255
    rest = below[:, 3:] / 255 * (1 - share)
    alpha = share + rest
    colours = (above[:, :3] * share + below[:, :3] * rest) / alpha
    return np.rint(np.hstack([colours, alpha * 255])).astype(np.uint8)
