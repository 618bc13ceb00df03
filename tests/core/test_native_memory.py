import platform
import subprocess
import sys

import pytest

from core import native_memory

PROGRAM = """
from core.native_memory import give_back_memory, reuse_memory
first, second = reuse_memory(), reuse_memory()
give_back_memory()
print(first, second)
"""


def run_alone():
    return subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True).stdout.split()


def test_glibc_takes_the_knobs_and_nothing_else_is_touched():
    expected = str(platform.libc_ver()[0] == "glibc")
    assert run_alone() == [expected, expected]


@pytest.mark.parametrize("library", ["", "musl"])
def test_without_glibc_nothing_happens(monkeypatch, library):
    monkeypatch.setattr(platform, "libc_ver", lambda: (library, ""))
    monkeypatch.setattr(native_memory.ctypes, "CDLL", None)
    assert native_memory._glibc.__wrapped__() is None


STARTED = """
import sys, threading
from core import native_memory
def reuse_memory():
    print("asked", threading.active_count(), "numpy" in sys.modules, "cv2" in sys.modules)
native_memory.reuse_memory = reuse_memory
import main
main.main(["--version"])
"""


def test_program_asks_before_any_library_is_loaded_that_may_start_threads():
    answer = subprocess.run([sys.executable, "-c", STARTED], check=True, capture_output=True, text=True)
    assert "asked 1 False False" in answer.stdout
