"""From a gesture to a selection: the prompt in the making, its preview, and its commit.

What a person does changes the prompt at once and asks the worker; the answer becomes the preview when it comes. Enter
turns the preview into coverage at full resolution, which the editor makes the selection. Nothing here waits.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from core.document import Document
from core.errors import PromptError
from core.geometry import Box
from core.live_cutout import LiveCutout
from core.mask_ops import SelectionMode
from core.prompt import Prompt
from core.scribble import Scribble
from core.segment_request import Edge, ModelChoice
from ui.answers import Answers
from ui.commits import Commits
from ui.editor import Editor
from ui.open_prompt import OpenPrompt, visible_source
from ui.prompt_history import Turn
from ui.prompt_setting import PromptSetting
from ui.prompt_wish import UNASKABLE, snapped_box, snapped_point
from ui.segment_line import SegmentLine
from ui.session_status import SessionStatus, model_title
from ui.session_view import SessionView
from ui.text_finds import NOTHING_TICKED, TextFinds
from workers.segment_worker import make_segment_worker
from workers.worker import Worker


class SegmentSession(SessionView):
    """The prompt that is being worked on, and everything that is asked of the segment worker.

    A prompt is open from its first gesture until it is committed or dropped. A new point, scribble, box or text during
    a commit that is under way starts a new prompt, and the commit goes on; other changes of the prompt wait for
    nothing and do nothing then.
    """

    prompt_changed = Signal()  # points, scribbles, box, text, whether a prompt is open
    preview_changed = Signal()  # the candidates, or which of them is looked at
    mode_changed = Signal()  # how the open prompt, or the next one, will meet the selection
    choice_changed = Signal()  # the model that answers, or how
    state_changed = Signal()
    committed = Signal()  # an answer has become the selection, or a layer's mask
    carried_out = Signal(object)  # Carried: that selection, before `committed`
    background_removed = Signal()  # all but the main subject was hidden
    failed = Signal(object)  # AppError that the person should hear of

    def __init__(
        self,
        editor: Editor,
        worker_factory: Callable[[], Worker] = make_segment_worker,
        title_of: Callable[[ModelChoice], str] = model_title,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self.edges = PromptSetting(Edge.SOFT, self)
        self._modes = PromptSetting(SelectionMode.NEW, self)
        self._line = SegmentLine(worker_factory, self)
        self._status = SessionStatus(self._line, title_of, self)
        self._open = OpenPrompt(self._line, self._status, self)
        self._commits = Commits(editor, self._line, self.carried_out.emit)
        self._answers = Answers(self._line, self._status, self._open, self._commits, self._clear, self)
        self.finds = TextFinds(self._open, self._commits, self)
        self._status.set_choice(self._open.models.choice)
        self._connect()
        self._on_document_replaced()

    def _connect(self) -> None:
        self._answers.committed.connect(self.committed)
        self._answers.background_removed.connect(self.background_removed)
        self._answers.failed.connect(self.failed)
        self._modes.changed.connect(self.mode_changed)
        self._status.changed.connect(self.state_changed)
        self._open.prompt_changed.connect(self.prompt_changed)
        self._open.preview_changed.connect(self.preview_changed)
        self._open.failed.connect(self.failed)
        self._editor.document_replaced.connect(self._on_document_replaced)
        self._editor.reframed.connect(self._on_document_replaced)
        self._editor.layers_changed.connect(self._on_layers_changed)
        self._editor.history_changed.connect(self._on_history_changed)

    # --- settings ---

    def set_choice(self, choice: ModelChoice) -> None:
        """Let another model answer; an open prompt is asked again."""
        if choice != self.choice:
            self._status.set_choice(choice)
            self._leave_closing()
            self._open.set_choice(choice)
            self.choice_changed.emit()

    def set_detector(self, detector: ModelChoice) -> None:
        """Let another model find words; those of an open prompt are looked for again."""
        if detector != self.detector:
            self._open.set_detector(detector, asks_again=not self._commits.is_closing)

    def set_threshold(self, threshold: float) -> None:
        """Leave out other boxes of what words found, which asks nobody."""
        if threshold != self.threshold:
            self._open.set_threshold(threshold, shows_boxes=not self._commits.is_closing)

    def set_mode(self, mode: SelectionMode) -> None:
        """Let this and later prompts meet the selection otherwise."""
        self._modes.set(mode)

    # --- gestures ---

    def begin_object(self, mode: SelectionMode) -> None:
        """Commit the open prompt, if there is one, as it was meant; `mode` is for the next prompt alone."""
        self.commit()
        self._leave_closing()
        self._modes.set_once(mode)

    def add_point(self, x: float, y: float, is_include: bool = True) -> None:
        """Click: this belongs, or does not. A point outside of the photo counts where the photo is nearest."""
        document = self._for_new_gesture()
        if document is not None:
            self._open.extend(self._open.ground.with_point(*snapped_point(x, y, document.size), is_include))

    def add_scribble(self, scribble: Scribble) -> None:
        """Paint over what belongs, or over what does not.

        A stroke beside the photo, and the last one once more, as a double click makes it, change nothing.
        """
        document, scribble = self._for_new_gesture(), scribble.simplified()
        if document is not None and scribble.meets(document.size):
            ground = self._open.ground
            if ground.scribbles[-1:] != (scribble,):
                self._open.extend(ground.with_scribble(scribble))

    def move_point(self, index: int, x: float, y: float) -> None:
        """Drag a point elsewhere."""
        document = self._editor.document
        if document is not None and not self._commits.is_closing:
            x, y = snapped_point(x, y, document.size)
            self._open.edit(self.prompt.with_moved_point(index, x, y), self._open.basis)

    def remove_point(self, index: int) -> None:
        """Take a point away."""
        if not self._commits.is_closing:
            self._open.edit(self.prompt.without_point(index), self._open.basis)

    def remove_scribble(self, index: int) -> None:
        """Take a stroke away."""
        if not self._commits.is_closing:
            self._open.edit(self.prompt.without_scribble(index), self._open.basis)

    def remove_last_mark(self) -> None:
        """Take the point or stroke that came last away, or the box when there is neither left."""
        if self._commits.is_closing:
            return
        mark = self._open.last_mark
        if mark is not None:
            self._open.edit(self.prompt.without_mark(mark), self._open.basis)
        elif self.prompt.box is not None:
            self._open.edit(self.prompt.with_box(None), self._open.basis)

    def set_box(self, box: Box | None) -> None:
        """Drag a box, snapped to whole pixels of the photo; one that holds no pixel changes nothing."""
        if (document := self._for_new_gesture()) is None:
            return
        snapped = None if box is None else snapped_box(box, document.size)
        if snapped is not None or box is None:
            self._open.edit(self._open.ground.with_box(snapped), self._open.basis)

    def ask_text(self, text: str) -> None:
        """Look for what the words name, in place of the open prompt; boxes that they found already stay."""
        text = text.strip()
        if text and self._for_new_gesture() is not None:
            now = self._open.now
            if not (now.is_choosing and now.prompt.text == text):
                self._open.push(Turn(Prompt(text=text)))

    def find_subject(self, then_remove_background: bool = False) -> None:
        """Look for the main subject, in place of the open prompt, and perhaps hide everything else at once."""
        if self._for_new_gesture() is not None:
            self._open.push(Turn(is_subject=True))
            if then_remove_background:
                self._close(removes_background=True)

    def reopen(self, live: LiveCutout) -> None:
        """Open the prompt of a layer again, in place of the open one; it will cut that layer out anew."""
        self.drop()
        self._modes.set_once(live.step.mode)
        self.edges.set_once(live.step.edge)
        self._open.reopen(live)

    def choose_candidate(self, index: int) -> None:
        """Look at another candidate."""
        if not self._commits.is_closing:
            self._open.choose(index)

    def cycle_candidate(self, step: int = 1) -> None:
        """Look at the next candidate, or with -1 at the one before, around."""
        if self.prediction is not None:
            self.choose_candidate((self.candidate_index + step) % len(self.prediction.candidates))

    @property
    def can_undo_prompt(self) -> bool:
        """Whether :meth:`undo_prompt` would take something back."""
        return self._commits.is_closing or self._open.can_undo

    @property
    def can_redo_prompt(self) -> bool:
        """Whether :meth:`redo_prompt` would do something again."""
        return not self._commits.is_closing and self._open.can_redo

    def undo_prompt(self) -> bool:
        """Take the last change of the prompt back; return whether there was one.

        A commit that is still under way is taken back first.
        """
        if self._commits.is_closing:
            self._commits.take_back()
            self._open.ask_if_unanswered()
            return True
        return self._open.undo()

    def redo_prompt(self) -> bool:
        """Do again what was taken back last in the prompt; return whether there was such a thing."""
        return not self._commits.is_closing and self._open.redo()

    # --- endings ---

    def accept(self) -> None:
        """Go on: from words to the masks of their ticked boxes, from what is shown to the selection."""
        now = self._open.now
        if not now.is_words or now.prediction is not None or now.boxes is not None:
            self.commit()
        elif self.finds.cut_out() is not None:
            self._status.say(NOTHING_TICKED if self.finds.shown else "")

    def commit(self) -> None:
        """Make what is shown the selection; if its answer is still on the way, as soon as it is there."""
        if self.is_open and not self._commits.is_closing:
            self._close()

    def drop(self) -> None:
        """Forget the open prompt, and its commit if that is under way."""
        self._commits.take_back()
        self._status.clear_text()
        self._clear()

    def cancel(self) -> None:
        """Stop everything that is under way; the open prompt stays as it is."""
        self._commits.clear()
        self._open.give_up()
        self._line.withdraw_all()

    def shutdown(self) -> bool:
        """Stop for good; return whether the worker's thread ended in time (see `workers.worker_thread.leave`)."""
        self.cancel()
        return self._line.shutdown()

    # --- within ---

    def _for_new_gesture(self) -> Document | None:
        """Return the document, if any; a prompt whose commit is under way is left to itself."""
        if self._editor.document is not None:
            self._leave_closing()
        return self._editor.document

    def _leave_closing(self) -> None:
        if self._commits.is_closing:
            self._commits.let_go()
            self._clear()

    def _clear(self) -> None:
        self._line.withdraw_newest()
        self._open.clear()
        for setting in (self._modes, self.edges):
            setting.end_once()

    def _close(self, removes_background: bool = False) -> None:
        """Commit the open prompt with its answer, which is asked for if that was stopped or has failed."""
        self._open.ask_if_unanswered()
        trouble = self.finds.cut_out() if self._open.now.is_choosing else None
        intent = self._open.intent(self.mode, self.edge, removes_background)
        if intent is None:
            return
        if self._open.now.candidate is not None:
            self._commits.close_with(self._open.now.candidate, intent)
        elif self._open.pending is not None:
            self._commits.close_when_answered(self._open.pending, intent)
            self._open.pending = None
        else:
            self._open.fail(trouble or PromptError(f"{UNASKABLE}."))

    @Slot()
    def _on_document_replaced(self) -> None:
        self.cancel()
        self._status.clear_text()
        self._clear()
        self._open.source = visible_source(self._editor.document)
        self._open.prepare()  # so that the first click is answered quickly

    @Slot()
    def _on_layers_changed(self) -> None:
        if self.live is not None and not self.live.is_still_in(self._editor.document):
            self.drop()
        source = visible_source(self._editor.document)
        if (source and source.key) != (self.source and self.source.key):
            self._leave_closing()
        self._open.set_source(source)

    @Slot()
    def _on_history_changed(self) -> None:
        # Undo now means what was done to the document, not the points of a prompt that was emptied before.
        if not self.is_open:
            self._open.forget_turns()
