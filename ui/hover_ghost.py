"""What a click would find, shown lightly before it is made.

Objects that are known already answer for nothing. A model that finds every object in one pass is asked for them once
a photo; one that is quick here is asked at the pointer, on the side: one question at a time, never before a click.
"""

from collections.abc import Callable
from math import hypot

from PySide6.QtCore import QObject, Signal, Slot

from core.cut_source import CutSource
from core.edges import reach_of
from core.errors import AppError, NothingFoundError
from core.geometry import Rect
from core.model_list import MODELS
from core.model_store import ModelStore
from core.object_map import PhotoObject
from core.prompt import Prompt
from core.segment_request import ModelChoice, PredictWish, SegmentResult
from core.segmenter import Candidate, Prediction
from core.segmenters.registry import default_model
from core.texts import tr
from ui.editor import Editor
from ui.hover_pace import FAST_SECONDS, HoverPace
from ui.object_session import ObjectSession, SearchState
from ui.segment_session import SegmentSession

_EMPTY = Rect(0, 0, 0, 0)
_WAITING = (SearchState.NONE, SearchState.STOPPED)


def model_family(choice: ModelChoice) -> str:
    """Return which family of models answers, as the model list calls it; empty for one that is not in the list."""
    name = choice.name or ("" if choice.weights is not None else default_model(ModelStore()))
    return MODELS[name].family if name in MODELS else ""


