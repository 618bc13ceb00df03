"""The list of the photo's objects: when it is asked for, kept, filtered and forgotten."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import ModelUnavailableError
from core.mask_ops import SelectionMode
from core.segment_request import CommitWish, DrawObjectsWish, Edge, EmbedWish, EverythingWish, ModelChoice
from core.segmenter import Strictness
from tests import fakes
from tests.fakes import make_document, make_pixels
from tests.ui.session_photo import SIZE
from ui.object_session import ObjectSession, SearchState
from ui.session_state import Phase


@pytest.fixture
def objects(editor, opened):
    return ObjectSession(editor, opened)


@pytest.fixture
def found(objects, settle):
    objects.find()
    settle()
    assert objects.search is SearchState.FOUND
    return objects


def names(objects):
    return [each.name for each in objects.shown.objects]


def test_the_list_is_asked_for_once(objects, service, settle):
    objects.find_if_unknown()
    assert objects.search is SearchState.RUNNING
    objects.find_if_unknown()
    settle()
    objects.find_if_unknown()
    assert service.counts()[EverythingWish] == 1
    assert names(objects) == ["Object 1", "Object 2", "Object 3", "Object 4"]


def test_the_search_says_how_far_it_is(objects, opened, service, qtbot):
    service.fractions[EverythingWish] = 0.25
    gate = service.hold(EverythingWish)
    objects.find()
    qtbot.waitUntil(lambda: opened.state.fraction == 0.25)
    assert opened.state.is_busy
    gate.open()


def test_what_is_not_sure_enough_is_left_out_without_a_question(found, service):
    told = []
    found.changed.connect(lambda: told.append(names(found)))
    found.set_least_score(0.75)
    found.set_least_score(0.95)
    found.set_least_score(0.0)
    assert told == [["Object 2", "Object 4"], [], ["Object 1", "Object 2", "Object 3", "Object 4"]]
    assert service.counts()[EverythingWish] == 1


def test_a_filter_that_leaves_nothing_is_not_an_empty_search(found):
    found.set_least_score(1.0)
    assert (found.search, found.has_shown) == (SearchState.FOUND, False)
    assert len(found.found.objects) == 4


@pytest.mark.parametrize("stop", [lambda objects, session: objects.stop(), lambda objects, session: session.cancel()])
def test_a_search_can_be_stopped_and_its_answer_never_comes(objects, opened, service, settle, stop):
    gate = service.hold(EverythingWish)
    objects.find()
    gate.wait_reached()
    stop(objects, opened)
    assert objects.search is SearchState.STOPPED
    gate.open()
    settle()
    assert objects.found is None
    objects.find()
    settle()
    assert objects.search is SearchState.FOUND


def test_stopping_a_second_search_keeps_the_first_list(found, service):
    before, gate = found.shown, service.hold(EverythingWish)
    found.find()
    gate.wait_reached()
    assert found.shown is before
    found.stop()
    assert (found.search, found.shown) == (SearchState.FOUND, before)
    gate.open()


def test_a_prompt_goes_first(objects, opened, service, settle):
    gate = service.hold(EverythingWish)
    objects.find()
    gate.wait_reached()
    opened.add_point(10, 10)
    assert objects.search is SearchState.STOPPED
    gate.open()
    settle()
    assert opened.prediction is not None


def test_a_photo_without_objects_is_no_failure(objects, opened, settle, monkeypatch):
    monkeypatch.setattr(fakes, "make_everything", lambda size: ())
    told = []
    opened.failed.connect(told.append)
    objects.find()
    settle()
    assert told == []
    assert opened.state.phase is Phase.IDLE
    assert (objects.search, objects.found, objects.shown) == (SearchState.EMPTY, None, None)


def test_what_fails_is_told_once(objects, opened, service, settle):
    error, told = ModelUnavailableError("No model."), []
    opened.failed.connect(told.append)
    service.errors[EverythingWish] = error
    objects.find()
    settle()
    assert told == [error]
    assert (objects.search, objects.found) == (SearchState.FAILED, None)


def test_a_photo_that_cannot_be_encoded_fails_the_search_too(editor, opened, service, settle):
    objects, told = ObjectSession(editor, opened), []
    opened.failed.connect(told.append)
    gate = service.hold(EmbedWish)
    service.errors[EmbedWish] = ModelUnavailableError("No model.")
    editor.set_document(make_document(SIZE.width, SIZE.height, seed=3))
    gate.wait_reached()
    objects.find()
    gate.open()
    settle()
    assert len(told) == 1
    assert objects.search is SearchState.FAILED


def test_another_photo_has_other_objects(found, editor, settle):
    editor.set_document(make_document(SIZE.width, SIZE.height, seed=3))
    settle()
    assert (found.search, found.found) == (SearchState.NONE, None)


def test_the_objects_of_another_photo_are_looked_for_if_somebody_looks_at_them(found, editor, service, settle):
    found.is_wanted = True
    editor.set_document(make_document(SIZE.width, SIZE.height, seed=3))
    assert found.search is SearchState.RUNNING
    settle()
    assert found.search is SearchState.FOUND
    assert service.counts()[EverythingWish] == 2
    editor.set_document(None)
    assert found.search is SearchState.NONE


def test_another_model_finds_other_objects(found, opened, service, settle):
    opened.set_choice(ModelChoice("other"))
    assert found.found is None
    found.is_wanted = True
    found.find()
    settle()
    opened.set_choice(ModelChoice("third"))
    assert found.search is SearchState.RUNNING
    settle()
    assert service.requests[-1].choice.name == "third"


def test_the_same_model_more_strictly_keeps_its_list_until_the_new_one_is_there(found, opened, service, settle):
    before = found.shown
    opened.set_choice(replace(opened.choice, strictness=Strictness(confidence=0.7)))
    assert (found.search, found.shown) == (SearchState.RUNNING, before)
    settle()
    assert found.shown is not before
    assert service.requests[-1].choice.strictness.confidence == 0.7


def test_another_strictness_needs_no_other_embedding(found, opened, service, settle):
    seen = []
    opened.state_changed.connect(lambda: seen.append((opened.state.phase, opened.state.device_choice)))
    before = opened.state.device_choice
    for confidence in (0.5, 0.6, 0.7):
        opened.set_choice(replace(opened.choice, strictness=Strictness(confidence)))
        settle()
    assert service.counts()[EmbedWish] == 1
    assert {phase for phase, _ in seen} == {Phase.DECODING, Phase.IDLE}
    assert {device for _, device in seen} == {before}, "the chip goes on saying where the model runs"


def test_other_pixels_have_other_objects(found, editor, settle):
    editor.add_layer(make_pixels(20, 20), "Sticker")
    settle()
    assert (found.search, found.found) == (SearchState.NONE, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda editor: editor.add_layer(make_pixels(20, 20), "Sticker"),
        lambda editor: editor.set_layer_visible(editor.document.active_layer_id, False),
    ],
)
def test_a_search_ends_with_the_pixels_that_it_is_about(objects, editor, service, settle, change):
    gate = service.hold(EverythingWish)
    objects.find()
    gate.wait_reached()
    change(editor)
    gate.open()
    settle()
    assert (objects.search, objects.found) == (SearchState.NONE, None)


def test_a_name_or_a_cutout_changes_no_object(found, editor, settle):
    before = found.found
    editor.rename_layer(editor.document.active_layer_id, "Lemur")
    found.select(3, SelectionMode.NEW)
    settle()
    editor.layer_from_selection()
    assert found.found is before


def test_an_object_becomes_the_selection_at_full_resolution_with_the_chosen_edge(
    found, editor, opened, service, settle
):
    opened.edges.set(Edge.MATTE)
    found.select(3, SelectionMode.NEW)
    settle()
    (wish,) = service.wishes(CommitWish)
    assert wish.edge is Edge.MATTE
    assert wish.candidate is found.shown.objects[3].candidate
    np.testing.assert_array_equal(editor.selection > 0, wish.candidate.preview(SIZE))
    editor.undo()
    assert editor.selection is None


def test_quick_choices_are_all_kept(found, editor, service, settle):
    gate = service.hold(CommitWish)
    found.select(3, SelectionMode.NEW)
    found.select(2, SelectionMode.ADD)
    found.select(0, SelectionMode.ADD)
    gate.open()
    settle()
    masks = [found.shown.objects[index].candidate.preview(SIZE) for index in (0, 2, 3)]
    np.testing.assert_array_equal(editor.selection > 0, np.logical_or.reduce(masks))


def test_a_choice_that_cannot_be_drawn_is_told_once(found, opened, editor, service, settle):
    told = []
    opened.failed.connect(told.append)
    service.errors[CommitWish] = ModelUnavailableError("No model.")
    found.select(3, SelectionMode.NEW)
    settle()
    assert len(told) == 1
    assert editor.selection is None


def test_the_shown_objects_are_drawn(found, service, settle):
    drawn = []
    found.set_least_score(0.75)
    found.draw(Edge.HARD, drawn.append)
    settle()
    assert [layer.name for layer in drawn[0].layers] == ["Object 2", "Object 4"]
    assert service.wishes(DrawObjectsWish)[0].edge is Edge.HARD


def test_drawing_ends_with_the_photo(found, editor, service, settle):
    drawn, gate = [], service.hold(DrawObjectsWish)
    found.draw(Edge.HARD, drawn.append)
    gate.wait_reached()
    editor.set_document(make_document(SIZE.width, SIZE.height, seed=3))
    gate.open()
    settle()
    assert drawn == []


def test_without_a_visible_layer_there_is_nothing_to_find(found, editor, service):
    editor.set_layer_visible(editor.document.active_layer_id, False)
    found.find()
    found.draw(Edge.HARD, pytest.fail)
    found.select(0, SelectionMode.NEW)
    assert found.search is SearchState.NONE
    assert service.counts()[EverythingWish] == 1
