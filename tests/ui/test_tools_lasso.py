import numpy as np
import pytest
from PySide6.QtCore import Qt

from core.mask_ops import SelectionMode
from core.segment_request import CommitWish
from tests.ui.canvas_stage import ALT, NONE, SHIFT
from ui.tools.lasso_tool import LassoTool
from ui.tools.object_tool import ObjectTool


@pytest.fixture
def lasso(stage):
    return stage.tool(LassoTool)


def draw(stage, corners, modifiers=NONE):
    stage.press(*corners[0], modifiers=modifiers)
    for corner in corners[1:]:
        stage.move(*corner)
    stage.release(*corners[-1])


SQUARE = [(10, 10), (30, 10), (30, 30), (10, 30)]
OTHER = [(20, 20), (40, 20), (40, 40), (20, 40)]


def expected(*spans):
    coverage = np.zeros((48, 64), dtype=np.uint8)
    for rows, columns in spans:
        coverage[rows, columns] = 255
    return coverage


def test_the_lasso_selects_what_its_outline_holds(stage, lasso):
    draw(stage, SQUARE)
    assert np.array_equal(stage.editor.selection, expected((slice(10, 30), slice(10, 30))))
    assert stage.editor.undo_title == "Lasso"


def test_the_direction_does_not_matter(stage, lasso):
    draw(stage, SQUARE[::-1])
    assert np.array_equal(stage.editor.selection, expected((slice(10, 30), slice(10, 30))))


def test_a_new_outline_replaces_the_selection(stage, lasso):
    draw(stage, SQUARE)
    draw(stage, OTHER)
    assert np.array_equal(stage.editor.selection, expected((slice(20, 40), slice(20, 40))))


@pytest.mark.parametrize(("modifiers", "area"), [(SHIFT, 700), (ALT, 300), (ALT | SHIFT, 100)])
def test_modifiers_at_the_start_add_subtract_and_intersect(stage, lasso, modifiers, area):
    draw(stage, SQUARE)
    draw(stage, OTHER, modifiers)
    assert (stage.editor.selection == 255).sum() == area


def test_the_mode_of_the_tool_bar_counts_without_modifiers(stage, lasso):
    stage.session.set_mode(SelectionMode.ADD)
    draw(stage, SQUARE)
    draw(stage, OTHER)
    assert (stage.editor.selection == 255).sum() == 700


def test_an_outline_may_lead_out_of_the_photo(stage, lasso):
    draw(stage, [(-9, -9), (20, -9), (20, 20), (-9, 20)])
    assert np.array_equal(stage.editor.selection, expected((slice(0, 20), slice(0, 20))))


def test_a_click_and_an_outline_beside_the_photo_select_nothing(stage, lasso):
    stage.click(20, 20)
    draw(stage, [(-9, -9), (-2, -9), (-2, 20), (-9, 20)])
    assert stage.editor.selection is None
    assert stage.editor.undo_title is None


def test_escape_gives_the_outline_up(stage, lasso):
    stage.press(*SQUARE[0])
    for corner in SQUARE[1:]:
        stage.move(*corner)
    assert lasso.hint() == "Release to close the outline · Esc cancels"
    stage.key(Qt.Key.Key_Escape)
    stage.release(*SQUARE[-1])
    assert stage.editor.selection is None


def test_the_outline_is_shown_while_it_is_drawn(stage, lasso):
    before = stage.shown()
    stage.press(*SQUARE[0])
    for corner in SQUARE[1:]:
        stage.move(*corner)
    during = stage.shown()
    assert not np.array_equal(during, before)
    stage.key(Qt.Key.Key_Escape)
    stage.release(*SQUARE[-1])


def test_an_open_prompt_is_committed_before_the_outline_changes_the_selection(stage):
    stage.tool(ObjectTool)
    stage.click(50, 24)
    stage.answer()
    gate = stage.service.hold(CommitWish)
    stage.tool(LassoTool)
    draw(stage, SQUARE, SHIFT)
    assert stage.editor.selection is None
    gate.open()
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None and stage.editor.selection[15, 15] == 255)
    assert stage.editor.selection[24, 50] == 255


def test_the_hint_follows_the_modifiers(stage, lasso):
    assert lasso.hint() == "Draw around what belongs · hold Shift to add, Alt to subtract"
    stage.hover(20, 20, ALT)
    assert lasso.hint() == "Draw around what to take out of the selection"
