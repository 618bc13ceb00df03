"""Gives the memory of photos that are not open any more back to the system.

The C library is told to keep freed memory, because encoders want it again at once (:mod:`core.native_memory`). A photo
that was closed would stay in it: five of 24 megapixels one after the other take 760 MB without this, 490 MB with it.
"""

from PySide6.QtCore import QObject, QTimer, Slot

from core.native_memory import give_back_memory
from ui.editor import Editor

_QUIET_MS = 2000
"""The screen and the workers let go of the old photo only when they are done with the new one."""


class FreedMemory(QObject):
    """Waits until another document has been shown, and gives back what the one before took (a few milliseconds)."""

    def __init__(self, editor: Editor, quiet_ms: int = _QUIET_MS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True, interval=quiet_ms)
        self._timer.timeout.connect(self._on_quiet)
        editor.document_replaced.connect(self._timer.start)

    @Slot()
    def _on_quiet(self) -> None:
        give_back_memory()
