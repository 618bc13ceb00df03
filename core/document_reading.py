"""A document as it is opened: a photo's file, and perhaps a mask's file for what is selected in it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.arrays import Coverage
from core.document import Document
from core.errors import ImageReadError
from core.geometry import Size
from core.image_io import read_photo


@dataclass(frozen=True, eq=False, slots=True)
class OpenedDocument:
    """A document, the file that it was just read from, and sentences about what was given up on the way in."""

    path: Path
    document: Document
    notes: tuple[str, ...]


def read_document(path: Path, selection: Path | None = None) -> OpenedDocument:
    """Read a photo, with what `selection`, a grey picture of its size, shows in white selected.

    A mask that cannot be used is a note; the photo is opened without it.

    Raises
    ------
    ImageReadError
        If the photo cannot be read.
    """
    photo = read_photo(path)
    document, notes = Document.from_photo(photo, path), photo.notes
    if selection is not None:
        try:
            document = document.with_selection(read_mask(selection, document.size))
        except ImageReadError as error:
            notes = (*notes, f"Nothing is selected: {error}")
    return OpenedDocument(path, document, notes)


def read_mask(path: Path, size: Size) -> Coverage:
    """Return a grey picture as ``(H, W)`` coverage of `size`.

    Raises
    ------
    ImageReadError
        If it cannot be read, is not opaque and grey, has another size, or is all black.
    """
    photo = read_photo(path)
    coverage = np.ascontiguousarray(photo.pixels[..., 0])
    if photo.size != size:
        raise ImageReadError(f"{path} has {photo.size} pixels, and the photo {size}.")
    if photo.has_alpha or (photo.pixels[..., 1:3] != coverage[..., None]).any():
        raise ImageReadError(f"{path} is not a mask: a mask is grey and has no transparency.")
    if not coverage.any():
        raise ImageReadError(f"{path} is all black.")
    return coverage
