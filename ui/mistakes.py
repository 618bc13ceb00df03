"""What happens when the program itself made a mistake: it is written down and told, and everything stays open."""

import logging
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from ui.dialogs.crash_dialog import CrashDialog
from ui.log_file import log_path

logger = logging.getLogger(__name__)


class Mistakes(QObject):
    """Takes exceptions that nobody caught, from any thread; shows one at a time."""

    _reported = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: CrashDialog | None = None
        # From whatever thread: the dialog belongs to the window's.
        self._reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Write the exception down and tell the person."""
        logger.critical("nobody caught this", exc_info=(kind, error, trace))
        self._reported.emit("".join(traceback.format_exception(kind, error, trace)))

    @Slot(str)
    def _on_reported(self, details: str) -> None:
        if self._dialog is not None:
            return
        self._dialog = CrashDialog(details, log_path(), self._window)
        self._dialog.finished.connect(self._on_finished)
        self._dialog.open()

    @Slot()
    def _on_finished(self) -> None:
        self._dialog = None
