"""A document as it is opened: a photo's file or a project, and perhaps a mask's file for what is selected in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from core.arrays import Coverage
from core.document import Document
from core.errors import ImageReadError
from core.geometry import Size
from core.image_io import read_photo
from core.project.reader import is_project, read_project
from core.psd_reading import FlatPsdError, is_psd, read_psd
from core.texts import tr


@dataclass(frozen=True, eq=False, slots=True)
class OpenedDocument:
    """A document, the file that it was just read from, and sentences about what was given up on the way in.

    `is_project` = the file holds all of the document, so that saving it again loses nothing.
    """

    path: Path
    document: Document
    notes: tuple[str, ...]
    is_project: bool = False


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What changes when a file is written or replaced."""

    device: int
    inode: int
    nbytes: int
    changed_at_ns: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return the file's stamp now; raises :class:`OSError` where it cannot be had."""
        status = path.stat()
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, eq=False, slots=True)
class ReadAhead:
    """A document that was read before anybody wanted to see it, and the file as it was then."""

    opened: OpenedDocument
    stamp: FileStamp

    def is_still(self, path: Path) -> bool:
        """Whether it is what reading `path` would give."""
        try:
            return path == self.opened.path and FileStamp.of(path) == self.stamp
        except OSError:
            return False  # reading says why


def read_ahead(path: Path) -> ReadAhead:
    """Read a photo that somebody will probably want to see.

    Raises
    ------
    ImageReadError
        As :func:`read_document`.
    """
    try:
        stamp = FileStamp.of(path)  # before: what is written meanwhile makes it another file
    except OSError as error:
        raise ImageReadError(
            tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror or error)
        ) from error
    return ReadAhead(read_document(path), stamp)


def read_document(path: Path, selection: Path | None = None, ahead: ReadAhead | None = None) -> OpenedDocument:
    """Read a photo or a project, with what `selection`, a grey picture of its size, shows in white selected.

    A mask that cannot be used is a note; the photo is opened without it. `ahead` is returned if it is what would be
    read.

    Raises
    ------
    ImageReadError
        If it cannot be read.
    """
    if ahead is not None and selection is None and ahead.is_still(path):
        return ahead.opened
    document, notes, is_own = _read_either(path)
    if selection is not None:
        try:
            document = document.with_selection(read_mask(selection, document.size))
        except ImageReadError as error:
            notes = (*notes, tr("Nothing is selected: {error}", error=error))
    return OpenedDocument(path, document, notes, is_own)


def _read_either(path: Path) -> tuple[Document, tuple[str, ...], bool]:
    """Return the document of a photo, of a PSD or of a project, notes, and whether it is a project of Clickcut's."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError:
        start = b""  # reading it as a photo says why
    if is_project(start):
        project = read_project(path)
        return project.document, project.notes, project.is_own
    reason: tuple[str, ...] = ()
    if is_psd(start):
        try:
            psd = read_psd(path)
        except FlatPsdError as flat:
            reason = (str(flat), tr("The merged picture was opened."))
        else:
            return psd.document, psd.notes, False
    photo = read_photo(path)
    return Document.from_photo(photo, path), (*reason, *photo.notes), False


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
        raise ImageReadError(
            tr("{path} has {size} pixels, and the photo {photo_size}.", path=path, size=photo.size, photo_size=size)
        )
    if photo.has_alpha or (photo.pixels[..., 1:3] != coverage[..., None]).any():
        raise ImageReadError(tr("{path} is not a mask: a mask is grey and has no transparency.", path=path))
    if not coverage.any():
        raise ImageReadError(tr("{path} is all black.", path=path))
    return coverage
