"""A layer on its way out of the window, as a picture that other programs take."""

import logging
from pathlib import Path

from PySide6.QtCore import QByteArray, QMetaType, QMimeData, QTemporaryDir, QUrl

from core.atomic_file import replacing
from core.document import Document
from core.errors import AppError
from core.export.file_names import file_stem
from core.export.png import ClipboardPicture, layer_picture_of
from ui.qimage import to_qimage

logger = logging.getLogger(__name__)

_PNG, _FILES, _IMAGE = "image/png", "text/uri-list", "application/x-qt-image"


class DragFolder:
    """Where dragged pictures lie as files: made for the first one, gone when the program ends.

    Programs may read a file long after it was dropped.
    """

    def __init__(self) -> None:
        self._folder: QTemporaryDir | None = None

    def file(self, name: str) -> Path:
        """Return the path of a file of this name."""
        if self._folder is None:
            self._folder = QTemporaryDir()
        return Path(self._folder.path()) / name


class LayerDrag(QMimeData):
    """A trimmed PNG, also as a file in `folder`; both are made when a program asks for them, not before.

    Dragging begins with every change of the order in the list, and must not take the time of a PNG.
    """

    def __init__(self, document: Document, layer_id: str, folder: DragFolder) -> None:
        super().__init__()
        self._document = document
        self._layer_id = layer_id
        self._folder = folder
        self._picture: ClipboardPicture | None = None

    def formats(self) -> list[str]:
        """Return what is offered: what was put in as it is, and the picture in three ways."""
        return [*super().formats(), _PNG, _FILES, _IMAGE]

    def hasFormat(self, mimetype: str) -> bool:  # noqa: N802 - Qt calls it by this name
        """Return whether `mimetype` is offered."""
        return mimetype in self.formats()

    def retrieveData(self, mimetype: str, preferred: QMetaType | QMetaType.Type) -> object:  # noqa: N802 - Qt calls it by this name
        """Make what a program asks for; nothing, which it takes for a refusal, if the file cannot be written."""
        if mimetype not in (_PNG, _FILES, _IMAGE):
            return super().retrieveData(mimetype, preferred)
        try:
            return self._made(mimetype)
        except AppError as error:
            logger.warning("A dragged layer cannot be given away: %s", error)
            return None

    def _made(self, mimetype: str) -> object:
        if self._picture is None:
            self._picture = layer_picture_of(self._document, self._layer_id)
        if mimetype == _PNG:
            return QByteArray(self._picture.png)
        if mimetype == _IMAGE:
            return to_qimage(self._picture.pixels)
        name = file_stem(self._document.layer(self._layer_id).name)
        path = self._folder.file(f"{name}.png")
        with replacing(path) as temporary:
            temporary.write_bytes(self._picture.png)
        return [QUrl.fromLocalFile(str(path))]
