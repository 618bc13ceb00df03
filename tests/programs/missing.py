"""What happens where a program is not installed: skipped on a user's machine, a failure where all are required."""

import shutil

import pytest

from tests.programs.krita import REQUIRED


def need(*programs: str) -> None:
    """Skip the test, or fail it where every program is required, unless all of `programs` are installed."""
    absent = [name for name in programs if shutil.which(name) is None]
    if absent and REQUIRED:
        pytest.fail(f"{' and '.join(absent)}: not installed")
    if absent:
        pytest.skip(f"{' and '.join(absent)}: not installed")
