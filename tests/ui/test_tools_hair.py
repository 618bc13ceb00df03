"""The hair brush: what was painted over is marked, then drafted, then worked out, in the order of the strokes."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from core.commands import ChangeSelection
from core.errors import PromptError, SegmentationError
from core.geometry import Rect
from core.segment_request import CommitWish
from tests.fakes import Gate, make_document
from ui import hair_edit
from ui.brush_settings import RoundSettings
from ui.tools.hair_tool import HairTool
from ui.tools.object_tool import ObjectTool

DRAFTED, SOLVED = 200, 100


class Work:
    """Stands in for matting: fills what was painted over, and waits before it does so for good."""

    def __init__(self, monkeypatch):
        self.gate, self.error, self.solved = Gate(), None, []
        monkeypatch.setattr(hair_edit, "draft_hair", lambda document, stroke: self.fill(document, stroke, DRAFTED))
        monkeypatch.setattr(hair_edit, "solve_hair", self.solve)

    def fill(self, document, stroke, value):
        selection = document.selection.copy()
        selection[stroke.mask_in(Rect.of_size(document.size))] = value
        return ChangeSelection.between("Refine hair", document, selection)

    def solve(self, document, stroke, token):
        self.solved.append(document)
        self.gate.pass_through()
        if self.error is not None:
            raise self.error
        return self.fill(document, stroke, SOLVED)


@pytest.fixture
def work(monkeypatch):
    work = Work(monkeypatch)
    yield work
    work.gate.open()


@pytest.fixture
def tool(stage, work):
    """The tool over a selection in the photo's middle."""
    stage.select(16, 12, 32, 24)
    return stage.tool(HairTool, stage.editor, stage.session, RoundSettings(size=8.0), stage.canvas)


def drafted(stage):
    stage.qtbot.waitUntil(lambda: stage.editor.draft.coverage is not None)
    return stage.editor.draft.coverage


def finish(stage, work):
    work.gate.open()
    stage.qtbot.waitUntil(lambda: not stage.editor.is_busy)


def test_a_stroke_is_marked_while_it_is_painted_and_selects_nothing(stage, tool):
    before, selection = stage.shown_at(20, 4), stage.editor.selection
    stage.press(10, 4)
    stage.move(30, 4)
    assert (stage.shown_at(20, 4) != before).any()
    assert stage.editor.selection is selection
    assert not stage.editor.is_busy
    assert tool.hint() == "Release to work out the hair · Esc takes the stroke back"


def test_a_stroke_is_drafted_at_once_and_then_one_undo_step(stage, tool, work):
    before = stage.editor.selection
    stage.drag(10, 12, 50, 12)
    assert drafted(stage)[12, 30] == DRAFTED
    assert stage.editor.selection is before
    assert stage.editor.hair_strokes == ()
    assert stage.editor.work == "Working out the hair"
    finish(stage, work)
    assert stage.editor.draft.coverage is None
    assert stage.editor.selection[12, 30] == SOLVED
    assert stage.editor.selection[24, 30] == 255
    assert stage.editor.undo_title == "Refine hair"
    stage.editor.undo()
    np.testing.assert_array_equal(stage.editor.selection, before)


def test_strokes_queue_and_each_is_marked_until_it_is_drafted(stage, tool, work):
    bare = stage.shown_at(6, 40)
    stage.click(20, 12)
    drafted(stage)
    stage.click(6, 40)
    stage.hover(60, 4)
    assert len(stage.editor.hair_strokes) == 1
    assert (stage.shown_at(6, 40) != bare).any()
    finish(stage, work)
    assert (stage.editor.selection[12, 20], stage.editor.selection[40, 6]) == (SOLVED, SOLVED)
    stage.editor.undo()
    assert (stage.editor.selection[12, 20], stage.editor.selection[40, 6]) == (SOLVED, 0)


def test_escape_takes_the_stroke_back(stage, tool, work):
    stage.press(10, 12)
    stage.move(30, 12)
    stage.key(Qt.Key.Key_Escape)
    stage.release(30, 12)
    assert not stage.editor.is_busy
    assert work.solved == []


