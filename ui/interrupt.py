"""Ctrl+C in the terminal, and a polite request to end, close the window as its own button does."""

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot


class Interrupt(QObject):
    """Tells when the process is asked to end.

    Python handles a signal only when Python code runs, which an idle event loop does not do; a byte in a socket wakes
    the loop.
    """

    asked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        self._before = signal.set_wakeup_fd(self._theirs.fileno())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _do_nothing)

    def stop(self) -> None:
        """Leave signals to Python again."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for end in (self._ours, self._theirs):
            end.close()

    @Slot()
    def _on_activated(self) -> None:
        self._ours.recv(64)
        self.asked.emit()


def _do_nothing(number: int, frame: object) -> None:
    """Stand in for the default handler, which would end the process in the middle of its work."""
    del number, frame
