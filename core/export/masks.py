"""A mask as a grey PNG: white belongs, black does not."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np

from core.arrays import Coverage, RgbaImage, to_coverage, to_mask
from core.compositor import composite
from core.export.format import ExportFormat, Progress, Target
from core.export.options import ExportOptions, option
from core.export.png import mask_of
from core.export.source import ExportSource
from core.png_io import write_png_to
from core.texts import mark


class MaskEdge(StrEnum):
    """What becomes of pixels that belong in part."""

    SOFT = "soft"
    HARD = "hard"


@dataclass(frozen=True)
class MaskOptions(ExportOptions):
    """What can be chosen about a mask."""

    edge: MaskEdge = option(
        MaskEdge.SOFT,
        mark("Edge"),
        words={MaskEdge.SOFT: mark("Soft, in shades of grey"), MaskEdge.HARD: mark("Hard, black or white")},
    )
    invert: bool = option(False, mark("Invert"), tip=mark("What belongs becomes black."))


class MaskFormat(ExportFormat[MaskOptions]):
    """The selection, or what is cut out, as a grey PNG."""

    id: ClassVar[str] = "mask"
    title: ClassVar[str] = mark("Mask (grey PNG)")
    summary: ClassVar[str] = mark("White where something is selected or cut out, of the photo's size.")
    suffixes: ClassVar[tuple[str, ...]] = (".png",)
    options_type = MaskOptions
    has_objects: ClassVar[bool] = True

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: MaskOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the mask (see :meth:`core.export.format.ExportFormat.write`)."""
        coverage = _coverage(source, options)
        progress.step(0.5, 1)
        with targets[0].temporary.open("wb") as file:
            write_png_to(file, coverage, None, source.document.dpi)
        progress.step(1, 1)
        return ()

    def preview(self, source: ExportSource, options: MaskOptions) -> RgbaImage:
        """Return the mask."""
        coverage = _coverage(source, options)
        return np.dstack([coverage] * 3 + [np.full_like(coverage, 255)])


def _coverage(source: ExportSource, options: MaskOptions) -> Coverage:
    if source.drawn is not None:
        coverage = source.drawn.coverage()
    elif source.is_one_layer:  # which may well be all of the picture
        coverage = np.ascontiguousarray(composite(source.document, source.document.rect)[..., 3])
    else:
        coverage = mask_of(source.document)
    if options.edge is MaskEdge.HARD:
        coverage = to_coverage(to_mask(coverage))
    return np.asarray(255 - coverage, dtype=np.uint8) if options.invert else coverage
