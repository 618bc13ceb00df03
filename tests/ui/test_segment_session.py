"""The request cycle: what a click asks, which answers count, and how a prompt is taken back."""

import numpy as np
import pytest

from core.geometry import Box
from core.prompt import PointPrompt, Prompt
from core.segment_request import CommitWish, EmbedWish, PredictWish
from tests.fakes import make_document, make_pixels
from tests.ui.session_photo import disc
from ui.session_state import Phase


def test_opening_a_photo_gets_it_ready_before_the_first_click(opened, service):
    assert service.counts() == {EmbedWish: 1}
    assert opened.state.phase is Phase.IDLE
    assert not opened.is_open


def test_a_click_shows_its_best_candidate(opened, service, settle):
    opened.add_point(20, 30)
    assert opened.is_open
    settle()
    assert service.counts() == {EmbedWish: 1, PredictWish: 1}
    assert service.wishes(PredictWish)[0].prompt.points == (PointPrompt(20, 30),)
    assert len(opened.prediction.candidates) == 3
    assert opened.candidate is opened.prediction.candidates[1]


def test_segmenters_get_the_photo_in_rgb_and_its_key(opened, service, editor, settle):
    opened.add_point(20, 30)
    settle()
    layer = editor.document.active_layer
    np.testing.assert_array_equal(service.requests[-1].image, layer.pixels[..., :3])
    assert not service.requests[-1].image.flags.writeable
    assert {request.image_key for request in service.requests} == {service.requests[0].image_key}
    assert service.requests[0].image is service.requests[1].image


def test_a_click_while_the_photo_is_made_ready_is_kept_and_answered(editor, session, service, settle):
    gate = service.hold(EmbedWish)
    editor.set_document(make_document())
    gate.wait_reached()
    session.add_point(20, 30)
    assert session.state.phase is Phase.ENCODING
    assert session.prompt.points == (PointPrompt(20, 30),)
    gate.open()
    settle()
    assert session.candidate is not None
    assert service.counts() == {EmbedWish: 1, PredictWish: 1}


def test_of_several_clicks_while_the_photo_is_made_ready_only_the_last_prompt_is_asked(
    editor, session, service, settle
):
    gate = service.hold(EmbedWish)
    editor.set_document(make_document())
    gate.wait_reached()
    for x in (10, 20, 30):
        session.add_point(x, 30)
    gate.open()
    settle()
    assert [len(wish.prompt.points) for wish in service.wishes(PredictWish)] == [3]


def test_a_newer_click_replaces_the_answer_that_is_still_computed(opened, service, settle):
    gate = service.hold(PredictWish)
    opened.add_point(10, 10)
    gate.wait_reached()
    opened.add_point(40, 30)
    previews = []
    opened.preview_changed.connect(lambda: previews.append(opened.prediction))
    gate.open()
    settle()
    assert len(previews) == 1
    assert service.wishes(PredictWish)[1].prompt.points == (PointPrompt(10, 10), PointPrompt(40, 30))


def test_an_answer_about_a_photo_that_is_gone_is_dropped(opened, service, editor, settle):
    gate = service.hold(PredictWish)
    opened.add_point(10, 10)
    gate.wait_reached()
    editor.set_document(make_document(seed=1))
    gate.open()
    settle()
    assert opened.prediction is None
    assert not opened.is_open
    assert service.counts()[EmbedWish] == 2


def test_an_open_prompt_is_asked_again_when_the_pixels_under_it_change(opened, service, editor, settle):
    opened.add_point(10, 10)
    settle()
    editor.add_layer(make_pixels(16, 16, seed=2), "Pasted")
    settle()
    assert [len({request.image_key for request in service.requests}), service.counts()[PredictWish]] == [2, 2]
    assert service.wishes(PredictWish)[1].previous is None


def test_a_change_that_leaves_the_photo_as_it_is_asks_nothing(opened, service, editor, settle):
    editor.rename_layer(editor.document.active_layer_id, "Lemur")
    editor.set_selection(disc(20, 20))
    editor.layer_from_selection()
    editor.remove_background(disc(20, 20))
    settle()
    assert service.counts() == {EmbedWish: 1}


def test_the_candidate_on_the_screen_refines_the_next_click_and_only_that(opened, service, settle):
    opened.add_point(20, 30)
    settle()
    opened.choose_candidate(2)
    looked_at = opened.candidate
    opened.add_point(25, 30, is_include=False)
    settle()
    opened.move_point(0, 21, 30)
    settle()
    assert [wish.previous for wish in service.wishes(PredictWish)] == [None, looked_at, None]


def test_the_old_preview_stays_until_the_new_answer_is_there(opened, service, settle):
    opened.add_point(20, 30)
    settle()
    before = opened.prediction
    gate = service.hold(PredictWish)
    opened.add_point(25, 30)
    gate.wait_reached()
    assert opened.prediction is before
    gate.open()
    settle()
    assert opened.prediction is not before