@pytest.mark.parametrize("take_back", ["undo", "cancel"])
def test_what_is_worked_out_can_be_taken_back(stage, tool, work, take_back):
    before = stage.editor.selection
    stage.click(20, 12)
    drafted(stage)
    getattr(stage.editor, take_back)()
    assert not stage.editor.is_busy
    assert stage.editor.draft.coverage is None
    finish(stage, work)
    assert stage.editor.selection is before


def test_undo_with_two_strokes_on_their_way_takes_the_second_back(stage, tool, work):
    stage.click(20, 12)
    stage.click(6, 40)
    stage.editor.undo()
    assert stage.editor.is_busy
    finish(stage, work)
    assert (stage.editor.selection[12, 20], stage.editor.selection[40, 6]) == (SOLVED, 0)


def test_without_a_selection_it_says_what_to_do(stage, tool, work):
    stage.editor.select_none()
    assert tool.hint() == "Nothing is selected yet. Select an object first, then paint over its hair."
    before = stage.shown()
    stage.press(30, 20)
    stage.move(40, 20)
    assert (stage.shown() != before).any(), "the same in the middle of the photo"
    stage.release(40, 20)
    assert not stage.editor.is_busy


def test_without_a_photo_nothing_happens(stage, tool):
    stage.editor.set_document(None)
    assert tool.hint().startswith("Nothing is selected")
    assert stage.canvas.viewport is None


def test_what_was_deselected_meanwhile_is_not_worked_out(stage, tool, work):
    stage.click(20, 12)
    drafted(stage)
    stage.editor.select_none()
    assert stage.editor.draft.coverage is None
    work.fill = lambda document, stroke, value: None
    finish(stage, work)
    assert stage.editor.selection is None


def test_another_selection_meanwhile_is_what_the_hair_is_worked_out_of(stage, tool, work):
    stage.click(20, 12)
    drafted(stage)
    stage.select(0, 0, 64, 12)
    finish(stage, work)
    assert len(work.solved) == 2
    assert (stage.editor.selection[4, 60], stage.editor.selection[12, 20]) == (255, SOLVED)


def test_another_photo_knows_nothing_of_the_strokes_on_the_one_before(stage, tool, work):
    stage.click(20, 12)
    drafted(stage)
    stage.click(6, 40)
    stage.editor.set_document(make_document(64, 48, seed=1))
    assert (stage.editor.draft.coverage, stage.editor.hair_strokes, stage.editor.work) == (None, (), "")
    finish(stage, work)
    assert stage.editor.selection is None


def test_a_stroke_in_progress_ends_with_its_photo(stage, tool, work):
    stage.press(20, 12)
    stage.editor.set_document(make_document(64, 48, seed=1))
    stage.release(20, 12)
    assert work.solved == []


def test_choosing_the_tool_commits_the_open_prompt(stage, work):
    stage.tool(ObjectTool)
    stage.click(30, 20)
    stage.answer()
    tool = stage.tool(HairTool, stage.editor, stage.session, RoundSettings(size=8.0), stage.canvas)
    assert tool.hint().startswith("Paint over hair")
    stage.qtbot.waitUntil(lambda: not stage.session.is_open)
    assert stage.editor.selection[20, 30] == 255


def test_strokes_during_a_slow_commit_follow_it(stage, work):
    stage.tool(ObjectTool)
    stage.click(15, 24)
    stage.answer()
    gate = stage.service.hold(CommitWish)
    stage.tool(HairTool, stage.editor, stage.session, RoundSettings(size=8.0), stage.canvas)
    bare = stage.shown_at(50, 25)
    stage.drag(50, 10, 50, 40)
    stage.hover(60, 4)
    assert (stage.shown_at(50, 25) != bare).any()
    assert not stage.editor.is_busy
    gate.open()
    drafted(stage)
    finish(stage, work)
    assert (stage.editor.selection[24, 15], stage.editor.selection[25, 50]) == (255, SOLVED)


