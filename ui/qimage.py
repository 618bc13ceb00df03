"""The only place where arrays and Qt images meet.

Qt's screen formats hold 32 bits a pixel, ``0xAARRGGBB`` in the processor's byte order; on the little-endian machines
that Qt and numpy run on here that is blue, green, red, alpha in memory. Such ``(H, W, 4)`` arrays are called *screen
pixels* and always have premultiplied alpha; everything else in Clickcut is RGBA with straight alpha.
"""

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from core.arrays import Coverage, RgbaImage, check_coverage, check_rgba
from core.geometry import Size

_SCREEN = QImage.Format.Format_ARGB32_Premultiplied


class ScreenBuffer:
    """Screen pixels that numpy writes and Qt draws, without a copy between them.

    Attributes
    ----------
    image
        Premultiplied; owns the memory.
    pixels
        ``(H, W, 4)`` uint8 view of `image`, valid as long as this object lives. Blue first.
    words
        The same memory as ``(H, W)`` uint32, ``0xAARRGGBB``.
    """

    def __init__(self, size: Size, is_opaque: bool = True) -> None:
        image_format = QImage.Format.Format_RGB32 if is_opaque else _SCREEN
        self.image = QImage(size.width, size.height, image_format)
        if self.image.isNull():
            raise MemoryError(f"no memory for a screen of {size} pixels")
        memory = np.frombuffer(self.image.bits(), dtype=np.uint32)
        stride = self.image.bytesPerLine() // 4
        self.words: NDArray[np.uint32] = memory.reshape(size.height, stride)[:, : size.width]
        self.pixels: NDArray[np.uint8] = self.words.view(np.uint8).reshape(size.height, size.width, 4)

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        return Size.of(self.words)


def to_qimage(pixels: RgbaImage | Coverage) -> QImage:
    """Return an image with a copy of `pixels`: RGBA with straight alpha, or coverage as grey.

    Raises
    ------
    TypeError, ValueError
        If `pixels` is neither ``(H, W, 4)`` nor ``(H, W)`` uint8.
    """
    if pixels.ndim == 2:
        check_coverage(pixels)
        image_format = QImage.Format.Format_Grayscale8
    else:
        check_rgba(pixels)
        image_format = QImage.Format.Format_RGBA8888
    packed = np.ascontiguousarray(pixels)
    # The copy is what makes the image independent of the array, which Qt does not keep alive.
    return _borrow(packed, image_format).copy()


def from_qimage(image: QImage) -> RgbaImage:
    """Return a copy of any image's pixels as RGBA with straight alpha.

    Raises
    ------
    ValueError
        If the image is empty.
    """
    if image.isNull():
        raise ValueError("an empty image has no pixels")
    straight = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(straight.constBits(), dtype=np.uint8).reshape(straight.height(), straight.bytesPerLine())
    return rows[:, : 4 * straight.width()].reshape(straight.height(), straight.width(), 4).copy()


def to_screen(pixels: RgbaImage) -> tuple[NDArray[np.uint8], bool]:
    """Return `pixels` as screen pixels, and whether they are all opaque."""
    is_opaque = bool((pixels[..., 3] == 255).all())
    premultiplied = pixels if is_opaque else cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGBA2mRGBA)
    return np.asarray(cv2.cvtColor(premultiplied, cv2.COLOR_RGBA2BGRA), dtype=np.uint8), is_opaque


def draw_screen_pixels(painter: QPainter, x: int, y: int, pixels: NDArray[np.uint8]) -> None:
    """Draw ``(H, W, 4)`` premultiplied screen pixels over what `painter` has painted, top left at `x`, `y`."""
    painter.drawImage(x, y, _borrow(np.ascontiguousarray(pixels), _SCREEN))


def _borrow(packed: NDArray[np.uint8], image_format: QImage.Format) -> QImage:
    """Return an image over the memory of `packed`; the caller keeps the array until the image is gone."""
    height, width = packed.shape[:2]
    return QImage(packed.data, width, height, packed.strides[0], image_format)
