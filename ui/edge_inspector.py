"""Takes a person from one doubtful stretch of the selection's outline to the next."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import Coverage
from core.cancel import CancelToken
from core.document import Document
from core.edge_doubt import DoubtfulStretch, find_doubts_in
from core.errors import AppError
from core.geometry import Box, Rect
from core.selection_edits import selected_area
from core.texts import tr
from ui.canvas import Canvas
from ui.editor import LARGE_AREA, Editor
from ui.message import Message, MessageKind
from ui.overlay import OverlayPainter
from ui.slow_edits import SHUTDOWN_SECONDS
from workers.edit_worker import EditJob, EditWorker
from workers.worker_thread import WorkerThread

WORDS = tr("Looking for doubtful edges")
ZOOM = 2.0
_MARGIN = 6
_NONE = tr("No part of the outline is in doubt.")


class EdgeInspector(QObject):
    """Shows one stretch at a time, with a mark around it that stays until the selection is another one.

    The stretches are looked for at the first step after the selection changed: here and now for a small one, in a
    thread of its own for a large one.
    """

    busy_changed = Signal(bool)
    said = Signal(object)  # Message

    def __init__(self, editor: Editor, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor, self._canvas = editor, canvas
        self._seen: Coverage | None = None
        self._stretches: tuple[DoubtfulStretch, ...] = ()
        self._index: int | None = None
        self._job: EditJob | None = None
        self._step = 1
        worker = EditWorker()
        worker.succeeded.connect(self._on_succeeded)
        worker.failed.connect(self._on_failed)
        self._thread = WorkerThread(worker, "edge inspector", SHUTDOWN_SECONDS, self)
        editor.document_replaced.connect(self.leave)
        editor.reframed.connect(self.leave)
        editor.selection_changed.connect(self._on_selection_changed)

    @property
    def is_busy(self) -> bool:
        """Whether stretches are being looked for."""
        return self._job is not None

    @property
    def stretch(self) -> DoubtfulStretch | None:
        """What is looked at."""
        return None if self._index is None else self._stretches[self._index]

    def go(self, step: int) -> None:
        """Show the next stretch, or with -1 the one before, around; the first is the most doubtful one."""
        document = self._editor.document
        if document is None or document.selection is None:
            return
        if document.selection is self._seen:
            self._move(step)
            return
        self._step = step
        if self._job is None:
            self._look(document)

    @Slot()
    def leave(self) -> None:
        """Take the mark away, and forget what was found."""
        if self._job is not None:
            self._job.token.cancel()
            self._job = None
            self.busy_changed.emit(False)
        self._seen, self._stretches = None, ()
        if self._index is not None:
            self._index = None
            self._canvas.set_note(None)

    def shutdown(self) -> bool:
        """Stop for good; return whether the thread ended in time."""
        self.leave()
        return self._thread.shutdown()

    def _look(self, document: Document) -> None:
        if selected_area(document) <= LARGE_AREA:
            try:
                self._take(document, find_doubts_in(document, CancelToken()))
            except AppError as error:
                self._tell(error)
            return
        self._job = EditJob(document, _compute)
        self.busy_changed.emit(True)
        self._thread.submit(self._job)

    def _take(self, document: Document, stretches: tuple[DoubtfulStretch, ...]) -> None:
        self._seen, self._stretches, self._index = document.selection, stretches, None
        self._move(self._step)

    def _move(self, step: int) -> None:
        if not self._stretches:
            self.said.emit(Message(_NONE))
            return
        count = len(self._stretches)
        # The first step goes to the most doubtful stretch, or backwards to the least doubtful one.
        self._index = (min(step, 0) if self._index is None else self._index + step) % count
        stretch = self._stretches[self._index]
        self._canvas.look_at(stretch.x, stretch.y, ZOOM)
        self._canvas.set_note(self._paint)

    def _paint(self, marks: OverlayPainter) -> None:
        stretch = self.stretch
        if stretch is None or self._index is None:
            return
        rect = stretch.rect.padded(_MARGIN)
        marks.box(Box(rect.x, rect.y, rect.right, rect.bottom), has_handles=False)
        why = tr("soft edge") if stretch.is_soft else tr("little contrast")
        marks.label(
            rect.x,
            rect.bottom,
            tr("{number} of {count} · {reason}", number=self._index + 1, count=len(self._stretches), reason=why),
        )

    def _tell(self, error: AppError) -> None:
        self.said.emit(Message(str(error), MessageKind.ERROR))

    @Slot(object)
    def _on_selection_changed(self, rect: Rect) -> None:
        del rect
        self.leave()

    @Slot(object, object)
    def _on_succeeded(self, job: EditJob, stretches: tuple[DoubtfulStretch, ...]) -> None:
        if job is self._job:
            self._job = None
            self.busy_changed.emit(False)
            self._take(job.document, stretches)

    @Slot(object, object)
    def _on_failed(self, job: EditJob, error: AppError) -> None:
        if job is self._job:
            self.leave()
            self._tell(error)


def _compute(document: Document, token: CancelToken, report: Callable[[float], None]) -> tuple[DoubtfulStretch, ...]:
    report(0.0)
    return find_doubts_in(document, token)