def test_a_failing_commit_takes_the_strokes_that_waited_for_it_with_it(stage, work):
    stage.tool(ObjectTool)
    stage.click(15, 24)
    stage.answer()
    gate = stage.service.hold(CommitWish)
    stage.service.errors[CommitWish] = SegmentationError("The model fell over.")
    stage.tool(HairTool, stage.editor, stage.session, RoundSettings(size=8.0), stage.canvas)
    stage.click(50, 20)
    with stage.qtbot.waitSignal(stage.session.failed):
        gate.open()
    stage.session.drop()
    assert work.solved == []


def test_choosing_another_tool_leaves_what_is_worked_out_alone(stage, tool, work):
    stage.click(20, 12)
    stage.tool(ObjectTool)
    finish(stage, work)
    assert stage.editor.selection[12, 20] == SOLVED


def test_what_goes_wrong_is_told_and_leaves_the_selection(stage, tool, work):
    before, work.error = stage.editor.selection, PromptError("There is nothing to cut from.")
    stage.click(20, 12)
    drafted(stage)
    with stage.qtbot.waitSignal(stage.editor.failed) as failed:
        work.gate.open()
    assert str(failed.args[0]) == "There is nothing to cut from."
    assert stage.editor.draft.coverage is None
    assert stage.editor.selection is before


def test_painting_by_hand_meanwhile_takes_the_draft_away_and_keeps_both(stage, tool, work):
    stage.click(20, 12)
    drafted(stage)
    stroke = stage.editor.begin_stroke(False, 6, 1.0)
    stroke.move_to(6, 40)
    assert stage.editor.draft.coverage is None
    stroke.finish()
    finish(stage, work)
    assert (stage.editor.selection[40, 6], stage.editor.selection[12, 20]) == (255, SOLVED)


def test_brackets_change_the_size(stage, tool):
    stage.key(Qt.Key.Key_BracketRight)
    assert tool.size == 10


def test_the_real_work_changes_nothing_but_what_was_painted_over(stage):
    stage.select(16, 12, 32, 24)
    before = stage.editor.selection
    tool = stage.tool(HairTool, stage.editor, stage.session, RoundSettings(size=8.0), stage.canvas)
    stage.drag(10, 12, 50, 12)
    stage.qtbot.waitUntil(lambda: not stage.editor.is_busy)
    changed = Rect.of_mask(stage.editor.selection != before)
    assert not changed.is_empty
    assert changed.intersect(Rect(5, 7, 50, 10)) == changed
    assert tool.hint().startswith("Paint over hair")


def test_the_status_bar_says_what_is_worked_out_and_stops_it(desk, work):
    desk.show_document()
    desk.editor.select_all()
    before = desk.editor.selection
    desk.trigger("tool-hair")
    desk.click(30, 20)
    work.gate.wait_reached()
    status = desk.window.parts.status
    desk.wait(lambda: any(label.text() == "Working out the hair" for label in status.findChildren(QLabel)))
    desk.wait(status._work.cancel.isVisible)
    status._work.cancel.click()
    assert not desk.editor.is_busy
    assert desk.editor.selection is before
    assert not any(label.text() == "Working out the hair" for label in status.findChildren(QLabel))


def test_a_draft_of_a_selection_that_is_gone_is_not_shown(stage, tool, work, monkeypatch):
    gate, shown = Gate(), []

    def draft(document, stroke):
        gate.pass_through()
        return work.fill(document, stroke, DRAFTED)

    monkeypatch.setattr(hair_edit, "draft_hair", draft)
    stage.editor.draft.changed.connect(lambda rect: shown.append(stage.editor.draft.coverage))
    stage.click(20, 12)
    gate.wait_reached()
    stage.select(0, 0, 64, 12)
    gate.open()
    finish(stage, work)
    drafts = [coverage for coverage in shown if coverage is not None]
    assert len(drafts) == 1, "of the selection that is there"
    assert (drafts[0][12, 20], drafts[0][15, 23]) == (DRAFTED, 0)
