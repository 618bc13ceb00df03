"""JPEG: what is cut out on a colour, for whatever opens nothing else."""

from dataclasses import dataclass
from io import BytesIO
from typing import ClassVar

import numpy as np
from PIL import Image

from core.arrays import RgbaImage, RgbImage
from core.export.format import ExportFormat, Progress, Target
from core.export.options import Color, option
from core.export.picture import PictureOptions, check_sides, exif_to_write, finished_picture
from core.export.source import ExportSource
from core.photo_exif import for_pillow
from core.texts import mark

_LONGEST_SIDE = 65_500
_STRIP_ROWS = 256


@dataclass(frozen=True)
class JpegOptions(PictureOptions):
    """What can be chosen about JPEG."""

    color: Color = option((255, 255, 255), mark("Colour behind"), tip=mark("JPEG knows no transparency."))
    quality: int = option(92, mark("Quality"), least=1, most=100)
    full_color: bool = option(
        True, mark("Full colour resolution"), tip=mark("Keeps coloured edges sharp (4:4:4); larger.")
    )


class JpegFormat(ExportFormat[JpegOptions]):
    """What is cut out, on a colour, as JPEG."""

    id: ClassVar[str] = "jpeg"
    title: ClassVar[str] = mark("JPEG")
    summary: ClassVar[str] = mark("A small picture on a colour instead of transparency, with some loss.")
    suffixes: ClassVar[tuple[str, ...]] = (".jpg", ".jpeg")
    options_type = JpegOptions

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: JpegOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the picture (see :meth:`core.export.format.ExportFormat.write`)."""
        document = source.document
        image = Image.fromarray(on_color(finished_picture(source, options), options.color))
        progress.step(0.3, 1)
        more = for_pillow(exif_to_write(source, options))
        if document.icc_profile is not None:
            more["icc_profile"] = document.icc_profile
        if document.dpi is not None:
            more["dpi"] = tuple(round(each) for each in document.dpi)
        # Not into the file itself: Pillow takes it for written where a disk that gets full took a part of it.
        encoded = BytesIO()
        image.save(encoded, "JPEG", quality=options.quality, subsampling=0 if options.full_color else 2, **more)
        targets[0].temporary.write_bytes(encoded.getbuffer())
        progress.step(1, 1)
        return ()

    def check(self, source: ExportSource, options: JpegOptions) -> None:
        """Raise :class:`core.export.options.ExportError` if a side is too long for JPEG."""
        check_sides(source, options, _LONGEST_SIDE, "JPEG")

    def preview(self, source: ExportSource, options: JpegOptions) -> RgbaImage:
        """Return the finished picture on its colour, before anything is lost."""
        picture = on_color(finished_picture(source, options), options.color)
        return np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])


def on_color(picture: RgbaImage, color: Color) -> RgbImage:
    """Return a picture with straight alpha over one colour, ``(H, W, 3)``, rounded once."""
    result = np.empty((*picture.shape[:2], 3), np.uint8)
    ground = np.array(color, np.float32)
    for top in range(0, picture.shape[0], _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        share = picture[rows, :, 3:].astype(np.float32) / np.float32(255)
        result[rows] = np.rint(picture[rows, :, :3] * share + ground * (1 - share))
    return result
