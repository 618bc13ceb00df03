"""Every object of the photo: looked for once, then filtered, chosen and handed on without looking again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import AppError
from core.mask_ops import SelectionMode
from core.object_map import DrawnObjects, ObjectMap
from core.recipe import Question
from core.segment_request import DrawObjectsWish, Edge, EverythingWish, ModelChoice, SegmentResult
from ui.commits import Commits, Intent
from ui.editor import Editor
from ui.segment_session import SegmentSession


class SearchState(StrEnum):
    """How looking for every object stands."""

    NONE = "none"
    RUNNING = "running"
    FOUND = "found"
    EMPTY = "empty"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, eq=False)
class _Found:
    """A list of objects, and the model that found them."""

    objects: ObjectMap = field(repr=False)
    choice: ModelChoice


class ObjectSession(QObject):
    """The objects of the photo that is pointed at, as the chosen model finds them.

    The list is forgotten as soon as it would be about other pixels or another model. A prompt goes first: asking one
    stops a search that is under way, as the click would wait for its end. What fails is told by the segment session,
    as with everything that is asked over its line.
    """

    changed = Signal()  # how the search stands, the list, which of it is shown, whether some of it is being selected
    chosen = Signal()  # an object has become the selection
    given_up = Signal()  # what was being selected is not going to be

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._commits = Commits(editor, session.line, session.carried_out.emit)
        self._search = SearchState.NONE
        self._found: _Found | None = None
        self._shown: ObjectMap | None = None
        self._least_score = 0.0
        self._asked: int | None = None
        self._image_key = ""  # of the pixels that the search and the list are about
        self._drawing: dict[int, Callable[[DrawnObjects], object]] = {}
        self.is_wanted = False
        """Whether somebody looks at the objects: then those of another photo or model are looked for at once."""
        session.line.answered.connect(self._on_answered)
        session.line.failed.connect(self._on_failed)
        session.line.changed.connect(self._on_line_changed)
        session.prompt_changed.connect(self._on_prompt_changed)
        session.choice_changed.connect(self._on_choice_changed)
        editor.document_replaced.connect(self._on_document_replaced)
        editor.reframed.connect(self._on_document_replaced)
        editor.layers_changed.connect(self._on_layers_changed)

    # --- what stands ---

    @property
    def search(self) -> SearchState:
        """How looking for objects stands. While it runs again, the objects of the last time are still there."""
        return self._search

    @property
    def found(self) -> ObjectMap | None:
        """All objects; None as long as there is no list."""
        return None if self._found is None else self._found.objects

    @property
    def shown(self) -> ObjectMap | None:
        """Those that are sure enough."""
        return self._shown

    @property
    def least_score(self) -> float:
        """Score below which objects are left out, in [0, 1]."""
        return self._least_score

    @property
    def has_shown(self) -> bool:
        """Whether there is any object to choose."""
        return self._shown is not None and bool(self._shown.objects)

    @property
    def is_choosing(self) -> bool:
        """Whether an object is on its way to the selection."""
        return not self._commits.is_idle

    # --- gestures ---

    def find(self) -> None:
        """Look for every object of the photo, in place of a search that is under way."""
        self._withdraw()
        source = self._session.source
        if source is None:
            self._become(SearchState.NONE)
            return
        self._image_key = source.key
        self._asked = self._session.line.ask_kept(source, self._session.choice, EverythingWish())
        self._become(SearchState.RUNNING)

    def find_if_unknown(self) -> None:
        """Look for every object, unless there is a list or a search."""
        if self._found is None and self._search is not SearchState.RUNNING:
            self.find()

    def stop(self) -> None:
        """Give a search up; a list from before stays."""
        if self._search is SearchState.RUNNING:
            self._withdraw()
            self._become(SearchState.STOPPED if self._found is None else SearchState.FOUND)

    def set_least_score(self, score: float) -> None:
        """Leave objects out whose score, in [0, 1], is below `score`."""
        if score != self._least_score:
            self._least_score = score
            self._filter()
            self.changed.emit()

    def select(self, index: int, mode: SelectionMode) -> None:
        """Make an object of :attr:`shown` the selection at full resolution, joined as `mode` says."""
        source = self._session.source
        if self._shown is None or source is None:
            return
        candidate = self._shown.objects[index].candidate
        found = () if self._found is None else self._found.objects.objects
        numbers = (number for number, each in enumerate(found) if each.candidate is candidate)
        questions = tuple(Question(object_number=number) for number in numbers)
        intent = Intent(source, self._session.choice, mode, self._session.edge, questions=questions)
        self._commits.close_with(candidate, intent)
        self._commits.let_go()  # the next click need not wait for this one
        self.changed.emit()

    def draw(self, edge: Edge, then: Callable[[DrawnObjects], object]) -> None:
        """Draw all objects of :attr:`shown` at full resolution, disjoint, and hand them to `then`.

        It is not called if that fails or is stopped, or if the document is replaced before.
        """
        source = self._session.source
        if self._shown is not None and source is not None:
            wish = DrawObjectsWish(self._shown, edge)
            request_id = self._session.line.ask_kept(source, self._session.choice, wish)
            self._drawing[request_id] = then

    # --- within ---

    def _withdraw(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            self._session.line.withdraw(asked)

    def _become(self, search: SearchState) -> None:
        self._search = search
        self.changed.emit()

    def _filter(self) -> None:
        self._shown = None if self.found is None else self.found.at_least(self._least_score)

    def _forget(self, is_replaced: bool) -> None:
        """Forget the list; look for a new one if the person waits for it."""
        self._withdraw()
        self._found = self._shown = None
        if is_replaced and self.is_wanted:
            self.find()
        else:
            self._become(SearchState.NONE)

    @Slot(int, object)
    def _on_answered(self, request_id: int, result: SegmentResult) -> None:
        if self._commits.is_waiting_for(request_id):
            self._commits.take(request_id, result)
            self.chosen.emit()
            self.changed.emit()
        elif request_id in self._drawing and isinstance(result.answer, DrawnObjects):
            self._drawing.pop(request_id)(result.answer)
        elif request_id == self._asked and isinstance(result.answer, ObjectMap):
            self._asked = None
            self._found = _Found(result.answer, self._session.choice) if result.answer.objects else None
            self._filter()
            self._become(SearchState.EMPTY if self._found is None else SearchState.FOUND)

    @Slot(int, object)
    def _on_failed(self, request_id: int, error: AppError) -> None:
        self._commits.fail(request_id)
        self._drawing.pop(request_id, None)
        if request_id == self._asked:
            self._asked = None
            self._found = self._shown = None
            self._become(SearchState.FAILED)

    @Slot()
    def _on_line_changed(self) -> None:
        # The person stopped everything. What failed together with the photo's embedding is told right after this.
        if self._search is SearchState.RUNNING and not self._session.line.is_waiting_for(self._asked or 0):
            self._become(SearchState.STOPPED if self._found is None else SearchState.FOUND)
        was_choosing = self.is_choosing
        self._commits.forget_withdrawn()
        if was_choosing and self._commits.is_idle:
            self.given_up.emit()
            self.changed.emit()
        self._drawing = {i: then for i, then in self._drawing.items() if self._session.line.is_waiting_for(i)}

    @Slot()
    def _on_prompt_changed(self) -> None:
        if self._session.is_open:
            self.stop()

    @Slot()
    def _on_choice_changed(self) -> None:
        found, choice = self._found, self._session.choice
        if found is not None and found.choice.of_any_strictness == choice.of_any_strictness:
            # The same model, more or less strict: its objects stay until the new ones are there.
            self.find()
        elif found is not None or self._search is not SearchState.NONE:
            self._forget(is_replaced=True)

    @Slot()
    def _on_document_replaced(self) -> None:
        self._commits.clear()
        self._drawing.clear()
        self._forget(is_replaced=self._editor.document is not None)

    @Slot()
    def _on_layers_changed(self) -> None:
        source = self._session.source
        if self._search is not SearchState.NONE and (source is None or source.key != self._image_key):
            self._forget(is_replaced=False)
