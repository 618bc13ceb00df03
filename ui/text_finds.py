"""The step between words and masks: boxes that can be ticked off, with labels and scores."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from core.detectors.detector import Detection
from core.detectors.phrases import split_phrases
from core.detectors.text_masks import nothing_found
from core.errors import AppError, PromptError
from core.texts import tr
from ui.commits import Commits
from ui.finds import Finds
from ui.open_prompt import OpenPrompt

NOTHING_TICKED = tr("No box is ticked: tick what to cut out")
"""What to do about boxes that were all ticked off."""

_ROUNDING = 1e-9
"""Percent that a whole number may lack for want of binary digits; far less than a detector's float32 does."""


@dataclass(frozen=True, slots=True)
class ShownFind:
    """A box as it is drawn and listed."""

    detection: Detection
    is_ticked: bool

    @property
    def score_text(self) -> str:
        """The score as a person reads it."""
        return percent_text(self.detection.score)


class TextFinds(QObject):
    """What words found, as far as the threshold shows it.

    Nothing here asks the worker but :meth:`cut_out`: a threshold and a tick only choose among what is known.
    """

    changed = Signal()  # boxes, ticks, or whether there is something to choose
    hot_changed = Signal()  # the box that is pointed at

    def __init__(self, open_prompt: OpenPrompt, commits: Commits, parent: QObject) -> None:
        super().__init__(parent)
        self._open = open_prompt
        self._commits = commits
        self._hot: int | None = None
        self._state: tuple[object, ...] = ()
        self._shown: tuple[ShownFind, ...] = ()
        open_prompt.prompt_changed.connect(self._on_changed)
        open_prompt.preview_changed.connect(self._on_changed)

    @property
    def _finds(self) -> Finds | None:
        return self._open.now.finds

    @property
    def is_known(self) -> bool:
        """Whether words are asked for, and what they name was looked for."""
        return self._finds is not None

    @property
    def is_looking(self) -> bool:
        """Whether words are asked for, and what they name is not known, or was not looked for to the end."""
        return self._open.now.is_words and not self.is_known

    @property
    def is_choosing(self) -> bool:
        """Whether the boxes are what is shown, or that there are none."""
        return self._open.now.is_choosing or self.is_cutting

    @property
    def is_cutting(self) -> bool:
        """Whether the masks of the ticked boxes are on the way."""
        now = self._open.now
        return now.boxes is not None and now.prediction is None

    @property
    def shown(self) -> tuple[ShownFind, ...]:
        """The boxes that score enough, best first; indices of other methods count these."""
        return self._shown

    @property
    def ticked_count(self) -> int:
        """How many of the shown boxes are ticked."""
        return sum(find.is_ticked for find in self._shown)

    @property
    def threshold(self) -> float:
        """Score below which a box is left out."""
        return self._open.models.threshold

    @property
    def best_score(self) -> float:
        """Score of the best box, shown or not; 0 if there is none."""
        return 0.0 if self._finds is None else self._finds.best_score

    @property
    def score_text(self) -> str:
        """The best score as a person reads it."""
        return percent_text(self.best_score)

    @property
    def words(self) -> str:
        """What was looked for, as the person wrote it."""
        return self._open.now.prompt.text

    @property
    def hot(self) -> int | None:
        """The box that is pointed at, on the photo or in the list."""
        return self._hot

    def set_hot(self, index: int | None) -> None:
        """Point at a box, or at none."""
        if index is not None and not 0 <= index < len(self._shown):
            index = None
        if index != self._hot:
            self._hot = index
            self.hot_changed.emit()

    def step_hot(self, step: int) -> None:
        """Point at the next box, or with -1 at the one before, around."""
        if self._shown:
            first = -1 if step > 0 else 0
            self.set_hot(((first if self._hot is None else self._hot) + step) % len(self._shown))

    def toggle(self, index: int) -> None:
        """Tick a box, or tick it off: one undo step."""
        self.set_ticked(index, not self._shown[index].is_ticked)

    def set_ticked(self, index: int, is_ticked: bool) -> None:
        """Tick a box, or tick it off: one undo step if it changes anything."""
        self._tick(frozenset({index}), is_ticked)

    def set_all_ticked(self, is_ticked: bool) -> None:
        """Tick all shown boxes, or none of them: one undo step if it changes anything."""
        self._tick(frozenset(range(len(self._shown))), is_ticked)

    def cut_out(self) -> AppError | None:
        """Ask for the masks of the ticked boxes, at once or when they are found; return why not, if not."""
        if self._open.cut_out():
            return None
        if self._shown:
            return PromptError(tr("No box is ticked: tick what to cut out, or press Esc to look for something else."))
        finds = self._finds
        return nothing_found(self.words, () if finds is None else finds.detections, self.threshold)

    def _tick(self, indices: frozenset[int], is_ticked: bool) -> None:
        if not self._commits.is_closing and any(self._shown[i].is_ticked is not is_ticked for i in indices):
            self._open.tick(indices, is_ticked)

    @Slot()
    def _on_changed(self) -> None:
        finds, threshold = self._finds, self.threshold
        state = finds, threshold, self.is_choosing, self.is_cutting, self.words
        if state == self._state:
            return
        self._state = state
        detections = () if finds is None else finds.shown(threshold)
        off = frozenset() if finds is None else finds.off
        self._shown = tuple(ShownFind(d, index not in off) for index, d in enumerate(detections))
        self.set_hot(self._hot if self.is_choosing else None)
        self.changed.emit()


def percent_of(score: float) -> int:
    """Return a score in [0, 1] in whole percent, rounded down: a slider put there does not miss it."""
    return int(100 * score + _ROUNDING)


def percent_text(score: float) -> str:
    """Return a score in [0, 1] as a person reads it, rounded down as :func:`percent_of` says."""
    return f"{percent_of(score)} %"


def nothing_shown(finds: TextFinds) -> str:
    """Return, for the person, that the words name nothing above the threshold, and what can be done."""
    words = ", ".join(split_phrases(finds.words))
    if finds.best_score == 0:
        return tr("No “{words}” found: try other words, or click the object", words=words)
    return tr(
        "No “{words}” at {threshold} % or more, best {score}: lower the slider, or try other words",
        words=words,
        threshold=round(100 * finds.threshold),
        score=finds.score_text,
    )
