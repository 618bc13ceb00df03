"""What counts for prompts: as the person has set it, or otherwise for one prompt."""

from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

Value = TypeVar("Value")


class PromptSetting(QObject, Generic[Value]):
    """The value that is set, and the one that takes its place for the prompt that is open."""

    changed = Signal()  # the value that counts now

    def __init__(self, value: Value, parent: QObject) -> None:
        super().__init__(parent)
        self._set = value
        self._once: Value | None = None

    @property
    def now(self) -> Value:
        """The value that counts now."""
        return self._set if self._once is None else self._once

    @property
    def usual(self) -> Value:
        """The value that counts for later prompts."""
        return self._set

    def set(self, value: Value) -> None:
        """Let this and later prompts have another value."""
        self._become(value, None)

    def set_usual(self, value: Value) -> None:
        """Let later prompts have another value; an open one that has its own keeps it."""
        self._become(value, self._once)

    def set_once(self, value: Value) -> None:
        """Let one prompt have another value."""
        self._become(self._set, value)

    def end_once(self) -> None:
        """Go back to the value that is set: the prompt has ended."""
        self._become(self._set, None)

    def _become(self, value: Value, once: Value | None) -> None:
        before = self.now
        self._set, self._once = value, once
        if self.now != before:
            self.changed.emit()
