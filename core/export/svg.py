"""SVG cut lines: the outline of every object, for plotters, web pages and drawings.

Holes are holes by the even-odd rule. Along the borders of pixels the paths are the objects' masks to the pixel, at
whole scales; as curves they run where the coverage is half, within a tolerance.
"""

from dataclasses import dataclass
from enum import StrEnum
from html import escape
from math import ceil
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbaImage, to_mask
from core.contours import crack_rings, iso_rings
from core.export.annotation import annotated_objects
from core.export.format import ExportFormat, Progress, Target
from core.export.options import Color, ExportOptions, option
from core.export.source import ExportObject, ExportSource
from core.export.svg_paths import crack_path, smooth_path
from core.geometry import Rect
from core.texts import mark

_MM_PER_INCH = 25.4
_WEB_DPI = 96.0
_HAIRLINE_MM = 0.1
_LINES = 300


class Look(StrEnum):
    """How the outlines are drawn."""

    FILLED = "filled"
    LINE = "line"


class Unit(StrEnum):
    """What the picture's size is told in."""

    PX = "px"
    MM = "mm"


@dataclass(frozen=True)
class SvgOptions(ExportOptions):
    """What can be chosen about SVG."""

    look: Look = option(
        Look.FILLED,
        mark("Draw as"),
        tip=mark("Plotters and laser cutters follow thin lines; web pages fill shapes."),
        words={Look.FILLED: mark("Filled shapes"), Look.LINE: mark("Thin lines")},
    )
    color: Color = option((0, 0, 0), mark("Colour"))
    bleed: float = option(
        0.0,
        mark("Bleed"),
        tip=mark("Lets the outline lie outside of the object by this much, or inside of it if it is less than 0."),
        least=-500,
        most=500,
    )
    bleed_unit: Unit = option(
        Unit.PX,
        mark("Bleed in"),
        words={Unit.PX: mark("pixels"), Unit.MM: mark("millimetres")},
        depends_on="bleed",
    )
    smooth: bool = option(
        False,
        mark("Smooth curves"),
        tip=mark("Bezier curves between the pixels instead of the pixels' own borders; far smaller files."),
    )
    tolerance: float = option(
        0.5,
        mark("Tolerance"),
        tip=mark("No curve is further from the object's outline than this."),
        least=0.1,
        most=20,
        unit=mark("px"),
        depends_on="smooth",
    )
    unit: Unit = option(
        Unit.PX,
        mark("Size in"),
        tip=mark("Millimetres follow the photo's resolution; 96 pixels per inch where it has none."),
        words={Unit.PX: mark("pixels"), Unit.MM: mark("millimetres")},
    )


