"""Reading photos as they come, and writing PNGs."""

import io
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from core.arrays import Coverage, DeepImage, RgbaImage, check_rgba, freeze
from core.atomic_file import replacing
from core.errors import ImageReadError
from core.geometry import Size
from core.image_decoding import Decoded, UndecodableError, decode
from core.png_io import write_png_to
from core.texts import tr

READABLE_SUFFIXES: tuple[str, ...] = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".tif", ".tiff"),
    *(".bmp", ".dib", ".gif", ".avif", ".avifs", ".jp2", ".j2k", ".ppm", ".pgm", ".pbm"),
    *(".psd", ".psb"),
)
"""How the names of photos usually end; what a file holds decides, not its name."""

_SNIFFED_BYTES = 32
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo as a person sees it.

    Attributes
    ----------
    pixels
        Read-only RGBA with straight alpha, turned as its EXIF data say, in the colour space of `icc_profile`.
    icc_profile
        An RGB profile; None = sRGB.
    dpi
        Horizontal and vertical pixels per inch, if the file tells.
    has_alpha
        Whether some pixel is not opaque.
    notes
        Sentences for the person: what was given up on the way in.
    name
        The file's name without its suffix.
    deep
        The same with 16 bits a channel, read-only, if the file has them; `pixels` are their nearest 8-bit values.
    exif
        See :func:`core.photo_exif.exif_of`.
    """

    pixels: RgbaImage = field(repr=False)
    icc_profile: bytes | None = field(repr=False)
    dpi: tuple[float, float] | None
    has_alpha: bool
    notes: tuple[str, ...]
    name: str
    deep: DeepImage | None = field(default=None, repr=False)
    exif: bytes | None = field(default=None, repr=False)

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        return Size.of(self.pixels)


def read_photo(path: Path, at_least: int | None = None) -> Photo:
    """Read a photo; what the file holds decides how, not its name.

    With `at_least` it may come smaller, but no side below that if it is not there in the file; that is quicker.

    Raises
    ------
    ImageReadError
        If there is no such file, it cannot be read, is no photo, is damaged, or holds more than 100 megapixels.
    """
    try:
        if path.is_dir():
            raise ImageReadError(tr("{path} is a folder, not a photo.", path=path))
        if path.exists() and not path.is_file():
            raise ImageReadError(tr("{path} is not a file.", path=path))
        with path.open("rb") as file:
            decoded = _decode_file(file, path, at_least)
    except FileNotFoundError as error:
        raise ImageReadError(tr("There is no file {path}.", path=path)) from error
    except PermissionError as error:
        raise ImageReadError(tr("{path} cannot be opened: there is no permission to read it.", path=path)) from error
    except OSError as error:
        raise ImageReadError(
            tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror or error)
        ) from error
    freeze(decoded.pixels)
    if decoded.deep is not None:
        freeze(decoded.deep)
    return Photo(
        decoded.pixels,
        decoded.icc_profile,
        decoded.dpi,
        decoded.has_alpha,
        decoded.notes,
        path.stem or path.name,
        decoded.deep,
        decoded.exif,
    )


def photo_from_rgba(pixels: RgbaImage, name: str) -> Photo:
    """Return sRGB pixels that came from elsewhere, such as the clipboard, as a photo. They are made read-only."""
    check_rgba(pixels)
    freeze(pixels)
    return Photo(pixels, None, None, bool(pixels[..., 3].min() < 255), (), name)


def write_png(
    path: Path,
    pixels: RgbaImage | DeepImage | Coverage,
    icc_profile: bytes | None = None,
    dpi: tuple[float, float] | None = None,
) -> None:
    """Write RGBA pixels of 8 or 16 bits, or coverage, as a PNG; `path` gets the whole file or stays as it was.

    Raises
    ------
    ImageWriteError
        If `path` cannot be written.
    """
    with replacing(path) as temporary, temporary.open("wb") as file:
        write_png_to(file, pixels, icc_profile, dpi)


def encode_png(
    pixels: RgbaImage | DeepImage | Coverage,
    icc_profile: bytes | None = None,
    dpi: tuple[float, float] | None = None,
) -> bytes:
    """Return the bytes that :func:`write_png` writes."""
    buffer = io.BytesIO()
    write_png_to(buffer, pixels, icc_profile, dpi)
    return buffer.getvalue()


def _decode_file(file: BinaryIO, path: Path, at_least: int | None) -> Decoded:
    if os.fstat(file.fileno()).st_size == 0:
        raise ImageReadError(tr("{path} is empty (0 bytes).", path=path))
    start = file.read(_SNIFFED_BYTES)
    file.seek(0)
    try:
        return decode(file, at_least)
    except ImageReadError as error:
        raise ImageReadError(f"{path} {error}") from error
    except MemoryError as error:
        raise ImageReadError(tr("There is not enough memory to open {path}.", path=path)) from error
    except UndecodableError as error:
        raise ImageReadError(_why_unreadable(path, start, error.is_damaged)) from error


def _why_unreadable(path: Path, start: bytes, is_damaged: bool) -> str:
    if start[4:8] == b"ftyp" and start[8:12] in _HEIF_BRANDS:
        return tr("{path} is a HEIC photo, which Clickcut does not read: save it as JPEG or PNG first.", path=path)
    if start.startswith(b"8BPS"):
        return tr("{path} is a Photoshop file in a kind of colour or depth that Clickcut does not read.", path=path)
    if not is_damaged and not start.startswith(_SIGNATURES):
        return tr(
            "{path} is not a photo in a format that Clickcut reads (JPEG, PNG, WebP, TIFF, BMP, GIF, AVIF, PSD).",
            path=path,
        )
    return tr("{path} is damaged or cut off: it starts like a photo, but its pixels cannot be read.", path=path)
