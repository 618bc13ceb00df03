"""The merged picture of a PSD, which viewers and thumbnails show: worked out and packed strip by strip."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.compositor import composite, hides_background
from core.document import Document
from core.export.psd_channels import RleRows, strips
from core.geometry import Rect


@dataclass(frozen=True, eq=False)
class MergedStrip:
    """Rows of the merged picture, packed, one packing a channel."""

    channels: tuple[RleRows, ...]


def is_opaque(document: Document) -> bool:
    """Whether nothing shows through the document's layers; False where that takes more than one of them."""
    return hides_background(document)


def merged_strips(document: Document) -> list[Rect]:
    """Return the parts that the merged picture is made of, from the top."""
    size = document.size
    return [Rect(0, top, size.width, bottom - top) for top, bottom in strips(size.height, size.width)]


def packed_strip(document: Document, part: Rect, has_alpha: bool) -> MergedStrip:
    """Return a part of the merged picture: three channels, or with alpha four and the colours over white."""
    image: NDArray[np.uint8] = composite(document, part)
    colours = _over_white(image) if has_alpha else image
    channels = []
    for index in range(4 if has_alpha else 3):
        rows = RleRows()
        rows.add(np.ascontiguousarray((image if index == 3 else colours)[..., index]))
        channels.append(rows)
    return MergedStrip(tuple(channels))


def _over_white(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return colours as they show on white, which is what the format wants beside an alpha channel."""
    alpha = image[..., 3:]
    if alpha.min() == 255:
        return image
    alpha = alpha.astype(np.uint32)
    mixed = image[..., :3] * alpha
    mixed += 255 * (255 - alpha) + 127
    mixed //= 255
    return mixed.astype(np.uint8)
