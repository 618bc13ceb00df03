"""The house keeps its walls; each rule is proven by breaking it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import MAX_LINES, violations

ROOT = Path(__file__).parent.parent


def test_the_project_breaks_no_rule() -> None:
    assert violations(ROOT) == []


@pytest.mark.parametrize(
    ("file", "source", "reason"),
    [
        ("core/a.py", "from PySide6.QtCore import QObject", "core.a imports Qt"),
        ("core/a.py", "def f():\n    import PySide6", "core.a imports Qt"),
        ("ui/terminal.py", "import PySide6.QtCore", "ui.terminal imports Qt"),
        ("ui/terminal_models.py", "import PySide6.QtCore", "ui.terminal_models imports Qt"),
        ("core/a.py", "import workers.b", "core imports workers"),
        ("core/a.py", "from ui import editor", "core imports ui"),
        ("workers/a.py", "from ui.editor import Editor", "workers imports ui"),
        ("workers/a.py", "from PySide6.QtGui import QImage", "workers know QtCore only"),
        ("workers/a.py", "from PySide6 import QtWidgets", "workers know QtCore only"),
        ("core/a.py", "import torch", "torch is imported outside a function"),
        ("ui/panels/a.py", "from ui.tools.tool import Tool", "ui.panels imports ui.tools"),
        ("ui/tools/a.py", "from ui.dialogs import about", "ui.tools imports ui.dialogs"),
        ("ui/panels/a.py", "from workers.segment_worker import SegmentWorker", "ui.panels sees a worker"),
        ("core/a.py", "from . import b", "relative import"),
        ("main.py", "import workers", "main imports workers"),
        ("tests/a.py", "\n" * MAX_LINES + "x = 1", f"{MAX_LINES + 1} lines, at most {MAX_LINES}"),
        ("core/a.py", "\n" * MAX_LINES + "x = 1", f"{MAX_LINES + 1} lines, at most {MAX_LINES}"),
    ],
)
def test_each_rule_finds_its_violation(tmp_path: Path, file: str, source: str, reason: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")
    assert any(line.endswith(reason) for line in violations(tmp_path)), violations(tmp_path)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("core/a.py", "def f():\n    import torch"),
        ("ui/a.py", "from workers.b import C\nfrom PySide6.QtWidgets import QWidget"),
        ("workers/a.py", "from PySide6.QtCore import QObject"),
        ("ui/panels/a.py", "from ui.editor import Editor"),
    ],
)
def test_what_is_allowed_is_not_a_violation(tmp_path: Path, file: str, source: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")
    assert violations(tmp_path) == []


IMPORT_ALL = """
import importlib, pathlib, sys


class Uninstalled:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"PySide6", "shiboken6"}:
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, Uninstalled())
found = (("core", "**/*.py"), ("resources", "**/*.py"), ("ui", "terminal*.py"))
files = [file for room, pattern in found for file in pathlib.Path(room).glob(pattern)]
for file in [*files, pathlib.Path("main.py")]:
    name = ".".join(file.with_suffix("").parts).removesuffix(".__init__")
    importlib.import_module(name)
heavy = {"torch", "torchvision", "transformers", "ultralytics", "mobile_sam", "segment_anything", "timm"}
print(len(files), sorted(heavy & set(sys.modules)))
"""


def test_core_and_the_terminal_import_without_qt_and_without_model_libraries() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    count, heavy = done.stdout.split(maxsplit=1)
    assert int(count) > 15
    assert heavy.strip() == "[]"


def test_ruff_refuses_qt_in_core(tmp_path: Path) -> None:
    bad = ROOT / "core" / "example.py"
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", str(bad), "-"],
        input="from PySide6.QtCore import QObject\n\n__all__ = ['QObject']\n",
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "TID251" in done.stdout
