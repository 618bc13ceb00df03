"""Every object of the photo, shown over any tool as long as N is held down."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent

from core.object_map import ObjectMap
from core.texts import tr
from ui.canvas import Canvas
from ui.editor import Editor
from ui.hover_ghost import HoverGhost
from ui.object_session import ObjectSession, SearchState
from ui.overlay import OverlayPainter
from ui.overlay_objects import ObjectPicture, ShownObjects

_NOTICES = {
    SearchState.RUNNING: tr("Finding every object…"),
    SearchState.EMPTY: tr("No object was found by itself"),
}
_LOOK_FIRST = tr("Not known yet · G finds every object")
_NOT_SURE = tr("The model is less sure of every object")
_HIDDEN = tr("No layer is visible")


class HeldObjects(QObject):
    """Where none is known, a model that finds all of them at once is asked; others take too long for a held key."""

    def __init__(
        self, canvas: Canvas, editor: Editor, objects: ObjectSession, ghost: HoverGhost, parent: QObject | None = None
    ) -> None:
        super().__init__(parent or canvas)
        self._canvas = canvas
        self._editor = editor
        self._objects = objects
        self._ghost = ghost
        self._is_held = False
        self._picture: tuple[ObjectMap, ShownObjects] | None = None
        canvas.installEventFilter(self)
        canvas.add_marks(self._paint)
        objects.changed.connect(self._refresh)

    @property
    def notice(self) -> str:
        """What is said over the photo while there is nothing to show; empty if there is, or if N is not held."""
        document = self._editor.document
        if not self._is_held or self._objects.has_shown or document is None:
            return ""
        if not document.has_visible_layer:
            return _HIDDEN
        if self._objects.search is SearchState.FOUND:
            return _NOT_SURE
        return _NOTICES.get(self._objects.search, _LOOK_FIRST)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it by this name
        """Follow the key; one that is held down repeats itself."""
        if event.type() == QEvent.Type.FocusOut:
            self._hold(False)
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_N:
            is_press = event.type() == QEvent.Type.KeyPress
            if is_press and not _is_plain(event):
                return False
            if not event.isAutoRepeat():
                self._hold(is_press)
            return True
        return super().eventFilter(watched, event)

    def _hold(self, is_held: bool) -> None:
        if is_held == self._is_held:
            return
        self._is_held = is_held
        if is_held and self._objects.found is None and self._ghost.finds_all_at_once:
            self._objects.find_if_unknown()
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        self._canvas.show_objects(self._shown() if self._is_held else None)
        self._canvas.refresh_marks()

    def _shown(self) -> ShownObjects | None:
        shown = self._objects.shown
        if shown is None:
            return None
        if self._picture is None or self._picture[0] is not shown:
            self._picture = shown, ShownObjects(ObjectPicture(shown))
        return self._picture[1]

    def _paint(self, marks: OverlayPainter) -> None:
        if self.notice:
            marks.notice(self.notice)


def _is_plain(event: QKeyEvent) -> bool:
    kept = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return not event.modifiers() & kept
