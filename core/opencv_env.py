"""Environment variables that the OpenCV wheel leaves behind."""

import os

_LEFT_BEHIND = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def drop_opencv_qt_paths() -> None:
    """Forget OpenCV's own Qt plug-ins; call it after ``import cv2`` and before Qt starts.

    The Linux wheel of opencv-python points Qt at the plug-ins of its own, older Qt, which this program's Qt, and every
    program started from here, would otherwise try to load. A value that leads elsewhere is the person's own and stays.
    """
    for name in _LEFT_BEHIND:
        if f"{os.sep}cv2{os.sep}" in os.environ.get(name, ""):
            del os.environ[name]
