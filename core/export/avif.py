"""AVIF: the smallest pictures with transparency, always with a little loss."""

from dataclasses import dataclass
from typing import ClassVar

from PIL import Image

from core.arrays import RgbaImage
from core.export.format import ExportFormat, Progress, Target
from core.export.options import option
from core.export.picture import PictureOptions, check_sides, exif_to_write, finished_picture
from core.export.source import ExportSource
from core.photo_exif import for_pillow
from core.texts import mark

_LONGEST_SIDE = 32_768
_SPEED = 8


@dataclass(frozen=True)
class AvifOptions(PictureOptions):
    """What can be chosen about AVIF."""

    quality: int = option(80, mark("Quality"), least=1, most=100)


class AvifFormat(ExportFormat[AvifOptions]):
    """What is cut out, as AVIF."""

    id: ClassVar[str] = "avif"
    title: ClassVar[str] = mark("AVIF")
    summary: ClassVar[str] = mark("The smallest files for web pages; colours and edges lose a little.")
    suffixes: ClassVar[tuple[str, ...]] = (".avif",)
    options_type = AvifOptions

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: AvifOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the picture (see :meth:`core.export.format.ExportFormat.write`)."""
        image = Image.fromarray(finished_picture(source, options))
        progress.step(0.3, 1)
        more = for_pillow(exif_to_write(source, options))
        if source.document.icc_profile is not None:
            more["icc_profile"] = source.document.icc_profile
        with targets[0].temporary.open("wb") as file:
            image.save(file, "AVIF", quality=options.quality, speed=_SPEED, max_threads=2, **more)
        progress.step(1, 1)
        return ()

    def check(self, source: ExportSource, options: AvifOptions) -> None:
        """Raise :class:`core.export.options.ExportError` if a side is too long for AVIF."""
        check_sides(source, options, _LONGEST_SIDE, "AVIF")

    def preview(self, source: ExportSource, options: AvifOptions) -> RgbaImage:
        """Return the finished picture, before anything is lost."""
        return finished_picture(source, options)
