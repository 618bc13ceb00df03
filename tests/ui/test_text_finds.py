"""Words become boxes, boxes are chosen, and only then become masks."""

import numpy as np
import pytest

from core.device import Device
from core.errors import ModelUnavailableError
from core.geometry import Box
from core.prompt import PointPrompt
from core.segment_request import BoxesWish, DetectWish, EmbedWish, ModelChoice, PredictWish
from tests.ui.session_photo import DOG, OTHER_DOG, SIZE, WEAK_DOG, shown, ticked
from ui.text_finds import NOTHING_TICKED, nothing_shown, percent_of


def test_words_show_boxes_and_no_mask(found, service):
    assert found.finds.is_choosing
    assert shown(found) == ticked(found) == [DOG, OTHER_DOG]
    assert found.prediction is None
    assert service.counts() == {EmbedWish: 1, DetectWish: 1}


def test_going_on_asks_for_the_masks_of_the_ticked_boxes_and_again_keeps_them(found, editor, service, settle):
    found.finds.toggle(0)
    found.accept()
    settle()
    assert service.wishes(BoxesWish) == [BoxesWish((OTHER_DOG,))]
    assert not found.finds.is_choosing
    preview = found.candidate.preview(SIZE)
    found.accept()
    settle()
    np.testing.assert_array_equal(editor.selection > 127, preview)
    assert not found.is_open


def test_going_on_twice_before_the_masks_are_there_keeps_them_when_they_come(found, editor, service, settle):
    gate = service.hold(BoxesWish)
    found.accept()
    gate.wait_reached()
    assert found.finds.is_cutting
    found.accept()
    gate.open()
    settle()
    assert editor.selection is not None
    assert service.counts()[BoxesWish] == 1


def test_the_slider_asks_nobody_and_is_monotone(found, service):
    requests, before = len(service.requests), shown(found)
    for threshold in (0.2, 0.39, 0.4, 0.41, 0.8, 0.81):
        found.set_threshold(threshold)
        assert shown(found) == [d for d in before if d.score >= threshold]
    found.set_threshold(0.01)
    assert shown(found) == [DOG, OTHER_DOG, WEAK_DOG]
    assert len(service.requests) == requests
    assert not found.state.is_busy


def test_nothing_above_the_threshold_is_a_state_that_names_the_best(found, qtbot, service):
    with qtbot.assertNotEmitted(found.failed):
        found.set_threshold(0.9)
    assert found.finds.is_choosing
    assert found.finds.shown == ()
    assert "“dog” at 90 % or more, best 80 %: lower the slider" in nothing_shown(found.finds)
    found.accept()
    assert service.counts()[BoxesWish] == 0
    found.set_threshold(0.5)
    assert shown(found) == [DOG]


def test_words_that_name_nothing_at_all_say_so(opened, qtbot, settle):
    with qtbot.assertNotEmitted(opened.failed):
        opened.ask_text("nothing")
        settle()
    assert opened.is_open
    assert nothing_shown(opened.finds) == "No “nothing” found: try other words, or click the object"


def test_a_tick_outlives_the_threshold_that_hid_its_box(found):
    found.finds.toggle(1)
    found.set_threshold(0.5)
    found.set_threshold(0.1)
    assert ticked(found) == [DOG]


def test_all_and_none_are_one_step_each(found):
    found.finds.set_all_ticked(False)
    assert ticked(found) == []
    found.finds.set_all_ticked(False)
    found.undo_prompt()
    assert ticked(found) == [DOG, OTHER_DOG]


def test_with_nothing_ticked_going_on_says_what_to_do(found, qtbot, service):
    found.finds.set_all_ticked(False)
    with qtbot.assertNotEmitted(found.failed):
        found.accept()
    assert found.state.text == NOTHING_TICKED
    assert service.counts()[BoxesWish] == 0


