"""Every kind of file that can be exported, in the order in which they are offered."""

from pathlib import Path
from typing import Any

from core.export.avif import AvifFormat
from core.export.coco import CocoFormat
from core.export.format import ExportFormat
from core.export.jpeg import JpegFormat
from core.export.labelme import LabelmeFormat
from core.export.labels import LabelsFormat
from core.export.masks import MaskFormat
from core.export.options import ExportError
from core.export.ora import OraFormat
from core.export.png_format import PngFormat
from core.export.psd import PsdFormat
from core.export.svg import SvgFormat
from core.export.tiff import TiffFormat
from core.export.webp import WebpFormat
from core.export.yolo import YoloFormat
from core.texts import tr

FORMATS: tuple[ExportFormat[Any], ...] = (
    PngFormat(),
    WebpFormat(),
    AvifFormat(),
    JpegFormat(),
    PsdFormat(),
    OraFormat(),
    TiffFormat(),
    SvgFormat(),
    MaskFormat(),
    LabelsFormat(),
    CocoFormat(),
    YoloFormat(),
    LabelmeFormat(),
)


def format_of(format_id: str) -> ExportFormat[Any]:
    """Return the format with this id.

    Raises
    ------
    ExportError
        If there is none.
    """
    for each in FORMATS:
        if each.id == format_id:
            return each
    raise ExportError(
        tr("There is no format {name!r}; there is {names}.", name=format_id, names=", ".join(f.id for f in FORMATS))
    )


def format_for(path: Path) -> ExportFormat[Any]:
    """Return the first format whose files are called like `path`.

    Raises
    ------
    ExportError
        If there is none.
    """
    name = path.name.lower()
    for each in FORMATS:
        if name.endswith(each.suffixes):
            return each
    known = sorted({suffix for each in FORMATS for suffix in each.suffixes})
    raise ExportError(
        tr("{name} does not end like a file that can be written: {known}.", name=path.name, known=", ".join(known))
    )
