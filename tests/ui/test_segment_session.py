"""The request cycle: what a click asks, which answers count, and what becomes of them."""

from dataclasses import replace

import numpy as np
import pytest

from core.arrays import to_coverage
from core.device import CPU_ONLY
from core.errors import ModelUnavailableError, NothingFoundError, SegmentationError
from core.geometry import Box, Size
from core.mask_ops import SelectionMode
from core.prompt import PointPrompt, Prompt
from core.segment_request import CommitWish, Edge, EmbedWish, ModelChoice, PredictWish, SubjectWish, TextWish
from tests.fakes import FakeService, make_candidates, make_document, make_pixels, worker_factory
from ui.editor import Editor
from ui.segment_session import SegmentSession
from ui.session_state import Phase

SIZE = Size(64, 48)


@pytest.fixture
def service():
    return FakeService()


@pytest.fixture
def editor(qapp):
    return Editor()


@pytest.fixture
def session(editor, service):
    session = SegmentSession(editor, worker_factory(service), title_of=lambda choice: choice.name or "Fake")
    yield session
    for gate in service.gates.values():
        gate.open()
    assert session.shutdown()


@pytest.fixture
def settle(qtbot, session):
    return lambda: qtbot.waitUntil(lambda: not session.state.is_busy)


@pytest.fixture
def opened(editor, session, settle):
    editor.set_document(make_document(SIZE.width, SIZE.height))
    settle()
    return session


def disc(x, y, index=1):
    return to_coverage(make_candidates(Prompt((PointPrompt(x, y),)), SIZE)[index].preview(SIZE))


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
    opened.remove_last_point()
    assert opened.prompt == Prompt(box=Box(10, 10, 30, 30))
    opened.remove_last_point()
    assert not opened.is_open
    opened.remove_last_point()
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
    opened.remove_last_point()
    editor.select_all()
    assert not opened.undo_prompt()
    assert not opened.redo_prompt()
    settle()


# --- commit ---


def test_enter_makes_the_candidate_the_selection(opened, editor, service, settle):
    opened.set_edge(Edge.MATTE)
    opened.add_point(20, 30)
    settle()
    opened.cycle_candidate()
    opened.commit()
    assert opened.state.phase is Phase.COMMITTING
    assert opened.is_open
    settle()
    np.testing.assert_array_equal(editor.selection, disc(20, 30, index=2))
    assert service.wishes(CommitWish)[0].edge is Edge.MATTE
    assert not opened.is_open
    assert opened.prediction is None


def test_enter_before_the_answer_commits_as_soon_as_it_is_there(opened, editor, service, settle):
    gate = service.hold(PredictWish)
    opened.add_point(20, 30)
    gate.wait_reached()
    opened.commit()
    opened.commit()
    gate.open()
    settle()
    np.testing.assert_array_equal(editor.selection, disc(20, 30))
    assert service.counts()[CommitWish] == 1
    assert not opened.is_open


def test_enter_while_the_photo_is_made_ready_is_kept_too(editor, session, service, settle):
    gate = service.hold(EmbedWish)
    editor.set_document(make_document(SIZE.width, SIZE.height))
    gate.wait_reached()
    session.add_point(20, 30)
    session.commit()
    gate.open()
    settle()
    np.testing.assert_array_equal(editor.selection, disc(20, 30))


def test_a_commit_is_told_when_the_selection_is_there_and_dropping_is_none(opened, editor, qtbot):
    opened.add_point(20, 30)
    opened.commit()
    with qtbot.assertNotEmitted(opened.committed):
        opened.drop()
    opened.add_point(20, 30)
    with qtbot.waitSignal(opened.committed):
        opened.commit()
    assert editor.selection is not None
    assert not opened.is_open


def test_enter_without_a_prompt_does_nothing(opened, service, settle):
    opened.commit()
    settle()
    assert service.counts() == {EmbedWish: 1}


def test_a_click_during_the_commit_starts_a_new_prompt_and_the_commit_goes_on(opened, editor, service, settle):
    opened.add_point(20, 30)
    settle()
    gate = service.hold(CommitWish)
    opened.commit()
    gate.wait_reached()
    opened.add_point(50, 10)
    assert opened.prompt.points == (PointPrompt(50, 10),)
    gate.open()
    settle()
    np.testing.assert_array_equal(editor.selection, disc(20, 30))
    assert opened.is_open
    assert opened.candidate is not None
    assert service.wishes(PredictWish)[1].previous is None


