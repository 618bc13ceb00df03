"""Cutouts that stay live: a layer's prompt opens again, a point is moved, and Enter cuts the layer out anew."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from core.layer_change import ChangeLayers
from core.layer_edits import with_layer
from core.mask_edits import masked_layer
from core.mask_ops import SelectionMode
from core.recipe import StrokeStep, Words
from core.segment_request import Edge, ModelChoice, ReplayWish
from tests.ui.desk import LEFT, NONE, shared_desk
from tests.ui.test_recipes import drag
from ui.message import MessageKind


@pytest.fixture(scope="module")
def the_desk(qapp, tmp_path_factory):
    yield from shared_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(the_desk):
    the_desk.clear()
    the_desk.show_document()
    return the_desk


@pytest.fixture
def cutout(desk):
    """The desk with a photo, and a layer that was cut out of it with a click at its left."""
    desk.select(20, 24)
    desk.trigger("layer-from-selection")
    desk.editor.select_none()
    return desk


def layer(desk):
    return desk.editor.document.active_layer


def middle(desk):
    """Return where the middle of what the active layer shows lies in the document."""
    shown = layer(desk)
    alpha = shown.pixels[..., 3] if shown.mask is None else shown.mask
    rows, columns = np.nonzero(alpha > 127)
    return shown.x + columns.mean(), shown.y + rows.mean()


def double_click(desk):
    layers = desk.window.parts.layers_panel.list
    at = layers.visualRect(layers.currentIndex()).center()
    QTest.mouseClick(layers.viewport(), LEFT, NONE, at)
    QTest.mouseDClick(layers.viewport(), LEFT, NONE, at)
    desk.wait(lambda: not desk.session.state.is_busy)


def enter(desk):
    desk.key(Qt.Key.Key_Return)
    desk.wait(lambda: not desk.session.is_open and not desk.editor.is_busy)


def move_point(desk, start, end):
    drag(desk, start, ((start[0] + end[0]) / 2, end[1]), end)
    desk.wait(lambda: not desk.session.state.is_busy)


def test_a_double_click_opens_the_prompt_and_a_moved_point_cuts_the_copy_anew_in_one_step(cutout):
    desk, before = cutout, layer(cutout)
    assert abs(middle(desk)[0] - 20) < 2
    double_click(desk)
    (point,) = desk.session.prompt.points
    assert abs(point.x - 20) < 1
    assert desk.session.prediction is not None
    assert "is open again" in desk.message.text
    move_point(desk, (point.x, point.y), (44, 24))
    assert layer(desk) is before, "nothing changes before Enter"
    enter(desk)
    after = layer(desk)
    assert (after.id, after.name) == (before.id, before.name)
    assert abs(middle(desk)[0] - 44) < 2
    assert abs(after.recipe.steps[0].questions[0].prompt.points[0].x - 44) < 1
    assert desk.editor.undo_title == "Edit cutout"
    assert desk.editor.selection is None
    desk.editor.undo()
    assert layer(desk) is before
    desk.editor.redo()
    assert layer(desk) is after


def test_escape_leaves_the_layer_as_it_was(cutout):
    desk, before = cutout, layer(cutout)
    desk.trigger("layer-edit-cutout")
    desk.wait(lambda: not desk.session.state.is_busy)
    move_point(desk, (20, 24), (44, 24))
    desk.key(Qt.Key.Key_Escape)
    assert desk.session.live is None
    assert layer(desk) is before
    assert desk.message is None
    desk.select(30, 30)
    assert desk.editor.selection is not None, "the next prompt is for the selection again"
    assert layer(desk) is before


def test_a_mask_is_replaced_and_what_was_painted_after_the_prompt_is_painted_again(desk):
    desk.select(20, 24)
    desk.window.parts.toolbox.take("brush")
    drag(desk, (5, 44), (60, 44))
    desk.editor.change(masked_layer)
    photo = desk.editor.document.layers[0]
    desk.editor.select_none()
    double_click(desk)
    move_point(desk, (20, 24), (44, 20))
    enter(desk)
    after = layer(desk)
    assert after.pixels is photo.pixels, "the pixels below the mask stay untouched"
    assert isinstance(after.recipe.steps[1], StrokeStep)
    assert after.mask[44, 30] == 255
    assert after.mask[20, 44] == 255
    assert after.mask[16, 12] == 0


def test_points_can_be_added_and_an_unchanged_prompt_gives_the_same_cutout(cutout):
    desk, before = cutout, layer(cutout)
    double_click(desk)
    enter(desk)
    np.testing.assert_array_equal(layer(desk).pixels, before.pixels)
    double_click(desk)
    desk.click(40, 40)
    desk.wait(lambda: not desk.session.state.is_busy)
    enter(desk)
    assert len(layer(desk).recipe.steps[0].questions) == 2


def test_several_corrections_open_with_the_last_and_all_are_asked_again(desk):
    desk.point_at(20, 24)
    desk.click(44, 30)
    desk.wait(lambda: not desk.session.state.is_busy)
    enter(desk)
    desk.trigger("layer-from-selection")
    before = layer(desk).pixels
    double_click(desk)
    assert len(desk.session.prompt.points) == 2
    enter(desk)
    np.testing.assert_array_equal(layer(desk).pixels, before)


def test_escape_while_the_layer_is_cut_anew_takes_it_back(cutout):
    desk, before = cutout, layer(cutout)
    double_click(desk)
    gate = desk.service.hold(ReplayWish)
    desk.key(Qt.Key.Key_Return)
    gate.wait_reached()
    desk.key(Qt.Key.Key_Escape)
    gate.open()
    desk.wait(lambda: not desk.session.state.is_busy)
    assert layer(desk) is before


def test_it_is_said_why_a_cutout_cannot_be_opened(cutout):
    desk = cutout
    photo = desk.editor.document.layers[0]
    desk.editor.set_active_layer(photo.id)
    assert not desk.action("layer-edit-cutout").isEnabled()
    desk.trigger("layer-delete")
    desk.trigger("layer-edit-cutout")
    assert desk.message.kind is MessageKind.ERROR
    assert "is gone" in desk.message.text
    assert not desk.session.is_open


def test_a_hidden_photo_is_asked_all_the_same_and_can_be_shown(cutout):
    desk = cutout
    photo = desk.editor.document.layers[0]
    desk.editor.set_layer_visible(photo.id, False)
    double_click(desk)
    assert desk.message.action.text == "Show the photo"
    move_point(desk, (20, 24), (44, 24))
    enter(desk)
    assert abs(middle(desk)[0] - 44) < 2


def test_a_model_that_is_not_there_is_named_and_another_answers(cutout):
    desk = cutout
    step = layer(desk).recipe.steps[0]
    made = replace(layer(desk), recipe=layer(desk).recipe.with_step(0, replace(step, model="sam_vit_h")))
    desk.editor.change(lambda d: ChangeLayers.between("x", d, with_layer(d, made)))
    double_click(desk)
    assert "SAM ViT-H" in desk.message.text
    assert "is not installed" in desk.message.text
    assert desk.message.action.text == "Models…"
    enter(desk)
    assert layer(desk).recipe.steps[0].model != "sam_vit_h"


def test_the_model_that_made_it_answers_until_it_is_closed(desk):
    desk.session.set_choice(ModelChoice("classic"))
    desk.select(20, 24)
    desk.trigger("layer-from-selection")
    desk.session.set_choice(ModelChoice())
    double_click(desk)
    assert desk.session.choice.name == "classic"
    desk.key(Qt.Key.Key_Escape)
    assert desk.session.choice.name == ""


# --- how it is drawn ---


def edge_buttons(desk):
    return desk.window.parts.options_bar.edges.findChildren(QToolButton)


def test_another_edge_is_the_open_cutouts_alone(cutout):
    desk, bar = cutout, cutout.window.parts.options_bar
    double_click(desk)
    assert bar.edges.value is Edge.SOFT
    QTest.mouseClick(edge_buttons(desk)[0], LEFT)
    assert bar.edges.value is Edge.HARD
    assert desk.shop.remembered.settings.edge == "soft"
    enter(desk)
    assert layer(desk).recipe.steps[0].edge is Edge.HARD
    assert bar.edges.value is Edge.SOFT
    double_click(desk)
    assert bar.edges.value is Edge.HARD
    desk.key(Qt.Key.Key_Escape)
    assert bar.edges.value is Edge.SOFT


def test_the_edge_of_later_selections_can_be_preferred_while_a_cutout_is_open(cutout):
    desk = cutout
    double_click(desk)
    desk.shop.model_flow.set_edge(Edge.HARD)
    assert desk.session.edge is Edge.SOFT
    desk.key(Qt.Key.Key_Escape)
    assert desk.session.edge is Edge.HARD
    desk.shop.model_flow.set_edge(Edge.SOFT)


def test_the_mode_of_an_open_cutout_is_shown_and_its_buttons_say_why_they_do_nothing(desk):
    desk.select(50, 24)
    desk.session.set_mode(SelectionMode.ADD)
    desk.select(20, 24)
    desk.session.set_mode(SelectionMode.NEW)
    desk.trigger("layer-from-selection")
    desk.editor.select_none()
    modes = desk.window.parts.options_bar.modes
    buttons = modes.findChildren(QToolButton)
    tip = buttons[2].toolTip()
    double_click(desk)
    assert modes.value is SelectionMode.ADD
    assert not any(button.isEnabled() for button in buttons)
    assert "is open again" in buttons[2].toolTip()
    enter(desk)
    assert modes.value is SelectionMode.NEW
    assert all(button.isEnabled() for button in buttons)
    assert buttons[2].toolTip() == tip


# --- words ---


@pytest.fixture
def two_dogs(desk):
    """A layer that was cut out with words, of which the better find was ticked off; the person is stricter by now."""
    desk.session.set_threshold(0.2)
    desk.session.ask_text("dog")
    desk.wait(lambda: desk.session.finds.is_choosing)
    desk.session.finds.set_ticked(0, False)
    desk.session.accept()
    desk.wait(lambda: desk.session.prediction is not None and not desk.session.state.is_busy)
    enter(desk)
    desk.trigger("layer-from-selection")
    desk.editor.select_none()
    desk.session.set_threshold(0.7)
    yield desk
    desk.session.drop()
    desk.session.set_threshold(0.1)


def test_words_open_with_what_was_ticked_off_and_as_strictly_as_then(two_dogs):
    desk, before = two_dogs, layer(two_dogs)
    assert before.recipe.steps[0].questions[0].words == Words(0.2, "", (0,))
    double_click(desk)
    assert [(each.detection.score, each.is_ticked) for each in desk.session.finds.shown] == [(0.8, False), (0.4, True)]
    assert desk.window.parts.text_field._threshold.slider.value() == 20
    desk.session.accept()
    desk.wait(lambda: desk.session.prediction is not None and not desk.session.state.is_busy)
    enter(desk)
    assert layer(desk).recipe == before.recipe
    np.testing.assert_array_equal(layer(desk).pixels, before.pixels)
    assert desk.session.threshold == 0.7


def test_with_another_detector_nothing_is_ticked_off(two_dogs):
    desk = two_dogs
    made = layer(desk)
    (step,) = made.recipe.steps
    question = replace(step.questions[0], words=Words(0.2, "owlvit_large", (0,)))
    made = replace(made, recipe=made.recipe.with_step(0, replace(step, questions=(question,))))
    desk.editor.change(lambda d: ChangeLayers.between("x", d, with_layer(d, made)))
    double_click(desk)
    assert [each.is_ticked for each in desk.session.finds.shown] == [True, True]
    assert "so all finds are ticked again" in desk.message.text


def test_a_layer_without_a_recipe_is_renamed_by_a_double_click(desk):
    double_click(desk)
    assert not desk.session.is_open
    assert desk.window.focusWidget() is not desk.canvas
