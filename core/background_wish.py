"""A background as it is asked for on the command line."""

import re
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Self

from core.background import MOST_RADIUS, Background, BlurFill, ColorFill, ImageFill
from core.image_io import Photo, read_photo


@dataclass(frozen=True, slots=True)
class BackgroundWish:
    """A fill, or the photo at `path`; neither means transparent."""

    fill: ColorFill | BlurFill | None = None
    path: Path | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the background that ``transparent``, ``#rrggbb``, ``blur:RADIUS`` or the path of a photo means.

        Raises
        ------
        ValueError
            If it is none of these; the message says what can be given.
        """
        if text == "transparent":
            return cls()
        if text.startswith("#"):
            if re.fullmatch(r"#[0-9a-fA-F]{6}", text) is None:
                raise ValueError(f"'{text}' is not a colour: give six hexadecimal digits, such as #ff8000")
            return cls(ColorFill((int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))))
        if text.startswith("blur:"):
            return cls(BlurFill(_parse_radius(text)))
        if not text:
            raise ValueError("give transparent, #rrggbb, blur:RADIUS or the path of a photo")
        return cls(path=Path(text))

    def read_for(self, photo: Photo) -> Background | None:
        """Return the background for `photo`; None for a transparent one.

        Raises
        ------
        ImageReadError
            If there is a photo to be read, and that fails.
        """
        if self.path is not None:
            return Background(read_image_fill(self.path, photo.icc_profile))
        return None if self.fill is None else Background(self.fill)


def read_image_fill(path: Path, icc_profile: bytes | None) -> ImageFill:
    """Return the photo at `path` for a document of the colour space `icc_profile` (errors as :func:`read_photo`)."""
    behind = read_photo(path)
    return ImageFill.of(behind.pixels, behind.name, behind.icc_profile, icc_profile)


def _parse_radius(text: str) -> float:
    try:
        radius = float(text.removeprefix("blur:"))
    except ValueError:
        radius = float("nan")
    if not (isfinite(radius) and 0 < radius <= MOST_RADIUS):
        raise ValueError(f"'{text}' has no radius: give a number of pixels above 0, such as blur:20")
    return radius
