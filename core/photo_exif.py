"""What a camera and its owner wrote into a photo, as far as it still holds for a picture that was made of it."""

from typing import Any

from PIL import Image

_EXIF, _GPS = 0x8769, 0x8825
_TEXTS = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)
"""Description, make, model, software, time, artist, copyright."""

_STALE = (0x927C, 0xA002, 0xA003, 0xA005)
"""Maker's notes, whose places within the file are lost, the picture's old size, and what belongs to thumbnails."""

_MOST_BYTES = 60_000
"""What has room in a JPEG."""


def exif_of(image: Image.Image) -> bytes | None:
    """Return a photo's EXIF data as TIFF holds them, without orientation and thumbnail; None if there are none."""
    found = image.getexif()
    kept = Image.Exif()
    for tag in _TEXTS:
        if tag in found:
            kept[tag] = found[tag]
    for directory in (_EXIF, _GPS):
        values: dict[int, Any] = found.get_ifd(directory)
        values = {tag: value for tag, value in values.items() if tag not in _STALE}
        if values:
            kept[directory] = values
    if not len(kept):
        return None
    data = kept.tobytes().removeprefix(b"Exif\0\0")
    return data if len(data) <= _MOST_BYTES else None


def for_pillow(exif: bytes | None) -> dict[str, Any]:
    """Return the arguments of Pillow's ``save`` that write `exif`."""
    return {} if exif is None else {"exif": b"Exif\0\0" + exif}
