"""The program around the window: its start, its mistakes, its log, its end. Each in a process of its own."""

import logging
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ui.log_file import log_path, start_log

ROOT = Path(__file__).parent.parent.parent


def run(script, *words):
    return subprocess.run(
        [sys.executable, "-c", script, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


LIGHT_START = """
import sys
import ui.app
application = ui.app.make_application()
window = ui.app.MainWindow([])
window.show()
application.processEvents()
heavy = {"torch", "torchvision", "transformers", "ultralytics", "mobile_sam", "segment_anything", "timm"}
heavy |= {"skimage", "scipy", "core.segment_service", "http.client", "ssl"}
print(window.isVisible(), sorted(heavy & set(sys.modules)))
window.close()
sys.exit(ui.app.leave(0))
"""


def test_the_window_is_there_before_any_model_library_is():
    done = run(LIGHT_START)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "True []"


WITH_A_MISTAKE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPlainTextEdit
import ui.app
from tests.fakes import make_document


def think_of_nothing():
    QTimer.singleShot(0, look)
    raise ZeroDivisionError("nobody thought of this")


def look():
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ui.app.MainWindow))
    details = [text.toPlainText() for text in window.findChildren(QPlainTextEdit)]
    if not details:
        QTimer.singleShot(5, look)
        return
    print("ZeroDivisionError: nobody thought of this" in details[0], window.workshop.editor.document.name)
    QApplication.activeModalWidget().accept()
    window.close()


def begin():
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ui.app.MainWindow))
    window.workshop.editor.set_document(make_document(name="cat"))
    think_of_nothing()


class Window(ui.app.MainWindow):
    def show(self):
        super().show()
        QTimer.singleShot(0, begin)


ui.app.MainWindow = Window
sys.exit(ui.app.run_editor())
"""


def test_a_mistake_is_told_and_written_down_and_the_program_goes_on():
    done = run(WITH_A_MISTAKE)
    assert done.stdout.strip() == "True cat", done.stderr
    assert done.returncode == 0
    assert "nobody thought of this" in log_path().read_text("utf-8")


INTERRUPTED = """
import os, signal, sys
from PySide6.QtCore import QTimer
import ui.app


class Window(ui.app.MainWindow):
    def show(self):
        super().show()
        QTimer.singleShot(0, lambda: os.kill(os.getpid(), int(sys.argv[1])))


ui.app.MainWindow = Window
sys.exit(ui.app.run_editor())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals cannot be sent there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_closes_the_window_in_good_order(number):
    done = run(INTERRUPTED, str(int(number)))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


# --- the log ---


@pytest.fixture
def own_log():
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(False)
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_the_log_is_a_file_in_the_state_folder(own_log):
    start_log()
    logging.getLogger("core.example").info("encoded in %s s", 0.2)
    assert "core.example: encoded in 0.2 s" in log_path().read_text("utf-8")


def test_a_log_that_cannot_be_written_stops_nothing(own_log, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    start_log(tmp_path / "file" / "clickcut.log")
    logging.getLogger("core.example").warning("still heard")
    assert "still heard" in capsys.readouterr().err
