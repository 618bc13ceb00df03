"""Unsaved work of programs that did not come to save it: kept in the platform's folder for such files.

Every running program has a place of its own there, a file and a lock. The system lets go of the lock when the program
ends, however it ends; a file whose lock nobody holds was left behind.
"""

import json
import logging
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import platformdirs

from core.document import Document
from core.errors import ImageWriteError
from core.project.archive import MOST_TEXT_BYTES, Archive
from core.project.encoded import EncodedPictures
from core.project.fields import Fields, ManifestError, parsed
from core.project.writer import THUMBNAIL, write_for_recovery
from core.temporary_files import remove_abandoned
from core.texts import tr

if TYPE_CHECKING:
    from filelock import FileLock

logger = logging.getLogger(__name__)

_NOTE = "clickcut/recovery.json"
_SUFFIX = ".ora"
_LATEST = 1e11
MOST_PHOTOS = 2000
_OLD_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class RecoveryNote:
    """What is told about unsaved work.

    Attributes
    ----------
    name
        What the document is called.
    saved_at
        In seconds of :func:`time.time`.
    project, photo
        Paths of its project and of the photo that it came from; None = none.
    series
        Paths of the photos that were opened together with it; none if it was one of a folder's, or alone.
    """

    name: str
    saved_at: float
    project: str | None
    photo: str | None
    series: tuple[str, ...] = ()


@dataclass(eq=False)
class RecoverySlot:
    """A place for unsaved work that nobody else uses: a file, and the lock that is held on it."""

    path: Path
    _lock: "FileLock" = field(repr=False)

    @classmethod
    def claim(cls, folder: Path) -> Self:
        """Return a new place in `folder`, which is made if it is not there.

        Raises
        ------
        ImageWriteError
            If that cannot be done.
        """
        path = folder / f"{secrets.token_hex(8)}{_SUFFIX}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = _held_lock(path)
        except OSError as error:
            raise ImageWriteError(
                tr(
                    "Unsaved work cannot be kept in {folder}: {reason}.",
                    folder=folder,
                    reason=error.strerror or error,
                )
            ) from error
        return cls(path, lock)

    def write(
        self, document: Document, project: Path | None, encoded: EncodedPictures, series: Sequence[Path] = ()
    ) -> None:
        """Keep `document`, which is saved in `project`, in place of what was kept.

        `series` are the photos that were opened together with it; of more than :data:`MOST_PHOTOS` none is kept.

        Raises
        ------
        ImageWriteError
            If it cannot be written; what was kept before is still there.
        """
        photo = None if document.path is None else str(document.path.absolute())
        together = tuple(str(path.absolute()) for path in series) if len(series) <= MOST_PHOTOS else ()
        saved_in = None if project is None else str(project.absolute())
        note = RecoveryNote(document.name, time.time(), saved_in, photo, together)
        write_for_recovery(document, self.path, encoded, (_NOTE, json.dumps(asdict(note)).encode("ascii")))

    def clear(self) -> None:
        """Keep nothing."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def release(self) -> None:
        """Leave the place and what is kept there to others; if that is nothing, no trace is left."""
        is_empty = not self.path.exists()
        self._lock.release()
        if is_empty:
            with suppress(OSError):
                Path(self._lock.lock_file).unlink(missing_ok=True)


@dataclass(frozen=True, eq=False, slots=True)
class LeftBehind:
    """Unsaved work that was found; its place is ours. `thumbnail` is a small PNG, if there is one."""

    slot: RecoverySlot
    note: RecoveryNote
    thumbnail: bytes | None = field(repr=False)


def recovery_folder() -> Path:
    """Return the folder for unsaved work."""
    return platformdirs.user_state_path("clickcut", appauthor=False) / "unsaved"


def left_behind(folder: Path) -> list[LeftBehind]:
    """Return what programs left that are not running any more, the latest first, and claim it.

    What cannot be understood is left alone, as is what another program is looking at.
    """
    found = []
    with suppress(OSError):
        remove_abandoned(folder)
        _remove_old_locks(folder)
        for path in sorted(folder.glob(f"[!.]*{_SUFFIX}")):
            work = _claimed(path)
            if work is not None:
                found.append(work)
    return sorted(found, key=lambda work: work.note.saved_at, reverse=True)


def _claimed(path: Path) -> LeftBehind | None:
    try:
        slot = RecoverySlot(path, _held_lock(path))
    except OSError:
        return None
    try:
        with Archive(path) as archive:
            note = _note(archive.read(_NOTE, MOST_TEXT_BYTES))
            thumbnail = archive.read(THUMBNAIL, MOST_TEXT_BYTES) if THUMBNAIL in archive else None
    except (ManifestError, OSError) as error:
        logger.warning("Unsaved work in %s cannot be read: %s", path, error)
        slot.release()
        return None
    return LeftBehind(slot, note, thumbnail)


def _note(data: bytes) -> RecoveryNote:
    fields = Fields(parsed(data, tr("its note")), tr("its note"))
    note = RecoveryNote(
        name=fields.text("name"),
        saved_at=fields.number("saved_at", 0, _LATEST),
        project=fields.optional("project", fields.text),
        photo=fields.optional("photo", fields.text),
        series=fields.texts("series", MOST_PHOTOS) if fields.has("series") else (),
    )
    fields.close()
    return note


def _held_lock(path: Path) -> "FileLock":
    """Return the lock of a file, held; raises :class:`OSError` where somebody else holds it or there are no locks."""
    from filelock import FileLock, Timeout  # which imports a web client's worth of modules

    lock = FileLock(path.with_suffix(".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise BlockingIOError(tr("another program uses it")) from error
    except NotImplementedError as error:
        raise OSError("files cannot be locked there") from error
    return lock


def _remove_old_locks(folder: Path) -> None:
    """Remove locks of programs that ended before they kept anything; young ones may be about to be used."""
    for path in folder.glob("*.lock"):
        if not path.with_suffix(_SUFFIX).exists() and time.time() - path.stat().st_mtime > _OLD_SECONDS:
            with suppress(OSError):
                lock = _held_lock(path)
                path.unlink(missing_ok=True)
                lock.release()
