"""Pictures and files on the clipboard, and in what is dropped on the window."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QImage

from core.arrays import RgbaImage
from core.export.png import ClipboardPicture
from ui.qimage import from_qimage, to_qimage


def files_of(mime: QMimeData) -> tuple[Path, ...]:
    """Return the local files that are offered."""
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())


def has_picture(mime: QMimeData) -> bool:
    """Whether a picture or a local file is offered."""
    return mime.hasImage() or mime.hasFormat("image/png") or bool(files_of(mime))


def picture_of(mime: QMimeData) -> RgbaImage | None:
    """Return the picture that is offered as pixels, with its alpha; None if there is none."""
    image = QImage()
    # Qt's own hasImage goes through formats without alpha on some systems; PNG never loses it.
    if mime.hasFormat("image/png"):
        image = QImage.fromData(mime.data("image/png"))
    if image.isNull() and mime.hasImage():
        offered = mime.imageData()
        image = offered if isinstance(offered, QImage) else QImage(offered)
    return None if image.isNull() else from_qimage(image)


def to_mime(picture: ClipboardPicture) -> QMimeData:
    """Return a picture as other programs can paste it, alpha included."""
    mime = QMimeData()
    # Browsers and chats take the PNG; programs that know only bitmaps take the image.
    mime.setData("image/png", QByteArray(picture.png))
    mime.setImageData(to_qimage(picture.pixels))
    return mime
