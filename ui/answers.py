"""Where the segment worker's answers go: to the open prompt, or on to a commit."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import AppError, NothingFoundError
from core.segment_request import Detections, SegmentResult
from core.segmenter import Prediction
from ui.commits import Commits
from ui.open_prompt import OpenPrompt
from ui.segment_line import SegmentLine
from ui.session_status import SessionStatus


class Answers(QObject):
    """Listens to the line; `forget_prompt` is called when the open prompt's commit has been carried out."""

    committed = Signal()  # an answer has become the selection, or a layer's mask
    background_removed = Signal()  # that of the main subject has become a layer's mask; after `committed`
    failed = Signal(object)  # AppError that the person should hear of

    def __init__(
        self,
        line: SegmentLine,
        status: SessionStatus,
        open_prompt: OpenPrompt,
        commits: Commits,
        forget_prompt: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._status = status
        self._open = open_prompt
        self._commits = commits
        self._forget_prompt = forget_prompt
        line.answered.connect(self._on_answered)
        line.failed.connect(self._on_failed)

    @Slot(int, object)
    def _on_answered(self, request_id: int, result: SegmentResult) -> None:
        self._status.take(result)
        if self._commits.is_waiting_for(request_id):
            self._take_commit(request_id, result)
        elif request_id == self._open.pending and isinstance(result.answer, Prediction | Detections):
            self._open.take(result.answer)

    def _take_commit(self, request_id: int, result: SegmentResult) -> None:
        was_closing, removes = self._commits.is_closing, self._commits.removes_background(request_id)
        try:
            answer = self._commits.take(request_id, result)
        except NothingFoundError as error:
            if was_closing and not self._commits.is_closing and isinstance(result.answer, Detections):
                self._open.take(result.answer)
            self._on_failed(request_id, error)
            return
        if answer is not None:
            self._open.take(answer)
            return
        if was_closing and not self._commits.is_closing:
            self._forget_prompt()
        if not isinstance(result.answer, Prediction | Detections):
            self.committed.emit()
            if removes:
                self.background_removed.emit()

    @Slot(int, object)
    def _on_failed(self, request_id: int, error: AppError) -> None:
        if self._commits.fail(request_id):
            self._open.give_up()
        if request_id == self._open.pending:
            self._open.fail(error)
            return
        self._status.fail(str(error))
        if request_id != 0:  # nobody asked for anything yet when getting the photo ready fails
            self.failed.emit(error)
