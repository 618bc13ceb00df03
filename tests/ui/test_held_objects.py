"""Every object, shown while N is held down, with real keys."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.segment_request import EverythingWish, ModelChoice
from tests.fakes import make_document
from tests.ui.canvas_stage import Stage, picture
from tests.ui.desk import CTRL, NO_SCREEN
from ui.held_objects import HeldObjects
from ui.hover_ghost import HoverGhost
from ui.object_session import ObjectSession
from ui.tools.brush_tool import BrushTool
from ui.tools.object_tool import ObjectTool

pytestmark = NO_SCREEN


@pytest.fixture(params=[ObjectTool, BrushTool])
def stage(qtbot, request):
    stage = Stage(qtbot)
    stage.tool(request.param, stage.editor, stage.session, *([False] if request.param is BrushTool else []))
    stage.objects = ObjectSession(stage.editor, stage.session)
    families = {"": "classic", "all at once": "fastsam"}
    ghost = HoverGhost(stage.editor, stage.session, stage.objects, family_of=lambda choice: families[choice.name])
    stage.held = HeldObjects(stage.canvas, stage.editor, stage.objects, ghost)
    rest(stage)
    yield stage
    for gate in stage.service.gates.values():
        gate.open()
    stage.close()


def rest(stage):
    stage.qtbot.waitUntil(lambda: stage.session.line.is_idle)


def hold(stage):
    QTest.keyPress(stage.canvas, Qt.Key.Key_N)


def let_go(stage):
    QTest.keyRelease(stage.canvas, Qt.Key.Key_N)


def test_known_objects_are_shown_over_any_tool_while_n_is_held(stage):
    stage.objects.find()
    rest(stage)
    before = picture(stage).copy()
    hold(stage)
    assert (picture(stage) != before).any()
    assert stage.held.notice == ""
    let_go(stage)
    assert (picture(stage) == before).all()


def test_a_held_key_repeats_itself_and_changes_nothing(stage):
    stage.objects.find()
    rest(stage)
    hold(stage)
    held = picture(stage).copy()
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
        QApplication.sendEvent(
            stage.canvas, QKeyEvent(kind, Qt.Key.Key_N, Qt.KeyboardModifier.NoModifier, "n", autorep=True)
        )
        assert (picture(stage) == held).all()


def test_the_objects_go_when_the_keyboard_goes_elsewhere(stage):
    stage.objects.find()
    rest(stage)
    before = picture(stage).copy()
    hold(stage)
    QApplication.sendEvent(stage.canvas, QFocusEvent(QEvent.Type.FocusOut))
    assert (picture(stage) == before).all()


def test_a_model_that_takes_long_is_not_asked_and_the_person_is_told_what_to_do(stage):
    hold(stage)
    assert stage.service.counts()[EverythingWish] == 0
    assert "G finds every object" in stage.held.notice
    let_go(stage)
    assert stage.held.notice == ""


def test_a_model_that_finds_all_at_once_is_asked_and_its_objects_are_shown_when_they_come(stage):
    stage.session.set_choice(ModelChoice("all at once"))
    rest(stage)
    before = picture(stage).copy()
    gate = stage.service.hold(EverythingWish)
    hold(stage)
    gate.wait_reached()
    assert stage.held.notice == "Finding every object…"
    gate.open()
    rest(stage)
    assert stage.held.notice == ""
    assert (picture(stage) != before).any()
    let_go(stage)
    hold(stage)
    assert stage.service.counts()[EverythingWish] == 1


def test_without_a_photo_and_with_ctrl_nothing_happens(stage):
    QTest.keyPress(stage.canvas, Qt.Key.Key_N, CTRL)
    assert stage.held.notice == ""
    stage.editor.set_document(None)
    hold(stage)
    assert stage.held.notice == ""
    let_go(stage)
    stage.editor.set_document(make_document(64, 48))


def test_the_window_has_it(desk):
    desk.show_document()
    QTest.keyPress(desk.canvas, Qt.Key.Key_N)
    assert "G finds every object" in desk.window.parts.held.notice
    QTest.keyRelease(desk.canvas, Qt.Key.Key_N)
    assert desk.window.parts.held.notice == ""
