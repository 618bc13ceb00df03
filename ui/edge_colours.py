"""Works out, while the hand rests, which colours soft edges have in what is shown (:class:`ui.cleaned_photo`)."""

import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.arrays import Coverage
from core.cancel import CancelToken
from core.color import to_srgb
from core.document import Document
from core.edge_colours import composite_with_clean_edges
from core.errors import AppError
from core.geometry import Rect
from ui.cleaned_photo import CleanedPhoto, CleanedTile
from ui.qimage import to_screen
from ui.slow_edits import SHUTDOWN_SECONDS
from workers.edit_worker import Compute, EditJob, EditWorker
from workers.worker_thread import WorkerThread

logger = logging.getLogger(__name__)

_REST_MS = 60
"""How long nothing must change before anything is worked out: under a stroke it would be out of date at once."""

_MOST_LOOKED_AT, _MOST_CLEANED = 64, 4
"""Tiles at a time: of so many is looked whether an edge in them is soft, and so many are worked out."""


class EdgeColours(QObject):
    """Serves one photo at a time, that which was shown last."""

    found = Signal(object)  # Rect of the document that looks different

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photo: CleanedPhoto | None = None
        self._job: EditJob | None = None
        worker = EditWorker()
        worker.succeeded.connect(self._on_succeeded)
        worker.failed.connect(self._on_failed)
        self._thread = WorkerThread(worker, "edge colours", SHUTDOWN_SECONDS, self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._go_on)

    @property
    def is_busy(self) -> bool:
        """Whether any colours are still to come."""
        return self._job is not None or self._rest.isActive()

    def serve(self, photo: CleanedPhoto) -> None:
        """Work out what is missing in a photo, once nothing changes for a moment."""
        if photo is not self._photo:
            self.withdraw()
            self._photo = photo
        if self._job is None:
            self._rest.start()

    def withdraw(self) -> None:
        """Drop what is being worked out: the photo looks different by now. What it still misses is worked out later."""
        if self._job is not None:
            self._job.token.cancel()
            self._job = None
        if self._photo is not None:
            self._rest.start()

    def forget(self) -> None:
        """Serve nothing."""
        self._photo = None
        self.withdraw()
        self._rest.stop()

    def shutdown(self) -> bool:
        """Stop for good; return whether the thread ended in time."""
        self.forget()
        return self._thread.shutdown()

    @Slot()
    def _go_on(self) -> None:
        rects = [] if self._photo is None else self._photo.missing(_MOST_LOOKED_AT)
        if self._photo is not None and rects:
            self._job = EditJob(self._photo.document, _cleaning(rects, self._photo.selection))
            self._thread.submit(self._job)

    @Slot(object, object)
    def _on_succeeded(self, job: EditJob, tiles: Sequence[CleanedTile]) -> None:
        if job is not self._job or self._photo is None:
            return
        self._job = None
        for tile in tiles:
            if self._photo.take(tile):
                self.found.emit(tile.rect)
        self._go_on()

    @Slot(object, object)
    def _on_failed(self, job: EditJob, error: AppError) -> None:
        if job is self._job:
            logger.warning("The colours along soft edges are shown as the photo has them: %s", error)
            self.forget()


def _cleaning(rects: Sequence[Rect], selection: Coverage | None) -> Compute:
    def compute(document: Document, token: CancelToken, report: Callable[[float], None]) -> list[CleanedTile]:
        del report
        tiles: list[CleanedTile] = []
        for rect in rects:
            token.check()
            cleaned = composite_with_clean_edges(document, rect, selection)
            pixels = None if cleaned is None else to_screen(to_srgb(cleaned, document.icc_profile))[0]
            tiles.append(CleanedTile(rect, pixels))
            if sum(tile.pixels is not None for tile in tiles) >= _MOST_CLEANED:
                break
        return tiles

    return compute
