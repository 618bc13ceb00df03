"""A small picture of what an export would write."""

from dataclasses import dataclass, field

from core.arrays import RgbaImage, freeze
from core.cancel import CancelToken
from core.color import to_srgb
from core.export.options import ExportOptions
from core.export.registry import format_of
from core.export.source import ExportSource
from core.geometry import Size
from core.thumbnails import shrunk


@dataclass(frozen=True, eq=False)
class PreviewRequest:
    """What is to be shown.

    Attributes
    ----------
    longest
        The most pixels of a side of the small picture.
    """

    source: ExportSource = field(repr=False)
    format_id: str
    options: ExportOptions
    longest: int
    token: CancelToken = field(default_factory=CancelToken, repr=False)


@dataclass(frozen=True, eq=False)
class Preview:
    """The small picture, ``(h, w, 4)`` in sRGB and read-only, and the size of what would be written."""

    pixels: RgbaImage = field(repr=False)
    size: Size


def make_preview(request: PreviewRequest) -> Preview:
    """Return what is asked for. Slow when the document is large.

    Raises
    ------
    AppError
        If it cannot be exported like that.
    Cancelled
        If nobody wants it any more.
    """
    request.token.check()
    pixels = format_of(request.format_id).preview(request.source, request.options)
    request.token.check()
    small = to_srgb(shrunk(pixels, request.longest), request.source.document.icc_profile)
    if small is pixels or small.base is not None:
        small = small.copy()  # rather than keep the large one alive
    freeze(small)
    return Preview(small, Size.of(pixels))
