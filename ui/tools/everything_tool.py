"""The tool for every object: all are shown at once; point at one, click it, and go on."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QCursor, QKeyEvent

from core.geometry import Rect
from core.mask_ops import SelectionMode
from core.object_map import ObjectMap, PhotoObject
from core.texts import tr
from ui.editor import Editor
from ui.object_session import ObjectSession, SearchState
from ui.overlay import OverlayPainter
from ui.overlay_objects import ObjectPicture, ShownObjects
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.tools.tool import KeyboardUse, Tool, gesture_mode

_CLICKS = {
    SelectionMode.NEW: tr("Click selects {name}"),
    SelectionMode.ADD: tr("Click adds {name}"),
    SelectionMode.SUBTRACT: tr("Click takes {name} out of the selection"),
    SelectionMode.INTERSECT: tr("Click keeps only what is selected of {name}"),
}
_NOTICES = {
    SearchState.RUNNING: tr("Finding every object…"),
    SearchState.EMPTY: tr("No object was found by itself · click one with the Object tool (W)"),
    SearchState.STOPPED: tr("Stopped · click to find every object"),
    SearchState.FAILED: tr("The search failed · click to try again"),
    SearchState.NONE: tr("Click to find every object"),
}


class EverythingTool(Tool):
    """Shows what the chosen model finds by itself; a click makes the smallest object under the pointer the selection.

    A click during the search counts when the objects are there. Right-click subtracts, as elsewhere it excludes.
    """

    id = "everything"
    title = tr("Everything")
    keyboard_use = KeyboardUse.CLICK

    left = Signal()  # the person is done with it

    def __init__(
        self, editor: Editor, session: SegmentSession, objects: ObjectSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._objects = objects
        self._listed: ObjectMap | None = None
        self._picture: tuple[ObjectMap, ObjectPicture] | None = None
        self._start: PointerEvent | None = None
        self._now: PointerEvent | None = None
        self._under: tuple[int, ...] = ()
        self._looked_at = 0
        self._waiting: tuple[float, float, SelectionMode] | None = None
        objects.changed.connect(self._on_objects_changed)
        session.mode_changed.connect(self._on_mode_changed)
        editor.layers_changed.connect(self._on_layers_changed)
        editor.document_replaced.connect(self._on_document_replaced)

    # --- what stands ---

    @property
    def hot(self) -> PhotoObject | None:
        """The object that a click would take."""
        shown = self._objects.shown
        return shown.objects[self._under[self._looked_at]] if self._under and shown is not None else None

    @property
    def notice(self) -> str:
        """What to say over the photo while there is nothing to point at; empty if there is."""
        if self._objects.has_shown:
            return ""
        if self._session.source is None:
            return tr("No layer is visible · show the photo's layer first")
        if self._objects.shown is not None and self._objects.search is SearchState.FOUND:
            return tr("The model is less sure of every object · move “How sure” to the left")
        return _NOTICES.get(self._objects.search, "")

    def hint(self) -> str:
        """Return what the next gesture does."""
        hot = self.hot
        if self._objects.search is SearchState.RUNNING and not self._objects.has_shown:
            return tr("A click already counts · Esc stops")
        if not self._objects.has_shown:
            return tr("{notice} · Esc leaves", notice=self.notice)
        if hot is None:
            return tr("Point at an object · click selects it, Shift adds, Alt subtracts · Esc leaves")
        words = [_CLICKS[self._mode].format(name=hot.name)]
        if len(self._under) > 1:
            words.append(tr("Tab: {number} of {count} here", number=self._looked_at + 1, count=len(self._under)))
        if self._mode is SelectionMode.NEW:
            words.append(tr("Shift adds, Alt subtracts"))
        return " · ".join(words)

    def cursor(self) -> QCursor:
        """Return a hand over an object, else a cross."""
        return QCursor(Qt.CursorShape.PointingHandCursor if self._under else Qt.CursorShape.CrossCursor)

    def shown_objects(self) -> ShownObjects | None:
        """Return all objects, with the one under the pointer standing out."""
        shown, hot = self._objects.shown, self.hot
        if shown is None:
            self._picture = None
            return None
        if self._picture is None or self._picture[0] is not shown:
            self._picture = shown, ObjectPicture(shown)
        return ShownObjects(self._picture[1], hot, self._mode)

    def paint(self, painter: OverlayPainter) -> None:
        """Say what there is to wait for, and draw the sign of the mode at the pointer."""
        if self._editor.document is not None and self.notice:
            painter.notice(self.notice)
        elif self._now is not None and self._under:
            painter.badge(self._now.view_x, self._now.view_y, self._mode)

    # --- gestures ---

    def activate(self) -> None:
        """Make the open prompt the selection, and look for the objects if they are not known."""
        self._session.commit()
        self._objects.is_wanted = True
        if self._editor.document is not None:
            self._objects.find_if_unknown()

    def deactivate(self) -> None:
        """Look for nothing any more that nobody sees."""
        super().deactivate()
        self._objects.is_wanted = False
        self._waiting = None
        self._now = None
        self._point_at(())

    def press(self, event: PointerEvent) -> None:
        """Begin a click."""
        if self._start is None:
            self._start = event

    def release(self, event: PointerEvent) -> None:
        """Click, unless the pointer was moved meanwhile."""
        start, self._start = self._start, None
        self.hover(event)
        if start is None or event.is_drag_from(start) or self._editor.document is None:
            return
        mode = self._mode_of(start)
        if start.button == Qt.MouseButton.RightButton and mode is SelectionMode.NEW:
            mode = SelectionMode.SUBTRACT
        if self._under:
            self._objects.select(self._under[self._looked_at], mode)
        elif not self._objects.has_shown and self._objects.search is not SearchState.FOUND:
            # Also the click that asks for the objects means one of them.
            self._waiting = start.x, start.y, mode
            self._objects.find_if_unknown()

    def hover(self, event: PointerEvent) -> None:
        """Let the smallest object under the pointer stand out."""
        before, self._now = self._mode, event
        self._point_at(self._objects_under(event))
        if before is not self._mode:
            self._repaint(self.hot)
            self.hint_changed.emit()
        if before is not self._mode or before is not SelectionMode.NEW:
            self.overlay_changed.emit()

    def leave(self) -> None:
        """Let nothing stand out."""
        self._now = None
        self._point_at(())
        self.overlay_changed.emit()

    @property
    def can_cycle(self) -> bool:
        """Whether several objects lie under the pointer, one in the other."""
        return len(self._under) > 1

    def cycle(self, step: int) -> None:
        """Look at the next larger object under the pointer, around."""
        before = self.hot
        self._looked_at = (self._looked_at + step) % max(1, len(self._under))
        self._repaint(before, self.hot)
        self.hint_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Stop the search, or leave the tool, with Esc; Enter and Esc belong to a prompt that words opened."""
        if Qt.Key(event.key()) != Qt.Key.Key_Escape or self._session.is_open:
            return False
        if self._objects.search is SearchState.RUNNING:
            self._objects.stop()
        else:
            self.left.emit()
        return True

    def cancel(self) -> None:
        """Give the click up."""
        self._start = None

    # --- within ---

    @property
    def _mode(self) -> SelectionMode:
        return self._session.mode if self._now is None else self._mode_of(self._now)

    def _mode_of(self, event: PointerEvent) -> SelectionMode:
        return gesture_mode(event) or self._session.mode

    def _objects_under(self, event: PointerEvent) -> tuple[int, ...]:
        return () if self._objects.shown is None else self._objects.shown.objects_at(event.x, event.y)

    def _point_at(self, under: tuple[int, ...]) -> None:
        if under == self._under:
            return
        before = self.hot
        self._under, self._looked_at = under, 0
        self._repaint(before, self.hot)
        self.hint_changed.emit()

    def _repaint(self, *objects: PhotoObject | None) -> None:
        rect = Rect(0, 0, 0, 0)
        for each in objects:
            rect = rect if each is None else rect.unite(each.reach)
        if not rect.is_empty:
            self.objects_changed.emit(rect)

    @Slot()
    def _on_objects_changed(self) -> None:
        if self._objects.shown is not self._listed:
            # What lay under the pointer is not there any more, or has another index.
            self._listed = self._objects.shown
            self._under, self._looked_at = (() if self._now is None else self._objects_under(self._now)), 0
            if self._editor.document is not None:
                self.objects_changed.emit(self._editor.document.rect)
        self._click_as_promised()
        self.overlay_changed.emit()
        self.hint_changed.emit()

    def _click_as_promised(self) -> None:
        """Carry the click out that was made during the search."""
        if self._waiting is None or self._objects.search is SearchState.RUNNING:
            return
        (x, y, mode), self._waiting = self._waiting, None
        index = None if self._objects.shown is None else self._objects.shown.at(x, y)
        if index is not None:
            self._objects.select(index, mode)

    @Slot()
    def _on_mode_changed(self) -> None:
        self._repaint(self.hot)
        self.overlay_changed.emit()
        self.hint_changed.emit()

    @Slot()
    def _on_layers_changed(self) -> None:
        # What there is to say depends on whether anything is visible.
        self.overlay_changed.emit()
        self.hint_changed.emit()

    @Slot()
    def _on_document_replaced(self) -> None:
        self._waiting = None
        self._now = None
        self.cancel()
