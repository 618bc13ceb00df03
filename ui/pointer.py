"""What a tool is told about the pointer."""

from dataclasses import dataclass

from PySide6.QtCore import Qt


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
        0 to 1; 1 for a mouse.
    """

    x: float
    y: float
    view_x: float
    view_y: float
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    buttons: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    pressure: float = 1.0

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
