"""What a tool is: it translates gestures on the canvas into calls on the editor or the session."""

from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent

from core.geometry import Box
from core.mask_ops import SelectionMode
from ui.overlay import OverlayPainter, ShownPrompt
from ui.overlay_objects import ShownObjects
from ui.pointer import PointerEvent


class KeyboardUse(Enum):
    """What a tool makes of a cursor that the arrow keys move: a click where it is, a drag from one place to another."""

    NONE = "none"
    CLICK = "click"
    DRAG = "drag"


class Tool(QObject):
    """The base of all tools: does nothing, says nothing.

    The canvas calls the methods; a tool never sees the canvas. Coordinates are those of :class:`PointerEvent`.
    """

    id = ""
    title = ""
    pans = False
    """Whether a drag moves the photo, which the canvas does itself."""
    keyboard_use = KeyboardUse.NONE
    """Where it is none, the arrow keys move the photo."""

    hint_changed = Signal()
    overlay_changed = Signal()
    parts_changed = Signal()  # what :meth:`undo` would take back
    objects_changed = Signal(object)  # Rect of the photo where the shown objects look different

    def hint(self) -> str:
        """Return what the next gesture does, for the status bar."""
        return ""

    def cursor(self) -> QCursor:
        """Return the pointer's shape."""
        return QCursor(Qt.CursorShape.ArrowCursor)

    def press(self, event: PointerEvent) -> None:
        """Begin a gesture: a button went down."""

    def move(self, event: PointerEvent) -> None:
        """Go on with a gesture: the pointer moved with a button down."""

    def release(self, event: PointerEvent) -> None:
        """End a gesture: a button went up."""

    def double_click(self, event: PointerEvent) -> None:
        """React to a second press in a row; by default it is a press like any other."""
        self.press(event)

    def hover(self, event: PointerEvent) -> None:
        """React to the pointer moving, or a modifier key changing, with no button down."""

    def leave(self) -> None:
        """React to the pointer leaving the canvas."""

    def key(self, event: QKeyEvent) -> bool:
        """React to a key; return whether it meant something here."""
        del event
        return False

    @property
    def can_cycle(self) -> bool:
        """Whether :meth:`cycle` would look at something else."""
        return False

    def cycle(self, step: int) -> None:
        """Look at what else is meant at the pointer, `step` places further."""

    def cancel(self) -> None:
        """Give up the gesture that is going on, if any, as if it had never begun."""

    @property
    def undo_title(self) -> str:
        """What :meth:`undo` would take back, in words: a part of a gesture of several; empty if nothing."""
        return ""

    def undo(self) -> None:
        """Take the last part back of what is not in the document yet, as the corner of an outline."""

    def activate(self) -> None:
        """Get ready: the tool was chosen."""

    def deactivate(self) -> None:
        """Another tool was chosen."""
        self.cancel()

    def shown_prompt(self) -> ShownPrompt | None:
        """Return the prompt as this tool wants it drawn, or None to have the session's drawn as it is."""
        return None

    def dragged_box(self) -> Box | None:
        """Return the box that is being dragged, in photo pixels; None if none is."""
        return None

    def shown_objects(self) -> ShownObjects | None:
        """Return objects to draw over the photo, below the marks; None for none."""
        return None

    def paint(self, painter: OverlayPainter) -> None:
        """Draw the tool's own marks over the photo."""


def gesture_mode(event: PointerEvent) -> SelectionMode | None:
    """Return the selection mode that the modifiers at the start of a drag ask for; None without a wish."""
    if event.is_alt and event.is_shift:
        return SelectionMode.INTERSECT
    if event.is_alt:
        return SelectionMode.SUBTRACT
    if event.is_shift:
        return SelectionMode.ADD
    return None


def is_exclude(event: PointerEvent) -> bool:
    """Return whether a click or stroke says that something does not belong: right button, Alt or Ctrl."""
    return event.button == Qt.MouseButton.RightButton or event.is_alt or event.is_control
