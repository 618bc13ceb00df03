"""From what a person points at to what a segmenter is asked."""

from core.correction import correcting
from core.detectors.filtering import DEFAULT_THRESHOLD
from core.geometry import Box, Size
from core.segment_request import BoxesWish, DetectWish, ModelChoice, PredictWish, QuestionsWish, SubjectWish, Wish
from core.texts import tr
from ui.prompt_history import Turn
from ui.prompt_recipe import questions_of

UNASKABLE = tr("Click or paint what belongs to the object, or drag a box around it")
"""What to do about exclude points and scribbles with nothing to exclude from."""


class UnaskableError(Exception):
    """A prompt that is no question yet; the message says what is missing."""


def to_wish(turn: Turn, size: Size, detector: ModelChoice) -> Wish:
    """Return what to ask for `turn` on a photo of `size`.

    Words ask for boxes first, and for masks when some of the boxes were chosen. Points, scribbles and a box refine
    what words or the subject found: the candidate on the screen is given back. Where only what does not belong is
    marked, it also lends its bounding box. What refines an answer that is not there any more is asked together with it.

    Raises
    ------
    UnaskableError
        If only what does not belong is marked, with nothing to exclude it from.
    """
    prompt = turn.prompt
    if turn.before is not None and turn.before.prediction is None:
        return QuestionsWish(questions_of(turn, detector, DEFAULT_THRESHOLD), detector)
    if prompt.has_include:
        return PredictWish(prompt.with_text(""), turn.previous)
    if prompt.has_marks:
        if turn.previous is None:
            raise UnaskableError(UNASKABLE)
        return PredictWish(correcting(prompt.with_text(""), turn.previous, size), turn.previous)
    if turn.boxes is not None:
        return BoxesWish(turn.boxes)
    if prompt.text:
        return DetectWish(prompt.text, detector)
    return SubjectWish()


def snapped_point(x: float, y: float, size: Size) -> tuple[float, float]:
    """Return the point, or the nearest one on the photo."""
    return min(max(x, 0.0), size.width - 0.5), min(max(y, 0.0), size.height - 0.5)


def snapped_box(box: Box, size: Size) -> Box | None:
    """Return the box in whole pixels, within the photo; None if it holds no pixel."""
    clipped = Box(round(box.x0), round(box.y0), round(box.x1), round(box.y1)).clipped(size)
    return clipped if clipped.width >= 1 and clipped.height >= 1 else None
