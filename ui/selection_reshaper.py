"""The control that changes the selection's outline by a slider: what it shows while it moves, and what it does."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core import selection_edits
from core.arrays import Coverage
from core.commands import Command
from core.coverage_target import is_same_target, target_coverage
from core.document import Document
from core.errors import AppError
from core.recipe import OutlineStep
from core.reshaping import LARGEST_AREA, LARGEST_DISTANCE, Reshape, Reshaped, Reshaping
from ui.editor import Editor
from ui.reshape_edit import reshape_edit
from ui.slow_edits import SHUTDOWN_SECONDS, at_once
from workers.edit_worker import EditJob, EditWorker
from workers.worker_thread import WorkerThread

_PAUSE_MS = 200
"""How long the slider rests before the exact answer is computed."""

_FIRST_AMOUNTS = {
    Reshape.GROW: 4,
    Reshape.SHRINK: 4,
    Reshape.BORDER: 6,
    Reshape.SMOOTH: 6,
    Reshape.FEATHER: 4,
    Reshape.ISLANDS: 200,
    Reshape.HOLES: 200,
}


class SelectionReshaper(QObject):
    """One change at a time is tried: shown as the selection's draft, and no part of the document until it is applied.

    While the slider moves, a rough answer is shown, and the exact one when it rests; each in a thread of its own, so
    that a long exact one holds nothing up. The newest amount is asked for when the rough answer to the one before is
    there: were that withdrawn, nothing would be seen before the slider rests. Whatever else changes the selection,
    or shows another draft of it, ends the trial.
    """

    changed = Signal()  # what is tried, or its amount

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._kind: Reshape | None = None
        self._tried_on: Document | None = None
        self._amounts = dict(_FIRST_AMOUNTS)
        self._shown: Reshaped | None = None
        self._is_shown_current = False
        self._rough_job: EditJob | None = None
        self._is_behind = False
        self._exact_job: EditJob | None = None
        self._rough_thread = self._make_thread("rough reshape worker")
        self._exact_thread = self._make_thread("exact reshape worker")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask_exactly)
        editor.selection_changed.connect(self.cancel)
        editor.layers_changed.connect(self._on_layers_changed)
        editor.draft.changed.connect(self._on_draft_changed)
        editor.document_replaced.connect(self.cancel)
        editor.reframed.connect(self.cancel)

    @property
    def kind(self) -> Reshape | None:
        """What is tried; None if nothing."""
        return self._kind

    @property
    def amount(self) -> int:
        """How much of it (see :class:`Reshaping`)."""
        return 0 if self._kind is None else self._amounts[self._kind]

    @property
    def is_settled(self) -> bool:
        """Whether the exact answer is shown, or nothing is tried."""
        return self._kind is None or self._answer is not None

    def open(self, kind: Reshape) -> None:
        """Try a change, by the amount that it had last; nothing without a selection."""
        if self._base is None:
            return
        self._withdraw()
        self._kind, self._tried_on = kind, self._editor.document
        self._ask()
        self.changed.emit()

    def set_amount(self, amount: int) -> None:
        """Try another amount."""
        if self._kind is not None and amount != self.amount:
            self._amounts[self._kind] = min(max(1, amount), most_of(self._kind))
            self._ask()
            self.changed.emit()

    def apply(self) -> None:
        """Make what is tried one undo step, and end the trial; until it is computed, the draft stays."""
        reshaping, shown, answer = self._reshaping, self._shown, self._answer
        if reshaping is None:
            return
        self._end()
        if answer is not None:
            self._editor.change(partial(_take, reshaping, answer))
        else:
            edit = reshape_edit(reshaping)
            self._editor.edit_slowly(selection_edits.target_area, edit)
            if shown is not None and self._editor.is_busy and self._editor.draft.is_of(self):
                self._editor.draft.show(edit, shown.coverage, shown.rect)
        self._editor.draft.clear(self)
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """End the trial; the selection is as it was."""
        if self._kind is not None:
            self._end()
            self._editor.draft.clear(self)
            self.changed.emit()

    def shutdown(self) -> bool:
        """Stop for good; return whether the threads ended in time."""
        self.cancel()
        return all([self._rough_thread.shutdown(), self._exact_thread.shutdown()])

    # --- within ---

    @Slot()
    def _on_layers_changed(self) -> None:
        document = self._editor.document
        if self._tried_on is None or document is None or not is_same_target(self._tried_on, document):
            self.cancel()

    @Slot()
    def _on_draft_changed(self) -> None:
        if self._editor.draft.owner not in (None, self):
            self.cancel()  # something else is tried, or computed

    @property
    def _base(self) -> Coverage | None:
        return None if self._editor.document is None else target_coverage(self._editor.document)

    @property
    def _answer(self) -> Reshaped | None:
        """The exact answer to what is tried, if it is there."""
        is_answer = self._shown is not None and self._shown.is_exact and self._is_shown_current
        return self._shown if is_answer else None

    @property
    def _reshaping(self) -> Reshaping | None:
        return None if self._kind is None else Reshaping(self._kind, self.amount)

    def _make_thread(self, name: str) -> WorkerThread:
        worker = EditWorker()
        worker.succeeded.connect(self._on_succeeded)
        worker.failed.connect(self._on_failed)
        return WorkerThread(worker, name, SHUTDOWN_SECONDS, self)

    def _ask(self) -> None:
        self._is_shown_current = False
        self._withdraw_exact()
        self._is_behind = self._rough_job is not None
        if self._is_behind:
            return
        self._rough_job = self._job(is_exact=False)
        if self._rough_job is not None:
            self._rough_thread.submit(self._rough_job)

    @Slot()
    def _ask_exactly(self) -> None:
        self._exact_job = self._job(is_exact=True)
        if self._exact_job is not None:
            self._exact_thread.submit(self._exact_job)

    def _job(self, is_exact: bool) -> EditJob | None:
        document, reshaping = self._editor.document, self._reshaping
        if document is None or reshaping is None:
            return None
        change = reshaping.compute if is_exact else reshaping.compute_roughly

        def compute(snapshot: Document) -> Reshaped | None:
            current = target_coverage(snapshot)
            return None if current is None else change(current, reshaping.kept_place(snapshot))

        return EditJob(document, at_once(compute))

    def _withdraw(self) -> None:
        self._withdraw_exact()
        if self._rough_job is not None:
            self._rough_job.token.cancel()
            self._rough_job = None

    def _withdraw_exact(self) -> None:
        self._pause.stop()
        if self._exact_job is not None:
            self._exact_job.token.cancel()
            self._exact_job = None

    def _end(self) -> None:
        self._withdraw()
        self._kind = self._shown = self._tried_on = None

    @Slot(object, object)
    def _on_succeeded(self, job: EditJob, result: Reshaped | None) -> None:
        document = self._editor.document
        if job not in (self._rough_job, self._exact_job) or result is None or document is None:
            return
        if not is_same_target(job.document, document):
            return
        if job is self._rough_job:
            self._rough_job = None
        self._shown = result
        self._editor.draft.show(self, result.coverage, result.rect)
        if self._is_behind:
            self._ask()
            return
        self._is_shown_current = True
        if not result.is_exact:
            self._pause.start()
        self.changed.emit()

    @Slot(object, object)
    def _on_failed(self, job: EditJob, error: AppError) -> None:
        if job in (self._rough_job, self._exact_job):
            self.cancel()
            self._editor.failed.emit(error)


def _take(reshaping: Reshaping, answer: Reshaped, document: Document) -> Command | None:
    step = OutlineStep(reshaping.kind, reshaping.amount, reshaping.kept_place(document))
    return selection_edits.reshape(document, lambda _: answer.coverage, reshaping.title, step)


def most_of(kind: Reshape) -> int:
    """Return the largest amount."""
    return LARGEST_AREA if kind.is_area else LARGEST_DISTANCE
