import numpy as np
import pytest
from PySide6.QtCore import Qt

from core.errors import SegmentationError
from core.segment_request import CommitWish
from tests.ui.canvas_stage import RIGHT, SHIFT
from ui.brush_settings import BrushSettings
from ui.tools.brush_tool import BrushTool
from ui.tools.object_tool import ObjectTool


@pytest.fixture
def settings():
    return BrushSettings(size=6.0, hardness=1.0)


@pytest.fixture
def brush(stage, settings):
    return stage.tool(BrushTool, stage.editor, stage.session, False, settings, stage.canvas)


@pytest.fixture
def eraser(stage, settings):
    return stage.tool(BrushTool, stage.editor, stage.session, True, settings, stage.canvas)


def test_the_brush_selects_what_it_paints(stage, brush):
    stage.drag(10, 20, 50, 20)
    selection = stage.editor.selection
    assert (selection[20, 10:50] == 255).all()
    assert not selection[27:].any()


def test_a_click_paints_a_dot(stage, brush):
    stage.click(30, 20)
    assert stage.editor.selection[20, 30] == 255


def test_the_eraser_takes_away_what_it_paints(stage, eraser):
    stage.select(0, 0, 64, 48)
    stage.drag(10, 20, 50, 20)
    assert not stage.editor.selection[20, 12:48].any()
    assert stage.editor.selection[40, 30] == 255


def test_the_right_button_does_the_opposite(stage, brush):
    stage.select(0, 0, 64, 48)
    stage.drag(10, 20, 50, 20, RIGHT)
    assert not stage.editor.selection[20, 12:48].any()


def test_the_right_button_of_the_eraser_paints(stage, eraser):
    stage.drag(10, 20, 50, 20, RIGHT)
    assert stage.editor.selection[20, 30] == 255


def test_a_stroke_shows_while_it_is_painted_and_is_one_undo_step(stage, brush):
    stage.press(10, 20)
    stage.move(30, 20)
    assert stage.editor.selection[20, 20] == 255
    assert stage.editor.undo_title is None
    stage.move(50, 30)
    stage.release(50, 30)
    assert stage.editor.undo_title is not None
    stage.editor.undo()
    assert stage.editor.selection is None


def test_painting_goes_on_when_something_else_is_done_in_the_middle_of_a_stroke(stage, brush):
    stage.press(10, 20)
    stage.move(20, 20)
    stage.editor.rename_layer(stage.editor.document.active_layer_id, "Lemur")
    stage.move(50, 20)
    stage.release(50, 20)
    assert (stage.editor.selection[20, 10:50] == 255).all()


def test_escape_takes_the_stroke_back(stage, brush):
    stage.press(10, 20)
    stage.move(30, 20)
    stage.key(Qt.Key.Key_Escape)
    stage.move(40, 20)
    stage.release(40, 20)
    assert stage.editor.selection is None
    assert stage.editor.undo_title is None


def test_choosing_another_tool_takes_the_stroke_back(stage, brush):
    stage.press(10, 20)
    stage.move(30, 20)
    stage.tool(ObjectTool)
    assert stage.editor.selection is None


def test_brackets_change_the_size_and_with_shift_the_hardness(stage, brush, settings):
    stage.key(Qt.Key.Key_BracketRight)
    assert brush.size == 7
    stage.key(Qt.Key.Key_BracketLeft)
    stage.key(Qt.Key.Key_BracketLeft)
    assert brush.size == 5
    stage.key(Qt.Key.Key_BracketLeft, SHIFT)
    assert brush.hardness == pytest.approx(0.9)
    stage.key(Qt.Key.Key_BraceLeft, SHIFT)
    assert brush.hardness == pytest.approx(0.8)
    stage.key(Qt.Key.Key_BraceRight, SHIFT)
    assert brush.hardness == pytest.approx(0.9)


def test_size_and_hardness_stay_within_bounds(qtbot, settings):
    seen = []
    settings.changed.connect(lambda: seen.append((settings.size, settings.hardness)))
    settings.set_size(0)
    settings.set_size(1e9)
    settings.set_hardness(-1)
    settings.set_hardness(-2)
    assert seen == [(1.0, 1.0), (2000.0, 1.0), (2000.0, 0.0)]


