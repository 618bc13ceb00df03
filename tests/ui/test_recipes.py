"""What a person does at the window becomes the selection's recipe, and that of what is made of the selection."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.cancel import CancelToken
from core.geometry import Size
from core.mask_edits import mask_from_selection
from core.mask_ops import SelectionMode
from core.prompt import PointPrompt, Prompt
from core.recipe import LassoStep, OutlineStep, PromptStep, Question, Recipe, StrokeStep, Whole, WholeStep, Words
from core.recipe_replay import Replay
from core.reshaping import Reshape, Reshaping
from core.segment_request import Edge, ModelChoice
from tests.fakes import FakeService
from tests.ui.desk import LEFT, NONE, SHIFT, shared_desk
from ui.reshape_edit import reshape_edit

CLICK = Question(Prompt((PointPrompt(32.0, 24.0),)))


@pytest.fixture(scope="module")
def the_desk(qapp, tmp_path_factory):
    yield from shared_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(the_desk):
    the_desk.clear()
    the_desk.show_document()
    return the_desk


def recipe(desk):
    return desk.editor.document.selection_recipe


def drag(desk, *places, modifiers=NONE):
    """Press at the first place of the photo, move over the others, and release at the last."""
    points = [QPoint(*(round(each) for each in desk.canvas.viewport.to_view(x, y))) for x, y in places]
    QTest.mousePress(desk.canvas, LEFT, modifiers, points[0])
    for point in points[1:]:
        QTest.mouseMove(desk.canvas, point)
    QTest.mouseRelease(desk.canvas, LEFT, modifiers, points[-1])
    desk.settle()


def replayed(desk, recipe):
    """Return what a recipe selects in the open photo, with the models of the desk."""
    document, service = desk.editor.document, FakeService()
    size = document.size
    replay = Replay(lambda _, wish: service._answer(wish, size), ModelChoice(), ModelChoice(), CancelToken())
    return replay.selection(recipe, document)


def close_to(step, x, y):
    point = step.questions[-1].prompt.points[-1]
    return abs(point.x - x) < 1 and abs(point.y - y) < 1


def test_a_click_and_enter_are_a_step_and_undo_and_redo_take_the_recipe_along(desk):
    desk.select(32, 24)
    (step,) = recipe(desk).steps
    assert close_to(step, 32, 24)
    assert (step.mode, step.edge, step.questions[0].candidate) == (SelectionMode.NEW, Edge.SOFT, None)
    first = recipe(desk)
    desk.editor.select_none()
    assert recipe(desk) is None
    desk.editor.undo()
    assert recipe(desk) is first
    desk.editor.undo()
    assert recipe(desk) is None
    desk.editor.redo()
    assert recipe(desk) is first


def test_every_tool_adds_its_step_and_the_recipe_leads_to_the_same_selection(desk):
    desk.point_at(32, 24)
    desk.key(Qt.Key.Key_Tab)
    desk.click(20, 20)
    desk.wait(lambda: not desk.session.state.is_busy)
    desk.key(Qt.Key.Key_Return)
    desk.wait(lambda: not desk.session.is_open)
    desk.window.parts.toolbox.take("brush")
    drag(desk, (5, 40), (30, 44), (50, 40))
    desk.window.parts.toolbox.take("lasso")
    drag(desk, (40, 4), (60, 4), (60, 20), (44, 22), modifiers=SHIFT)
    edit = reshape_edit(Reshaping(Reshape.GROW, 2))
    desk.editor.edit_slowly(lambda document: 1, edit)
    desk.editor.invert_selection()
    kinds = [type(step) for step in recipe(desk).steps]
    assert kinds == [PromptStep, StrokeStep, LassoStep, OutlineStep, WholeStep]
    first = recipe(desk).steps[0]
    assert [question.candidate for question in first.questions] == [2, None], "the correction refines what was chosen"
    np.testing.assert_array_equal(replayed(desk, recipe(desk)), desk.editor.selection)


def test_words_are_remembered_with_their_threshold_and_what_was_ticked_off(desk):
    desk.session.set_threshold(0.2)
    desk.session.ask_text("dog")
    desk.wait(lambda: len(desk.session.finds.shown) == 2)
    desk.session.finds.toggle(0)
    desk.session.accept()
    desk.wait(lambda: desk.session.prediction is not None)
    desk.session.accept()
    desk.wait(lambda: not desk.session.is_open)
    (step,) = recipe(desk).steps
    assert step.questions == (Question(Prompt(text="dog"), words=Words(0.2, "", (0,))),)
    np.testing.assert_array_equal(replayed(desk, recipe(desk)), desk.editor.selection)


def test_what_was_not_told_leaves_the_recipe_unknown_until_something_begins_anew(desk):
    desk.select(32, 24)
    desk.editor.set_selection(np.full((48, 64), 200, np.uint8), SelectionMode.ADD)
    assert recipe(desk) is None
    desk.editor.invert_selection()
    assert recipe(desk) is None
    desk.editor.select_all()
    assert recipe(desk) == Recipe(Size(64, 48), (WholeStep(Whole.ALL),))


def test_a_layer_of_the_selection_remembers_its_recipe_until_its_pixels_change(desk):
    desk.select(32, 24)
    known = recipe(desk)
    desk.trigger("layer-from-selection")
    assert desk.editor.document.active_layer.recipe is known
    desk.trigger("layer-duplicate")
    assert desk.editor.document.active_layer.recipe is known


def test_a_mask_remembers_its_recipe_and_painting_on_it_goes_on_with_it(desk):
    desk.select(32, 24)
    known = recipe(desk)
    desk.editor.change(lambda document: mask_from_selection(document, document.active_layer_id))
    assert desk.editor.document.active_layer.recipe is known
    desk.window.parts.toolbox.take("brush")
    drag(desk, (5, 40), (30, 44))
    masked = desk.editor.document.active_layer
    assert masked.recipe.steps[0] is known.steps[0]
    assert isinstance(masked.recipe.steps[1], StrokeStep)
    np.testing.assert_array_equal(replayed(desk, masked.recipe), masked.mask)
    desk.editor.undo()
    assert desk.editor.document.active_layer.recipe is known


def test_the_main_subject_removes_the_background_with_a_recipe(desk):
    desk.trigger("remove-background")
    desk.wait(lambda: desk.editor.document.layers[0].mask is not None)
    layer = desk.editor.document.layers[0]
    assert layer.recipe.steps[0].questions == (Question(),)
    np.testing.assert_array_equal(replayed(desk, layer.recipe), layer.mask)
