"""The first look at an edge that takes long to draw: shown at once, and never taken for the selection."""

import numpy as np
import pytest

from core.arrays import freeze
from core.errors import SegmentationError
from core.mask_ops import SelectionMode
from core.segment_request import CommitWish, Edge
from tests.fakes import make_document
from tests.ui.canvas_stage import picture
from ui.canvas import View
from ui.object_session import ObjectSession
from ui.tools.object_tool import ObjectTool


@pytest.fixture
def draft():
    """A block at the left that no click of these tests would find."""
    coverage = np.zeros((48, 64), np.uint8)
    coverage[4:44, 2:12] = 255
    freeze(coverage)
    return coverage


class Commit:
    """A matte of a click in the photo's middle, on its way, seen as a mask."""

    def __init__(self, stage, draft):
        self.stage, self.editor, self.session = stage, stage.editor, stage.session
        stage.canvas.set_view(View.MASK)
        stage.tool(ObjectTool)
        stage.session.edges.set_usual(Edge.MATTE)
        stage.service.drafts[CommitWish] = draft
        self.gate = stage.service.hold(CommitWish)

    def begin(self, x=40, y=24):
        self.stage.click(x, y)
        self.stage.answer()
        self.session.commit()
        self.stage.qtbot.waitUntil(lambda: self.editor.draft.coverage is not None)

    def looks_like(self, coverage):
        """Whether exactly the pixels of `coverage` are shown as selected."""
        shown = picture(self.stage)
        x, y = self.stage.canvas.viewport.origin
        times = self.stage.canvas.viewport.scaled_size.width // 64
        middle = shown[y + times // 2 :: times, x + times // 2 :: times][:48, :64]
        return np.array_equal(middle[..., 0] > 127, coverage > 127)

    def finish(self):
        self.gate.open()
        self.stage.qtbot.waitUntil(lambda: not self.session.state.is_busy)


@pytest.fixture
def commit(stage, draft):
    commit = Commit(stage, draft)
    yield commit
    commit.gate.open()


def test_the_draft_is_shown_in_place_of_selection_and_candidate_until_the_edge_is_there(commit, draft):
    commit.begin()
    assert commit.looks_like(draft)
    assert commit.editor.selection is None
    assert commit.editor.document.selection is None
    assert commit.editor.undo_title is None
    commit.finish()
    assert commit.editor.draft.coverage is None
    assert commit.looks_like(commit.editor.selection)
    assert commit.editor.selection[24, 40] == 255
    commit.editor.undo()
    assert commit.editor.selection is None


def test_a_draft_meets_the_selection_as_the_commit_will(commit, draft):
    commit.stage.select(0, 0, 64, 10)
    commit.session.set_mode(SelectionMode.ADD)
    commit.begin()
    assert commit.looks_like(np.maximum(draft, commit.editor.selection))


@pytest.mark.parametrize("take_back", ["undo_prompt", "drop", "cancel"])
def test_taking_the_commit_back_takes_the_draft_away(commit, take_back):
    commit.stage.select(0, 0, 64, 10)
    before = commit.editor.selection
    commit.begin()
    getattr(commit.session, take_back)()
    assert commit.editor.draft.coverage is None
    commit.session.drop()
    assert commit.looks_like(before)
    commit.finish()
    assert commit.editor.selection is before


def test_a_failing_commit_takes_its_draft_away(commit):
    commit.stage.service.errors[CommitWish] = SegmentationError("The model fell over.")
    commit.begin()
    with commit.stage.qtbot.waitSignal(commit.session.failed):
        commit.gate.open()
    assert commit.editor.draft.coverage is None
    assert commit.session.is_open


def test_another_prompt_is_shown_over_the_draft_of_a_commit_that_goes_on(commit, draft):
    commit.begin()
    commit.session.set_mode(SelectionMode.ADD)
    commit.stage.click(50, 24)
    assert commit.editor.draft.coverage is draft
    commit.gate.open()
    commit.stage.answer()
    assert commit.editor.draft.coverage is None
    assert commit.editor.selection[24, 40] == 255
    assert commit.session.is_open


def test_another_photo_shows_no_draft_of_the_one_before(commit):
    commit.begin()
    commit.editor.set_document(make_document(64, 48, seed=1))
    assert commit.editor.draft.coverage is None
    commit.finish()
    assert commit.editor.selection is None
    assert commit.looks_like(np.full((48, 64), 255, np.uint8)), "a mask of nothing selected is the photo's own"


def test_another_selection_ends_the_draft_and_not_the_commit(commit):
    commit.begin()
    commit.editor.select_all()
    assert commit.editor.draft.coverage is None
    assert not commit.session.is_drafted, "the candidate is offered again"
    commit.finish()
    assert commit.editor.selection[0, 0] == 0


def test_a_stroke_is_painted_on_the_selection_and_not_on_the_draft(commit):
    commit.begin()
    stroke = commit.editor.begin_stroke(False, 6, 1.0)
    stroke.move_to(32, 24)
    assert commit.editor.selection[30, 5] == 0
    assert commit.editor.draft.coverage is None


def test_what_removing_the_background_will_leave_is_shown_before_it_is_done(commit, draft):
    commit.stage.select(0, 0, 64, 10)
    commit.session.find_subject(then_remove_background=True)
    commit.stage.qtbot.waitUntil(lambda: commit.editor.draft.coverage is not None)
    assert commit.looks_like(draft)
    assert commit.editor.document.active_layer.mask is None
    commit.finish()
    assert commit.editor.draft.coverage is None
    assert commit.editor.document.active_layer.mask is not None


@pytest.mark.parametrize("is_stopped", [False, True])
def test_one_of_all_objects_is_drafted_too(commit, draft, is_stopped):
    objects = ObjectSession(commit.editor, commit.session)
    objects.find()
    commit.stage.qtbot.waitUntil(lambda: objects.has_shown)
    objects.select(0, SelectionMode.NEW)
    commit.stage.qtbot.waitUntil(lambda: commit.editor.draft.coverage is draft)
    if is_stopped:
        commit.session.cancel()
        assert commit.editor.draft.coverage is None
    commit.finish()
    assert commit.editor.draft.coverage is None
    assert (commit.editor.selection is None) == is_stopped
