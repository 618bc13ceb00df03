"""A small picture of a file, without more of the file than that takes."""

from pathlib import Path

from core.arrays import RgbaImage
from core.color import to_srgb
from core.errors import ImageReadError
from core.image_io import read_photo
from core.project.reader import is_project, read_thumbnail
from core.texts import tr
from core.thumbnails import shrunk


def photo_thumbnail(path: Path, longest: int) -> RgbaImage:
    """Return a photo or a project in sRGB, ``(H, W, 4)`` uint8, no side longer than `longest`.

    Raises
    ------
    ImageReadError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise ImageReadError(
            tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror or error)
        ) from error
    if is_project(start):
        return shrunk(read_thumbnail(path), longest)
    photo = read_photo(path, at_least=longest)
    return to_srgb(shrunk(photo.pixels, longest), photo.icc_profile)
