"""A fast PNG writer: 8-bit grey, RGBA of 8 or 16 bits, with colour profile and resolution.

A 12 MP cutout takes a third of the time that Pillow needs at its fastest level, at about the same file size: rows are
filtered by numpy (each row minus the one above), and strips are compressed in two threads, since zlib lets go of the
interpreter's lock. Format: https://www.w3.org/TR/png-3/, zlib streams: RFC 1950 and 1951.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, DeepImage, RgbaImage, check_coverage, check_deep, check_rgba

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGBA = 0, 6
_FILTER_UP = 2
_STRIP_BYTES = 4 << 20
_LEVEL = 1
_METRES_PER_INCH = 0.0254

_Rows: TypeAlias = NDArray[Any]


def write_png_to(
    file: BinaryIO,
    pixels: RgbaImage | DeepImage | Coverage,
    icc_profile: bytes | None = None,
    dpi: tuple[float, float] | None = None,
    exif: bytes | None = None,
) -> None:
    """Write a PNG to an open binary file.

    Parameters
    ----------
    pixels
        ``(H, W, 4)`` uint8 or uint16 with straight alpha, or ``(H, W)`` uint8 as grey. Kept.
    icc_profile
        Colour profile of `pixels`; None writes none.
    dpi
        Horizontal and vertical pixels per inch.
    exif
        What the photo's file said (:func:`core.photo_exif.exif_of`).
    """
    color_type = _GREY if pixels.ndim == 2 else _RGBA
    check: Callable[[NDArray[Any]], None] = check_coverage
    if color_type == _RGBA:
        check = check_deep if pixels.dtype == np.uint16 else check_rgba
    check(pixels)
    height, width = pixels.shape[:2]
    file.write(_SIGNATURE)
    _write_chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8 * pixels.itemsize, color_type, 0, 0, 0))
    if icc_profile is not None and color_type == _RGBA:
        _write_chunk(file, b"iCCP", b"icc\0\0" + zlib.compress(icc_profile))
    if dpi is not None:
        per_metre = (min(max(round(value / _METRES_PER_INCH), 1), 2**31 - 1) for value in dpi)
        _write_chunk(file, b"pHYs", struct.pack(">IIB", *per_metre, 1))
    if exif is not None:
        _write_chunk(file, b"eXIf", exif)
    for data in _zlib_stream(np.ascontiguousarray(pixels).reshape(height, -1)):
        _write_chunk(file, b"IDAT", data)
    _write_chunk(file, b"IEND", b"")


@dataclass(frozen=True)
class _Strip:
    deflated: bytes
    checksum: int
    length: int


def _write_chunk(file: BinaryIO, kind: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)) + kind)
    file.write(data)
    file.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))


def _zlib_stream(rows: _Rows) -> Iterator[bytes]:
    """Yield the parts of one zlib stream that holds the filtered rows of an ``(H, values a row)`` array."""
    height = rows.shape[0]
    strip_rows = max(1, _STRIP_BYTES // (rows.shape[1] * rows.itemsize))
    starts = range(0, height, strip_rows)
    yield b"\x78\x01"
    checksum = 1
    for strip in _in_two_threads(rows, starts, strip_rows):
        checksum = _joined_adler32(checksum, strip.checksum, strip.length)
        yield strip.deflated
    yield struct.pack(">I", checksum)


def _in_two_threads(rows: _Rows, starts: range, strip_rows: int) -> Iterable[_Strip]:
    if len(starts) == 1:
        yield _deflate(rows, 0, strip_rows)
        return
    with ThreadPoolExecutor(2, "png") as pool:
        yield from pool.map(lambda start: _deflate(rows, start, start + strip_rows), starts)


def _deflate(rows: _Rows, start: int, stop: int) -> _Strip:
    """Compress rows ``start .. stop-1`` to a piece that ends on a whole byte, so that pieces can be strung together."""
    height = rows.shape[0]
    stop = min(stop, height)
    first = max(0, start - 1)
    values = _as_bytes(rows[first:stop])
    filtered = np.empty((stop - start, 1 + values.shape[1]), np.uint8)
    filtered[:, 0] = _FILTER_UP
    np.subtract(values[1:], values[:-1], out=filtered[start == first :, 1:])
    if start == first:
        filtered[0, 1:] = values[0]
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zlib.Z_FILTERED)
    data = deflate.compress(filtered.data) + deflate.flush(zlib.Z_FINISH if stop == height else zlib.Z_FULL_FLUSH)
    return _Strip(data, zlib.adler32(filtered.data), filtered.size)


def _as_bytes(rows: _Rows) -> NDArray[np.uint8]:
    """Return the bytes of each row, the upper one of 16 bits first."""
    return rows if rows.dtype == np.uint8 else rows.astype(">u2").view(np.uint8)


def _joined_adler32(first: int, second: int, second_length: int) -> int:
    """Return the checksum of two byte strings strung together from their own checksums (RFC 1950, section 8.2)."""
    base = 65521
    low = (first & 0xFFFF) + (second & 0xFFFF) - 1
    high = (first >> 16) + (second >> 16) + second_length * ((first & 0xFFFF) - 1)
    return (high % base) << 16 | low % base
