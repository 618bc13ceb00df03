"""The small photo that sessions are tested on, and what the fakes find in it."""

from core.arrays import to_coverage
from core.geometry import Size
from core.prompt import PointPrompt, Prompt
from tests.fakes import make_candidates, make_detections

SIZE = Size(64, 48)
DOG, OTHER_DOG, WEAK_DOG = make_detections("dog", SIZE)


def disc(x, y, index=1):
    """Return the coverage that a committed click on a place gives."""
    return to_coverage(make_candidates(Prompt((PointPrompt(x, y),)), SIZE)[index].preview(SIZE))


def shown(session):
    """Return the boxes that words found and the threshold lets through."""
    return [find.detection for find in session.finds.shown]


def ticked(session):
    """Return those of them that are ticked."""
    return [find.detection for find in session.finds.shown if find.is_ticked]
