"""The frame that a crop would leave: shared by the tool that drags it and the bar that tells of it."""

from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from core import geometry_edits
from core.framing import dragged, moved, to_pixels, whole_frame, with_ratio
from core.geometry import Box, Rect, Size
from ui.after_commit import AfterCommit
from ui.editor import Editor
from ui.frame_edits import change_frame


class Aspect(StrEnum):
    """How width and height of the frame belong together."""

    FREE = "free"
    ORIGINAL = "original"
    SQUARE = "1:1"
    FOUR_THREE = "4:3"
    THREE_FOUR = "3:4"
    SIXTEEN_NINE = "16:9"
    NINE_SIXTEEN = "9:16"

    def ratio_in(self, size: Size) -> float | None:
        """Return width over height, in a picture of `size`; None if both are free."""
        if self is Aspect.FREE:
            return None
        if self is Aspect.ORIGINAL:
            return size.width / size.height
        width, height = self.value.split(":")
        return int(width) / int(height)


class CropFrame(QObject):
    """Lies around the whole picture until it is dragged; another frame of the document starts it anew."""

    changed = Signal()

    def __init__(self, editor: Editor, after_commit: AfterCommit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._after_commit = after_commit
        self._box: Box | None = None
        self._past: list[Box] = []
        self.aspect = Aspect.FREE
        editor.document_replaced.connect(self.reset)
        editor.reframed.connect(self.reset)

    @property
    def size(self) -> Size | None:
        """The picture's size; None without a document."""
        return None if self._editor.document is None else self._editor.document.size

    @property
    def box(self) -> Box | None:
        """Where the frame lies."""
        return self._box

    @property
    def rect(self) -> Rect | None:
        """The whole pixels that a crop would leave."""
        return None if self._box is None or self.size is None else to_pixels(self._box, self.size)

    @property
    def is_whole(self) -> bool:
        """Whether a crop would change nothing."""
        return self.size is None or self.rect == Rect.of_size(self.size)

    @property
    def is_untouched(self) -> bool:
        """Whether the frame lies as :meth:`reset` puts it."""
        return self._box == self._first

    @property
    def can_undo(self) -> bool:
        """Whether the frame has lain elsewhere, since :meth:`reset`."""
        return bool(self._past)

    def undo(self) -> None:
        """Lie where the frame lay before, if it did."""
        if self._past:
            self._become(self._past.pop())

    def remember(self, box: Box | None) -> None:
        """Let :meth:`undo` lead back to where the frame lay before a gesture."""
        if box is not None and box != self._box:
            self._past.append(box)
            self.changed.emit()

    @Slot()
    def reset(self) -> None:
        """Lie around the whole picture; with a ratio, as much of it as has that."""
        self._past.clear()
        self._become(self._first)

    def set_aspect(self, aspect: Aspect) -> None:
        """Let width and height belong together otherwise."""
        self.aspect = aspect
        before = self._box
        if before is not None and self.size is not None:
            self._become(with_ratio(before, aspect.ratio_in(self.size)))
            self.remember(before)

    def drag(self, start: Box, grip: tuple[float, float], to: tuple[float, float]) -> None:
        """Drag a grip of the frame as it was at the start of the gesture."""
        if self.size is not None:
            self._become(dragged(start, grip, to, self.size, self.aspect.ratio_in(self.size)))

    def move(self, start: Box, dx: float, dy: float) -> None:
        """Move the frame as it was at the start of the gesture."""
        if self.size is not None:
            self._become(moved(start, dx, dy, self.size))

    def show(self, box: Box | None) -> None:
        """Lie here, as before a gesture that was given up."""
        self._become(box)

    @Slot()
    def apply(self) -> None:
        """Crop."""
        rect = self.rect
        if rect is not None:
            change_frame(self._editor, self._after_commit, lambda document: geometry_edits.crop(document, rect))

    @property
    def _first(self) -> Box | None:
        size = self.size
        return None if size is None else with_ratio(whole_frame(size), self.aspect.ratio_in(size))

    def _become(self, box: Box | None) -> None:
        if box != self._box:
            self._box = box
            self.changed.emit()
