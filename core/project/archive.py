"""A zip file that anybody may have made: its members are read one by one, as far as they may go, and never unpacked."""

import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, DeepImage, RgbaImage
from core.deep import to_bytes
from core.free_memory import available_bytes
from core.native_output import native_stderr_silenced
from core.project.fields import ManifestError
from core.texts import number, tr

MOST_TEXT_BYTES = 256 << 20
MOST_PICTURE_BYTES = 2 << 30
_MOST_MEMBERS = 100_000
_MOST_BYTES = 32 << 30
"""What a picture in memory may take where the system does not say how much there is."""

_PNG_START = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_DEEP_BYTES = 12
"""What a pixel of 16 bits a channel takes: it is kept at 8 bits beside that."""

_GREY, _RGBA = 0, 6
_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
"""What Python's zip reader raises on files that are damaged, encrypted, or compressed in a way that it cannot."""


class Archive:
    """An open zip file; use it in a ``with`` statement.

    Raises
    ------
    ManifestError
        If it is damaged or absurd; so does every method.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except _ZIP_ERRORS as error:
            raise ManifestError(tr("it is cut off or not whole")) from error
        infos = self._zip.infolist()
        self._members = {info.filename: info for info in infos}
        if len(self._members) < len(infos) or len(infos) > _MOST_MEMBERS:
            self._zip.close()
            raise ManifestError(tr("its list of contents is absurd"))
        self._needed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def checksum(self, name: str) -> int | None:
        """Return what the content of a member adds up to; None if there is no such member."""
        return self._members[name].CRC if name in self._members else None

    def read(self, name: str, most: int) -> bytes:
        """Return the content of a member, which may have up to `most` bytes."""
        if name not in self._members:
            raise ManifestError(tr("its part {name} is missing", name=_quoted(name)))
        try:
            with self._zip.open(self._members[name]) as member:
                data = member.read(most + 1)
        except _ZIP_ERRORS as error:
            raise ManifestError(tr("its part {name} cannot be read", name=_quoted(name))) from error
        if len(data) > most:
            raise ManifestError(tr("its part {name} is absurdly large", name=_quoted(name)))
        return data

    def reserve(self, nbytes: int) -> None:
        """Make sure that there is memory for another `nbytes` before any of it is taken."""
        self.check_room(nbytes)
        self._needed += nbytes

    def check_room(self, nbytes: int) -> None:
        """Refuse what will take another `nbytes` in all if there is no memory for that, before any is read."""
        needed, available = self._needed + nbytes, available_bytes()
        if needed > _MOST_BYTES or (available is not None and nbytes > available):
            raise ManifestError(
                tr("its layers would take {needed} GB of memory, more than there is", needed=number(needed / 1e9, 1))
            )

    def claimed_bytes(self, name: str) -> int:
        """Return the bytes that a PNG claims to become, decoded as RGBA at each depth; 0 if it is missing or no PNG."""
        if name not in self._members:
            return 0
        try:
            with self._zip.open(self._members[name]) as member:
                start = member.read(25)
        except _ZIP_ERRORS:
            return 0
        if len(start) < 25 or start[:16] != _PNG_START:
            return 0
        width, height, depth = struct.unpack(">IIB", start[16:])
        return int(width * height * (_DEEP_BYTES if depth == 16 else 4))

    def pixels(self, name: str, width: int, height: int) -> RgbaImage:
        """Return an 8-bit RGBA PNG of this size, ``(height, width, 4)`` and writable."""
        array: RgbaImage = self._decoded(name, width, height, _RGBA, 8)
        cv2.cvtColor(array, cv2.COLOR_BGRA2RGBA, dst=array)
        return array

    def picture(self, name: str, width: int, height: int) -> tuple[RgbaImage, DeepImage | None]:
        """Return an RGBA PNG of this size at 8 bits, and at 16 if it has so many; both writable."""
        if self.claimed_bytes(name) != width * height * _DEEP_BYTES:
            return self.pixels(name, width, height), None
        deep = self._decoded(name, width, height, _RGBA, 16)
        cv2.cvtColor(deep, cv2.COLOR_BGRA2RGBA, dst=deep)
        return to_bytes(deep), deep

    def coverage(self, name: str, width: int, height: int) -> Coverage:
        """Return an 8-bit grey PNG of this size, ``(height, width)`` and writable."""
        coverage: Coverage = self._decoded(name, width, height, _GREY, 8)
        return coverage

    def _decoded(self, name: str, width: int, height: int, color_type: int, depth: int) -> NDArray[Any]:
        data = self.read(name, MOST_PICTURE_BYTES)
        # Before it is decoded: a few bytes can claim to be a picture of gigabytes.
        if data[:16] != _PNG_START or data[16:26] != struct.pack(">IIBB", width, height, depth, color_type):
            raise ManifestError(tr("its part {name} is not the picture that it should be", name=_quoted(name)))
        channels = 4 if color_type == _RGBA else 1
        self.reserve(width * height * (_DEEP_BYTES if depth == 16 else channels))
        try:
            with native_stderr_silenced():
                array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        except cv2.error as error:
            raise ManifestError(tr("its part {name} cannot be decoded", name=_quoted(name))) from error
        expected = (height, width, 4) if color_type == _RGBA else (height, width)
        dtype = np.uint16 if depth == 16 else np.uint8
        if array is None or array.shape != expected or array.dtype != dtype:
            raise ManifestError(tr("its part {name} cannot be decoded", name=_quoted(name)))
        return np.asarray(array, dtype=dtype)


def _quoted(name: str) -> str:
    return repr(name if len(name) <= 60 else f"{name[:57]}...")
