"""From the channels of a PSD's layer to pixels and a mask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, DeepImage, RgbaImage
from core.deep import to_bytes
from core.geometry import Rect

if TYPE_CHECKING:
    from psd_tools.psd.header import FileHeader
    from psd_tools.psd.layer_and_mask import ChannelDataList, LayerRecord, MaskData

_ALPHA, _MASK = -1, -2
_RGB, _GREY = 3, 1


@dataclass(frozen=True, eq=False)
class PsdPixels:
    """What a layer's channels hold: `pixels`, `deep` where the file has 16 bits, and `mask` of the same size."""

    pixels: RgbaImage = field(repr=False)
    deep: DeepImage | None = field(repr=False)
    mask: Coverage | None = field(repr=False)


def place_of(record: "LayerRecord | MaskData") -> Rect:
    """Return where a layer or its mask lies; empty where the file makes no sense of it."""
    width, height = max(0, record.right - record.left), max(0, record.bottom - record.top)
    return Rect(record.left, record.top, width, height)


def channels_of(record: "LayerRecord", data: "ChannelDataList", header: "FileHeader") -> dict[int, NDArray[Any]]:
    """Return the channels that are needed, by their numbers, each as its own rectangle of rows.

    Raises
    ------
    ValueError
        If one holds another number of bytes than it should.
    """
    planes = {}
    for info, packed in zip(record.channel_info, data, strict=True):
        number = int(info.id)
        place = place_of(record)
        if number == _MASK:
            place = Rect(0, 0, 0, 0) if record.mask_data is None else place_of(record.mask_data)
        if number < _MASK or place.is_empty:
            continue
        nbytes = place.size.area * header.depth // 8
        raw = packed.get_data(place.width, place.height, header.depth, header.version, max_output_bytes=nbytes)
        planes[number] = plane_of(raw, place, header.depth)
    return planes


def plane_of(raw: bytes, place: Rect, depth: int) -> NDArray[Any]:
    """Return one channel of 8 or 16 bits as rows (errors as :func:`channels_of`)."""
    kind = np.dtype(">u2") if depth == 16 else np.dtype(np.uint8)
    return np.frombuffer(raw, kind, place.size.area).reshape(place.size.shape)


def layer_pixels(record: "LayerRecord", planes: Mapping[int, NDArray[Any]], mode: int) -> PsdPixels:
    """Return the pixels of a layer that is RGB or grey.

    Raises
    ------
    KeyError
        If a colour is missing.
    """
    place = place_of(record)
    colours = [planes[index] for index in (range(3) if mode == _RGB else (0, 0, 0))]
    values = joined(colours, planes.get(_ALPHA))
    mask = None
    if _MASK in planes or record.mask_data is not None:
        mask = _mask(record, planes.get(_MASK), place)
    if values.dtype == np.uint16:
        return PsdPixels(to_bytes(values), values, mask)
    return PsdPixels(values, None, mask)


def joined(colours: list[NDArray[Any]], alpha: NDArray[Any] | None) -> NDArray[Any]:
    """Return planes as ``(H, W, 4)``, opaque without `alpha`."""
    dtype = np.uint16 if colours[0].dtype.itemsize == 2 else np.uint8
    result = np.empty((*colours[0].shape, 4), dtype)
    for index, plane in enumerate(colours):
        result[..., index] = plane
    result[..., 3] = np.iinfo(dtype).max if alpha is None else alpha
    return result


def _mask(record: "LayerRecord", plane: NDArray[Any] | None, place: Rect) -> Coverage | None:
    """Return the mask over the layer's own pixels; beyond its rectangle it is all shown or all hidden."""
    data = record.mask_data
    if data is None:
        return None
    mask = np.full(place.size.shape, data.background_color, np.uint8)
    inside = place_of(data).intersect(place)
    if plane is not None and not inside.is_empty:
        part = plane[inside.moved(-data.left, -data.top).slices]
        if part.dtype.itemsize == 2:
            part = to_bytes(part.astype(np.uint16))
        mask[inside.moved(-place.x, -place.y).slices] = part
    if data.flags.invert_mask:
        mask = np.asarray(cv2.bitwise_not(mask), np.uint8)
    return mask
