"""From an open file to RGBA pixels: every mode, depth, turn and profile that photos come in."""

import struct
import threading
import warnings
import zlib
from contextlib import nullcontext
from dataclasses import dataclass
from math import isfinite
from typing import Any, BinaryIO, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import (
    AvifImagePlugin,
    Image,
    Jpeg2KImagePlugin,
    PsdImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

# Bound now: a model library replaces Image.open in the whole process by one that installs packages on failure.
from PIL.Image import open as open_image

from core.arrays import DeepImage, RgbaImage
from core.color import image_to_srgb, is_usable_profile
from core.deep import to_bytes
from core.deep_decoding import FORMATS as DEEP_FORMATS
from core.deep_decoding import deep_pixels
from core.errors import ImageReadError
from core.native_output import native_stderr_silenced
from core.photo_exif import exif_of
from core.texts import tr

MAX_MEGAPIXELS = 100
"""The largest photo that is opened, decided from its header."""

_DECODER_ERRORS: tuple[type[Exception], ...] = (
    *(OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, ArithmeticError, AttributeError),
    *(RuntimeError, AssertionError, struct.error, zlib.error, Image.DecompressionBombError),
)
"""What Pillow's decoders are known to raise on damaged files."""

_FORMATS = (
    "JPEG",
    "PNG",
    "WEBP",
    "TIFF",
    "BMP",
    "DIB",
    "GIF",
    "AVIF",
    "JPEG2000",
    "PPM",
    "PSD",
)
# Imported so that Pillow knows these formats without importing its fifty others to look for them.
_PLUGINS = (AvifImagePlugin, Jpeg2KImagePlugin, PsdImagePlugin, TiffImagePlugin, WebPImagePlugin)
_ANIMATED_FORMATS = ("GIF", "WEBP", "PNG", "AVIF")
_ORIENTATION_TAG = 0x0112
_STRIP_PIXELS = 2 << 20
_Channel = TypeVar("_Channel", np.uint8, np.uint16)
_DEEP_MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")
_PILLOW_LIMIT = threading.Lock()


@dataclass(frozen=True, eq=False)
class Decoded:
    """What was in a file: the fields of :class:`core.image_io.Photo` of the same names; arrays are writable."""

    pixels: RgbaImage
    icc_profile: bytes | None
    dpi: tuple[float, float] | None
    has_alpha: bool
    notes: tuple[str, ...]
    deep: DeepImage | None = None
    exif: bytes | None = None


class UndecodableError(Exception):
    """A file is no photo, or a damaged one (`is_damaged`)."""

    def __init__(self, is_damaged: bool) -> None:
        super().__init__("damaged" if is_damaged else "not a photo")
        self.is_damaged = is_damaged


def decode(file: BinaryIO, at_least: int | None = None) -> Decoded:
    """Return the photo in an open file, turned upright.

    Parameters
    ----------
    at_least
        If given, a format that can be decoded at a fraction of its size is, as long as no side falls below this.

    Raises
    ------
    ImageReadError
        If it holds too many pixels; the message continues a sentence that starts with the file's name.
    UndecodableError
        If it is in no known format, or is damaged.
    MemoryError
        If it does not fit.
    """
    with warnings.catch_warnings():
        # Decoders warn about metadata that nobody asked for; damage that matters is raised.
        warnings.simplefilter("ignore")
        image, notes, is_deep = _loaded(file, at_least)
        orientation = _orientation(image)
        dpi = _dpi(image)
        exif = _exif(image)
    pixels, icc_profile, has_alpha, more_notes = _to_rgba(image)
    deep = deep_pixels(file, pixels) if is_deep and at_least is None and image.format in DEEP_FORMATS else None
    if deep is not None:
        pixels = to_bytes(deep)
        has_alpha = bool(pixels[..., 3].min() < 255)
        deep = _turned(deep, orientation)
    elif is_deep:
        notes.append(tr("It has 16 or more bits a channel and was opened at 8."))
    if dpi is not None and orientation >= 5:
        dpi = (dpi[1], dpi[0])
    return Decoded(_turned(pixels, orientation), icc_profile, dpi, has_alpha, (*notes, *more_notes), deep, exif)


def _loaded(file: BinaryIO, at_least: int | None) -> tuple[Image.Image, list[str], bool]:
    """Return the decoded image, notes about its frames, and whether it has more than 8 bits a channel."""
    try:
        image = _opened(file)
        _check_size(image)
        notes = _frame_notes(image)
        is_deep = _is_deep(image)
        if at_least is not None:
            image.draft(None, (at_least, at_least))
        # libtiff prints its own account of what is damaged, beside what is raised.
        with native_stderr_silenced() if image.format == "TIFF" else nullcontext():
            image.load()
    except UnidentifiedImageError as error:
        raise UndecodableError(is_damaged=False) from error
    except _DECODER_ERRORS as error:
        raise UndecodableError(is_damaged=True) from error
    return image, notes, is_deep


def _opened(file: BinaryIO) -> Image.Image:
    # Pillow's own limit is one number for the whole process. It is lifted for the moment that the header takes.
    with _PILLOW_LIMIT:
        pillow_limit = Image.MAX_IMAGE_PIXELS
        Image.MAX_IMAGE_PIXELS = None
        try:
            return open_image(file, formats=_FORMATS)
        finally:
            Image.MAX_IMAGE_PIXELS = pillow_limit


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_MEGAPIXELS * 1_000_000:
        raise ImageReadError(
            tr(
                "is too large: {width} x {height} pixels, {megapixels:.0f} megapixels; Clickcut opens up to {most}.",
                width=width,
                height=height,
                megapixels=width * height / 1e6,
                most=MAX_MEGAPIXELS,
            )
        )


def _frame_notes(image: Image.Image) -> list[str]:
    count = int(getattr(image, "n_frames", 1))
    if count < 2 or image.format in ("MPO", "PSD"):  # thumbnails, and layers, of one picture
        return []
    if image.format in _ANIMATED_FORMATS:
        return [tr("It holds {count} frames; the first was opened.", count=count)]
    return [tr("It holds {count} pages; the first was opened.", count=count)]


def _is_deep(image: Image.Image) -> bool:
    # Pillow says nothing when it cuts colour to 8 bits; the layout that its decoder is told to read gives it away.
    return image.mode in _DEEP_MODES or any(";16" in str(tile) for tile in getattr(image, "tile", ()))


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8. Asked after loading, because some decoders turn the pixels themselves."""
    try:
        orientation = image.getexif().get(_ORIENTATION_TAG, 1)
    except _DECODER_ERRORS:
        return 1
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1


def _exif(image: Image.Image) -> bytes | None:
    try:
        return exif_of(image)
    except _DECODER_ERRORS:
        return None


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    try:
        x, y = (float(value) for value in image.info["dpi"])
    except _DECODER_ERRORS:
        return None
    return (x, y) if isfinite(x) and isfinite(y) and x > 0 and y > 0 else None


def _to_rgba(image: Image.Image) -> tuple[RgbaImage, bytes | None, bool, list[str]]:
    """Return pixels, profile, whether some pixel is not opaque, and notes."""
    notes: list[str] = []
    icc_profile = image.info.get("icc_profile") or None
    if image.mode in ("CMYK", "LAB", "YCbCr") or (icc_profile is not None and icc_profile[16:20] == b"GRAY"):
        image, icc_profile = _in_rgb_space(image, icc_profile, notes)
    if icc_profile is not None and not is_usable_profile(icc_profile):
        notes.append(tr("Its colour profile is unusable and was ignored."))
        icc_profile = None
    if image.mode in _DEEP_MODES:
        pixels = _deep_grey_to_rgba(np.asarray(image), image.info.get("transparency"))
        has_alpha = bool(pixels[..., 3].min() < 255)
    elif image.has_transparency_data:
        pixels = np.array(image.convert("RGBA"))
        has_alpha = bool(pixels[..., 3].min() < 255)
    else:
        pixels = _opaque_to_rgba(image)
        has_alpha = False
    return pixels, icc_profile, has_alpha, notes


def _in_rgb_space(image: Image.Image, icc_profile: bytes | None, notes: list[str]) -> tuple[Image.Image, bytes | None]:
    """Return an image of another kind of colour as sRGB; a grey one keeps its alpha."""
    if image.mode == "YCbCr":
        return image.convert("RGB"), icc_profile
    if image.mode in ("CMYK", "LAB"):
        noun = "CMYK" if image.mode == "CMYK" else "Lab"
        if icc_profile is None and image.mode == "CMYK":
            notes.append(tr("It is a CMYK photo without a profile; its colours are a guess."))
            return image.convert("RGB"), None
        converted = image_to_srgb(image, icc_profile)
        notes.append(tr("It is a {mode} photo and was converted to sRGB.", mode=noun))
        return (image.convert("RGB") if converted is None else converted), None
    if image.mode in _DEEP_MODES or image.mode not in ("L", "LA", "1"):
        return image, None
    alpha = image.getchannel("A") if image.mode == "LA" else None
    converted = image_to_srgb(image.convert("L"), icc_profile)
    if converted is None:
        return image, None
    if alpha is not None:
        converted.putalpha(alpha)
    return converted, None


def _opaque_to_rgba(image: Image.Image) -> RgbaImage:
    # In strips: at 100 megapixels a whole second copy would cost another 300 MB.
    if image.mode not in ("RGB", "L"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    conversion = cv2.COLOR_RGB2RGBA if image.mode == "RGB" else cv2.COLOR_GRAY2RGBA
    width, height = image.size
    pixels = np.empty((height, width, 4), np.uint8)
    rows = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        strip = np.asarray(image.crop((0, top, width, bottom)))
        cv2.cvtColor(strip, conversion, dst=pixels[top:bottom])
    return pixels


def _deep_grey_to_rgba(values: NDArray[Any], transparent: object) -> RgbaImage:
    """Scale grey of 16 or 32 bits, or of floats, to 8 bits.

    Floats within [0, 1] fill the range, as TIFF writers of linear data do. Everything else counts on 255, or on 65535
    if it goes beyond 255, or on its own largest value if it goes beyond that.
    """
    if values.dtype.kind == "u" and values.dtype.itemsize == 2:
        table = ((np.arange(65536, dtype=np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
        grey = table[values]
    else:
        finite = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
        grey = np.clip(finite * (255.0 / _white_of(values.dtype, float(finite.max()))) + 0.5, 0, 255).astype(np.uint8)
    pixels: RgbaImage = cv2.cvtColor(grey, cv2.COLOR_GRAY2RGBA)
    if isinstance(transparent, int):
        pixels[values == transparent, 3] = 0
    return pixels


def _white_of(dtype: np.dtype[Any], largest: float) -> float:
    if dtype.kind == "f" and largest <= 1.0:
        return 1.0
    return 255.0 if largest <= 255.0 else 65535.0 if largest <= 65535.0 else largest


def _turned(pixels: NDArray[_Channel], orientation: int) -> NDArray[_Channel]:
    """Return the pixels as EXIF `orientation` asks: 2 mirrored, 3 upside down, 6 a quarter to the right, ..."""
    if orientation == 1:
        return pixels
    if orientation in (2, 4):
        return np.asarray(cv2.flip(pixels, 1 if orientation == 2 else 0), dtype=pixels.dtype)
    if orientation in (5, 7):
        turned = cv2.transpose(pixels)
        turned = turned if orientation == 5 else cv2.rotate(turned, cv2.ROTATE_180)
        return np.asarray(turned, dtype=pixels.dtype)
    codes = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}
    return np.asarray(cv2.rotate(pixels, codes[orientation]), dtype=pixels.dtype)
