"""The readings of a prompt as a person sees them: their names, scores and small pictures."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QPixmap

from core.segmenter import Candidate, Prediction
from core.texts import tr
from core.thumbnails import candidate_thumbnails
from ui.editor import Editor
from ui.photo_preview import PhotoPreview
from ui.qimage import to_qimage

MOST_CANDIDATES = 3
PICTURE_SIDE = 44
"""Of a picture as it is made, in logical pixels; it may be shown smaller."""

_NAMES = {1: (tr("Object"),), 2: (tr("Smaller"), tr("Larger")), 3: (tr("Part"), tr("Object"), tr("Whole"))}


def candidate_names(count: int) -> tuple[str, ...]:
    """Return what `count` readings of one prompt are called, the smallest first."""
    return _NAMES.get(count, ())


def score_text(candidate: Candidate) -> str:
    """Return the segmenter's own estimate in percent."""
    return f"{round(100 * candidate.score)} %"


class CandidatePictures(QObject):
    """Square pictures of what each candidate means, made once a prediction however many places show them."""

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preview = PhotoPreview(editor, self)
        self._made: tuple[Prediction, float, tuple[QPixmap, ...]] | None = None

    def of(self, prediction: Prediction, pixel_ratio: float) -> tuple[QPixmap, ...]:
        """Return the pictures, the smallest reading first; none without a document."""
        if self._made is None or self._made[0] is not prediction or self._made[1] != pixel_ratio:
            self._made = prediction, pixel_ratio, self._make(prediction, pixel_ratio)
        return self._made[2]

    def _make(self, prediction: Prediction, pixel_ratio: float) -> tuple[QPixmap, ...]:
        photo = self._preview.image
        if photo is None:
            return ()
        side = round(PICTURE_SIDE * pixel_ratio)
        pictures = candidate_thumbnails(photo, prediction.candidates[:MOST_CANDIDATES], side)
        return tuple(QPixmap.fromImage(to_qimage(picture)) for picture in pictures)
