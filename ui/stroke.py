"""A brush stroke while the button is down."""

from PySide6.QtCore import QObject, Signal

from core.arrays import Coverage
from core.brush import BrushPlace, BrushStroke, CurvedStroke
from core.geometry import Rect
from core.recipe import StrokeStep


class Stroke(QObject):
    """Paints on a private copy of coverage until it is finished or cancelled; made by ``Editor.begin_stroke``.

    `corner` is where the coverage's first pixel lies in the document; points and rectangles are the document's.
    """

    moved = Signal(object)  # Rect that was painted
    ended = Signal(bool)  # whether to keep it

    def __init__(
        self,
        coverage: Coverage,
        is_erase: bool,
        diameter: float,
        hardness: float,
        opacity: float,
        parent: QObject,
        corner: tuple[int, int] = (0, 0),
    ) -> None:
        super().__init__(parent)
        self.coverage = coverage
        self.is_erase = is_erase
        self._brush = CurvedStroke(BrushStroke(coverage, is_erase, diameter, hardness, opacity))
        self._settings = diameter, hardness, is_erase, opacity
        self._places: list[BrushPlace] = []
        self._corner = corner
        self._is_over = False

    @property
    def rect(self) -> Rect:
        """All pixels painted so far."""
        return self._brush.rect.moved(*self._corner)

    @property
    def step(self) -> StrokeStep:
        """What was painted so far, as a step of a recipe."""
        path = tuple((place.x, place.y) for place in self._places)
        pressures = tuple(place.pressure for place in self._places)
        return StrokeStep(path, *self._settings, () if set(pressures) <= {1.0} else pressures)

    @property
    def is_over(self) -> bool:
        """Whether the stroke was finished or cancelled, by whoever held it or because something else was done."""
        return self._is_over

    def move_to(self, x: float, y: float, pressure: float = 1.0) -> Rect:
        """Paint on to a point in image pixels, also outside of the image; return the pixels that may have changed.

        `pressure`, in [0, 1], is the brush's width there as a share of its diameter. The first point paints a dot.
        After the stroke's end nothing is painted any more.
        """
        if self._is_over:
            return Rect(0, 0, 0, 0)
        left, top = self._corner
        self._places.append(BrushPlace(x, y, pressure))
        rect = self._brush.move_to(x - left, y - top, pressure).moved(left, top)
        if not rect.is_empty:
            self.moved.emit(rect)
        return rect

    def finish(self) -> None:
        """Make the stroke one undo step."""
        self._end(is_kept=True)

    def cancel(self) -> None:
        """Take the stroke back as if it had not been."""
        self._end(is_kept=False)

    def _end(self, is_kept: bool) -> None:
        if not self._is_over:
            self._is_over = True
            self.ended.emit(is_kept)