def test_undo_goes_back_from_masks_to_boxes_from_a_tick_and_from_the_words(found, settle, service):
    found.finds.toggle(0)
    found.accept()
    settle()
    assert found.prediction is not None
    found.undo_prompt()
    assert found.finds.is_choosing
    assert found.prediction is None
    assert ticked(found) == [OTHER_DOG]
    found.undo_prompt()
    assert ticked(found) == [DOG, OTHER_DOG]
    found.undo_prompt()
    assert not found.is_open
    for _ in range(3):
        found.redo_prompt()
    assert found.prediction is not None
    assert service.counts() == {EmbedWish: 1, DetectWish: 1, BoxesWish: 1}, "nothing is asked again"


def test_the_slider_over_masks_shows_the_boxes_again_and_undo_the_masks(found, settle, service):
    found.accept()
    settle()
    masks = found.candidate
    found.set_threshold(0.5)
    assert found.finds.is_choosing
    assert shown(found) == [DOG]
    found.undo_prompt()
    assert found.candidate is masks
    assert service.counts()[BoxesWish] == 1


def test_a_tick_over_masks_shows_the_boxes_again(found, settle):
    found.accept()
    settle()
    found.finds.toggle(1)
    assert found.finds.is_choosing
    assert found.prediction is None
    assert ticked(found) == [DOG]


def test_points_refine_the_masks(found, settle, service):
    found.accept()
    settle()
    masks = found.candidate
    found.add_point(50, 10)
    settle()
    assert service.wishes(PredictWish)[0].previous is masks
    assert not found.finds.is_known


def test_a_click_beside_the_boxes_starts_with_the_click_alone_and_undo_brings_them_back(found, settle, service):
    found.add_point(5, 45)
    assert found.prompt.points == (PointPrompt(5, 45),)
    assert found.prompt.text == ""
    settle()
    assert service.wishes(PredictWish)[0].previous is None
    found.undo_prompt()
    assert found.finds.is_choosing
    assert shown(found) == [DOG, OTHER_DOG]


def test_a_box_of_ones_own_takes_the_place_of_the_words(found, settle, service):
    found.set_box(Box(4, 4, 20, 20))
    settle()
    assert service.wishes(PredictWish)[0].prompt.box == Box(4, 4, 20, 20)
    assert found.prompt.text == ""


def test_another_segmenter_asks_for_masks_again_but_not_for_boxes(found, service, settle):
    found.finds.toggle(0)
    found.set_choice(ModelChoice("other"))
    settle()
    assert found.finds.is_choosing
    assert ticked(found) == [OTHER_DOG]
    found.accept()
    settle()
    found.set_choice(ModelChoice("third"))
    settle()
    assert service.wishes(BoxesWish) == [BoxesWish((OTHER_DOG,))] * 2
    assert service.counts()[DetectWish] == 1
    assert found.prediction is not None


def test_another_segmenter_does_not_disturb_the_search_for_boxes(opened, service, settle):
    gate = service.hold(DetectWish)
    opened.ask_text("dog")
    gate.wait_reached()
    opened.set_choice(ModelChoice("other"))
    gate.open()
    settle()
    assert service.counts()[DetectWish] == 1
    assert shown(opened) == [DOG, OTHER_DOG]


def test_another_detector_looks_again(found, service, settle):
    found.finds.toggle(0)
    found.set_detector(ModelChoice("owlv2"))
    assert not found.finds.is_known
    settle()
    assert service.wishes(DetectWish)[-1] == DetectWish("dog", ModelChoice("owlv2"))
    assert ticked(found) == [DOG, OTHER_DOG]
    found.undo_prompt()
    assert not found.is_open, "the tick of a box that is no more is no step"


def test_the_same_detector_on_another_device_keeps_what_it_has_found(found, service, settle):
    found.finds.toggle(0)
    found.set_detector(ModelChoice(device=Device.CPU))
    settle()
    assert service.counts()[DetectWish] == 1
    assert ticked(found) == [OTHER_DOG]


def test_words_that_could_not_be_looked_for_are_looked_for_on_the_other_device(opened, service, qtbot, settle):
    service.errors[DetectWish] = ModelUnavailableError("There is no graphics card.")
    with qtbot.waitSignal(opened.failed):
        opened.ask_text("dog")
    service.errors.clear()
    opened.set_detector(ModelChoice(device=Device.CPU))
    settle()
    assert shown(opened) == [DOG, OTHER_DOG]


