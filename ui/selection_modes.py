"""How prompts meet the selection: as the person has set it, or otherwise for one prompt."""

from PySide6.QtCore import QObject, Signal

from core.mask_ops import SelectionMode


class SelectionModes(QObject):
    """The mode that is set, and the one that a gesture asked for in its place, for the prompt that it began."""

    changed = Signal()  # the mode that counts now

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._set = SelectionMode.NEW
        self._once: SelectionMode | None = None

    @property
    def now(self) -> SelectionMode:
        """The mode that counts now."""
        return self._set if self._once is None else self._once

    def set(self, mode: SelectionMode) -> None:
        """Let this and later prompts meet the selection otherwise."""
        self._become(mode, None)

    def set_once(self, mode: SelectionMode) -> None:
        """Let one prompt meet the selection otherwise."""
        self._become(self._set, mode)

    def end_once(self) -> None:
        """Go back to the mode that is set: the prompt has ended."""
        self._become(self._set, None)

    def _become(self, mode: SelectionMode, once: SelectionMode | None) -> None:
        before = self.now
        self._set, self._once = mode, once
        if self.now is not before:
            self.changed.emit()
