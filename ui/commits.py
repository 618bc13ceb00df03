"""Commits that are under way: from a candidate, or from a question not answered yet, to the changed document."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from core.arrays import Coverage
from core.commands import Command
from core.coverage_target import target_coverage
from core.cut_source import CutSource
from core.detectors.filtering import at_least
from core.document import Document
from core.errors import NothingFoundError
from core.layer import Layer
from core.layer_edits import removal_target, remove_background
from core.live_cutout import LiveCutout
from core.mask_ops import SelectionMode
from core.recipe import PromptStep, Question, Recipe, extended
from core.segment_request import BoxesWish, CommitWish, Detections, Edge, ModelChoice, ReplayWish, SegmentResult, Wish
from core.segmenter import Candidate, Prediction
from core.selection_edits import joined, select
from core.texts import tr
from ui.editor import Editor
from ui.recut_edit import recut_edit
from ui.segment_line import SegmentLine


@dataclass(frozen=True, eq=False)
class Carried:
    """A commit that was carried out.

    `before` and `after` are what was selected, ``(H, W)`` uint8 of the document's size or None: the very arrays. Where
    the background was removed, they are what the mask of the layer `layer_id` showed, over its own pixels.
    """

    intent: "Intent"
    before: Coverage | None = field(repr=False)
    after: Coverage | None = field(repr=False)
    layer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """What is to become of a prompt's answer, settled when the person committed it."""

    source: CutSource = field(repr=False)
    choice: ModelChoice
    mode: SelectionMode
    edge: Edge
    removes_background: bool = False
    threshold: float = 0.0
    """Score from which a box counts, if words are still being looked for."""
    detector: ModelChoice = field(default_factory=ModelChoice)
    questions: tuple[Question, ...] = ()
    """What was asked, for the recipe of what comes of it; empty if that cannot be told."""
    candidate: Candidate | None = field(default=None, repr=False)
    """What is being drawn, once that is known."""

    live: LiveCutout | None = None
    """The layer that is to be cut anew; None for a selection."""

    def wish_for(self, candidate: Candidate) -> Wish:
        """Return what makes coverage of the candidate that the person looks at."""
        recipe = self.recipe
        return CommitWish(candidate, self.edge) if recipe is None else ReplayWish(recipe, self.detector)

    @property
    def recipe(self) -> Recipe | None:
        """All steps of a live cutout, this prompt among them."""
        step = self.step_by("")
        return None if self.live is None or step is None else self.live.recipe.with_step(self.live.index, step)

    def step_by(self, model: str) -> PromptStep | None:
        """Return what is done, as a step of a recipe, if the answer comes from the model of this name."""
        if not self.questions:
            return None
        mode = SelectionMode.NEW if self.removes_background else self.mode
        is_detailed = self.live is not None and self.live.step.is_detailed
        who = model or self.choice.name, self.choice.strictness
        return PromptStep(self.questions, mode, self.edge, *who, is_detailed)


