"""Small pictures of files, made in the background when somebody wants to see them."""

import logging
from collections import OrderedDict
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from core.arrays import RgbaImage
from core.errors import AppError
from core.photo_thumbnail import photo_thumbnail
from ui.qimage import to_qimage
from workers.file_worker import FileJob, FileWorker
from workers.worker_thread import WorkerThread

logger = logging.getLogger(__name__)

LONGEST = 160
"""Pixels of the longer side: sharp also where the screen has two for one."""

_MOST = 400
_MOST_WAITING = 40
_SHUTDOWN_SECONDS = 3.0


class PhotoThumbnails(QObject):
    """One picture is made at a time, what was asked for last first: that is what the person looks at."""

    came = Signal(object)  # Path

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: OrderedDict[Path, QImage] = OrderedDict()
        self._waiting: list[Path] = []
        self._making: Path | None = None
        worker = FileWorker()
        worker.succeeded.connect(self._on_made)
        worker.failed.connect(self._on_failed)
        self._thread = WorkerThread(worker, "thumbnail worker", _SHUTDOWN_SECONDS, self)

    def of(self, path: Path) -> QImage | None:
        """Return the picture of a file, a null one if there is none; None while it is made, and `came` tells."""
        picture = self._pictures.get(path)
        if picture is not None:
            self._pictures.move_to_end(path)
        elif path != self._making:
            if path in self._waiting:
                self._waiting.remove(path)
            self._waiting.append(path)
            del self._waiting[:-_MOST_WAITING]
            self._make_next()
        return picture

    def forget(self) -> None:
        """Make every picture anew that is asked for, as files may have changed, and none that was asked for before."""
        self._pictures.clear()
        self._waiting.clear()

    def shutdown(self) -> None:
        """Stop for good."""
        self._waiting.clear()
        self._thread.shutdown()

    def _make_next(self) -> None:
        if self._making is None and self._waiting:
            self._making = self._waiting.pop()
            self._thread.submit(FileJob("thumbnail", partial(_made, self._making), is_writing=False))

    def _take(self, picture: QImage) -> None:
        path, self._making = self._making, None
        if path is not None:
            self._pictures[path] = picture
            while len(self._pictures) > _MOST:
                self._pictures.popitem(last=False)
            self.came.emit(path)
        self._make_next()

    @Slot(object, object)
    def _on_made(self, job: FileJob, pixels: RgbaImage) -> None:
        del job
        self._take(to_qimage(pixels))

    @Slot(object, object)
    def _on_failed(self, job: FileJob, error: AppError) -> None:
        del job
        logger.info("No thumbnail: %s", error)  # opening the file tells the person
        self._take(QImage())


def _made(path: Path) -> RgbaImage:
    return photo_thumbnail(path, LONGEST)
