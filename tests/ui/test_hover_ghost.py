"""What a click would find, shown before it, with real pointer events on a canvas."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from core.errors import NothingFoundError, SegmentationError
from core.mask_ops import SelectionMode
from core.prompt import Prompt
from core.segment_request import EverythingWish, ModelChoice, PredictWish
from tests.fakes import make_document
from tests.ui.canvas_stage import ALT, SHIFT, Stage, picture
from tests.ui.desk import NO_SCREEN
from ui.hover_ghost import HoverGhost, model_family
from ui.hover_pace import HoverPace
from ui.object_session import ObjectSession, SearchState
from ui.tools.brush_tool import BrushTool
from ui.tools.object_tool import ObjectTool

pytestmark = NO_SCREEN

FAMILIES = {"": "sam", "quick": "sam", "all at once": "fastsam", "classic": "classic"}


class GhostStage(Stage):
    """A canvas with the object tool and its ghost; the model's family is what its name says."""

    def __init__(self, qtbot):
        super().__init__(qtbot)
        self.service.seconds[PredictWish] = 0.01
        self.objects = ObjectSession(self.editor, self.session)
        self.ghost = HoverGhost(self.editor, self.session, self.objects, family_of=lambda c: FAMILIES[c.name])
        self.tool(ObjectTool, self.editor, self.session, self.canvas, self.ghost)
        self.rest()

    def rest(self):
        self.qtbot.waitUntil(lambda: self.session.line.is_idle)

    def point_at(self, x, y, modifiers=Qt.KeyboardModifier.NoModifier):
        self.hover(x, y, modifiers)
        self.rest()

    def asked(self):
        return [wish.prompt for wish in self.service.wishes(PredictWish)]

    def choose(self, name):
        self.session.set_choice(ModelChoice(name))
        self.rest()

    def find(self):
        self.objects.find()
        self.rest()


@pytest.fixture
def stage(qtbot):
    stage = GhostStage(qtbot)
    yield stage
    for gate in stage.service.gates.values():
        gate.open()
    stage.close()


def test_a_quick_model_is_asked_at_the_pointer_and_its_answer_is_shown_lightly(stage):
    before = picture(stage).astype(int)
    stage.point_at(20, 20)
    assert stage.asked() == [Prompt().with_point(*stage.canvas.viewport.to_image(*stage.view_point(20, 20).toTuple()))]
    assert stage.ghost.found is not None
    assert not stage.session.is_open
    assert stage.session.prediction is None
    assert not stage.session.state.is_busy, "nothing is said of it"
    light = np.abs(picture(stage).astype(int) - before).sum()
    stage.click(20, 20)
    stage.answer()
    assert 0 < light < np.abs(picture(stage).astype(int) - before).sum(), "lighter than what was clicked"


def test_where_the_pointer_stays_nothing_is_asked_again(stage):
    stage.point_at(20, 20)
    stage.point_at(20.05, 20)
    assert len(stage.asked()) == 1
    stage.point_at(30, 20)
    assert len(stage.asked()) == 2


def test_one_question_is_under_way_at_a_time_and_the_newest_place_is_asked_next(stage):
    gate = stage.service.hold(PredictWish)
    stage.hover(10, 10)
    gate.wait_reached()
    for x in range(20, 40):
        stage.hover(x, 30)
    assert len(stage.asked()) == 1
    gate.open()
    stage.rest()
    assert [round(prompt.points[0].x) for prompt in stage.asked()] == [10, 39]
    assert stage.ghost.found is not None


def test_a_click_withdraws_the_question_and_waits_for_no_other(stage):
    gate = stage.service.hold(PredictWish)
    stage.hover(10, 10)
    gate.wait_reached()
    stage.click(30, 30)
    stage.hover(40, 40)
    gate.open()
    stage.answer()
    stage.rest()
    assert len(stage.asked()) == 2, "the one under way and the click"
    assert stage.ghost.found is None
    assert stage.session.prediction is not None


def test_the_ghost_holds_its_place_until_the_click_is_answered(stage):
    stage.point_at(20, 20)
    gate = stage.service.hold(PredictWish)
    stage.click(20, 20)
    gate.wait_reached()
    assert stage.ghost.found is not None
    gate.open()
    stage.answer()
    assert stage.ghost.found is None


def test_the_ghost_goes_when_the_pointer_leaves_and_while_a_box_is_dragged(stage):
    stage.point_at(20, 20)
    QApplication.sendEvent(stage.canvas, QEvent(QEvent.Type.Leave))
    assert stage.ghost.found is None
    stage.point_at(20, 20)
    stage.press(20, 20)
    stage.move(50, 40)
    assert stage.ghost.found is None


def test_esc_hides_the_ghost_until_the_pointer_has_left(stage):
    stage.point_at(20, 20)
    stage.key(Qt.Key.Key_Escape)
    assert stage.ghost.found is None
    stage.point_at(22, 20)
    assert stage.ghost.found is None
    QApplication.sendEvent(stage.canvas, QEvent(QEvent.Type.Leave))
    stage.point_at(22, 20)
    assert stage.ghost.found is not None


def test_alt_excludes_and_shows_no_ghost_while_shift_shows_what_would_be_added(stage):
    stage.point_at(20, 20, ALT)
    assert stage.ghost.found is None
    stage.point_at(20, 20, SHIFT)
    assert stage.ghost.found is not None
    assert stage.canvas._tool.shown_objects().mode is SelectionMode.ADD


