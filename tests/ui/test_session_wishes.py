"""Subjects, words, other models; what a session says of itself, and how it fails and ends."""

from dataclasses import replace

import numpy as np

from core.device import CPU_ONLY
from core.errors import ModelUnavailableError, PromptError, SegmentationError
from core.geometry import Box
from core.segment_request import CommitWish, DetectWish, EmbedWish, ModelChoice, PredictWish, SubjectWish
from tests.fakes import make_document, worker_factory
from tests.ui.session_photo import SIZE, disc
from ui.segment_session import SegmentSession
from ui.session_state import Phase


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


def test_words_go_to_the_detector(opened, service, settle):
    opened.set_detector(ModelChoice("owlv2"))
    opened.ask_text("  a cat ")
    settle()
    assert service.wishes(DetectWish) == [DetectWish("a cat", ModelChoice("owlv2"))]


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
    opened.line.prepare(opened.source, opened.choice)
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


def test_a_click_that_waits_for_the_photo_is_not_taken_for_the_time_of_a_click(editor, session, service, settle):
    gate = service.hold(EmbedWish)
    editor.set_document(make_document(SIZE.width, SIZE.height))
    session.add_point(20, 30)
    gate.open()
    settle()
    assert session.prediction is not None
    assert "click" not in session.state.seconds
    session.add_point(25, 30)
    settle()
    assert "click" in session.state.seconds


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


def test_words_that_fail_take_the_old_preview_away(opened, qtbot, service, settle):
    opened.add_point(20, 30)
    settle()
    service.errors[DetectWish] = PromptError("“собака” is not in Latin letters.")
    with qtbot.waitSignal(opened.failed):
        opened.ask_text("собака")
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
