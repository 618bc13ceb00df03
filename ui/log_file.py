"""Where the program writes down what happened."""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

_LARGEST = 1_000_000
_KEPT = 3


def log_path() -> Path:
    """Return the log file, in the platform's folder for such files."""
    return platformdirs.user_state_path("clickcut", appauthor=False) / "clickcut.log"


def start_log(path: Path | None = None) -> None:
    """Write all log messages from now on to a file of bounded size, or to stderr if no file can be written."""
    path = path or log_path()
    handler: logging.Handler
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8")
    except OSError:
        handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    logging.captureWarnings(True)