def test_beside_the_photo_and_where_nothing_is_found_there_is_no_ghost(stage):
    stage.point_at(-5, 10)
    assert stage.asked() == []
    stage.service.errors[PredictWish] = NothingFoundError("Nothing there.")
    stage.point_at(20, 20)
    assert stage.ghost.found is None
    assert not stage.ghost.is_too_slow, "nothing is an answer, too"


def test_a_slow_model_is_asked_no_more_and_the_option_says_why(stage):
    told = []
    stage.ghost.option_changed.connect(lambda: told.append(stage.ghost.option_tip))
    stage.service.seconds[PredictWish] = 0.12
    for x in range(10, 60, 5):
        stage.point_at(x, 20)
    assert len(stage.asked()) == 6, "the first two may have warmed something up"
    assert stage.ghost.found is None
    assert "120 ms" in told[-1]
    assert stage.ghost.is_on, "the wish stays for other models"
    stage.service.seconds[PredictWish] = 0.01
    stage.ghost.set_on(False)
    stage.ghost.set_on(True)
    assert not stage.ghost.is_too_slow, "it can be tried again"
    stage.choose("quick")
    assert not stage.ghost.is_too_slow
    stage.point_at(21, 21)
    assert stage.ghost.found is not None


def test_a_model_that_fails_is_asked_no_more_and_nobody_is_told(stage):
    failures = []
    stage.session.failed.connect(failures.append)
    stage.service.errors[PredictWish] = SegmentationError("It is broken.")
    stage.point_at(20, 20)
    stage.point_at(40, 20)
    assert len(stage.asked()) == 1
    assert failures == []
    assert "could not be asked" in stage.ghost.option_tip


def test_a_model_that_finds_all_objects_at_once_is_asked_for_them_once(stage):
    stage.choose("all at once")
    stage.point_at(32, 24)
    assert stage.objects.search is SearchState.FOUND
    stage.point_at(33, 24)
    stage.point_at(8, 6)
    assert stage.service.counts()[EverythingWish] == 1
    assert stage.asked() == []
    assert stage.ghost.found is stage.objects.shown.objects[stage.objects.shown.at(8, 6)]
    stage.point_at(60, 45)
    assert stage.ghost.found is None


def test_with_the_classic_model_only_objects_that_are_known_are_shown(stage):
    stage.choose("classic")
    stage.point_at(32, 24)
    assert stage.asked() == []
    assert stage.service.counts()[EverythingWish] == 0
    assert stage.ghost.found is None
    assert "(G)" in stage.ghost.option_tip
    stage.find()
    assert stage.ghost.found is stage.objects.shown.objects[stage.objects.shown.at(32, 24)]
    stage.editor.set_document(make_document(64, 48, seed=1))
    assert stage.ghost.found is None


def test_nothing_is_shown_when_it_is_not_wanted_or_another_tool_is_in_hand(stage):
    stage.point_at(20, 20)
    stage.ghost.set_on(False)
    assert stage.ghost.found is None
    stage.point_at(30, 20)
    assert len(stage.asked()) == 1
    stage.ghost.set_on(True)
    stage.rest()
    assert stage.ghost.found is not None
    stage.tool(BrushTool, stage.editor, stage.session, False)
    assert stage.ghost.found is None


def test_after_a_commit_the_ghost_waits_for_the_pointer_to_move(stage):
    stage.point_at(20, 20)
    stage.click(20, 20)
    stage.answer()
    stage.key(Qt.Key.Key_Return)
    stage.qtbot.waitUntil(lambda: not stage.session.is_open)
    stage.rest()
    assert stage.ghost.found is None
    stage.point_at(21, 21)
    assert stage.ghost.found is not None


def test_the_family_of_a_model_is_that_of_the_model_list():
    assert model_family(ModelChoice("classic")) == "classic"
    assert model_family(ModelChoice("mobile_sam")) == "sam"
    assert model_family(ModelChoice("no such model")) == ""


def test_the_switch_is_remembered_and_says_what_it_does(desk):
    action = desk.action("hover-ghost")
    assert action.isChecked()
    desk.show_document()
    button = desk.window.parts.pointing_options.ghost_button
    assert button.isVisible()
    assert "before it is made" in button.toolTip()
    desk.trigger("hover-ghost")
    assert not desk.shop.remembered.settings.is_ghost_shown
    assert not button.isChecked()
    desk.trigger("hover-ghost")
    assert desk.shop.remembered.settings.is_ghost_shown


@pytest.mark.parametrize(
    ("seconds", "is_fast"),
    [
        ([0.9, 0.9, 0.02, 0.02], True),
        ([0.02] * 2 + [0.1] * 3 + [0.02] + [0.1] * 3, True),
        ([0.02] * 2 + [0.1] * 4, False),
        ([0.02, 0.02, 0.5, 0.5], False),
        ([0.02] * 2 + [0.1] * 4 + [0.02], False),
    ],
)
def test_a_model_is_slow_after_several_slow_answers_in_a_row(seconds, is_fast):
    pace = HoverPace()
    for each in seconds:
        pace.take(each)
    assert pace.is_fast is is_fast
