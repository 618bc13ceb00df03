"""The outline of what is cut out for web pages: a CSS declaration, and a piece of HTML that cuts the photo itself."""

from enum import StrEnum
from html import escape
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from core.contours import iso_rings
from core.document import Document
from core.export.annotation import annotated_objects, picture_name
from core.export.source import ExportSource
from core.export.svg_paths import smooth_path

_SHOWN_BY_BROWSERS = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")

TOLERANCE = 0.5
"""How far the curves may lie from the outline, in pixels."""


class WebOutline(StrEnum):
    """What an outline is written as."""

    CSS = "css"
    HTML = "html"


def outline_text(document: Document, kind: WebOutline) -> str:
    """Return :func:`css_clip_path` or :func:`html_snippet`."""
    return css_clip_path(document) if kind is WebOutline.CSS else html_snippet(document)


def css_clip_path(document: Document) -> str:
    """Return a CSS declaration that cuts an element of the photo's size, in pixels. Slow when large.

    Raises
    ------
    ExportError
        If nothing is cut out.
    """
    return f'clip-path: path(evenodd, "{_path(document)}");'


def html_snippet(document: Document) -> str:
    """Return HTML that shows the photo cut out, at any size, holes and all (errors as :func:`css_clip_path`).

    The photo lies beside the page, under its own name.
    """
    size, source = document.size, quote(_source(document), errors="replace")
    anchor = "cutout-" + "".join(each if each.isascii() and each.isalnum() else "-" for each in document.name)
    return (
        '<svg width="0" height="0" style="position:absolute" aria-hidden="true">'
        f'<clipPath id="{anchor}" clipPathUnits="objectBoundingBox">'
        f'<path transform="scale({1 / size.width:.10g} {1 / size.height:.10g})" clip-rule="evenodd" '
        f'd="{_path(document)}"/></clipPath></svg>\n'
        f'<img src="{source}" alt="{escape(document.name)}" style="clip-path:url(#{anchor})">\n'
    )


def _source(document: Document) -> str:
    """Return what the photo's file beside a page is called: its own name, if browsers show such files."""
    name = picture_name(document)
    return name if name.lower().endswith(_SHOWN_BY_BROWSERS) else f"{document.name}.png"


def _path(document: Document) -> str:
    """Return the outline of all objects together, as the data of an SVG path."""
    covered = np.zeros(document.size.shape, np.uint8)
    for each in annotated_objects(ExportSource(document))[0]:
        part: NDArray[np.uint8] = covered[each.rect.slices]
        np.maximum(part, each.coverage, out=part)
    return smooth_path(iso_rings(covered), TOLERANCE, 0, 0)
