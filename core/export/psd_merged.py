"""The merged picture of a PSD, which viewers and thumbnails show: worked out and packed strip by strip."""

from dataclasses import dataclass

import numpy as np

from core.compositor import composite, composite_deep, hides_background
from core.document import Document
from core.export.psd_channels import Plane, RleRows, strips
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


def packed_strip(document: Document, part: Rect, has_alpha: bool, is_deep: bool) -> MergedStrip:
    """Return a part of the merged picture: three channels, or with alpha four and the colours over white."""
    image: Plane = composite_deep(document, part) if is_deep else composite(document, part)
    colours = _over_white(image) if has_alpha else image
    channels = []
    for index in range(4 if has_alpha else 3):
        rows = RleRows()
        rows.add((image if index == 3 else colours)[..., index])
        channels.append(rows)
    return MergedStrip(tuple(channels))


def _over_white(image: Plane) -> Plane:
    """Return colours as they show on white, which is what the format wants beside an alpha channel."""
    white = np.iinfo(image.dtype).max
    if image[..., 3].min() == white:
        return image
    alpha = image[..., 3:].astype(np.uint32)
    mixed = image[..., :3] * alpha
    mixed += white * (white - alpha) + white // 2  # which is less than 2^32 with 16 bits, too
    mixed //= white
    return mixed.astype(np.uint16) if image.dtype == np.uint16 else mixed.astype(np.uint8)