class SvgFormat(ExportFormat[SvgOptions]):
    """The objects' outlines as SVG."""

    id: ClassVar[str] = "svg"
    title: ClassVar[str] = mark("SVG outlines")
    summary: ClassVar[str] = mark(
        "Every object's outline, exact to the pixel or smooth, as a named group of vector paths."
    )
    suffixes: ClassVar[tuple[str, ...]] = (".svg",)
    options_type = SvgOptions
    is_layered: ClassVar[bool] = True
    has_objects: ClassVar[bool] = True

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: SvgOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the file (see :meth:`core.export.format.ExportFormat.write`)."""
        objects, notes = annotated_objects(source)
        groups = []
        for index, each in enumerate(objects):
            progress.step(index, len(objects))
            groups.append(_group(index + 1, each, source, options))
        text = "\n".join([_head(source, options), *groups, "</svg>", ""])
        targets[0].temporary.write_text(text, encoding="utf-8", errors="replace")
        progress.step(1, 1)
        return notes

    def preview(self, source: ExportSource, options: SvgOptions) -> RgbaImage:
        """Return the objects as they are drawn, thin lines as wide as a small picture needs to show them."""
        width = max(1, round(max(source.document.size.shape) / _LINES))
        picture = np.zeros((*source.document.size.shape, 4), np.uint8)
        for each in annotated_objects(source)[0]:
            mask, rect = _bled(each, source, _bleed_px(source, options))
            if options.look is Look.LINE:
                mask = mask & ~_without_rim(mask, width)
            picture[rect.slices][mask] = (*options.color, 255)
        return picture


def _group(number: int, each: ExportObject, source: ExportSource, options: SvgOptions) -> str:
    data = _smooth_data(each, source, options) if options.smooth else _exact_data(each, source, options)
    name = _text(each.name)
    return (
        f'<g id="object-{number}" inkscape:groupmode="layer" inkscape:label="{name}"><title>{name}</title>'
        f'<path fill-rule="evenodd" d="{data}"/></g>'
    )


def _exact_data(each: ExportObject, source: ExportSource, options: SvgOptions) -> str:
    mask, rect = _bled(each, source, _bleed_px(source, options))
    return crack_path(crack_rings(mask), rect.x, rect.y)


def _smooth_data(each: ExportObject, source: ExportSource, options: SvgOptions) -> str:
    bleed = _bleed_px(source, options)
    if bleed == 0:
        return smooth_path(iso_rings(each.coverage), options.tolerance, each.rect.x, each.rect.y)
    from scipy.ndimage import distance_transform_edt

    reach = ceil(abs(bleed)) + 2
    wide = np.pad(to_mask(each.coverage), reach)
    # How far inside a pixel's centre is, the object's border lying half a pixel beyond the outermost ones.
    inside = np.where(wide, distance_transform_edt(wide) - 0.5, 0.5 - distance_transform_edt(~wide))
    place = each.rect.padded(reach)
    seen = place.intersect(source.document.rect)
    rings = iso_rings(inside[seen.moved(-place.x, -place.y).slices], -bleed)
    return smooth_path(rings, options.tolerance, seen.x, seen.y)


def _bleed_px(source: ExportSource, options: SvgOptions) -> float:
    if options.bleed_unit is Unit.PX:
        return options.bleed
    dpi = source.document.dpi or (_WEB_DPI, _WEB_DPI)
    return options.bleed / _MM_PER_INCH * (dpi[0] + dpi[1]) / 2


def _bled(each: ExportObject, source: ExportSource, bleed: float) -> tuple[NDArray[np.bool_], Rect]:
    """Return an object's mask, grown by `bleed` pixels or shrunk if that is less than 0, and its place."""
    mask = to_mask(each.coverage)
    if bleed == 0:
        return mask, each.rect
    from scipy.ndimage import distance_transform_edt

    reach = int(np.ceil(abs(bleed))) + 1
    wide = np.pad(mask, reach)
    # Between pixel centres; the object's own border lies half a pixel beyond the outermost ones.
    grown = distance_transform_edt(~wide) <= bleed if bleed > 0 else distance_transform_edt(wide) > -bleed
    place = each.rect.padded(reach)
    inside = place.intersect(source.document.rect)
    return grown[inside.moved(-place.x, -place.y).slices], inside


def _without_rim(mask: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    import cv2

    return cv2.erode(np.pad(mask, 1).astype(np.uint8), np.ones((3, 3)), iterations=width)[1:-1, 1:-1].astype(bool)


def _head(source: ExportSource, options: SvgOptions) -> str:
    size, dpi = source.document.size, source.document.dpi or (_WEB_DPI, _WEB_DPI)
    red, green, blue = options.color
    color = f"#{red:02x}{green:02x}{blue:02x}"
    if options.unit is Unit.MM:
        width = f"{size.width / dpi[0] * _MM_PER_INCH:.4f}mm"
        height = f"{size.height / dpi[1] * _MM_PER_INCH:.4f}mm"
    else:
        width, height = str(size.width), str(size.height)
    if options.look is Look.FILLED:
        look = f'fill="{color}" stroke="none"'
    else:
        line = _HAIRLINE_MM / _MM_PER_INCH * dpi[0]
        look = f'fill="none" stroke="{color}" stroke-width="{line:.4f}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
        f'width="{width}" height="{height}" viewBox="0 0 {size.width} {size.height}" {look}>\n'
        f"<title>{_text(source.document.name)}</title>"
    )


def _text(name: str) -> str:
    """Return a name as XML holds it, also between quotes; characters that XML does not know are left out."""
    known = "".join(
        each for each in name if each >= " " and each not in "\ufffe\uffff" and not "\ud800" <= each <= "\udfff"
    )
    return escape(known)
