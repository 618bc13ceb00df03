"""What a tool is told about the pointer."""

from dataclasses import dataclass
from math import hypot

from PySide6.QtCore import Qt

DRAG_THRESHOLD = 5.0
"""A press that moves further than this, in logical view pixels, is a drag."""


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """One press, move or release.

    Attributes
    ----------
    x, y
        Photo coordinates; not clipped, so a drag may lead out of the photo.
    view_x, view_y
        The same point in the view's logical pixels.
    button
        The button that changed; ``NoButton`` for a move.
    buttons
        All buttons that are down after the change.
    pressure
        How hard a pen is pressed, 0 to 1; 1 for a mouse.
    scale
        Logical view pixels per photo pixel, for telling how near something is to the eye.
    is_eraser
        Whether a pen points with its other end.
    """

    x: float
    y: float
    view_x: float
    view_y: float
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    buttons: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    pressure: float = 1.0
    scale: float = 1.0
    is_eraser: bool = False

    def is_drag_from(self, start: "PointerEvent") -> bool:
        """Whether the pointer has moved far enough from a press for a drag."""
        dx, dy = self.view_x - start.view_x, self.view_y - start.view_y
        return dx * dx + dy * dy > DRAG_THRESHOLD * DRAG_THRESHOLD

    def distance_to(self, x: float, y: float) -> float:
        """Return how far a point of the photo is from the pointer, in logical view pixels."""
        return hypot(x - self.x, y - self.y) * self.scale

    @property
    def is_shift(self) -> bool:
        """Whether Shift is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)

    @property
    def is_alt(self) -> bool:
        """Whether Alt is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.AltModifier)

    @property
    def is_control(self) -> bool:
        """Whether Ctrl (Command on a Mac) is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ControlModifier)