def test_candidates_are_cycled_around_both_ways(opened, settle):
    opened.add_point(20, 30)
    settle()
    seen = []
    for step in (1, 1, -1, -1, -1):
        opened.cycle_candidate(step)
        seen.append(opened.candidate_index)
    assert seen == [2, 0, 2, 1, 0]


def test_cycling_without_an_answer_and_choosing_what_is_not_there_change_nothing(opened, settle):
    opened.cycle_candidate()
    opened.add_point(20, 30)
    settle()
    opened.choose_candidate(3)
    assert opened.candidate_index == 1


def test_points_outside_count_at_the_nearest_place_on_the_photo(opened, settle):
    opened.add_point(-5, 1000)
    assert opened.prompt.points == (PointPrompt(0, 47.5),)
    opened.move_point(0, 1000, -5)
    assert opened.prompt.points == (PointPrompt(63.5, 0),)
    settle()


@pytest.mark.parametrize(
    "corners", [(10.4, 8.6, 30.2, 40.1), (30.2, 40.1, 10.4, 8.6), (10.4, 40.1, 30.2, 8.6), (30.2, 8.6, 10.4, 40.1)]
)
def test_a_box_is_the_same_in_all_four_directions_and_snapped_to_pixels(opened, service, settle, corners):
    opened.set_box(Box.from_corners(*corners))
    settle()
    assert service.wishes(PredictWish)[0].prompt.box == Box(10, 9, 30, 40)


def test_a_box_that_holds_no_pixel_changes_nothing(opened, service):
    opened.set_box(Box(10, 10, 10.3, 40))
    opened.set_box(Box(100, 10, 120, 40))
    assert not opened.is_open
    assert service.counts()[PredictWish] == 0


def test_backspace_takes_the_last_point_and_then_the_box(opened, settle):
    opened.set_box(Box(10, 10, 30, 30))
    opened.add_point(20, 20)
    opened.remove_last_mark()
    assert opened.prompt == Prompt(box=Box(10, 10, 30, 30))
    opened.remove_last_mark()
    assert not opened.is_open
    opened.remove_last_mark()
    settle()
    assert opened.prediction is None


def test_exclude_points_alone_ask_nothing_and_say_what_is_missing(opened, service):
    opened.add_point(20, 30, is_include=False)
    assert opened.is_open
    assert "belongs" in opened.state.text
    assert service.counts()[PredictWish] == 0


def test_committing_exclude_points_alone_fails_with_what_is_missing_and_keeps_them(opened, qtbot, service):
    opened.add_point(20, 30, is_include=False)
    with qtbot.waitSignal(opened.failed) as failed:
        opened.commit()
    assert "belongs" in str(failed.args[0])
    assert opened.is_open
    assert service.counts()[CommitWish] == 0


# --- undo and redo of the prompt ---


def test_undo_takes_back_one_gesture_and_shows_its_answer_without_asking_again(opened, service, settle):
    opened.add_point(20, 30)
    settle()
    first = opened.prediction
    opened.add_point(40, 30)
    settle()
    assert opened.undo_prompt()
    assert (opened.prompt.points, opened.prediction) == ((PointPrompt(20, 30),), first)
    assert opened.redo_prompt()
    assert len(opened.prompt.points) == 2
    assert service.counts()[PredictWish] == 2


def test_undo_down_to_nothing_closes_the_prompt_and_redo_opens_it_again(opened, settle):
    opened.add_point(20, 30)
    settle()
    assert opened.undo_prompt()
    assert not opened.is_open
    assert opened.prediction is None
    assert not opened.undo_prompt()
    assert opened.redo_prompt()
    assert opened.candidate is not None
    assert not opened.redo_prompt()


def test_undo_before_the_answer_withdraws_the_question_and_redo_asks_it_again(opened, service, settle):
    gate = service.hold(PredictWish)
    opened.add_point(20, 30)
    gate.wait_reached()
    opened.undo_prompt()
    gate.open()
    settle()
    assert opened.prediction is None
    opened.redo_prompt()
    settle()
    assert opened.prediction is not None


def test_after_the_commit_undo_is_the_editors_and_takes_the_whole_selection(opened, editor, settle):
    opened.add_point(20, 30)
    opened.add_point(25, 30)
    opened.commit()
    settle()
    assert not opened.undo_prompt()
    assert editor.undo_title == "Select object"
    editor.undo()
    assert editor.selection is None
    assert editor.undo_title is None


def test_an_emptied_prompt_does_not_come_back_once_the_document_was_changed(opened, editor, settle):
    opened.add_point(20, 30)
    opened.remove_last_mark()
    editor.select_all()
    assert not opened.undo_prompt()
    assert not opened.redo_prompt()
    settle()
