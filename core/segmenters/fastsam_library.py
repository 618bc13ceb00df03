"""ultralytics, imported so that nothing but the import itself happens.

By itself, the import looks for the internet, writes settings into the person's home, and changes PyTorch, NumPy,
OpenCV, Pillow, the warnings, the environment and the log for the whole program. Its switches are set before; what it
changes all the same is put back after.
"""

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SWITCHES = {
    "YOLO_OFFLINE": "1",  # else it looks up two names on the internet, and reports what it is used for
    "YOLO_AUTOINSTALL": "0",  # else it runs pip for what it misses
    "YOLO_VERBOSE": "0",  # else it prints about every network
    "ULTRALYTICS_SAFE_LOAD": "1",  # else its own loader runs what a weights file says
    "ULTRALYTICS_SKIP_REQUIREMENTS_CHECKS": "1",  # else it compares versions of what is installed
}
_LOGGERS = ("ultralytics", "sentry_sdk")


def build_segmentation_network(architecture: str) -> Any:
    """Return YOLOv8's network for the outlines of one class, with random weights, on the processor.

    Parameters
    ----------
    architecture
        Its size, ``s`` or ``x``.
    """
    with undoing_side_effects():
        from ultralytics.nn.tasks import SegmentationModel
        from ultralytics.utils import ROOT, YAML

        plan = YAML.load(ROOT / "cfg" / "models" / "v8" / "yolov8-seg.yaml")
        plan.update(scale=architecture, nc=1)
        return SegmentationModel(plan, ch=3, nc=1, verbose=False)


@contextmanager
def undoing_side_effects() -> Iterator[None]:
    """Undo, after the block, what ultralytics changes in the libraries around it."""
    # Imported before its environment is touched: with one OpenMP thread, which ultralytics asks for, it would keep to
    # that. The rest is what ultralytics patches.
    import cv2
    import numpy as np
    import PIL.Image
    import torch

    patched = [(PIL.Image, "open"), (torch, "save"), (cv2, "imread"), (cv2, "imwrite"), (cv2, "imshow")]
    kept = [(owner, name, getattr(owner, name)) for owner, name in patched]
    cv_threads, torch_threads, stdout = cv2.getNumThreads(), torch.get_num_threads(), sys.stdout
    styles = dict(vars(torch._tensor_str.PRINT_OPTS))
    with warnings.catch_warnings(), np.printoptions(), _own_environment(), _own_loggers():
        try:
            yield
        finally:
            for owner, name, value in kept:
                setattr(owner, name, value)
            cv2.setNumThreads(cv_threads)
            torch.set_num_threads(torch_threads)
            vars(torch._tensor_str.PRINT_OPTS).update(styles)
            sys.stdout = stdout


@contextmanager
def _own_environment() -> Iterator[None]:
    """Set the switches, with a folder for settings that goes again; they are read while the library is imported."""
    before = dict(os.environ)
    # What a weights file or a photo cannot reach needs no settings later: they stay in memory.
    with tempfile.TemporaryDirectory(prefix="clickcut-", ignore_cleanup_errors=True) as folder:
        os.environ.update(_SWITCHES, YOLO_CONFIG_DIR=str(Path(folder)))
        try:
            yield
        finally:
            for name in set(os.environ) - set(before):
                del os.environ[name]
            os.environ.update(before)


@contextmanager
def _own_loggers() -> Iterator[None]:
    """Take away the handlers that print, so that what ultralytics says goes where everything goes."""
    import logging

    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(list(logger.handlers), logger.propagate, logger.level) for logger in loggers]
    try:
        yield
    finally:
        for logger, (handlers, propagates, level) in zip(loggers, before, strict=True):
            logger.handlers[:], logger.propagate = handlers, propagates
            logger.setLevel(level)
