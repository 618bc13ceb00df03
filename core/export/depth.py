"""How many bits a channel has in an exported file: the choice, and the document that follows it."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from core.color import srgb_profile
from core.document import Document
from core.export.options import option
from core.texts import mark


class Depth(StrEnum):
    """How many bits a channel has."""

    SOURCE = "source"
    EIGHT = "8"


def depth_option() -> Any:
    """Return the field of an options type that asks for the depth."""
    return option(
        Depth.SOURCE,
        mark("Depth"),
        tip=mark("A photo that was opened with 16 bits a channel can be written with as many, or with 8."),
        words={Depth.SOURCE: mark("As the document"), Depth.EIGHT: mark("8 bits")},
    )


def profile_to_write(document: Document) -> bytes | None:
    """Return the colour profile that goes into a file; with 16 bits sRGB is said, too."""
    return srgb_profile() if document.icc_profile is None and document.is_deep else document.icc_profile


def at_depth(document: Document, depth: Depth) -> Document:
    """Return the document with no more bits a channel than `depth` says; itself if it has no more."""
    if depth is Depth.SOURCE or not document.is_deep:
        return document
    return replace(document, layers=tuple(replace(layer, deep=None) for layer in document.layers))
