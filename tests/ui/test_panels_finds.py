"""The list of what words found, the line beside it, and the field for the words, in the window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.errors import PromptError
from core.segment_request import BoxesWish, DetectWish
from tests.ui.desk import LEFT, NO_SCREEN, RIGHT
from tests.ui.session_photo import DOG, OTHER_DOG, shown, ticked
from ui.message import MessageKind
from ui.tools.prompt_tool import PromptTool

pytestmark = [NO_SCREEN, pytest.mark.qt_log_ignore("This plugin does not support", extend=True)]


@pytest.fixture
def desk(module_desk, monkeypatch):
    # Whether a detector's files are there is the model list's business; here one answers.
    monkeypatch.setattr(type(module_desk.shop.model_flow), "detector", "owlvit")
    module_desk.show_document()
    module_desk.service.requests.clear()
    yield module_desk
    module_desk.window.parts.find_bar.list.hide()
    module_desk.window.parts.text_field.set_threshold(0.1)
    module_desk.clear()


def line(desk):
    return desk.window.parts.find_bar


def field(desk):
    return desk.window.parts.text_field


def ask(desk, text):
    field(desk).focus()
    field(desk)._edit.setText(text)
    QTest.keyClick(field(desk)._edit, Qt.Key.Key_Return)
    desk.wait(lambda: not desk.session.state.is_busy)


@pytest.fixture
def dogs(desk):
    ask(desk, "dog")
    return desk


@pytest.fixture
def opened_list(dogs):
    desk_list = line(dogs).list
    dogs.press(line(dogs).list_button)
    assert desk_list.isVisible()
    return desk_list


def row_point(found_list, row):
    return found_list.list.visualItemRect(found_list.list.item(row)).center()


def test_words_show_boxes_and_what_to_do_with_them(dogs):
    assert dogs.service.counts()[BoxesWish] == 0, "Enter in the field goes no further than the field"
    assert dogs.canvas.hasFocus()
    assert line(dogs).list_button.text() == "2 found"
    assert line(dogs).cut_button.text() == "Cut Out 2"
    assert not dogs.window.parts.options_bar._keep.isVisible()
    assert dogs.window.parts.status.text == "Click a box to leave it out · Enter cuts out 2 · Esc drops"


def test_the_button_cuts_out_and_then_keep_keeps(dogs):
    dogs.press(line(dogs).cut_button)
    dogs.wait(lambda: dogs.session.prediction is not None and not dogs.session.state.is_busy)
    assert not line(dogs).cut_button.isVisible()
    assert line(dogs).list_button.isVisible()
    dogs.press(dogs.window.parts.options_bar._keep)
    dogs.wait(lambda: not dogs.session.is_open)
    assert dogs.editor.selection is not None
    assert not line(dogs).isVisible()


def test_the_list_names_every_box_with_its_score(opened_list):
    texts = [
        opened_list.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(opened_list.list.count())
    ]
    assert texts == ["dog, 80 %", "dog, 40 %"]
    assert opened_list.list.hasFocus()


def test_a_click_on_a_row_ticks_it_off_once(dogs, opened_list):
    QTest.mouseClick(opened_list.list.viewport(), LEFT, pos=row_point(opened_list, 1))
    assert ticked(dogs.session) == [DOG]
    assert line(dogs).list_button.text() == "1 of 2"
    assert line(dogs).cut_button.text() == "Cut Out 1"
    QTest.mouseClick(opened_list.list.viewport(), LEFT, pos=QPoint(20, row_point(opened_list, 1).y()))
    assert ticked(dogs.session) == [DOG, OTHER_DOG], "on the tick itself, too"


def test_the_list_works_from_the_keyboard(dogs, opened_list):
    assert dogs.session.finds.hot == 0
    QTest.keyClick(opened_list.list, Qt.Key.Key_Down)
    assert dogs.session.finds.hot == 1
    QTest.keyClick(opened_list.list, Qt.Key.Key_Space)
    assert ticked(dogs.session) == [DOG]
    QTest.keyClick(opened_list.list, Qt.Key.Key_Return)
    assert not opened_list.isVisible()
    assert dogs.session.finds.hot is None
    dogs.wait(lambda: dogs.session.prediction is not None)
    assert dogs.service.wishes(BoxesWish) == [BoxesWish((DOG,))]


def test_escape_closes_the_list_and_nothing_else(dogs, opened_list):
    QTest.keyClick(opened_list.list, Qt.Key.Key_Escape)
    assert not opened_list.isVisible()
    assert dogs.session.finds.is_choosing


def test_all_and_none(dogs, opened_list):
    QTest.mouseClick(opened_list.none_button, LEFT)
    assert ticked(dogs.session) == []
    assert not line(dogs).cut_button.isEnabled()
    QTest.mouseClick(opened_list.all_button, LEFT)
    assert ticked(dogs.session) == [DOG, OTHER_DOG]
    assert not opened_list.all_button.isEnabled()


def test_the_list_follows_a_click_on_the_photo(dogs, opened_list):
    opened_list.hide()
    dogs.click(15, 15)
    dogs.press(line(dogs).list_button)
    assert opened_list.list.item(0).checkState() is Qt.CheckState.Unchecked


def test_many_boxes_scroll(desk):
    ask(desk, ", ".join(f"thing {number}" for number in range(20)))
    desk.press(line(desk).list_button)
    found_list = line(desk).list
    assert found_list.list.count() == 40
    assert found_list.list.verticalScrollBar().maximum() > 0
    assert found_list.height() < desk.window.height()


def test_the_slider_filters_without_a_wish_and_is_remembered(dogs):
    requests = len(dogs.service.requests)
    field(dogs)._threshold.slider.setValue(50)
    dogs.settle()
    assert shown(dogs.session) == [DOG]
    assert line(dogs).list_button.text() == "1 found"
    assert dogs.shop.remembered.settings.threshold == 0.5
    assert len(dogs.service.requests) == requests


def test_nothing_above_the_slider_offers_to_lower_it_to_the_best(dogs):
    field(dogs)._threshold.slider.setValue(90)
    dogs.settle()
    assert line(dogs).nothing.text() == "Nothing at 90 % or more"
    assert "best 80 %" in dogs.window.parts.status.text
    assert not line(dogs).list_button.isVisible()
    dogs.press(line(dogs).lower_button)
    assert shown(dogs.session) == [DOG]
    assert field(dogs)._threshold.slider.value() == 80


def test_words_that_name_nothing_offer_nothing_to_lower(desk):
    ask(desk, "nothing")
    assert line(desk).nothing.text() == "Nothing found"
    assert not line(desk).lower_button.isVisible()
    assert desk.message is None


@pytest.mark.parametrize(("text", "words"), [("собака", "Latin"), ("!!!", "no word"), (",", "Nothing to look for")])
def test_words_that_cannot_be_asked_stay_in_the_field_and_say_why(desk, text, words):
    ask(desk, text)
    assert desk.message.kind is MessageKind.ERROR
    assert words in desk.message.text
    assert field(desk)._edit.property("role") == "error"
    assert field(desk)._edit.hasFocus()
    assert desk.service.counts()[DetectWish] == 0
    assert not desk.session.is_open
    QTest.keyClicks(field(desk)._edit, "dog")
    assert field(desk)._edit.property("role") != "error"
    ask(desk, "dog")
    assert desk.message is None


def test_words_that_the_detector_refuses_are_marked_too(desk):
    desk.service.errors[DetectWish] = PromptError("“very long” is too long for OWL-ViT.")
    ask(desk, "very long")
    desk.wait(lambda: desk.message is not None)
    assert field(desk)._edit.property("role") == "error"
    desk.service.errors.clear()
    ask(desk, "dog")
    assert field(desk)._edit.property("role") != "error"


def test_the_slider_is_there_while_there_are_boxes_to_filter(desk):
    assert not field(desk)._threshold.isVisible()
    ask(desk, "dog")
    assert field(desk)._threshold.isVisible()
    desk.key(Qt.Key.Key_Escape)
    assert not field(desk)._threshold.isVisible()


@pytest.mark.parametrize("tool", ["hand", "brush", "lasso", "everything"])
def test_words_take_a_tool_that_can_point_at_boxes(desk, tool):
    desk.window.parts.toolbox.take(tool)
    ask(desk, "dog")
    assert isinstance(desk.window.parts.toolbox.tool, PromptTool)
    assert shown(desk.session) == [DOG, OTHER_DOG]


def test_undo_goes_one_step_at_a_time(dogs):
    dogs.click(15, 15, RIGHT)
    dogs.key(Qt.Key.Key_Return)
    dogs.wait(lambda: dogs.session.prediction is not None)
    dogs.trigger("undo")
    assert ticked(dogs.session) == [OTHER_DOG]
    dogs.trigger("undo")
    assert ticked(dogs.session) == [DOG, OTHER_DOG]
    dogs.trigger("undo")
    assert not dogs.session.is_open


def test_removing_the_background_cuts_what_is_ticked(dogs):
    dogs.click(15, 15)
    dogs.trigger("remove-background")
    dogs.wait(lambda: dogs.editor.document.active_layer.mask is not None)
    assert dogs.service.wishes(BoxesWish) == [BoxesWish((OTHER_DOG,))]
    assert not dogs.session.is_open


def test_removing_the_background_with_nothing_ticked_says_what_to_do(dogs):
    dogs.session.finds.set_all_ticked(False)
    dogs.trigger("remove-background")
    assert "No box is ticked" in dogs.message.text
    assert dogs.editor.document.active_layer.mask is None
    dogs.session.finds.set_all_ticked(True)
    dogs.session.commit()
    dogs.wait(lambda: dogs.editor.selection is not None)
    assert dogs.editor.document.active_layer.mask is None, "what failed does not happen later"


def test_the_keep_action_goes_on_as_enter_does(dogs):
    dogs.trigger("prompt-keep")
    dogs.wait(lambda: dogs.session.prediction is not None)
    assert dogs.editor.selection is None


@pytest.mark.parametrize("kind", [DetectWish, BoxesWish])
def test_every_wait_is_shown_and_can_be_stopped(desk, kind):
    gate = desk.service.hold(kind)
    field(desk).focus()
    field(desk)._edit.setText("dog")
    QTest.keyClick(field(desk)._edit, Qt.Key.Key_Return)
    if kind is BoxesWish:
        desk.wait(lambda: desk.session.finds.is_choosing and not desk.session.state.is_busy)
        desk.key(Qt.Key.Key_Return)
    gate.wait_reached()
    work = desk.window.parts.status._work
    desk.wait(work.isVisible)
    assert desk.session.state.text == f"Working on {kind.__name__}"
    QTest.mouseClick(work.cancel, LEFT)
    desk.wait(lambda: not work.isVisible())
    gate.open()
    assert desk.session.is_open, "the words stay"
    if kind is DetectWish:
        assert desk.window.parts.status.text == "Enter looks again · Esc drops"
        assert not desk.window.parts.options_bar._keep.isVisible()


def test_the_keyboard_goes_back_to_the_photo_when_the_slider_goes(dogs):
    field(dogs)._threshold.slider.setFocus()
    dogs.key(Qt.Key.Key_Return)
    dogs.wait(lambda: dogs.session.prediction is not None)
    dogs.key(Qt.Key.Key_Return)
    dogs.wait(lambda: not field(dogs)._threshold.isVisible())
    assert dogs.canvas.hasFocus()
