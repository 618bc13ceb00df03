"""What stands in a segment session, for everyone who shows it or goes by it."""

from PySide6.QtCore import QObject

from core.cut_source import CutSource
from core.live_cutout import LiveCutout
from core.mask_ops import SelectionMode
from core.prompt import Prompt
from core.segment_request import Edge, ModelChoice
from core.segmenter import Candidate, Prediction
from ui.commits import Commits
from ui.open_prompt import OpenPrompt
from ui.prompt_setting import PromptSetting
from ui.segment_line import SegmentLine
from ui.session_state import SessionState
from ui.session_status import SessionStatus


class SessionView(QObject):
    """The part of :class:`ui.segment_session.SegmentSession` that changes nothing; that one makes the parts."""

    edges: PromptSetting[Edge]
    """How the outlines of commits are drawn. A layer whose prompt is open again has an edge of its own."""

    _modes: PromptSetting[SelectionMode]
    _line: SegmentLine
    _status: SessionStatus
    _open: OpenPrompt
    _commits: Commits

    @property
    def prompt(self) -> Prompt:
        """Points, scribbles, box and text so far."""
        return self._open.now.prompt

    @property
    def is_open(self) -> bool:
        """Whether a prompt is being worked on."""
        return not self._open.now.is_empty or self._open.live is not None

    @property
    def is_committing(self) -> bool:
        """Whether what a person has kept is on its way to the document."""
        return not self._commits.is_idle

    @property
    def live(self) -> LiveCutout | None:
        """The layer whose prompt is open again; None while the prompt is for the selection."""
        return self._open.live

    @property
    def is_drafted(self) -> bool:
        """Whether what the open prompt will make of the selection is shown roughly in its place."""
        return self._commits.is_drafted

    @property
    def prediction(self) -> Prediction | None:
        """What to show: the answer to the prompt, or to the one before while the new one is not there yet."""
        return None if self._open.shown is None else self._open.shown.prediction

    @property
    def candidate_index(self) -> int:
        """Which candidate of `prediction` the person looks at."""
        return 0 if self._open.shown is None else self._open.shown.candidate_index

    @property
    def candidate(self) -> Candidate | None:
        """The candidate that the person looks at."""
        return None if self._open.shown is None else self._open.shown.candidate

    @property
    def line(self) -> SegmentLine:
        """The door to the segment worker, for others that ask about the same photo."""
        return self._line

    @property
    def source(self) -> CutSource | None:
        """What is pointed at; None when there is nothing to see."""
        return self._open.source

    @property
    def state(self) -> SessionState:
        """Where the work stands."""
        return self._status.state

    @property
    def choice(self) -> ModelChoice:
        """The model that answers."""
        return self._open.models.choice

    @property
    def detector(self) -> ModelChoice:
        """The model that finds words."""
        return self._open.models.detector

    @property
    def threshold(self) -> float:
        """Score below which a box that words found is left out."""
        return self._open.models.threshold

    @property
    def edge(self) -> Edge:
        """How the outline of the next commit is drawn."""
        return self.edges.now

    @property
    def mode(self) -> SelectionMode:
        """How the open prompt will meet the selection."""
        return self._modes.now
