"""Marks about an answer that did not come from marks."""

import numpy as np

from core.correction import correcting, steps_of
from core.geometry import Box, Rect, Size
from core.prompt import PointPrompt, Prompt
from core.scribble import Scribble
from core.segmenter import Candidate


def block(rect: Rect, size: Size) -> Candidate:
    logits = np.full(size.shape, -5, np.float32)
    logits[rect.slices] = 5
    return Candidate(logits, (float(size.width), float(size.height)), 0.9)


def test_an_answer_lends_its_box_to_what_only_takes_away() -> None:
    size, prompt = Size(100, 80), Prompt().with_point(30, 30, is_include=False)
    shown = block(Rect(20, 10, 30, 40), size)
    assert correcting(prompt, shown, size) == prompt.with_box(Box(20, 10, 50, 50))
    adding = prompt.with_point(60, 60)
    assert correcting(adding, shown, size) == adding


def test_a_speck_on_a_huge_photo_lends_a_box_that_holds_it() -> None:
    grid, size = Size(1000, 750), Size(8000, 6000)
    logits = np.full(grid.shape, -8, np.float32)
    logits[301, 401] = 0.5
    speck = Candidate(logits, (1000.0, 750.0), 0.9)
    assert not speck.preview(size.fitted(512)).any()
    lent = correcting(Prompt().with_point(3212, 2412, is_include=False), speck, size).checked(size).box
    assert lent is not None
    assert lent.contains(3212, 2412)
    assert lent.width < 40


def test_a_correction_is_made_mark_by_mark_strokes_first() -> None:
    first, second = PointPrompt(1, 2), PointPrompt(3, 4, is_include=False)
    stroke = Scribble(((5, 6),), 4)
    steps = list(steps_of(Prompt((first, second), scribbles=(stroke,))))
    assert [(len(step.scribbles), step.points) for step in steps] == [(1, ()), (1, (first,)), (1, (first, second))]
    assert list(steps_of(Prompt())) == []