def test_shift_click_commits_the_open_object_and_adds_the_next_one(opened, editor, settle):
    opened.add_point(20, 30)
    opened.begin_object(SelectionMode.ADD)
    opened.add_point(50, 10)
    assert opened.mode is SelectionMode.ADD
    opened.commit()
    settle()
    np.testing.assert_array_equal(editor.selection, np.maximum(disc(20, 30), disc(50, 10)))
    assert opened.mode is SelectionMode.NEW


def test_commits_take_effect_in_the_order_in_which_they_were_made(opened, editor, service, settle):
    gate = service.hold(PredictWish)
    for x, mode in ((20, SelectionMode.NEW), (50, SelectionMode.ADD), (20, SelectionMode.SUBTRACT)):
        opened.begin_object(mode)
        opened.add_point(x, 24)
    opened.commit()
    gate.open()
    settle()
    expected = np.minimum(np.maximum(disc(20, 24), disc(50, 24)), ~disc(20, 24))
    np.testing.assert_array_equal(editor.selection, expected)


def test_the_mode_of_the_tool_bar_stays_and_counts_when_the_commit_is_made(opened, editor, settle):
    editor.set_selection(disc(50, 10))
    opened.set_mode(SelectionMode.INTERSECT)
    opened.add_point(48, 10)
    opened.commit()
    opened.set_mode(SelectionMode.ADD)
    settle()
    np.testing.assert_array_equal(editor.selection, np.minimum(disc(50, 10), disc(48, 10)))
    assert opened.mode is SelectionMode.ADD


def test_a_change_of_the_mode_is_told_once_and_only_if_it_is_one(opened, settle):
    modes = []
    opened.mode_changed.connect(lambda: modes.append(opened.mode))
    opened.set_mode(SelectionMode.NEW)
    opened.set_mode(SelectionMode.ADD)
    opened.begin_object(SelectionMode.INTERSECT)
    opened.add_point(20, 24)
    opened.drop()
    assert modes == [SelectionMode.ADD, SelectionMode.INTERSECT, SelectionMode.ADD]


def test_it_is_known_what_can_be_taken_back_and_done_again(opened, editor, service, settle):
    assert (opened.can_undo_prompt, opened.can_redo_prompt) == (False, False)
    opened.add_point(20, 24)
    assert (opened.can_undo_prompt, opened.can_redo_prompt) == (True, False)
    opened.undo_prompt()
    assert (opened.can_undo_prompt, opened.can_redo_prompt) == (False, True)
    editor.select_all()
    assert not opened.can_redo_prompt, "undo and redo mean the document now"
    opened.add_point(20, 24)
    settle()
    gate = service.hold(CommitWish)
    opened.commit()
    assert (opened.can_undo_prompt, opened.can_redo_prompt) == (True, False)
    gate.open()
    settle()
    assert (opened.can_undo_prompt, opened.can_redo_prompt) == (False, False)


def test_undo_during_the_commit_takes_the_commit_back(opened, editor, service, settle):
    opened.add_point(20, 30)
    settle()
    gate = service.hold(CommitWish)
    opened.commit()
    gate.wait_reached()
    assert opened.undo_prompt()
    gate.open()
    settle()
    assert editor.selection is None
    assert opened.prompt.points == (PointPrompt(20, 30),)
    opened.commit()
    settle()
    assert editor.selection is not None


def test_a_commit_survives_a_switch_of_the_model(opened, editor, service, settle):
    opened.add_point(20, 30)
    settle()
    gate = service.hold(CommitWish)
    opened.commit()
    gate.wait_reached()
    opened.set_choice(ModelChoice("other"))
    gate.open()
    settle()
    assert editor.selection is not None
    assert not opened.is_open


# --- dropping and cancelling ---


def test_escape_drops_the_prompt_and_what_was_asked(opened, editor, service, settle):
    gate = service.hold(PredictWish)
    opened.add_point(20, 30)
    gate.wait_reached()
    opened.commit()
    opened.drop()
    gate.open()
    settle()
    assert not opened.is_open
    assert opened.prediction is None
    assert editor.selection is None
    assert not opened.undo_prompt()


