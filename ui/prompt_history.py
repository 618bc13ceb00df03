"""The prompt in the making, with what can be taken back in it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from core.detectors.detector import Detection
from core.prompt import PointPrompt, Prompt
from core.recipe import Words
from core.scribble import Scribble
from core.segmenter import Candidate, Prediction
from ui.finds import Finds


@dataclass(frozen=True, eq=False)
class Turn:
    """A prompt and what is known of its answer.

    Attributes
    ----------
    is_subject
        Whether the photo's main subject was asked for; points, scribbles and a box, if any, refine it.
    prediction
        The answer to exactly this prompt; None while there is none.
    candidate_index
        Which of its candidates the person looks at.
    before
        The turn whose candidate was on the screen when this prompt was made out of that one's; it refines the answer.
    wanted_index
        Which candidate is looked at when the answer comes; None for the best.
    finds
        What the words found; None while that is not known, and for other prompts.
    boxes
        Those of the finds whose masks are asked for; None while the person still chooses among them.
    words
        How the words were taken to come to `boxes`.
    """

    prompt: Prompt = field(default_factory=Prompt)
    is_subject: bool = False
    prediction: Prediction | None = None
    candidate_index: int = 0
    before: "Turn | None" = None
    wanted_index: int | None = None
    finds: Finds | None = None
    boxes: tuple[Detection, ...] | None = None
    words: Words | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return self.prompt.is_empty and not self.is_subject

    @property
    def previous(self) -> Candidate | None:
        """The candidate that this turn's answer refines."""
        return None if self.before is None else self.before.candidate

    @property
    def is_words(self) -> bool:
        """Whether it asks for nothing but words."""
        return bool(self.prompt.text) and not self.prompt.has_marks

    @property
    def is_choosing(self) -> bool:
        """Whether words have found boxes, perhaps none, whose masks were not asked for yet."""
        return self.finds is not None and self.boxes is None and self.prediction is None

    @property
    def candidate(self) -> Candidate | None:
        """The candidate that the person looks at."""
        return None if self.prediction is None else self.prediction.candidates[self.candidate_index]

    def answered(self, prediction: Prediction) -> "Turn":
        """Return the turn with its answer; the best candidate comes first."""
        wanted, count = self.wanted_index, len(prediction.candidates)
        index = prediction.best_index if wanted is None or wanted >= count else wanted
        return replace(self, prediction=prediction, candidate_index=index)

    def unanswered(self) -> "Turn":
        """Return the turn without its masks, for another segmenter; what words found stays."""
        return replace(self, prediction=None, candidate_index=0, before=None, wanted_index=None)

    def without_finds(self) -> "Turn":
        """Return the turn as if its words had not been looked for yet, for another detector."""
        return replace(self.unanswered(), finds=None, boxes=None) if self.is_words else self

    def unseen(self) -> "Turn":
        """Return the turn as if nothing had been answered yet, for other pixels."""
        return self.without_finds().unanswered()

    def asks_the_same(self, other: "Turn") -> bool:
        """Whether both stand for the same question."""
        is_same_prompt = self.prompt == other.prompt and self.is_subject == other.is_subject
        return is_same_prompt and self.finds is other.finds and self.boxes is other.boxes


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

    @property
    def last_mark(self) -> PointPrompt | Scribble | None:
        """The point or scribble that came last into the present prompt, or was moved; None if it has neither.

        A prompt keeps points apart from scribbles; which came later is known from the turns before.
        """
        points, scribbles = self.now.prompt.points, self.now.prompt.scribbles
        if not scribbles:
            return points[-1] if points else None
        for turn in reversed(self._past) if points else ():
            if scribbles[-1] not in turn.prompt.scribbles:
                break
            if points[-1] not in turn.prompt.points:
                return points[-1]
        return scribbles[-1]

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

    def take_back(self) -> None:
        """Go back by one turn for good: the present one has failed."""
        if self._past:
            self.now = self._past.pop()

    def forget(self, forgotten: Callable[[Turn], Turn]) -> None:
        """Put every turn in the place that `forgotten` gives for it; of neighbours that then ask the same one stays."""
        self._past = _distinct([forgotten(turn) for turn in self._past])
        self.now = forgotten(self.now)
        if self._past and self._past[-1].asks_the_same(self.now):
            self._past.pop()
        future = _distinct([forgotten(turn) for turn in self._future])
        if future and future[-1].asks_the_same(self.now):
            future.pop()
        self._future = future


def _distinct(turns: list[Turn]) -> list[Turn]:
    return [turn for index, turn in enumerate(turns) if index == 0 or not turn.asks_the_same(turns[index - 1])]
