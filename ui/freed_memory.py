"""Gives memory back to the system that photos which are not open any more, or an encoder, have used.

The C library is told to keep freed memory, because encoders want it again at once (:mod:`core.native_memory`). A photo
that was closed would stay in it: five of 24 megapixels one after the other take 760 MB without this, 490 MB with it.
What an encoder has used is hundreds of megabytes, too, and no click needs them; given back with every photo, they
would cost the next encoder a tenth of a second.
"""

from PySide6.QtCore import QObject, QTimer, Slot

from core.native_memory import give_back_memory
from ui.editor import Editor
from ui.segment_line import SegmentLine

_QUIET_MS = 2000
"""The screen and the workers let go of the old photo only when they are done with the new one."""


class FreedMemory(QObject):
    """Waits until another document was shown or encoded, and the workers rest; then gives back what is free.

    Takes a few milliseconds.
    """

    def __init__(
        self, editor: Editor, line: SegmentLine, quiet_ms: int = _QUIET_MS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._line = line
        self._timer = QTimer(self, singleShot=True, interval=quiet_ms)
        self._timer.timeout.connect(self._on_quiet)
        editor.document_replaced.connect(self._timer.start)
        line.encoded.connect(self._timer.start)

    @Slot()
    def _on_quiet(self) -> None:
        if self._line.is_idle:
            give_back_memory()
        else:
            self._timer.start()