def test_cancelling_stops_the_work_and_keeps_the_prompt(opened, service, settle):
    gate = service.hold(PredictWish)
    opened.add_point(20, 30)
    gate.wait_reached()
    opened.cancel()
    assert not opened.state.is_busy
    assert opened.is_open
    gate.open()
    opened.commit()
    settle()
    assert not opened.is_open


def test_a_withdrawn_answer_never_arrives_even_if_it_was_computed(opened, qtbot, service):
    gate = service.hold(PredictWish)
    opened.add_point(20, 30)
    gate.wait_reached()
    opened.drop()
    opened.add_point(40, 30)
    gate.open()
    with qtbot.waitSignal(opened.preview_changed):
        pass
    assert opened.prompt.points == (PointPrompt(40, 30),)


# --- subject, words, models ---


def test_the_subject_is_shown_and_waits_for_enter(opened, editor, service, settle):
    opened.find_subject()
    settle()
    assert service.counts()[SubjectWish] == 1
    assert opened.is_open
    opened.commit()
    settle()
    assert editor.selection is not None


def test_the_background_of_the_found_subject_is_removed_in_one_step(opened, editor, settle):
    opened.add_point(20, 30)
    opened.find_subject(then_remove_background=True)
    settle()
    assert editor.undo_title == "Remove background"
    np.testing.assert_array_equal(editor.document.active_layer.mask, disc(32, 24))
    assert editor.selection is None
    assert not opened.is_open
    editor.undo()
    assert editor.document.active_layer.mask is None


def test_an_exclude_click_takes_a_piece_away_from_the_subject(opened, service, settle):
    opened.find_subject()
    settle()
    subject = opened.candidate
    opened.add_point(30, 24, is_include=False)
    settle()
    wish = service.wishes(PredictWish)[0]
    assert wish.previous is subject
    assert wish.prompt.box.contains(32, 24)
    assert wish.prompt.box.width < SIZE.width
    assert opened.prompt.box is None


def test_words_go_to_the_detector_with_the_threshold(opened, service, settle):
    opened.set_detector(ModelChoice("owlv2"))
    opened.ask_text("  a cat ")
    settle()
    wish = service.wishes(TextWish)[0]
    assert (wish.text, wish.detector, wish.threshold) == ("a cat", ModelChoice("owlv2"), opened.threshold)
    opened.set_threshold(0.4)
    settle()
    assert service.wishes(TextWish)[1].threshold == 0.4


def test_another_threshold_leaves_a_prompt_of_points_alone(opened, service, settle):
    opened.add_point(20, 30)
    settle()
    opened.set_threshold(0.4)
    settle()
    assert service.counts()[PredictWish] == 1


def test_no_words_ask_nothing(opened, service):
    opened.ask_text("   ")
    assert not opened.is_open


def test_another_model_asks_the_open_prompt_again(opened, service, settle):
    opened.add_point(20, 30)
    settle()
    opened.set_choice(ModelChoice("other"))
    assert opened.state.model_title == "other"
    assert opened.state.device_choice is None
    settle()
    assert service.counts() == {EmbedWish: 2, PredictWish: 2}
    assert service.requests[-1].choice == ModelChoice("other")


def test_another_model_makes_the_photo_ready_when_no_prompt_is_open(opened, service, settle):
    opened.set_choice(ModelChoice("other"))
    settle()
    assert service.counts() == {EmbedWish: 2}


def test_getting_ready_again_does_nothing_when_it_is_done(opened, service, settle):
    opened.prefetch()
    settle()
    assert service.counts() == {EmbedWish: 1}


# --- state and failures ---


def test_the_state_says_where_and_how_fast_it_was_computed(opened, settle):
    opened.add_point(20, 30)
    settle()
    opened.commit()
    settle()
    state = opened.state
    assert state.device_choice == CPU_ONLY
    assert {"encode", "decode", "refine", "click"} <= state.seconds.keys()
    assert state.seconds["encode"] == 0.25
    assert 0 < state.seconds["click"] < 10


