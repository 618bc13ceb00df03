"""Commits that are under way: from a candidate, or from a question not answered yet, to the changed document."""

from dataclasses import dataclass, field

import numpy as np

from core.arrays import Coverage
from core.cut_source import CutSource
from core.mask_ops import SelectionMode
from core.segment_request import CommitWish, Edge, ModelChoice, SegmentResult
from core.segmenter import Candidate, Prediction
from ui.editor import Editor
from ui.segment_line import SegmentLine


@dataclass(frozen=True, slots=True)
class Intent:
    """What is to become of a prompt's answer, settled when the person committed it."""

    source: CutSource = field(repr=False)
    choice: ModelChoice
    mode: SelectionMode
    edge: Edge
    removes_background: bool = False


class Commits:
    """Commits in the order in which they were made; one of them may be the one that the open prompt waits for."""

    def __init__(self, editor: Editor, line: SegmentLine) -> None:
        self._editor = editor
        self._line = line
        self._intents: dict[int, Intent] = {}
        self._closing: int | None = None

    @property
    def is_closing(self) -> bool:
        """Whether the open prompt waits for its commit."""
        return self._closing is not None

    def close_with(self, candidate: Candidate, intent: Intent) -> None:
        """Commit the open prompt's candidate."""
        self._closing = self._ask(candidate, intent)

    def close_when_answered(self, request_id: int, intent: Intent) -> None:
        """Commit the open prompt's best candidate as soon as the question with this id is answered."""
        self._line.keep(request_id)
        self._intents[request_id] = intent
        self._closing = request_id

    def let_go(self) -> None:
        """Let the open prompt's commit go on by itself."""
        self._closing = None

    def take_back(self) -> None:
        """Withdraw the open prompt's commit."""
        if self._closing is not None:
            self._line.withdraw(self._closing)
            self._intents.pop(self._closing, None)
            self._closing = None

    def clear(self) -> None:
        """Forget all commits."""
        self._intents.clear()
        self._closing = None

    def is_waiting_for(self, request_id: int) -> bool:
        """Whether the answer to this request is part of a commit."""
        return request_id in self._intents

    def take(self, request_id: int, result: SegmentResult) -> Prediction | None:
        """Go on with the answer to a request; return it if the open prompt should show it.

        Coverage changes the document, after which the open prompt waits no more.
        """
        intent = self._intents.pop(request_id)
        is_closing = request_id == self._closing
        if isinstance(result.answer, Prediction):
            next_id = self._ask(result.answer.best, intent)
            self._closing = next_id if is_closing else self._closing
            return result.answer if is_closing else None
        self._closing = None if is_closing else self._closing
        if isinstance(result.answer, np.ndarray):
            self._carry_out(intent, result.answer)
        return None

    def fail(self, request_id: int) -> None:
        """Give a commit up whose request failed; the open prompt waits no more if it was its own."""
        self._intents.pop(request_id, None)
        if request_id == self._closing:
            self._closing = None

    def _ask(self, candidate: Candidate, intent: Intent) -> int:
        request_id = self._line.ask_kept(intent.source, intent.choice, CommitWish(candidate, intent.edge))
        self._intents[request_id] = intent
        return request_id

    def _carry_out(self, intent: Intent, coverage: Coverage) -> None:
        if intent.removes_background:
            self._editor.remove_background(coverage)
        else:
            self._editor.set_selection(coverage, intent.mode)
