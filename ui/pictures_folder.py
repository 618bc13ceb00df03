"""Where a person looks for photos before any was opened."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from core.file_presence import is_folder

_PLACE = QStandardPaths.StandardLocation


def pictures_folder() -> str:
    """Return the system's folder for pictures, or the person's own folder where there is none."""
    pictures = QStandardPaths.writableLocation(_PLACE.PicturesLocation)
    return pictures if is_folder(Path(pictures)) else QStandardPaths.writableLocation(_PLACE.HomeLocation)
