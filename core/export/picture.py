"""The finished picture that PNG, WebP, AVIF and JPEG hold: what is cut out, trimmed, framed, outlined and resized."""

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import DeepImage, RgbaImage
from core.deep import carried
from core.export.options import Color, ExportError, ExportOptions, option
from core.export.png import finished_cutout_of, finished_deep_cutout_of
from core.export.source import ExportSource
from core.over import laid_over
from core.texts import mark, tr

_SIDES = 65_535
_Channel = TypeVar("_Channel", np.uint8, np.uint16)


@dataclass(frozen=True)
class PictureOptions(ExportOptions):
    """What can be chosen about every picture of what is cut out."""

    trim: bool = option(False, mark("Trim to the object"), tip=mark("Leaves out the transparent margins."))
    padding: int = option(
        0, mark("Padding"), tip=mark("Transparent pixels around the picture."), least=0, most=5000, unit=mark("px")
    )
    outline: int = option(
        0,
        mark("Sticker outline"),
        tip=mark("A line of one colour around the object, as on a sticker."),
        least=0,
        most=500,
        unit=mark("px"),
    )
    outline_color: Color = option((255, 255, 255), mark("Outline colour"), depends_on="outline")
    metadata: bool = option(
        False,
        mark("Keep photo information"),
        tip=mark("Camera, time, author and place, which are left out otherwise: a place can tell where you live."),
    )
    longest_side: int = option(
        0,
        mark("Longest side"),
        tip=mark("Resizes the picture; 0 keeps its size."),
        least=0,
        most=_SIDES,
        unit=mark("px"),
    )


@dataclass(frozen=True)
class TransparentOptions(PictureOptions):
    """What can be chosen about pictures that can hold colours under what is wholly transparent."""

    keep_hidden: bool = option(
        False,
        mark("Keep hidden pixels"),
        tip=mark("What was cut away stays in the file, unseen: others can bring it back. A new size drops it."),
    )


def exif_to_write(source: ExportSource, options: PictureOptions) -> bytes | None:
    """Return the EXIF data that are written, if any."""
    return source.document.exif if options.metadata else None


def finished_picture(source: ExportSource, options: PictureOptions) -> RgbaImage:
    """Return what is exported: ``(H, W, 4)`` straight alpha in the document's colours.

    It is black where it is wholly transparent, unless what is there is to be kept.
    The outline and the padding count in pixels of the document; the size is changed last.
    """
    picture = _padded(finished_cutout_of(source.document, options.trim, _keeps_hidden(options)), options)
    if options.outline:
        picture = with_outline(picture, options.outline, options.outline_color)
    return resized(picture, options.longest_side) if options.longest_side else picture


def finished_deep_picture(source: ExportSource, options: PictureOptions) -> DeepImage:
    """Return :func:`finished_picture` with 16 bits a channel, as far as the document has them."""
    picture, deep = finished_deep_cutout_of(source.document, options.trim, _keeps_hidden(options))
    picture, deep = _padded(picture, options), _padded(deep, options)
    if options.outline:
        deep = carried(with_outline(picture, options.outline, options.outline_color), picture, deep)
    return resized(deep, options.longest_side) if options.longest_side else deep


def _keeps_hidden(options: PictureOptions) -> bool:
    return isinstance(options, TransparentOptions) and options.keep_hidden


def _padded(picture: NDArray[_Channel], options: PictureOptions) -> NDArray[_Channel]:
    """Return the picture with room for padding and outline."""
    room = options.padding + (options.outline if options.trim else 0)
    return np.pad(picture, ((room, room), (room, room), (0, 0))) if room else picture


def check_sides(source: ExportSource, options: PictureOptions, most: int, name: str) -> None:
    """Raise unless a picture of the document's size surely fits into a format of at most `most` pixels a side.

    Raises
    ------
    ExportError
        If it does not.
    """
    size = source.document.size
    longest = options.longest_side or max(size.width, size.height) + 2 * (options.padding + options.outline)
    if longest > most:
        raise ExportError(
            tr(
                "{name} holds at most {most} pixels a side; give a longest side, or export as PNG or TIFF.",
                name=name,
                most=most,
            )
        )


def with_outline(picture: RgbaImage, width: int, color: Color) -> RgbaImage:
    """Return the picture over an outline that reaches `width` pixels out of what is at least half opaque."""
    alpha = picture[..., 3]
    outside = np.asarray(alpha < 128, dtype=np.uint8)
    if outside.all():
        return picture
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    line = np.empty_like(picture)
    line[..., :3] = color
    # The border lies half a pixel before the first pixel outside; the last pixel is covered in part.
    line[..., 3] = np.rint(np.clip(width + 0.5 - distance + 0.5, 0, 1) * 255)
    line[line[..., 3] == 0] = 0
    return laid_over(picture, line)


def resized(picture: NDArray[_Channel], longest_side: int) -> NDArray[_Channel]:
    """Return the picture with another longest side; colours are weighed by alpha, so that no edge takes on a fringe."""
    height, width = picture.shape[:2]
    scale = longest_side / max(width, height)
    if scale == 1:
        return picture
    sides = max(1, round(width * scale)), max(1, round(height * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR  # others swing beyond the colours at edges
    weighed = picture.astype(np.float32)
    white = np.float32(np.iinfo(picture.dtype).max)
    weighed[..., :3] *= weighed[..., 3:] / white
    scaled = np.asarray(cv2.resize(weighed, sides, interpolation=way), dtype=np.float32)
    alpha = np.clip(scaled[..., 3:], 0, white)
    scaled[..., :3] *= white / np.maximum(alpha, np.float32(1e-3))
    result = np.rint(np.clip(scaled, 0, white)).astype(picture.dtype)
    result[..., 3] = np.rint(alpha[..., 0])
    result[result[..., 3] == 0] = 0
    return result
