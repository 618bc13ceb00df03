"""PNG: what is cut out, with transparency."""

from dataclasses import dataclass
from typing import ClassVar

from core.arrays import RgbaImage
from core.export.depth import Depth, at_depth, depth_option, profile_to_write
from core.export.format import ExportFormat, Progress, Target
from core.export.picture import TransparentOptions, exif_to_write, finished_deep_picture, finished_picture
from core.export.source import ExportSource
from core.png_io import write_png_to
from core.texts import mark


@dataclass(frozen=True)
class PngOptions(TransparentOptions):
    """What can be chosen about a PNG."""

    depth: Depth = depth_option()


class PngFormat(ExportFormat[PngOptions]):
    """What is cut out, as a PNG."""

    id: ClassVar[str] = "png"
    title: ClassVar[str] = mark("PNG")
    summary: ClassVar[str] = mark("One picture with transparency, without loss; every program opens it.")
    suffixes: ClassVar[tuple[str, ...]] = (".png",)
    options_type = PngOptions

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: PngOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the PNG (see :meth:`core.export.format.ExportFormat.write`)."""
        document = at_depth(source.document, options.depth)
        pixels = (finished_deep_picture if document.is_deep else finished_picture)(source, options)
        progress.step(0.3, 1)
        with targets[0].temporary.open("wb") as file:
            write_png_to(file, pixels, profile_to_write(document), document.dpi, exif_to_write(source, options))
        progress.step(1, 1)
        return ()

    def preview(self, source: ExportSource, options: PngOptions) -> RgbaImage:
        """Return the finished picture."""
        return finished_picture(source, options)
