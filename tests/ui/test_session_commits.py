"""What becomes of an open prompt: the selection, in order, or nothing."""

import numpy as np

from core.mask_ops import SelectionMode
from core.prompt import PointPrompt
from core.segment_request import CommitWish, Edge, EmbedWish, ModelChoice, PredictWish
from tests.fakes import make_document
from tests.ui.session_photo import SIZE, disc
from ui.session_state import Phase


def test_enter_makes_the_candidate_the_selection(opened, editor, service, settle):
    opened.edges.set(Edge.MATTE)
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
