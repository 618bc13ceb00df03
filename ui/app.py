"""Starts the editor: application, theme, log, window, event loop, and an end without loose threads."""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import cv2  # noqa: F401 - imported before Qt starts, so that what it leaves in the environment can be dropped
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from core.opencv_env import drop_opencv_qt_paths
from ui.freed_memory import FreedMemory
from ui.icons import application_icon
from ui.interrupt import Interrupt
from ui.language import translate_qt
from ui.log_file import start_log
from ui.main_window import MainWindow
from ui.mistakes import Mistakes
from ui.qt_start import explained_failures
from workers.worker_thread import leave


def run_editor(files: Sequence[Path] = (), selection: Path | None = None) -> int:
    """Open the editor's window, with the first of `files` if there is one, and return when it is closed.

    Parameters
    ----------
    selection
        A mask, grey and of the first photo's size, of what is selected in it.

    Returns
    -------
    The exit code.
    """
    start_log()
    application = make_application()
    window = MainWindow(files, selection=selection)
    _watch_for_mistakes(Mistakes(window))
    FreedMemory(window.workshop.editor, window.workshop.session.line, parent=window)
    interrupt = Interrupt(application)
    interrupt.asked.connect(window.close)
    window.show()
    QTimer.singleShot(0, window.workshop.recovery.offer)
    exit_code = application.exec()
    interrupt.stop()
    return leave(exit_code)


def _watch_for_mistakes(mistakes: Mistakes) -> None:
    """Have every exception that nobody catches reported, in this thread and in others."""
    sys.excepthook = mistakes.report

    def in_thread(args: threading.ExceptHookArgs) -> None:
        mistakes.report(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)

    threading.excepthook = in_thread


def make_application() -> QApplication:
    """Return the application object, which must exist before any window does.

    Where Qt finds no way to open windows, the process ends with one line on stderr and exit code 1.
    """
    drop_opencv_qt_paths()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    # X11 takes the name of a window's class from the command line: "main.py" would be none.
    with explained_failures():
        application = QApplication(["clickcut"])
    translate_qt(application)
    application.setApplicationName("clickcut")
    application.setApplicationDisplayName("Clickcut")
    application.setDesktopFileName("clickcut")
    application.setWindowIcon(application_icon())
    return application
