"""A document of 3 megapixels, like a photo: smooth, with a camera's noise, in 8 or in 16 bits a channel."""

from dataclasses import replace

import cv2
import numpy as np

from core.deep import to_bytes
from core.document import Document
from core.geometry import Size
from core.layer import Layer
from core.layer_group import LayerGroup

SIZE = Size(2000, 1500)


def _picture(width, height, seed, is_opaque=True):
    """Return smooth colours with noise, ``(height, width, 4)`` uint16."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 65536, (9, 12, 4), dtype=np.uint16)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.int32)
    pixels = np.clip(smooth + rng.integers(-900, 901, smooth.shape), 0, 65535).astype(np.uint16)
    pixels[..., 3] = 65535 if is_opaque else np.where(pixels[..., 3] < 20000, 0, pixels[..., 3])
    return pixels


def _mask(width, height):
    rows, columns = np.mgrid[:height, :width]
    return np.clip(400 - np.hypot(columns - width / 2, rows - height / 2) / 2, 0, 255).astype(np.uint8)


def _layer(name, deep, is_deep, **others):
    return Layer(name, name, to_bytes(deep), deep=deep if is_deep else None, **others)


def large_scene(icc_profile=None, is_deep=False, is_faded=True):
    """Return a photo, a group, a hidden layer, a user mask, and layers that reach out of the picture.

    Without `is_faded` all layers but the hidden one, and the group, are opaque, so that no program has an opacity to
    round.
    """
    photo = _layer("Background photo", _picture(2000, 1500, 1), is_deep)
    cutout = _layer("Ausschnitt – lémur 猫", _picture(900, 700, 2, False), is_deep, x=612, y=360, group_id="group")
    hidden = _layer("versteckt 隠れ", _picture(500, 400, 3), is_deep, x=100, y=900, is_visible=False, opacity=0.8)
    masked = _layer("Maske ñ", _picture(1200, 900, 4), is_deep, x=300, y=200, mask=_mask(1200, 900))
    left = _layer("außen links", _picture(600, 500, 5, False), is_deep, x=-250, y=-120)
    right = _layer("außen rechts", _picture(600, 500, 6, False), is_deep, x=1700, y=1250, opacity=128 / 255)
    groups = (LayerGroup("group", "Gruppe 外", 204 / 255),)
    if not is_faded:
        right, groups = replace(right, opacity=1.0), (LayerGroup("group", "Gruppe 外"),)
    layers = (photo, cutout, hidden, masked, left, right)
    return Document(SIZE, layers, masked.id, None, icc_profile, (300.0, 300.0), "large", groups=groups)
