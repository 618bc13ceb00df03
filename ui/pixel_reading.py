"""What is under the pointer: the colour that the photo shows there."""

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QObject, Signal, Slot

from core.color import to_srgb
from core.compositor import composite
from core.document import Document
from core.geometry import Rect
from core.texts import tr
from ui.canvas import Canvas
from ui.editor import Editor


@dataclass(frozen=True, slots=True)
class Pixel:
    """A colour in sRGB, with straight alpha; all in ``0 .. 255``."""

    red: int
    green: int
    blue: int
    alpha: int

    @property
    def text(self) -> str:
        """The colour as ``#rrggbb``, with the alpha in percent unless it is opaque."""
        if self.alpha == 0:
            return tr("transparent")
        color = f"#{self.red:02x}{self.green:02x}{self.blue:02x}"
        return color if self.alpha == 255 else f"{color} {100 * self.alpha / 255:.0f} %"


def pixel_at(document: Document, x: float, y: float) -> Pixel | None:
    """Return what the document shows at a point in photo pixels; None beside the photo."""
    place = Rect(floor(x), floor(y), 1, 1)
    if place.clipped(document.size).is_empty:
        return None
    shown = to_srgb(composite(document, place), document.icc_profile)
    return Pixel(*(int(channel) for channel in shown[0, 0]))


class PixelReading(QObject):
    """Follows the pointer, and the photo under it."""

    changed = Signal(object)  # Pixel, or None

    def __init__(self, editor: Editor, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._place: tuple[int, int] | None = None
        self._pixel: Pixel | None = None
        canvas.pointer_moved.connect(self._on_pointer_moved)
        editor.pixels_changed.connect(self._on_pixels_changed)
        editor.document_replaced.connect(self._read)

    @Slot(object)
    def _on_pointer_moved(self, position: tuple[float, float] | None) -> None:
        place = None if position is None else (floor(position[0]), floor(position[1]))
        if place != self._place:
            self._place = place
            self._read()

    @Slot(object)
    def _on_pixels_changed(self, rect: Rect) -> None:
        if self._place is not None and not rect.intersect(Rect(*self._place, 1, 1)).is_empty:
            self._read()

    @Slot()
    def _read(self) -> None:
        document = self._editor.document
        pixel = None if document is None or self._place is None else pixel_at(document, *self._place)
        if pixel != self._pixel:
            self._pixel = pixel
            self.changed.emit(pixel)
