"""Whether something lies at a path, asked without a failure.

:meth:`pathlib.Path.is_file` raises where a folder on the way is closed or a name is too long. For who only wants to
know whether something is there to be used, that is a no.
"""

from pathlib import Path


def is_file(path: Path) -> bool:
    """Whether there is a file at `path` that may be looked at."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder at `path` that may be looked at."""
    try:
        return path.is_dir()
    except OSError:
        return False


def holds_anything(path: Path) -> bool:
    """Whether there is a folder at `path`, not empty, that may be looked into."""
    try:
        return any(path.iterdir())
    except OSError:
        return False
