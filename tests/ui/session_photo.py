"""The small photo that sessions are tested on, and what the fake segmenter finds in it."""

from core.arrays import to_coverage
from core.geometry import Size
from core.prompt import PointPrompt, Prompt
from tests.fakes import make_candidates

SIZE = Size(64, 48)


def disc(x, y, index=1):
    """Return the coverage that a committed click on a place gives."""
    return to_coverage(make_candidates(Prompt((PointPrompt(x, y),)), SIZE)[index].preview(SIZE))
