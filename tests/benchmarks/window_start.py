"""The time from the start of a process to the first paint of the editor's window, and what it has imported by then.

Run as a module, this is the process that is timed: it opens the editor, reports its first paint and ends.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

AIM_MS = 1200.0
PATIENCE_S = 60
MODEL_LIBRARIES = ("torch", "torchvision", "transformers", "ultralytics", "mobile_sam", "segment_anything", "timm")


def first_paint_ms() -> float:
    """Start the editor in a process of its own and return how long its window took to show.

    Raises
    ------
    AssertionError
        If a model library was loaded by then.
    """
    command = [sys.executable, "-m", "tests.benchmarks.window_start"]
    start = time.time()
    child = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    report = json.loads(child.stdout.splitlines()[-1])
    if report["loaded"]:
        raise AssertionError(f"loaded before the window was there: {report['loaded']}")
    return (report["at"] - start) * 1000


def open_and_report() -> None:
    import ui.app

    make_application = ui.app.make_application

    def make_watched_application():
        application = make_application()
        watch(application)
        return application

    ui.app.make_application = make_watched_application
    ui.app.run_editor()


def watch(application) -> None:
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Watcher(QObject):
        def eventFilter(self, watched, event):  # noqa: N802 - Qt calls it by this name
            if event.type() == QEvent.Type.Paint and watched.isWidgetType():
                application.removeEventFilter(self)
                QTimer.singleShot(0, self.report)  # once the paint that has begun is through
            return False

        def report(self):
            loaded = [name for name in MODEL_LIBRARIES if name in sys.modules]
            print(json.dumps({"at": time.time(), "loaded": loaded}), flush=True)
            application.closeAllWindows()
            application.quit()

    application.installEventFilter(Watcher(application))


if __name__ == "__main__":
    open_and_report()
