"""Strokes in the open prompt: asked, refined with points and boxes, and taken back one step at a time."""

import pytest

from core.geometry import Box
from core.prompt import PointPrompt
from core.scribble import Scribble
from core.segment_request import DetectWish, PredictWish
from tests.fakes import make_document
from tests.ui.session_photo import SIZE

BELONGS = Scribble(((10, 10), (30, 20)), 6)
NOT = Scribble(((50, 40), (60, 40)), 6, is_include=False)


def test_a_stroke_is_asked_and_shows_its_best_candidate(opened, service, settle):
    opened.add_scribble(BELONGS)
    assert opened.is_open
    settle()
    assert service.wishes(PredictWish)[0].prompt.scribbles == (BELONGS,)
    assert opened.candidate is opened.prediction.candidates[1]


def test_a_stroke_keeps_only_the_corners_that_matter(opened):
    opened.add_scribble(Scribble(tuple((x / 2, 12.0) for x in range(100)), 6))
    assert opened.prompt.scribbles == (Scribble(((0, 12), (49.5, 12)), 6),)


def test_a_stroke_beside_the_photo_changes_nothing(opened):
    opened.add_scribble(Scribble(((-9, 5), (-2, 40)), 6))
    assert not opened.is_open


def test_a_stroke_without_a_photo_does_nothing(session):
    session.add_scribble(BELONGS)
    assert not session.is_open


def test_strokes_points_and_a_box_refine_one_object(opened, service, settle):
    opened.add_point(20, 30)
    settle()
    shown = opened.candidate
    opened.add_scribble(NOT)
    settle()
    opened.set_box(Box(5, 5, 60, 45))
    settle()
    prompt = opened.prompt
    assert (prompt.points, prompt.scribbles, prompt.box) == ((PointPrompt(20, 30),), (NOT,), Box(5, 5, 60, 45))
    assert service.wishes(PredictWish)[1].previous is shown


def test_each_stroke_is_one_step_back_and_forth(opened, settle):
    for stroke in (BELONGS, NOT):
        opened.add_scribble(stroke)
        settle()
    counts = []
    while opened.undo_prompt():
        counts.append(len(opened.prompt.scribbles))
    while opened.redo_prompt():
        counts.append(len(opened.prompt.scribbles))
    assert counts == [1, 0, 1, 2]
    assert opened.prompt.scribbles == (BELONGS, NOT)


def test_taking_a_stroke_back_shows_the_answer_before_it_without_asking(opened, service, settle):
    opened.add_scribble(BELONGS)
    settle()
    before = opened.prediction
    opened.add_scribble(NOT)
    settle()
    opened.undo_prompt()
    assert opened.prediction is before
    assert service.counts()[PredictWish] == 2


def test_the_answer_to_a_stroke_that_was_taken_back_meanwhile_is_not_shown(opened, service, settle):
    opened.add_scribble(BELONGS)
    settle()
    first = opened.prediction
    gate = service.hold(PredictWish)
    opened.add_scribble(NOT)
    gate.wait_reached()
    opened.undo_prompt()
    gate.open()
    settle()
    assert opened.prediction is first
    assert opened.prompt.scribbles == (BELONGS,)


def test_a_newer_stroke_replaces_the_answer_that_is_still_computed(opened, service, settle):
    gate = service.hold(PredictWish)
    opened.add_scribble(BELONGS)
    gate.wait_reached()
    opened.add_scribble(NOT)
    previews = []
    opened.preview_changed.connect(lambda: previews.append(opened.prediction))
    gate.open()
    settle()
    assert len(previews) == 1
    assert service.wishes(PredictWish)[-1].prompt.scribbles == (BELONGS, NOT)


MARKS = {
    "point": lambda session: session.add_point(20, 30),
    "other point": lambda session: session.add_point(25, 30, is_include=False),
    "stroke": lambda session: session.add_scribble(BELONGS),
    "other stroke": lambda session: session.add_scribble(NOT),
    "box": lambda session: session.set_box(Box(5, 5, 60, 45)),
}


@pytest.mark.parametrize(
    "order",
    [
        ("point", "stroke", "other point", "other stroke"),
        ("stroke", "other stroke", "point", "other point"),
        ("stroke", "box", "point", "other stroke"),
    ],
    ids=" ".join,
)
def test_marks_are_taken_away_from_the_last_to_the_first_and_the_box_at_the_end(opened, order):
    prompts = []
    for name in order:
        prompts.append(opened.prompt.with_box(None))
        MARKS[name](opened)
    for name, before in zip(reversed(order), reversed(prompts), strict=True):
        if name != "box":
            opened.remove_last_mark()
            assert opened.prompt.with_box(None) == before
    assert opened.is_open == ("box" in order)
    opened.remove_last_mark()
    assert not opened.is_open


def test_the_last_mark_is_known_after_one_in_the_middle_was_taken_away(opened):
    opened.add_point(20, 30)
    opened.add_scribble(BELONGS)
    opened.add_point(25, 30)
    opened.remove_point(0)
    opened.remove_last_mark()
    assert (opened.prompt.points, opened.prompt.scribbles) == ((), (BELONGS,))


def test_a_stroke_is_taken_away_by_its_number(opened):
    opened.add_scribble(BELONGS)
    opened.add_scribble(NOT)
    opened.remove_scribble(0)
    assert opened.prompt.scribbles == (NOT,)


def test_a_stroke_over_what_does_not_belong_alone_says_what_is_missing(opened, service, settle):
    opened.add_scribble(NOT)
    settle()
    assert service.counts()[PredictWish] == 0
    assert "paint what belongs" in opened.state.text
    opened.add_scribble(BELONGS)
    settle()
    assert opened.candidate is not None


def test_a_stroke_takes_a_piece_away_from_the_subject(opened, service, settle):
    opened.find_subject()
    settle()
    subject = opened.candidate
    opened.add_scribble(NOT)
    settle()
    (wish,) = service.wishes(PredictWish)
    assert wish.previous is subject
    assert wish.prompt.scribbles == (NOT,)
    assert 0 < wish.prompt.box.width < SIZE.width
    assert opened.prompt.box is None


def test_boxes_that_words_found_make_way_for_a_stroke(found, service, settle):
    found.add_scribble(BELONGS)
    settle()
    assert (found.prompt.text, found.prompt.scribbles) == ("", (BELONGS,))
    assert not found.finds.is_choosing
    found.undo_prompt()
    assert found.finds.is_choosing


def test_a_stroke_refines_what_was_cut_out_by_words(found, service, settle):
    found.accept()
    settle()
    masks = found.candidate
    found.add_scribble(BELONGS)
    settle()
    (wish,) = service.wishes(PredictWish)
    assert wish.previous is masks
    assert wish.prompt.scribbles == (BELONGS,)
    assert wish.prompt.text == ""
    assert service.counts()[DetectWish] == 1


def test_a_stroke_during_a_commit_begins_another_object(opened, editor, service, settle):
    gate = service.hold(PredictWish)
    opened.add_scribble(BELONGS)
    opened.commit()
    opened.remove_scribble(0)
    opened.remove_last_mark()
    assert opened.prompt.scribbles == (BELONGS,)
    opened.add_scribble(NOT)
    assert opened.prompt.scribbles == (NOT,)
    gate.open()
    settle()
    assert editor.selection is not None


def test_another_photo_drops_the_strokes(opened, editor, settle):
    opened.add_scribble(BELONGS)
    editor.set_document(make_document(SIZE.width, SIZE.height, seed=1))
    settle()
    assert not opened.is_open
    assert not opened.can_undo_prompt
