"""The program around the window: its start, its mistakes, its log, its end. Each in a process of its own."""

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ui.log_file import log_path, start_log
from ui.terminal_display import QT_PACKAGES

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


# --- a screen that Qt cannot use ---

START = "import ui.app; ui.app.make_application(); print('started')"


def start(**variables):
    return subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **variables},
    )


def assert_one_line(done, *words):
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("clickcut: Qt cannot open a window here")
    assert done.stderr.count("\n") == 1
    for word in words:
        assert word in done.stderr


def test_a_platform_that_qt_does_not_know_is_one_line():
    assert_one_line(start(QT_QPA_PLATFORM="nosuch"), '"nosuch"', "QT_QPA_PLATFORM")


@pytest.mark.skipif(sys.platform != "linux", reason="X11 is Linux")
def test_a_library_that_is_missing_is_one_line_with_the_packages(tmp_path):
    # A broken library in the place of the system's own fails to load, as a missing one does.
    for name in ("libxcb-cursor.so.0", "libxcb-icccm.so.4"):
        (tmp_path / name).write_bytes(b"no library")
    done = start(QT_QPA_PLATFORM="xcb", LD_LIBRARY_PATH=str(tmp_path))
    assert_one_line(done, "apt-get install", *QT_PACKAGES.split())


@pytest.mark.skipif(sys.platform != "linux", reason="X11 is Linux")
def test_a_display_that_refuses_is_one_line():
    done = start(QT_QPA_PLATFORM="xcb", DISPLAY=":987")
    assert_one_line(done, "(could not connect to display :987; ")


def test_qt_itself_without_its_libraries_is_one_line(monkeypatch, capsys):
    import main
    from ui import terminal_display

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # which the program changes
    monkeypatch.setattr(terminal_display, "why_no_display", lambda: None)
    monkeypatch.setitem(sys.modules, "ui.app", None)
    with pytest.raises(ImportError):  # of the program's own
        main.main(["photo.jpg"])
    monkeypatch.delitem(sys.modules, "ui.app")
    broken = ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
    monkeypatch.setattr("builtins.__import__", refusing("ui.app", broken))
    assert main.main(["photo.jpg"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "libEGL.so.1" in said


def refusing(name, error):
    real = __import__

    def refuse(wanted, *rest, **more):
        if wanted == name:
            raise error
        return real(wanted, *rest, **more)

    return refuse


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
