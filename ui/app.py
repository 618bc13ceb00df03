"""Starts the editor: application, theme, log, window, event loop, and an end without loose threads."""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import cv2  # noqa: F401 - imported before Qt starts, so that what it leaves in the environment can be dropped
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from core.opencv_env import drop_opencv_qt_paths
from ui.icons import application_icon
from ui.log_file import start_log
from ui.main_window import MainWindow
from ui.mistakes import Mistakes
from workers.worker_thread import leave


def run_editor(files: Sequence[Path] = ()) -> int:
    """Open the editor's window, with the first of `files` if there is one, and return when it is closed.

    Returns
    -------
    The exit code.
    """
    start_log()
    application = make_application()
    window = MainWindow(files)
    mistakes = Mistakes(window)

    def on_mistake(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        mistakes.report(kind, error, trace)

    sys.excepthook = on_mistake
    threading.excepthook = lambda args: on_mistake(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    window.show()
    return leave(application.exec())


def make_application() -> QApplication:
    """Return the application object, which must exist before any window does."""
    drop_opencv_qt_paths()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    # X11 takes the name of a window's class from the command line: "main.py" would be none.
    application = QApplication(["clickcut"])
    application.setApplicationName("clickcut")
    application.setApplicationDisplayName("Clickcut")
    application.setDesktopFileName("clickcut")
    application.setWindowIcon(application_icon())
    return application
