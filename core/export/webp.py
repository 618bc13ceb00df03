"""WebP: small pictures with transparency for web pages, with or without loss."""

from dataclasses import dataclass
from typing import ClassVar

from PIL import Image

from core.arrays import RgbaImage
from core.export.format import ExportFormat, Progress, Target
from core.export.options import option
from core.export.picture import TransparentOptions, check_sides, exif_to_write, finished_picture
from core.export.source import ExportSource
from core.photo_exif import for_pillow
from core.texts import mark

_LONGEST_SIDE = 16_383


@dataclass(frozen=True)
class WebpOptions(TransparentOptions):
    """What can be chosen about WebP."""

    lossless: bool = option(True, mark("Without loss"), tip=mark("Every pixel as it is; several times as large."))
    quality: int = option(
        90, mark("Quality"), tip=mark("Of the colours, if there is loss; transparency is exact."), least=1, most=100
    )


class WebpFormat(ExportFormat[WebpOptions]):
    """What is cut out, as WebP."""

    id: ClassVar[str] = "webp"
    title: ClassVar[str] = mark("WebP")
    summary: ClassVar[str] = mark("Smaller than a PNG, and much smaller with loss; for web pages.")
    suffixes: ClassVar[tuple[str, ...]] = (".webp",)
    options_type = WebpOptions

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: WebpOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the picture (see :meth:`core.export.format.ExportFormat.write`)."""
        image = Image.fromarray(finished_picture(source, options))
        progress.step(0.3, 1)
        with targets[0].temporary.open("wb") as file:
            image.save(
                file,
                "WEBP",
                lossless=options.lossless,
                quality=50 if options.lossless else options.quality,
                method=1 if options.lossless else 4,
                alpha_quality=100,
                exact=True,  # or it invents colours under what is transparent
                icc_profile=source.document.icc_profile or b"",
                **for_pillow(exif_to_write(source, options)),
            )
        progress.step(1, 1)
        return ()

    def check(self, source: ExportSource, options: WebpOptions) -> None:
        """Raise :class:`core.export.options.ExportError` if a side is too long for WebP."""
        check_sides(source, options, _LONGEST_SIDE, "WebP")

    def preview(self, source: ExportSource, options: WebpOptions) -> RgbaImage:
        """Return the finished picture, before anything is lost."""
        return finished_picture(source, options)