def test_brush_and_eraser_share_their_settings(qtbot, stage, brush, settings):
    eraser = BrushTool(stage.editor, stage.session, True, settings, stage.canvas)
    with qtbot.waitSignal(eraser.settings_changed):
        stage.key(Qt.Key.Key_BracketRight)
    assert eraser.size == brush.size


def test_x_asks_for_the_other_tool(qtbot, stage, brush):
    with qtbot.waitSignal(brush.swap_requested) as asked:
        stage.key(Qt.Key.Key_X)
    assert asked.args == ["eraser"]


def test_choosing_the_brush_commits_the_open_prompt(stage, settings):
    stage.tool(ObjectTool)
    stage.click(30, 20)
    stage.answer()
    stage.tool(BrushTool, stage.editor, stage.session, False, settings, stage.canvas)
    stage.qtbot.waitUntil(lambda: not stage.session.is_open)
    assert stage.editor.selection[20, 30] == 255


def test_a_stroke_during_a_slow_commit_is_kept_and_follows_it(stage, settings):
    stage.tool(ObjectTool)
    stage.click(15, 24)
    stage.answer()
    gate = stage.service.hold(CommitWish)
    stage.tool(BrushTool, stage.editor, stage.session, False, settings, stage.canvas)
    stage.drag(50, 10, 50, 40)
    assert stage.editor.selection is None
    gate.open()
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None and stage.editor.selection[20, 50] == 255)
    assert stage.editor.selection[24, 15] == 255
    stage.editor.undo()
    assert stage.editor.selection[24, 15] == 255
    assert stage.editor.selection[20, 50] == 0


def test_the_brush_is_shown_at_its_true_size(stage, brush):
    before = stage.shown()
    stage.hover(32, 24)
    changed = np.flatnonzero((stage.shown() != before).any(axis=(0, 2)))
    assert changed[-1] - changed[0] == pytest.approx(6 * stage.canvas.viewport.scale, abs=5)
    assert stage.canvas.cursor().shape() == Qt.CursorShape.BlankCursor


def test_a_tiny_brush_is_a_cross(stage, brush, settings):
    settings.set_size(1.0)
    before = stage.shown()
    stage.hover(32, 24)
    assert np.array_equal(stage.shown(), before)
    assert stage.canvas.cursor().shape() == Qt.CursorShape.CrossCursor


def test_the_hint_says_what_the_next_gesture_does(stage, brush, settings):
    assert brush.hint() == "Paint what belongs · right button erases · [ and ] change the size · X for the eraser"
    stage.press(10, 10)
    assert brush.hint() == "Release to finish the stroke · Esc takes it back"
    stage.release(10, 10)
    eraser = BrushTool(stage.editor, stage.session, True, settings, stage.canvas)
    assert eraser.hint().startswith("Erase what does not belong")
    assert (brush.id, eraser.id) == ("brush", "eraser")


def test_without_a_document_nothing_is_painted(stage, brush):
    stage.editor.set_document(None)
    assert stage.canvas.viewport is None


def test_a_failing_commit_takes_what_waited_for_it_with_it(stage, settings):
    stage.tool(ObjectTool)
    stage.click(15, 24)
    stage.answer()
    gate = stage.service.hold(CommitWish)
    stage.service.errors[CommitWish] = SegmentationError("The model fell over.")
    stage.tool(BrushTool, stage.editor, stage.session, False, settings, stage.canvas)
    stage.drag(50, 10, 50, 40)
    with stage.qtbot.waitSignal(stage.session.failed):
        gate.open()
    stage.session.drop()
    assert stage.editor.selection is None


def test_a_failure_elsewhere_does_not_stop_a_stroke(stage, brush):
    stage.press(10, 20)
    stage.session.failed.emit(SegmentationError("The model fell over."))
    stage.move(50, 20)
    stage.release(50, 20)
    assert stage.editor.selection[20, 30] == 255
