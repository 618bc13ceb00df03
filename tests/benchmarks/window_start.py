"""The time from the start of a process to the first paint of the editor's window, and what it has imported by then."""

import json
import subprocess
import sys
import time
from pathlib import Path

AIM_MS = 1200.0
PATIENCE_S = 60
MODEL_LIBRARIES = ("torch", "torchvision", "transformers", "ultralytics", "mobile_sam", "segment_anything", "timm")

_CHILD = """
import json, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer

import ui.app

class Watcher(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType() and not self.is_done:
            self.is_done = True
            # Once the paint that has begun is through:
            QTimer.singleShot(0, self.report)
        return False

    is_done = False

    def report(self):
        print(json.dumps({"at": time.time(), "loaded": [name for name in %r if name in sys.modules]}), flush=True)
        self.app.quit()

import PySide6.QtWidgets as widgets

original = widgets.QApplication.exec

def run(*arguments):
    watcher = Watcher()
    watcher.app = widgets.QApplication.instance()
    watcher.app.installEventFilter(watcher)
    return original()

widgets.QApplication.exec = staticmethod(run)
sys.exit(ui.app.run_editor([]))
"""


def first_paint_ms() -> float:
    """Start the editor in a process of its own and return how long its window took to show.

    Raises
    ------
    AssertionError
        If a model library was loaded by then.
    """
    root = Path(__file__).parents[2]
    start = time.time()
    child = subprocess.run(
        [sys.executable, "-c", _CHILD % (MODEL_LIBRARIES,)],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    report = json.loads(child.stdout.splitlines()[-1])
    if report["loaded"]:
        raise AssertionError(f"loaded before the window was there: {report['loaded']}")
    return (report["at"] - start) * 1000
