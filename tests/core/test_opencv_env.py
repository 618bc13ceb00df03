import os
from pathlib import Path

from core.opencv_env import drop_opencv_qt_paths


def test_opencv_s_own_qt_is_forgotten(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", str(Path("site-packages", "cv2", "qt", "plugins")))
    monkeypatch.setenv("QT_QPA_FONTDIR", str(Path("site-packages", "cv2", "qt", "fonts")))

    drop_opencv_qt_paths()

    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert "QT_QPA_FONTDIR" not in os.environ


def test_what_the_person_set_stays(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", str(Path("opt", "qt", "plugins")))

    drop_opencv_qt_paths()

    assert os.environ["QT_QPA_PLATFORM_PLUGIN_PATH"] == str(Path("opt", "qt", "plugins"))


def test_nothing_to_forget_is_fine(monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM_PLUGIN_PATH", raising=False)
    monkeypatch.delenv("QT_QPA_FONTDIR", raising=False)

    drop_opencv_qt_paths()
