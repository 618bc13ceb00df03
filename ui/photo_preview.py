"""A small picture of what prompts are about, in sRGB, made again only when it changes."""

from PySide6.QtCore import QObject, Slot

from core.arrays import RgbaImage, RgbImage
from core.compositor import composite_layers
from core.cut_source import CutSource
from core.document import Document
from core.thumbnails import shrunk
from ui.editor import Editor

_LONGEST = 512


class PhotoPreview(QObject):
    """Made when it is first asked for."""

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._image: RgbImage | None = None
        editor.document_replaced.connect(self._forget)
        editor.layers_changed.connect(self._forget)

    @property
    def image(self) -> RgbImage | None:
        """``(h, w, 3)`` without transparency; None without a document."""
        from core.color import to_srgb

        document = self._editor.document
        if document is None:
            self._image = None
        elif self._image is None:
            small = shrunk(_source_pixels(document), _LONGEST)
            self._image = to_srgb(small, document.icc_profile)[..., :3]
        return self._image

    @Slot()
    def _forget(self) -> None:
        self._image = None


def _source_pixels(document: Document) -> RgbaImage:
    if not document.has_visible_layer:
        return composite_layers((), document.rect)
    layers = CutSource.of(document).layers
    if len(layers) == 1 and layers[0].rect == document.rect:
        return layers[0].pixels  # a photo is cut from without its mask
    return composite_layers(layers, document.rect, document.groups)