class Commits:
    """Commits in the order in which they were made; one of them may be the one that the open prompt waits for.

    What is known of a commit's outcome before it is there becomes the editor's draft, until the commit ends. `tell` is
    called with each that has become the selection.
    """

    def __init__(self, editor: Editor, line: SegmentLine, tell: Callable[[Carried], object]) -> None:
        self._editor = editor
        self._line = line
        self._tell = tell
        self._intents: dict[int, Intent] = {}
        self._closing: int | None = None
        line.drafted.connect(self._on_drafted)

    @property
    def is_closing(self) -> bool:
        """Whether the open prompt waits for its commit."""
        return self._closing is not None

    @property
    def is_drafted(self) -> bool:
        """Whether a draft of what the open prompt waits for is shown in the selection's place."""
        intent = None if self._closing is None else self._intents.get(self._closing)
        return intent is not None and self._editor.draft.is_of(intent)

    @property
    def is_idle(self) -> bool:
        """Whether no commit is under way."""
        return not self._intents

    def close_with(self, candidate: Candidate, intent: Intent) -> None:
        """Commit the open prompt's candidate."""
        self._closing = self._ask(intent.wish_for(candidate), intent)

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
            self._forget(self._closing)
            self._closing = None

    def clear(self) -> None:
        """Forget all commits."""
        for request_id in list(self._intents):
            self._forget(request_id)
        self._closing = None

    def forget_withdrawn(self) -> None:
        """Forget the commits whose answers will not come."""
        for request_id in [each for each in self._intents if not self._line.is_waiting_for(each)]:
            self.fail(request_id)

    def is_waiting_for(self, request_id: int) -> bool:
        """Whether the answer to this request is part of a commit."""
        return request_id in self._intents

    def removes_background(self, request_id: int) -> bool:
        """Whether this request is part of a commit that hides all but the main subject."""
        return request_id in self._intents and self._intents[request_id].removes_background

    def take(self, request_id: int, result: SegmentResult) -> Prediction | Detections | None:
        """Go on with the answer to a request; return it if the open prompt should show it.

        Boxes become masks, masks coverage; coverage changes the document, after which the open prompt waits no more.

        Raises
        ------
        NothingFoundError
            If words found no box that counts; the commit is given up.
        """
        intent, answer = self._intents[request_id], result.answer
        self._forget(request_id)
        is_closing = request_id == self._closing
        if is_closing:
            self._closing = None
        wish = _next_wish(answer, intent)
        if wish is None:
            if isinstance(answer, np.ndarray):
                self._carry_out(intent, answer, intent.step_by(result.model))
            return None
        next_id = self._ask(wish, intent)
        if is_closing:
            self._closing = next_id
            return answer if isinstance(answer, Prediction | Detections) else None
        return None

    def fail(self, request_id: int) -> bool:
        """Give a commit up whose request failed; return whether the open prompt waited for it."""
        self._forget(request_id)
        is_closing = request_id == self._closing
        self._closing = None if is_closing else self._closing
        return is_closing

    def _forget(self, request_id: int) -> None:
        intent = self._intents.pop(request_id, None)
        if intent is not None:
            self._editor.draft.clear(intent)

    def _ask(self, wish: Wish, intent: Intent) -> int:
        choice = intent.choice
        if isinstance(wish, ReplayWish) and choice.weights is None:
            choice = replace(choice, name="")  # each step's own model
        request_id = self._line.ask_kept(intent.source, choice, wish)
        candidate = wish.candidate if isinstance(wish, CommitWish) else None
        self._intents[request_id] = replace(intent, candidate=candidate)
        return request_id

    def _carry_out(self, intent: Intent, coverage: Coverage, step: PromptStep | None) -> None:
        live, recipe = intent.live, intent.recipe
        if live is not None and recipe is not None:
            self._editor.edit_slowly(lambda document: document.size.area, recut_edit(live, coverage, recipe))
            return

        def change(document: Document) -> Command | None:
            if intent.removes_background:
                return remove_background(document, coverage, extended(None, step, document))
            return select(document, coverage, intent.mode, step=step)

        masked = self._removal_target if intent.removes_background else None
        before = self._selected
        self._editor.change(change)
        if masked is not None:
            self._tell_removed(intent, masked)
        elif not intent.removes_background and self._selected is not before:
            self._tell(Carried(intent, before, self._selected))

    def _tell_removed(self, intent: Intent, masked: Layer) -> None:
        document = self._editor.document
        now = document.layer(masked.id).shown_mask if document is not None and document.has_layer(masked.id) else None
        if now is not None and now is not masked.mask:
            self._tell(Carried(intent, masked.shown_mask, now, masked.id))

    @property
    def _removal_target(self) -> Layer | None:
        document = self._editor.document
        return None if document is None else removal_target(document)

    @property
    def _selected(self) -> Coverage | None:
        document = self._editor.document
        return None if document is None else target_coverage(document)

    def _on_drafted(self, request_id: int, coverage: Coverage) -> None:
        intent, document = self._intents.get(request_id), self._editor.document
        if intent is None or document is None:
            return
        if intent.live is not None:
            return
        draft = coverage if intent.removes_background else joined(target_coverage(document), coverage, intent.mode)
        if draft is not None:
            self._editor.draft.show(intent, draft, document.rect)


def _next_wish(answer: object, intent: Intent) -> Wish | None:
    """Return what a commit asks for after `answer`; None if nothing more."""
    if isinstance(answer, Prediction):
        return intent.wish_for(answer.best)
    if not isinstance(answer, Detections):
        return None
    boxes = at_least(answer.detections, intent.threshold)
    if not boxes:
        raise NothingFoundError(
            tr("The words name nothing that could be cut out. Try other words, or click the object.")
        )
    return BoxesWish(boxes)
