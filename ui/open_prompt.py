"""The prompt that is being worked on: its turns, the question about it, and what is shown of the answer."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import perf_counter

from PySide6.QtCore import QObject, Signal

from core.cut_source import NOTHING_VISIBLE, CutSource
from core.detectors.filtering import DEFAULT_THRESHOLD
from core.document import Document
from core.errors import AppError, PromptError
from core.live_cutout import LiveCutout
from core.mask_ops import SelectionMode
from core.prompt import PointPrompt, Prompt
from core.recipe import Words
from core.scribble import Scribble
from core.segment_request import Detections, Edge, ModelChoice, PredictWish
from core.segmenter import Prediction
from core.texts import tr
from ui.commits import Intent
from ui.finds import Finds
from ui.prompt_history import PromptHistory, Turn
from ui.prompt_recipe import questions_of, turn_of
from ui.prompt_wish import UnaskableError, to_wish
from ui.segment_line import SegmentLine
from ui.session_status import SessionStatus


@dataclass(frozen=True, slots=True)
class Models:
    """Who answers, and how strictly words are taken."""

    choice: ModelChoice = field(default_factory=ModelChoice)
    detector: ModelChoice = field(default_factory=ModelChoice)
    threshold: float = DEFAULT_THRESHOLD


class OpenPrompt(QObject):
    """Every change asks the worker; what is shown stays until the new answer is there."""

    prompt_changed = Signal()
    preview_changed = Signal()
    failed = Signal(object)  # AppError

    def __init__(self, line: SegmentLine, status: SessionStatus, parent: QObject) -> None:
        super().__init__(parent)
        self._line = line
        self._status = status
        self._turns = PromptHistory()
        self._asked_at: float | None = None
        self.models = Models()
        self.source: CutSource | None = None
        """What is pointed at; None when there is nothing to see."""
        self.live: LiveCutout | None = None
        """The layer whose prompt is open again; None while the prompt is for the selection."""
        self._visible: CutSource | None = None
        self.shown: Turn | None = None
        """The turn whose answer is on the screen: the present one, or an earlier one while that is not answered."""
        self.pending: int | None = None
        """Id of the question about the present turn, while it is not answered."""
        self._cuts_out_all = False

    @property
    def now(self) -> Turn:
        """The present turn."""
        return self._turns.now

    def push(self, turn: Turn) -> None:
        """Make `turn` the present one, and ask."""
        self._turns.push(turn)
        self.ask()
        self.prompt_changed.emit()

    def reopen(self, live: LiveCutout) -> None:
        """Start with the prompt of a layer, about what that was cut from, and ask."""
        self.clear()
        self.live, self._visible, self.source = live, self.source, live.source
        self._turns.now = turn_of(live.step.questions)
        self.ask()
        self.prompt_changed.emit()

    def intent(self, mode: SelectionMode, edge: Edge, removes_background: bool) -> Intent | None:
        """Return what the prompt is to become: a selection as asked for, or a live layer; None without a photo."""
        if self.source is None:
            return None
        models = self.models
        questions = questions_of(self.now, models.detector, models.threshold)
        words = models.threshold, models.detector
        return Intent(self.source, models.choice, mode, edge, removes_background, *words, questions, live=self.live)

    def edit(self, prompt: Prompt, before: Turn | None) -> None:
        """Go on with another prompt, which refines the answer to `before`; the same one changes nothing."""
        if prompt != self.now.prompt:
            self.push(Turn(prompt, is_subject=self.now.is_subject, before=before))

    def extend(self, prompt: Prompt) -> None:
        """Go on with a prompt that has one mark more than :attr:`ground`; it refines what is on the screen."""
        is_answered = self.shown is not None and self.shown.candidate is not None
        self.edit(prompt, self.shown if is_answered and self.ground is self.now.prompt else None)

    @property
    def last_mark(self) -> PointPrompt | Scribble | None:
        """The point or scribble that came last into the present prompt; None if it has neither."""
        return self._turns.last_mark

    @property
    def ground(self) -> Prompt:
        """What a new mark is added to: words whose masks are not there make way for what is pointed at."""
        return Prompt() if self.now.is_words and self.now.prediction is None else self.now.prompt

    @property
    def basis(self) -> Turn | None:
        """The turn in which words or the subject were found before the points; points alone are always asked afresh."""
        return self.now.before if self.now.is_subject or self.now.prompt.text else None

    @property
    def can_undo(self) -> bool:
        """Whether there is a turn to go back to."""
        return self._turns.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a turn to go forward to again."""
        return self._turns.can_redo

    def undo(self) -> bool:
        """Go back by one turn; return whether there was one."""
        return self._turned(self._turns.undo)

    def redo(self) -> bool:
        """Go forward again by one turn; return whether there was one."""
        return self._turned(self._turns.redo)

    def choose(self, index: int) -> None:
        """Look at another candidate; an index that none has changes nothing."""
        shown = self.shown
        if shown is None or shown.prediction is None or index == shown.candidate_index:
            return
        if not 0 <= index < len(shown.prediction.candidates):
            return
        chosen = replace(shown, candidate_index=index)
        if shown is self._turns.now:
            self._turns.now = chosen
        self.show(chosen)

    def forget_turns(self) -> None:
        """Let an empty prompt have no turns before and after it."""
        self._turns.clear()

    def clear(self) -> None:
        """Start with an empty prompt; a question that is under way is left to whom it was given."""
        if self.live is not None:
            self.live, self.source = None, self._visible
        self._turns.clear()
        self.pending = None
        self.show(None)
        self.prompt_changed.emit()

    def ask(self) -> None:
        """Ask for the present turn."""
        self._withdraw()
        self._status.clear_text()
        if self.now.is_empty:
            self.show(None)
        elif self.now.is_choosing:
            self.show(self.now)
            if self.now.finds is not None and self.now.finds.detections:
                self.prepare()  # masks are what comes next
        else:
            self._ask_the_worker()

    def ask_if_unanswered(self) -> None:
        """Ask again if the question was stopped or has failed."""
        if self.pending is None and self.now.prediction is None and not self.now.is_choosing:
            self.ask()

    def set_choice(self, choice: ModelChoice) -> None:
        """Let another model find masks, and ask for them again; what words found, or will find, stays."""
        self.models = replace(self.models, choice=choice)
        self._turns.forget(Turn.unanswered)
        if self.pending is None or not self._is_looking:
            self._ask_or_prepare()

    def set_detector(self, detector: ModelChoice, asks_again: bool) -> None:
        """Let another model find words, and look for them again if they are what is asked.

        The same model on another device finds the same: what it has found stays.
        """
        before = self.models.detector
        self.models = replace(self.models, detector=detector)
        is_other = (detector.name, detector.weights) != (before.name, before.weights)
        if asks_again and is_other:
            self._turns.forget(Turn.without_finds)
        if asks_again and self._is_looking:
            self.ask()
            self.prompt_changed.emit()

    def set_source(self, source: CutSource | None) -> None:
        """Point at something else; if it looks different, nothing that was answered holds any more.

        While a layer's prompt is open, that goes on about what the layer was cut from.
        """
        if self.live is not None:
            self._visible = source
            return
        before, self.source = self.source, source
        if (before and before.key) != (source and source.key):
            self._turns.forget(Turn.unseen)
            self._ask_or_prepare()

    def set_threshold(self, threshold: float, shows_boxes: bool) -> None:
        """Leave out other boxes of what words found, which are shown again if their masks are on the screen."""
        self.models = replace(self.models, threshold=threshold)
        if shows_boxes and self.now.boxes is not None:
            self.push(replace(self.now.unanswered(), boxes=None))
        elif self.now.is_choosing:
            self.prompt_changed.emit()

    def tick(self, indices: frozenset[int], is_ticked: bool) -> None:
        """Tick boxes of what words found, or tick them off; over their masks, the boxes are shown again."""
        finds = self.now.finds
        if finds is not None:
            self.push(replace(self.now.unanswered(), finds=finds.with_ticks(indices, is_ticked), boxes=None))

    def cut_out(self) -> bool:
        """Ask for the masks of the ticked boxes; return whether there are any.

        While the words are still being looked for, that is done as soon as they are found.
        """
        if self.now.finds is None:
            self.ask_if_unanswered()
            self._cuts_out_all = self.pending is not None
            return True
        boxes = self.now.finds.ticked(self.models.threshold)
        if boxes:
            words = Words(self.models.threshold, self.models.detector.name, tuple(sorted(self.now.finds.off)))
            self.push(replace(self.now, boxes=boxes, words=words))
        return bool(boxes)

    def prepare(self) -> None:
        """Make the photo ready, if there is one."""
        if self.source is not None:
            self._line.prepare(self.source, self.models.choice)

    def take(self, answer: Prediction | Detections) -> None:
        """Show the answer to the present turn."""
        self.pending = None
        if isinstance(answer, Detections):
            self._take_finds(Finds(answer.detections, self._known_ticks))
            return
        if self._asked_at is not None:
            self._status.take_click(perf_counter() - self._asked_at)
        self._turns.now = self.now.answered(answer)
        self.show(self._turns.now)

    def fail(self, error: AppError) -> None:
        """Tell that the present turn cannot be answered."""
        self.give_up()
        self.show(self.now if self.now.is_choosing else None)
        self._status.fail(str(error))
        self.failed.emit(error)

    def give_up(self) -> None:
        """Wait for no answer any more; boxes whose masks will not come can be chosen among again."""
        self.pending = None
        self._cuts_out_all = False
        if self.now.boxes is not None and self.now.prediction is None:
            self._turns.take_back()
            self.show(self.now)
            self.prompt_changed.emit()

    def show(self, turn: Turn | None) -> None:
        """Put the answer of `turn` on the screen, or nothing."""
        if turn is not self.shown:
            self.shown = turn
            self.preview_changed.emit()

    @property
    def _is_looking(self) -> bool:
        """Whether words are asked for that are not found yet."""
        return self.now.is_words and self.now.finds is None

    @property
    def _known_ticks(self) -> frozenset[int]:
        """What was ticked off when these words were cut out; with another detector they find other boxes."""
        words = self.now.words
        is_same = words is not None and words.detector == self.models.detector.name
        return frozenset(words.off) if words is not None and is_same else frozenset()

    def _ask_or_prepare(self) -> None:
        if self.now.is_empty:
            self.prepare()
        else:
            self.ask()

    def _ask_the_worker(self) -> None:
        try:
            source = self._require_source()
            wish = to_wish(self.now, source.document.size, self.models.detector)
        except UnaskableError as hint:
            self._status.say(str(hint))
        except AppError as error:
            self.fail(error)
        else:
            asked_at = perf_counter()
            self.pending = self._line.ask(source, self.models.choice, wish)
            # A click that also waits for the model or the photo says nothing about clicks.
            is_timed = isinstance(wish, PredictWish) and not self._line.is_embedding
            self._asked_at = asked_at if is_timed else None

    def _take_finds(self, finds: Finds) -> None:
        goes_on, self._cuts_out_all = self._cuts_out_all, False
        self._turns.now = replace(self.now, finds=finds)
        self.ask()
        self.prompt_changed.emit()
        if goes_on:
            self.cut_out()

    def _turned(self, turn_page: Callable[[], bool]) -> bool:
        if not turn_page():
            return False
        if self.now.prediction is None:
            self.ask()
        else:
            self._withdraw()
            self._status.clear_text()
            self.show(self.now)
        self.prompt_changed.emit()
        return True

    def _withdraw(self) -> None:
        self._line.withdraw_newest()
        self.pending = None
        self._cuts_out_all = False

    def _require_source(self) -> CutSource:
        if self.source is None:
            raise PromptError(tr(NOTHING_VISIBLE))
        return self.source


def visible_source(document: Document | None) -> CutSource | None:
    """Return what is pointed at in a document; None if nothing of it is shown."""
    return CutSource.of(document) if document is not None and document.has_visible_layer else None
