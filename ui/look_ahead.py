"""The photo that probably comes next: read, and made ready for clicks, while the person looks at this one.

Only one photo, only while nothing else is under way, and never while a prompt is open: what the encoder has begun
cannot be interrupted, and the next click would wait for it.
"""

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from core.cut_source import CutSource
from core.document_reading import ReadAhead, read_ahead
from core.errors import AppError
from core.free_memory import available_bytes
from ui.editor import Editor
from ui.file_session import FileSession
from ui.segment_session import SegmentSession
from ui.session_state import Phase
from workers.file_worker import FileJob, FileWorker
from workers.worker_thread import WorkerThread

logger = logging.getLogger(__name__)

IDLE_MS = 700
"""For how long nothing must have happened: who leafs through photos or clicks about is not held up."""

SHORTEST_ENCODING_SECONDS, LONGEST_ENCODING_SECONDS = 0.1, 1.5
"""Encoders that take less are not worth it; a click may have to wait for one that takes more."""

ENOUGH_MEMORY = 2 << 30
"""The largest photo that is read at all, 100 megapixels, takes half of this as it is read and encoded."""

_SHUTDOWN_SECONDS = 3.0


class LookAhead(QObject):
    """Follows the photo that would be opened next. It reads in a thread of its own, so that no file waits for it.

    What goes wrong is not told: it will be, should the person want to see that photo.
    """

    def __init__(
        self, editor: Editor, session: SegmentSession, files: FileSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editor, self._session, self._files = editor, session, files
        self._next: Path | None = None
        self._job: FileJob | None = None  # the one whose answer counts, also when it has come
        self._read: ReadAhead | None = None
        worker = FileWorker()
        worker.succeeded.connect(self._on_read)
        worker.failed.connect(self._on_failed)
        self._thread = WorkerThread(worker, "look-ahead worker", _SHUTDOWN_SECONDS, self)
        self._timer = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._timer.timeout.connect(self._go_on)
        session.line.detailed.connect(self._on_anything_done)
        for signal in (session.state_changed, session.prompt_changed, editor.history_changed, files.busy_changed):
            signal.connect(self._on_anything_done)

    def follow(self, path: Path | None) -> None:
        """Look ahead to another photo, or to none; what was made ready of the one before is let go of."""
        if path != self._next:
            self._next, self._job, self._read = path, None, None
            self._session.line.withdraw_ahead()
            self._on_anything_done()

    def take(self, path: Path) -> ReadAhead | None:
        """Return what was read of `path`, if that is the photo and it has been read."""
        return self._read if path == self._next else None

    def shutdown(self) -> None:
        """Stop for good."""
        self.follow(None)
        self._thread.shutdown()

    @Slot()
    def _on_anything_done(self) -> None:
        if self._next is None:
            self._timer.stop()
        else:
            self._timer.start()

    @Slot()
    def _go_on(self) -> None:
        if self._next is None or self._editor.document is None or not self._is_idle():
            return
        if self._job is None:
            self._job = FileJob("ahead", partial(_read_if_there_is_room, self._next), is_writing=False)
            self._thread.submit(self._job)
        elif self._read is not None and self._is_worth_encoding():
            self._session.line.prepare_ahead(CutSource.of(self._read.opened.document), self._session.choice)

    def _is_idle(self) -> bool:
        session, files = self._session, self._files
        return session.state.phase is Phase.IDLE and not (session.is_open or files.is_busy or self._editor.is_busy)

    def _is_worth_encoding(self) -> bool:
        seconds = self._session.state.seconds.get("encode")
        return seconds is not None and SHORTEST_ENCODING_SECONDS <= seconds <= LONGEST_ENCODING_SECONDS

    @Slot(object, object)
    def _on_read(self, job: FileJob, read: ReadAhead | None) -> None:
        if job is self._job:
            self._read = read
            self._on_anything_done()

    @Slot(object, object)
    def _on_failed(self, job: FileJob, error: AppError) -> None:
        if job is self._job:
            logger.info("The next photo cannot be made ready: %s", error)


def _read_if_there_is_room(path: Path) -> ReadAhead | None:
    available = available_bytes()
    if available is not None and available < ENOUGH_MEMORY:
        logger.info("%s is not read ahead: only %d MB of memory are left", path, available >> 20)
        return None
    return read_ahead(path)