class HoverGhost(QObject):
    """Knows where the pointer is, and the object there, as long as no prompt is open."""

    changed = Signal(object)  # Rect of the photo that looks different
    option_changed = Signal()  # whether it is wanted, or whether the model is quick enough

    def __init__(
        self,
        editor: Editor,
        session: SegmentSession,
        objects: ObjectSession,
        is_on: bool = True,
        family_of: Callable[[ModelChoice], str] = model_family,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._objects = objects
        self._family_of = family_of
        self._family: str | None = None  # looked up when it is first needed
        self._is_on = is_on
        self._is_dismissed = False
        self._at: tuple[float, float] | None = None
        self._asked_at: tuple[float, float] | None = None
        self._nearness = 0.0
        self._pace = HoverPace()
        self._shown: PhotoObject | None = None
        session.line.glimpsed.connect(self._on_glimpsed)
        session.line.changed.connect(self._seek)
        session.prompt_changed.connect(self._on_prompt_changed)
        session.preview_changed.connect(self._seek)
        session.choice_changed.connect(self._on_choice_changed)
        objects.changed.connect(self._on_objects_changed)
        editor.document_replaced.connect(self._forget_place)
        editor.reframed.connect(self._forget_place)
        editor.layers_changed.connect(self._forget_place)

    @property
    def found(self) -> PhotoObject | None:
        """What is shown; None for nothing."""
        return self._shown

    @property
    def is_on(self) -> bool:
        """Whether the person wants it."""
        return self._is_on

    @property
    def is_too_slow(self) -> bool:
        """Whether the model took too long for it, and is not asked any more."""
        return not self._pace.is_fast

    @property
    def option_tip(self) -> str:
        """What it does, or why it does nothing, for the option that switches it."""
        if self.is_too_slow and self._pace.seconds <= FAST_SECONDS:
            return tr("This model could not be asked before the click\nSwitch this off and on to try again")
        if self.is_too_slow:
            took = f"{round(1000 * self._pace.seconds)} ms"
            return tr(
                "This model takes {time} an object here, more than the {limit} ms that allow "
                "for it, and is not asked before the click\nSwitch this off and on to try again, or "
                "find every object (G)",
                time=took,
                limit=round(1000 * FAST_SECONDS),
            )
        if self._needs_objects:
            return tr(
                "Show what a click would find before it is made\nWith this model: once every object was found (G)"
            )
        return tr("Show what a click would find before it is made")

    def set_on(self, is_on: bool) -> None:
        """Show it from now on, or not."""
        if is_on != self._is_on:
            self._is_on = is_on
            self._pace = HoverPace()  # the device may have been busy with something else
            self._asked_at = None
            self._seek()
            self.option_changed.emit()

    def point_at(self, x: float, y: float, scale: float = 1.0) -> None:
        """Show what lies under a point of the photo, which is drawn with `scale` logical pixels a pixel."""
        self._at, self._nearness = (x, y), 2.0 / scale
        self._seek()

    def point_nowhere(self) -> None:
        """Show nothing: a click would find no object, or the pointer is busy."""
        if self._is_awaited:
            self._at = self._asked_at = None
        else:
            self._forget_place()

    def leave(self) -> None:
        """Show nothing: the pointer is elsewhere."""
        self._is_dismissed = False
        self._forget_place()

    def dismiss(self) -> bool:
        """Show nothing until the pointer has left the photo or a prompt was made; return whether there was any."""
        was_shown = self._shown is not None
        self._is_dismissed = self._is_dismissed or was_shown
        self._show(None)
        return was_shown

    @property
    def finds_all_at_once(self) -> bool:
        """Whether the chosen model finds every object in one pass, which takes no longer than a click."""
        return self._known_family == "fastsam"

    @property
    def _known_family(self) -> str:
        if self._family is None:
            self._family = self._family_of(self._session.choice)
        return self._family

    @property
    def _needs_objects(self) -> bool:
        return self._known_family not in ("sam", "fastsam")

    @property
    def _is_awaited(self) -> bool:
        """Whether the click was made and its answer is on the way: until it is there the ghost holds its place."""
        return self._session.is_open and self._session.prediction is None and self._session.state.is_busy

    @Slot()
    def _seek(self) -> None:
        """Look for what lies under the pointer, wherever that is quickly known."""
        source, document, at = self._session.source, self._editor.document, self._at
        if self._is_awaited:
            return
        is_wanted = self._is_on and not self._is_dismissed and not self._session.is_open
        if not is_wanted or at is None or source is None or document is None or not _is_on_photo(at, document.rect):
            self._show(None)
        elif self._objects.shown is not None:
            index = self._objects.shown.at(*at)
            self._show(None if index is None else self._objects.shown.objects[index])
        elif not self._needs_objects and self._session.line.is_ready(source, self._session.choice):
            self._ask(source, at)

    def _ask(self, source: CutSource, at: tuple[float, float]) -> None:
        if self.finds_all_at_once:
            if self._objects.search in _WAITING and not self._session.line.is_asking:
                self._objects.find()
        elif self._pace.is_fast and not self._is_near(at):
            wish = PredictWish(Prompt().with_point(*at))
            if self._session.line.glimpse(source, self._session.choice, wish):
                self._asked_at = at

    def _is_near(self, at: tuple[float, float]) -> bool:
        """Whether it was asked at this point, or so near that nothing else is to be expected."""
        asked = self._asked_at
        return asked is not None and hypot(at[0] - asked[0], at[1] - asked[1]) < self._nearness

    @Slot(object)
    def _on_glimpsed(self, result: SegmentResult | AppError) -> None:
        was_slow = self.is_too_slow
        if isinstance(result, AppError):
            if not isinstance(result, NothingFoundError):
                self._pace.give_up()
            self._show(None)
        elif isinstance(result.answer, Prediction):
            self._pace.take(result.seconds.get("decode", 0.0))
            self._take(result.answer.best)
        if was_slow != self.is_too_slow:
            self._show(None)
            self.option_changed.emit()
        self._seek()

    def _take(self, candidate: Candidate) -> None:
        """Show the answer if the pointer is still in it."""
        document = self._editor.document
        if document is None or self._at is None or self._session.is_open or self._is_dismissed:
            return
        found = PhotoObject(1, candidate, reach_of(candidate, document.size), 0)
        pixel = Rect(int(self._at[0]), int(self._at[1]), 1, 1)
        is_there = _is_on_photo(self._at, document.rect) and candidate.preview(document.size, pixel)[0, 0]
        self._show(found if is_there else None)

    def _show(self, found: PhotoObject | None) -> None:
        before, self._shown = self._shown, found
        if before is not found:
            rects = [each.reach for each in (before, found) if each is not None]
            self.changed.emit(rects[0].unite(rects[-1]) if rects else _EMPTY)

    @Slot()
    def _on_prompt_changed(self) -> None:
        self._is_dismissed = False
        self.point_nowhere()

    @Slot()
    def _forget_place(self) -> None:
        """Wait for the pointer to move: what it is over was just dealt with, or is another picture."""
        self._at = self._asked_at = None
        self._show(None)

    @Slot()
    def _on_objects_changed(self) -> None:
        shown = self._objects.shown
        if self._shown is not None and (shown is None or self._shown not in shown.objects):
            self._asked_at = None
            self._show(None)
        self._seek()

    @Slot()
    def _on_choice_changed(self) -> None:
        self._family, self._asked_at = None, None
        self._pace = HoverPace()
        self._show(None)
        self._seek()
        self.option_changed.emit()


def _is_on_photo(at: tuple[float, float], photo: Rect) -> bool:
    return photo.x <= at[0] < photo.right and photo.y <= at[1] < photo.bottom
