"""The edge that a person tries on the selection: what is shown of it, and what becomes of it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.arrays import Coverage
from core.cancel import CancelToken
from core.coverage_target import is_same_target
from core.document import Document
from core.edge_edits import WIDEST_BAND, EdgeStyle, Redrawn, redraw, redraw_roughly, take_redrawn
from core.errors import AppError
from core.geometry import Rect
from core.matting import usual_band
from core.segment_request import Edge
from core.texts import tr
from ui.editor import Editor
from ui.slow_edits import SHUTDOWN_SECONDS
from workers.edit_worker import Compute, Draft, EditJob, EditWorker
from workers.worker_thread import WorkerThread

_PAUSE_MS = 120
"""How long the slider rests before anything is computed."""

_DRAFTED = 0.3
"""How much of the work is done when the rough edge is there."""

WORDS = tr("Working out the edge")


class EdgeTrial(QObject):
    """One edge at a time is tried: the selection's draft, and no part of the document until it is applied.

    A rough matte is shown as soon as it is there, then the exact one. The newest style wins. Whatever else changes the
    selection, or shows another draft of it, ends the trial.
    """

    changed = Signal()  # what is tried, how, and whether it is shown exactly
    busy_changed = Signal(bool)
    progressed = Signal(float)  # fraction done
    failed = Signal(object)  # AppError

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._edge: Edge | None = None
        self._tried_on: Document | None = None
        self._wanted_band: int | None = None
        self._known: tuple[Coverage, int] | None = None
        self._job: EditJob | None = None
        self._shown: Redrawn | None = None
        self._is_applying = False
        worker = EditWorker()
        worker.succeeded.connect(self._on_succeeded)
        worker.drafted.connect(self._on_drafted)
        worker.failed.connect(self._on_failed)
        worker.reported.connect(self._on_reported)
        self._thread = WorkerThread(worker, "edge worker", SHUTDOWN_SECONDS, self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        editor.document_replaced.connect(self._on_document_replaced)
        editor.reframed.connect(self._on_document_replaced)
        editor.selection_changed.connect(self._on_selection_changed)
        editor.layers_changed.connect(self._on_layers_changed)
        editor.draft.changed.connect(self._on_draft_changed)

    # --- what stands ---

    @property
    def edge(self) -> Edge | None:
        """What is tried; None if nothing."""
        return self._edge

    @property
    def can_begin(self) -> bool:
        """Whether anything is selected, or a mask is in the selection's place."""
        document = self._editor.document
        return document is not None and (document.is_mask_target or self._editor.selection is not None)

    @property
    def is_busy(self) -> bool:
        """Whether an edge is being computed."""
        return self._edge is not None and (self._job is not None or self._pause.isActive())

    @property
    def is_applying(self) -> bool:
        """Whether what is tried becomes the selection as soon as it is there."""
        return self._is_applying

    @property
    def is_automatic(self) -> bool:
        """Whether the band's width is left to the program."""
        return self._wanted_band is None

    @property
    def band(self) -> int:
        """To how many pixels on either side of the outline a matte is worked out."""
        return self.automatic_band if self._wanted_band is None else self._wanted_band

    @property
    def automatic_band(self) -> int:
        """What the outline's own doubt asks for if it is a segmenter's, else what is usual for the photo's size."""
        document = self._editor.document
        if document is None:
            return 1
        is_selection = not document.is_mask_target
        if is_selection and self._known is not None and self._known[0] is document.selection:
            return min(WIDEST_BAND, self._known[1])
        return min(WIDEST_BAND, usual_band(document.size))

    # --- gestures ---

    def know_band(self, coverage: Coverage, band: int) -> None:
        """Remember how wide the doubt about the outline of this very selection is, in pixels to either side."""
        self._known = coverage, band
        self.changed.emit()

    def choose(self, edge: Edge) -> None:
        """Try an edge on what is selected."""
        if self.can_begin and edge is not self._edge:
            self._edge, self._tried_on = edge, self._editor.document
            self._ask()

    def set_band(self, band: int | None) -> None:
        """Work a matte out on another width; None leaves it to the program."""
        self._wanted_band = None if band is None else min(max(1, band), WIDEST_BAND)
        if self._edge is Edge.MATTE:
            self._withdraw()
            self._pause.start()
        self.changed.emit()

    def apply(self) -> None:
        """Make the edge one undo step, as soon as it is there, and end the trial."""
        if self._edge is None:
            return
        self._is_applying = True
        if self.is_busy:
            self.changed.emit()
            return
        shown = self._shown
        self._end()
        if shown is not None:
            self._editor.change(lambda document: take_redrawn(document, shown))
        self._editor.draft.clear(self)

    @Slot()
    def cancel(self) -> None:
        """End the trial; the selection is as it was."""
        if self._edge is not None:
            self._end()
            self._editor.draft.clear(self)

    def shutdown(self) -> bool:
        """Stop for good; return whether the thread ended in time."""
        self.cancel()
        return self._thread.shutdown()

    # --- within ---

    @Slot()
    def _ask(self) -> None:
        self._withdraw()
        document = self._editor.document
        if document is not None and self._edge is not None:
            style, self._shown = EdgeStyle(self._edge, self.band), None
            self._job = EditJob(document, _computing(style), _drafting(style))
            self._thread.submit(self._job)
        self.busy_changed.emit(self.is_busy)
        self.changed.emit()

    def _withdraw(self) -> None:
        self._pause.stop()
        if self._job is not None:
            self._job.token.cancel()
            self._job = None

    def _end(self) -> None:
        self._withdraw()
        self._edge = self._tried_on = self._shown = None
        self._is_applying = False
        self.busy_changed.emit(False)
        self.changed.emit()

    def _show(self, redrawn: Redrawn) -> None:
        self._editor.draft.show(self, redrawn.coverage, redrawn.rect)

    @Slot(object, object)
    def _on_drafted(self, job: EditJob, redrawn: Redrawn) -> None:
        if job is self._job:
            self._show(redrawn)

    @Slot(object, object)
    def _on_succeeded(self, job: EditJob, redrawn: Redrawn | None) -> None:
        if job is not self._job:
            return
        self._job, self._shown = None, redrawn
        if redrawn is not None:
            self._show(redrawn)
        self.busy_changed.emit(False)
        if self._is_applying:
            self.apply()
        else:
            self.changed.emit()

    @Slot(object, object)
    def _on_failed(self, job: EditJob, error: AppError) -> None:
        if job is self._job:
            self.cancel()
            self.failed.emit(error)

    @Slot(object, str, object)
    def _on_reported(self, job: EditJob, _step: str, fraction: float) -> None:
        if job is self._job:
            self.progressed.emit(fraction)

    @Slot()
    def _on_document_replaced(self) -> None:
        self._known = self._wanted_band = None
        self.cancel()
        self.changed.emit()

    @Slot(object)
    def _on_selection_changed(self, rect: Rect) -> None:
        del rect
        self.cancel()
        self.changed.emit()

    @Slot()
    def _on_layers_changed(self) -> None:
        document = self._editor.document
        if self._tried_on is not None and (document is None or not is_same_target(self._tried_on, document)):
            self.cancel()
        self.changed.emit()

    @Slot(object)
    def _on_draft_changed(self, rect: Rect) -> None:
        del rect
        if self._edge is not None and self._editor.draft.owner not in (None, self):
            self.cancel()


def _computing(style: EdgeStyle) -> Compute:
    def compute(document: Document, token: CancelToken, report: Callable[[float], None]) -> Redrawn | None:
        report(_DRAFTED)
        return redraw(document, style, token, lambda fraction: report(_DRAFTED + fraction * (1 - _DRAFTED)))

    return compute


def _drafting(style: EdgeStyle) -> Draft:
    return lambda document: redraw_roughly(document, style)
