"""How round brushes are set, for the tools, their options and the settings file. Several tools may share one."""

from PySide6.QtCore import QObject, Signal

MIN_SIZE, MAX_SIZE = 1.0, 2000.0
_SIZE_STEP = 1.2
_SMALLEST_CIRCLE = 6.0
"""Below this diameter on the screen, in logical pixels, a cross is easier to see than the circle."""


class RoundSettings(QObject):
    """A round brush: its diameter in photo pixels."""

    changed = Signal()

    def __init__(self, size: float = 40.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.size = size

    def set_size(self, size: float) -> None:
        """Set the diameter, kept between :data:`MIN_SIZE` and :data:`MAX_SIZE`."""
        self._set("size", min(max(size, MIN_SIZE), MAX_SIZE))

    def step_size(self, is_larger: bool) -> None:
        """Set the next larger or smaller diameter, by at least one pixel."""
        stepped = round(self.size * _SIZE_STEP if is_larger else self.size / _SIZE_STEP)
        self.set_size(max(stepped, self.size + 1) if is_larger else min(stepped, self.size - 1))

    def is_circle_at(self, scale: float) -> bool:
        """Whether the brush can be seen as a circle at `scale` logical view pixels per photo pixel."""
        return self.size * scale >= _SMALLEST_CIRCLE

    def _set(self, name: str, value: float) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit()


class BrushSettings(RoundSettings):
    """A brush that paints: also its hardness and opacity, in [0, 1], and whether pressing a pen widens it."""

    def __init__(
        self,
        size: float = 40.0,
        hardness: float = 0.8,
        opacity: float = 1.0,
        has_pressure: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(size, parent)
        self.hardness = hardness
        self.opacity = opacity
        self.has_pressure = has_pressure

    def set_hardness(self, hardness: float) -> None:
        """Set the part of the radius that is painted in full, kept in [0, 1]."""
        self._set("hardness", min(max(hardness, 0.0), 1.0))

    def set_opacity(self, opacity: float) -> None:
        """Set how much a stroke adds or takes, kept in [0.01, 1]."""
        self._set("opacity", min(max(opacity, 0.01), 1.0))

    def set_pressure(self, has_pressure: bool) -> None:
        """Let a pen's pressure decide how wide the brush is, up to its size, or not."""
        self._set("has_pressure", has_pressure)
