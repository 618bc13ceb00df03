"""Committing what words found, and what goes wrong on the way."""

import pytest

from core.errors import ModelUnavailableError, NothingFoundError, PromptError, SegmentationError
from core.mask_ops import SelectionMode
from core.prompt import PointPrompt
from core.segment_request import BoxesWish, CommitWish, DetectWish, EmbedWish, ModelChoice
from tests.fakes import make_document
from tests.ui.session_photo import DOG, OTHER_DOG, SIZE, shown


@pytest.mark.parametrize("kind", [DetectWish, BoxesWish])
def test_a_commit_of_words_cuts_what_is_ticked(opened, editor, service, settle, kind):
    gate = service.hold(kind)
    opened.ask_text("dog")
    if kind is BoxesWish:
        settle()
        opened.finds.toggle(0)
    opened.commit()
    gate.wait_reached()
    gate.open()
    settle()
    boxes = (OTHER_DOG,) if kind is BoxesWish else (DOG, OTHER_DOG)
    assert service.wishes(BoxesWish) == [BoxesWish(boxes)]
    assert service.counts()[CommitWish] == 1
    assert editor.selection is not None
    assert not opened.is_open


def test_a_commit_of_words_goes_on_while_another_object_is_clicked(opened, editor, service, settle):
    gate = service.hold(DetectWish)
    opened.ask_text("dog")
    gate.wait_reached()
    opened.begin_object(SelectionMode.ADD)
    opened.add_point(5, 45)
    gate.open()
    settle()
    assert service.counts()[CommitWish] == 1
    assert editor.selection is not None
    assert opened.prompt.points == (PointPrompt(5, 45),)


def test_a_commit_of_words_that_name_nothing_fails_once_and_shows_that_state(opened, editor, service, settle):
    failures = []
    opened.failed.connect(failures.append)
    gate = service.hold(DetectWish)
    opened.ask_text("nothing")
    opened.commit()
    gate.open()
    settle()
    assert [type(error) for error in failures] == [NothingFoundError]
    assert opened.finds.is_choosing
    assert editor.selection is None


@pytest.mark.parametrize(("threshold", "error"), [(0.1, PromptError), (0.9, NothingFoundError)])
def test_a_commit_of_no_box_fails_and_leaves_the_boxes(found, qtbot, threshold, error):
    found.set_threshold(threshold)
    found.finds.set_all_ticked(False)
    with qtbot.waitSignal(found.failed) as failed:
        found.commit()
    assert isinstance(failed.args[0], error)
    assert found.finds.is_choosing


def test_boxes_that_give_no_mask_can_be_chosen_again(found, service, qtbot, settle):
    service.errors[BoxesWish] = NothingFoundError("No object was found for “dog”.")
    with qtbot.waitSignal(found.failed):
        found.accept()
    assert found.finds.is_choosing
    assert shown(found) == [DOG, OTHER_DOG]
    service.errors.clear()
    found.accept()
    settle()
    assert found.prediction is not None
    found.undo_prompt()
    found.undo_prompt()
    assert not found.is_open, "the try that failed is no step"


def test_a_missing_detector_says_so_and_keeps_the_prompt(opened, service, qtbot):
    service.errors[DetectWish] = ModelUnavailableError("Text needs a detector.")
    with qtbot.waitSignal(opened.failed):
        opened.ask_text("dog")
    assert opened.is_open
    assert not opened.finds.is_known


def test_boxes_are_found_although_the_segmenter_cannot_see_the_photo(editor, session, service, qtbot):
    service.errors[EmbedWish] = SegmentationError("Out of memory.")
    editor.set_document(make_document(SIZE.width, SIZE.height))
    session.ask_text("dog")
    qtbot.waitUntil(lambda: session.finds.is_choosing and not session.state.is_busy)
    assert shown(session) == [DOG, OTHER_DOG]
    with qtbot.waitSignal(session.failed) as failed:
        session.accept()
    assert failed.args == [service.errors[EmbedWish]]
    assert session.finds.is_choosing


def test_boxes_that_are_found_get_the_photo_ready_for_their_masks(found, service, settle):
    found.set_choice(ModelChoice("other"))
    settle()
    assert service.counts()[EmbedWish] == 2


def test_stopping_the_masks_leads_back_to_the_boxes(found, service, settle):
    gate = service.hold(BoxesWish)
    found.accept()
    gate.wait_reached()
    found.cancel()
    gate.open()
    settle()
    assert found.finds.is_choosing
    assert not found.finds.is_cutting
    assert shown(found) == [DOG, OTHER_DOG]


def test_a_commit_whose_masks_fail_leads_back_to_the_boxes(found, editor, service, qtbot, settle):
    service.errors[BoxesWish] = SegmentationError("Out of memory.")
    with qtbot.waitSignal(found.failed):
        found.commit()
    assert found.finds.is_choosing
    assert not found.finds.is_cutting
    service.errors.clear()
    found.commit()
    settle()
    assert editor.selection is not None


def test_undo_during_the_commit_takes_that_back_and_shows_the_masks(found, editor, service, qtbot, settle):
    gate = service.hold(CommitWish)
    found.commit()
    qtbot.waitUntil(lambda: service.counts()[CommitWish] == 1)
    found.undo_prompt()
    gate.open()
    settle()
    assert editor.selection is None
    assert found.prediction is not None
    found.undo_prompt()
    assert found.finds.is_choosing
