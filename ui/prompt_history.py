"""The prompt in the making, with what can be taken back in it."""

from dataclasses import dataclass, field, replace

from core.prompt import Prompt
from core.segmenter import Candidate, Prediction


@dataclass(frozen=True, eq=False)
class Turn:
    """A prompt and what is known of its answer.

    Attributes
    ----------
    is_subject
        Whether the photo's main subject was asked for; points and a box, if any, refine it.
    prediction
        The answer to exactly this prompt; None while there is none.
    candidate_index
        Which of its candidates the person looks at.
    previous
        The candidate that was on the screen when this prompt was made out of the one before; refines the answer.
    """

    prompt: Prompt = field(default_factory=Prompt)
    is_subject: bool = False
    prediction: Prediction | None = None
    candidate_index: int = 0
    previous: Candidate | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return self.prompt.is_empty and not self.is_subject

    @property
    def candidate(self) -> Candidate | None:
        """The candidate that the person looks at."""
        return None if self.prediction is None else self.prediction.candidates[self.candidate_index]

    def answered(self, prediction: Prediction) -> "Turn":
        """Return the turn with its answer; the best candidate comes first."""
        return replace(self, prediction=prediction, candidate_index=prediction.best_index)

    def unanswered(self) -> "Turn":
        """Return the turn as if nothing had been answered yet, for another model or other pixels."""
        return replace(self, prediction=None, candidate_index=0, previous=None)


class PromptHistory:
    """The turns of one prompt: the present one, those before, and those that were taken back."""

    def __init__(self) -> None:
        self.now = Turn()
        self._past: list[Turn] = []
        self._future: list[Turn] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a turn before the present one."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a turn that was taken back."""
        return bool(self._future)

    def push(self, turn: Turn) -> None:
        """Make `turn` the present one; what was taken back is gone."""
        self._past.append(self.now)
        self._future.clear()
        self.now = turn

    def undo(self) -> bool:
        """Go back by one turn; return whether there was one."""
        if not self._past:
            return False
        self._future.append(self.now)
        self.now = self._past.pop()
        return True

    def redo(self) -> bool:
        """Go forward again by one turn; return whether there was one."""
        if not self._future:
            return False
        self._past.append(self.now)
        self.now = self._future.pop()
        return True

    def clear(self) -> None:
        """Start anew with an empty prompt."""
        self.now = Turn()
        self._past.clear()
        self._future.clear()

    def forget_answers(self) -> None:
        """Drop all answers: another model or other pixels would give others."""
        self.now = self.now.unanswered()
        self._past = [turn.unanswered() for turn in self._past]
        self._future = [turn.unanswered() for turn in self._future]