def test_another_detector_over_masks_shows_its_boxes(found, service, settle):
    found.accept()
    settle()
    found.set_detector(ModelChoice("owlv2"))
    settle()
    assert found.finds.is_choosing
    assert found.prediction is None


def test_another_detector_leaves_points_alone(opened, service, settle):
    opened.add_point(20, 30)
    settle()
    opened.set_detector(ModelChoice("owlv2"))
    settle()
    assert service.counts() == {EmbedWish: 1, PredictWish: 1}


def test_other_pixels_are_searched_again(found, editor, service, settle):
    found.accept()
    settle()
    editor.add_layer(np.full((*SIZE.shape, 4), 255, np.uint8), "Pasted")
    settle()
    assert service.counts()[DetectWish] == 2
    assert found.finds.is_choosing
    found.undo_prompt()
    assert not found.is_open


def test_the_same_words_again_keep_the_ticks(found, service):
    found.finds.toggle(0)
    found.ask_text(" dog ")
    assert ticked(found) == [OTHER_DOG]
    assert service.counts()[DetectWish] == 1


def test_other_words_take_the_place_of_the_first(found, service, settle):
    found.ask_text("cat")
    settle()
    assert [d.label for d in shown(found)] == ["cat", "cat"]
    found.undo_prompt()
    assert [d.label for d in shown(found)] == ["dog", "dog"]
    assert service.counts()[DetectWish] == 2


def test_an_answer_to_words_that_were_replaced_is_not_shown(opened, service, settle):
    gate = service.hold(DetectWish)
    opened.ask_text("dog")
    gate.wait_reached()
    opened.ask_text("cat")
    gate.open()
    settle()
    assert [d.label for d in shown(opened)] == ["cat", "cat"]


def test_masks_that_come_after_a_tick_are_not_shown(found, service, settle):
    gate = service.hold(BoxesWish)
    found.accept()
    gate.wait_reached()
    found.finds.toggle(0)
    gate.open()
    settle()
    assert found.finds.is_choosing
    assert found.prediction is None


def test_stopping_keeps_the_words_and_going_on_looks_again(opened, service, settle):
    gate = service.hold(DetectWish)
    opened.ask_text("dog")
    gate.wait_reached()
    opened.cancel()
    gate.open()
    settle()
    assert not opened.finds.is_known
    opened.accept()
    settle()
    assert service.counts()[DetectWish] == 2
    assert opened.prediction is not None


def test_going_on_while_words_are_looked_for_leads_to_masks_and_undo_to_the_boxes(opened, service, settle):
    gate = service.hold(DetectWish)
    opened.ask_text("dog")
    gate.wait_reached()
    opened.accept()
    gate.open()
    settle()
    assert opened.prediction is not None
    assert opened.is_open
    opened.undo_prompt()
    assert opened.finds.is_choosing


def test_what_words_took_is_not_the_models_time(found):
    assert "click" not in found.state.seconds
    assert found.state.seconds["detect"] == 0.25


@pytest.mark.parametrize("score", [0.29, 0.57, float(np.float32(0.29)), float(np.float32(0.57)), 0.999, 1.0])
def test_a_slider_at_the_percent_that_are_shown_shows_the_box(score):
    assert percent_of(score) / 100 <= score < (percent_of(score) + 1.001) / 100


def test_a_whole_percent_is_shown_as_such():
    assert [percent_of(percent / 100) for percent in range(101)] == list(range(101))


def test_pointing_goes_around_the_boxes(found):
    for expected in (0, 1, 0):
        found.finds.step_hot(1)
        assert found.finds.hot == expected
    found.finds.step_hot(-1)
    assert found.finds.hot == 1
    found.set_threshold(0.5)
    assert found.finds.hot is None
    found.finds.set_hot(7)
    assert found.finds.hot is None
