"""What lies behind the layers: a colour, a gradient, a picture or the blurred photo, and a shadow of the subject.

Values only; :mod:`core.backdrop` draws them. Colours are sRGB, lengths pixels of the document.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self, TypeAlias

import cv2
import numpy as np

from core.arrays import RgbaImage, check_rgba, freeze
from core.color import convert_profile
from core.layer import new_array_key
from core.texts import tr

Color: TypeAlias = tuple[int, int, int]
"""Red, green and blue in sRGB, 0 to 255."""

MOST_RADIUS = 10_000.0


class Fit(StrEnum):
    """How large a background picture is drawn before its scale is applied."""

    FILL = "fill"
    FIT = "fit"
    STRETCH = "stretch"


class GradientShape(StrEnum):
    """Along a line through the middle, or around the middle."""

    LINEAR = "linear"
    RADIAL = "radial"


@dataclass(frozen=True, slots=True)
class ColorFill:
    """One colour everywhere."""

    color: Color = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class GradientFill:
    """From one colour to another.

    Attributes
    ----------
    angle
        Which way a linear one runs, in degrees: 0 to the right, 90 down.
    """

    start: Color = (255, 255, 255)
    end: Color = (128, 128, 128)
    angle: float = 90.0
    shape: GradientShape = GradientShape.LINEAR


@dataclass(frozen=True, slots=True)
class ImageFill:
    """A picture.

    Attributes
    ----------
    pixels
        ``(H, W, 4)`` uint8, opaque and read-only, in the document's colour space; see :meth:`of`.
    x, y
        Which part is shown where the picture is larger than the document, and where it lies if it is smaller: 0 is
        the left or top end, 1 the right or bottom one.
    scale
        Above 0; 1 is the size that `fit` gives.
    key
        Names the content of `pixels`, for caches.
    """

    pixels: RgbaImage = field(repr=False, compare=False)
    name: str = field(default_factory=lambda: tr("Picture"))
    fit: Fit = Fit.FILL
    x: float = 0.5
    y: float = 0.5
    scale: float = 1.0
    key: str = field(default_factory=new_array_key)

    def __post_init__(self) -> None:
        check_rgba(self.pixels)
        freeze(self.pixels)
        if not self.scale > 0:
            raise ValueError(f"background scale {self.scale} is not above 0")

    @classmethod
    def of(cls, picture: RgbaImage, name: str, source: bytes | None, target: bytes | None) -> Self:
        """Return a picture of the colour space `source` for a document of the space `target` (None: sRGB).

        Its transparent parts show white.
        """
        return cls(convert_profile(_opaque(picture), source, target), name)


@dataclass(frozen=True, slots=True)
class BlurFill:
    """The photo without the subject, blurred; `radius` is the standard deviation of a Gaussian."""

    radius: float = 20.0

    def __post_init__(self) -> None:
        if not 0 < self.radius <= MOST_RADIUS:
            raise ValueError(f"blur radius {self.radius} is not between 0 and {MOST_RADIUS:g}")


Fill: TypeAlias = ColorFill | GradientFill | ImageFill | BlurFill


@dataclass(frozen=True, slots=True)
class Shadow:
    """What the subject casts on the background.

    Attributes
    ----------
    opacity
        In [0, 1].
    dx, dy
        Where it lies, seen from the subject; rightwards and down.
    blur
        Standard deviation of a Gaussian, 0 or more.
    """

    color: Color = (0, 0, 0)
    opacity: float = 0.5
    dx: int = 0
    dy: int = 0
    blur: float = 0.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.opacity <= 1.0 and 0.0 <= self.blur <= MOST_RADIUS):
            raise ValueError(f"shadow opacity {self.opacity} or blur {self.blur} is out of range")


@dataclass(frozen=True, slots=True)
class Background:
    """What lies below all layers; without a fill it is transparent, and perhaps a shadow."""

    fill: Fill | None = None
    shadow: Shadow | None = None


def _opaque(picture: RgbaImage) -> RgbaImage:
    if picture[..., 3].min() == 255:
        return picture
    alpha = np.asarray(cv2.extractChannel(picture, 3), dtype=np.uint8)
    white = np.full_like(picture, 255)
    # share x colour + (1 - share) x white, channel by channel: a whole picture in floats would take four times as much.
    for channel in range(3):
        colour = np.ascontiguousarray(picture[..., channel])
        white[..., channel] = cv2.subtract(np.full_like(alpha, 255), cv2.multiply(255 - colour, alpha, scale=1 / 255))
    return white
