"""Another program on the screen, run as a script: a photo can be dragged from its window, and is on the clipboard."""

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QDrag, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

TITLE = "Another program"
PLACE = (1350, 300, 200, 200)
"""Where on the screen it is, beside the editor's window: left, top, width, height."""


class _Photo(QLabel):
    """Begins to drag its file as soon as it is pressed and moved."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self._path = path
        self.setWindowTitle(TITLE)
        self.setGeometry(*PLACE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let it be dropped elsewhere."""
        del event
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self._path))])
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.exec()


if __name__ == "__main__":
    application = QApplication(sys.argv)
    QApplication.clipboard().setImage(QImage(sys.argv[1]))
    photo = _Photo(Path(sys.argv[1]))
    photo.show()
    sys.exit(application.exec())