def test_what_the_service_reports_is_shown(opened, qtbot, service):
    gate = service.hold(PredictWish)
    opened.add_point(20, 30)
    qtbot.waitUntil(lambda: opened.state.text == "Working on PredictWish")
    assert opened.state.phase is Phase.DECODING
    gate.open()


def test_a_failure_names_what_to_do_keeps_the_prompt_and_the_next_click_tries_again(opened, qtbot, service, settle):
    service.errors[PredictWish] = SegmentationError("The model failed. Try another one.")
    with qtbot.waitSignal(opened.failed) as failed:
        opened.add_point(20, 30)
    assert failed.args == [service.errors[PredictWish]]
    assert (opened.state.phase, opened.state.text) == (Phase.FAILED, "The model failed. Try another one.")
    assert opened.is_open
    service.errors.clear()
    opened.add_point(25, 30)
    settle()
    assert opened.state.phase is Phase.IDLE
    assert opened.candidate is not None


def test_nothing_found_takes_the_old_preview_away(opened, qtbot, service, settle):
    opened.add_point(20, 30)
    settle()
    service.errors[TextWish] = NothingFoundError("Nothing found that looks like a zebra.")
    with qtbot.waitSignal(opened.failed):
        opened.ask_text("zebra")
    assert opened.prediction is None


def test_a_missing_model_fails_a_waiting_click_once_and_with_its_reason(editor, session, qtbot, service):
    gate = service.hold(EmbedWish)
    service.errors[EmbedWish] = ModelUnavailableError("No weights. Download them, or use classic.")
    failures = []
    session.failed.connect(failures.append)
    editor.set_document(make_document())
    gate.wait_reached()
    session.add_point(20, 30)
    gate.open()
    qtbot.waitUntil(lambda: session.state.phase is Phase.FAILED)
    assert failures == [service.errors[EmbedWish]]
    assert session.prediction is None


def test_failing_to_get_a_photo_ready_is_shown_but_disturbs_nobody(editor, session, qtbot, service):
    service.errors[EmbedWish] = ModelUnavailableError("No weights. Download them, or use classic.")
    with qtbot.assertNotEmitted(session.failed):
        editor.set_document(make_document())
        qtbot.waitUntil(lambda: session.state.phase is Phase.FAILED)
    assert session.state.text == "No weights. Download them, or use classic."


def test_a_failed_commit_leaves_the_prompt_open_for_another_try(opened, editor, qtbot, service, settle):
    opened.add_point(20, 30)
    settle()
    service.errors[CommitWish] = SegmentationError("Out of memory.")
    with qtbot.waitSignal(opened.failed):
        opened.commit()
    assert opened.is_open
    assert opened.candidate is not None
    service.errors.clear()
    opened.commit()
    settle()
    assert editor.selection is not None


def test_without_a_visible_layer_a_click_says_what_to_do(opened, editor, qtbot, settle):
    editor.set_layer_visible(editor.document.active_layer_id, False)
    with qtbot.waitSignal(opened.failed) as failed:
        opened.add_point(20, 30)
    assert "layer" in str(failed.args[0])
    opened.commit()
    settle()
    assert editor.selection is None


def test_without_a_document_gestures_do_nothing(session, service):
    session.add_point(1, 1)
    session.set_box(Box(0, 0, 5, 5))
    session.ask_text("cat")
    session.find_subject(then_remove_background=True)
    session.move_point(0, 1, 1)
    session.commit()
    session.drop()
    assert not session.is_open
    assert not service.requests


def test_closing_in_the_middle_of_a_job_ends_cleanly(editor, service, qtbot):
    session = SegmentSession(editor, worker_factory(service), title_of=lambda choice: "Fake")
    editor.set_document(make_document())
    gate = service.hold(PredictWish)
    session.add_point(20, 30)
    gate.wait_reached()
    gate.open()
    with qtbot.assertNotEmitted(session.preview_changed):
        assert session.shutdown()
    session.add_point(25, 30)
    assert session.shutdown()


def test_a_photo_alone_is_asked_about_without_its_mask(opened, service, editor, settle):
    document = editor.document
    editor.set_document(replace(document, layers=(document.layers[0].with_mask(disc(20, 20)),)))
    settle()
    np.testing.assert_array_equal(service.requests[-1].image, document.layers[0].pixels[..., :3])
