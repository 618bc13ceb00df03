"""How the terminal ends when the system interferes: signals, links in a circle, output that nobody takes."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ui.terminal import run

_ROOT = Path(__file__).parents[1]
_CUT = ("--model", "classic", "--box", "5,5,35,25")

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and devices")


@pytest.fixture
def photo(tmp_path):
    pixels = np.full((30, 40, 3), (40, 90, 160), np.uint8)
    pixels[8:22, 10:30] = (220, 60, 30)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def _python(code, *words, **kwargs):
    kwargs = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **kwargs}
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(_ROOT)!r})\n{code}", *map(str, words)]
    return subprocess.run(command, text=True, check=False, env=environment, **kwargs)


@needs_posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_while_files_are_written_leaves_none(photo, tmp_path, name):
    code = f"""
import os, signal, core.cut_job
signal.signal(signal.SIGHUP, signal.SIG_DFL)

def write(file, *_):
    file.write(b"half")
    try:
        os.kill(os.getpid(), signal.{name})
        signal.pause()
    finally:
        if signal.{name} == signal.SIGINT:
            os.kill(os.getpid(), signal.SIGINT)  # pressed again

core.cut_job.write_png_to = write
from main import main
sys.exit(main(sys.argv[1:]))
"""
    done = _python(code, "cut", photo, "-o", tmp_path / "o.png", "--mask-out", tmp_path / "m.png", *_CUT)

    assert done.returncode == {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}[name]
    assert done.stderr.count("\n") <= 1
    assert list(tmp_path.iterdir()) == [photo]


@needs_posix
def test_signals_that_are_to_be_ignored_stay_so():
    code = """
import signal
signal.signal(signal.SIGHUP, signal.SIG_IGN)
from main import main
main(["--version"])
assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
"""
    assert _python(code).returncode == 0


@needs_posix
def test_the_editor_gets_its_signals_as_they_were():
    code = """
import signal
from ui.terminal_signals import leave_signals_alone, unwind_on_signals
numbers = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
before = [signal.getsignal(number) for number in numbers]
unwind_on_signals()
assert not set(before) & {signal.getsignal(number) for number in numbers}
leave_signals_alone()
assert [signal.getsignal(number) for number in numbers] == before
"""
    assert _python(code).returncode == 0


@needs_posix
def test_ctrl_c_while_the_program_starts_is_one_line():
    code = """
import builtins
real = builtins.__import__

def interrupted(name, *args, **kwargs):
    if name == "ui.terminal":
        raise KeyboardInterrupt
    return real(name, *args, **kwargs)

from main import main
builtins.__import__ = interrupted
main(["cut"])
"""
    assert _python(code).stderr == "clickcut: Stopped.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["--version"], ["models", "path"], ["models"]])
def test_output_that_cannot_be_written_is_one_line(words):
    with Path("/dev/full").open("w") as full:
        done = _python("from main import main; sys.exit(main(sys.argv[1:]))", *words, stdout=full)

    assert (done.returncode, done.stderr) == (1, "clickcut: The output cannot be written: No space left on device.\n")


@needs_posix
@pytest.mark.parametrize("words", [["--version"], ["models", "path"]])
def test_a_reader_that_has_gone_is_not_worth_a_word(words):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = _python("from main import main; sys.exit(main(sys.argv[1:]))", *words, stdout=pipe)

    assert (done.returncode, done.stderr) == (1, "")


@needs_posix
def test_links_in_a_circle_are_told_in_one_line(tmp_path, capsys):
    loop = tmp_path / "loop.png"
    loop.symlink_to(loop)

    assert run(["cut", str(loop), "-o", str(tmp_path / "o.png"), *_CUT]) == 3

    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "loop.png" in err
