"""The tool for every object, in the window, with a mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from core.geometry import Rect
from core.model_list import MODELS
from core.segment_request import CommitWish, EverythingWish
from core.segmenter import Strictness
from tests import fakes
from tests.fakes import make_document
from tests.ui.desk import LEFT, NO_SCREEN, NONE, RIGHT, SHIFT
from ui.object_session import SearchState

pytestmark = NO_SCREEN

ALT = Qt.KeyboardModifier.AltModifier
MIDDLE, RING, CORNER, OUTSIDE = (32, 24), (32 + 13, 24), (8, 6), (60, 45)
"""In all three discs of the fake's answer, in the largest alone, in the one at the corner, in none."""


@pytest.fixture
def objects(desk):
    return desk.shop.objects


@pytest.fixture
def found(desk):
    yield from with_objects(desk)


def with_objects(desk):
    """Yield the objects of an open photo, with the tool for them in hand."""
    objects = desk.shop.objects
    desk.show_document()
    desk.wait(lambda: not desk.session.state.is_busy)
    desk.key(Qt.Key.Key_G)
    desk.wait(lambda: objects.search is SearchState.FOUND)
    yield objects
    objects.set_least_score(0.0)


def tool(desk):
    return desk.window.parts.toolbox.tool


def options(desk):
    return desk.window.parts.everything_options


def hover(desk, x, y, modifiers=NONE):
    at = QPointF(*desk.canvas.viewport.to_view(x, y))
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        QPointF(desk.canvas.mapToGlobal(at)),
        Qt.MouseButton.NoButton,
        LEFT & RIGHT,
        modifiers,
    )
    QApplication.sendEvent(desk.canvas, event)
    desk.settle()


def hot(desk):
    each = tool(desk).hot
    return None if each is None else each.name


def choose(desk, x, y, button=LEFT, modifiers=NONE):
    desk.click(x, y, button, modifiers)
    desk.wait(lambda: not desk.session.state.is_busy)


def masks(objects, *numbers):
    size = objects.found.size
    return np.logical_or.reduce([objects.found.objects[n - 1].candidate.preview(size) for n in numbers])


def selected(desk):
    return desk.editor.selection > 0


# --- the search ---


def test_the_key_starts_the_search_with_progress_and_a_way_to_stop_it(desk, objects):
    desk.show_document()
    desk.wait(lambda: not desk.session.state.is_busy)
    desk.service.fractions[EverythingWish] = 0.25
    gate = desk.service.hold(EverythingWish)
    desk.key(Qt.Key.Key_G)
    gate.wait_reached()
    desk.wait(lambda: desk.session.state.fraction == 0.25)
    assert tool(desk).notice == "Finding every object…"
    assert "Esc stops" in desk.window.parts.status.text
    assert options(desk).search_button.text() == "Stop"
    desk.press(options(desk).search_button)
    assert objects.search is SearchState.STOPPED
    assert options(desk).search_button.text() == "Find"
    assert not desk.session.state.is_busy
    gate.open()
    desk.service.fractions.clear()


def test_escape_stops_the_search_and_then_leaves_the_tool(desk, objects):
    desk.show_document()
    gate = desk.service.hold(EverythingWish)
    desk.key(Qt.Key.Key_G)
    desk.key(Qt.Key.Key_Escape)
    assert objects.search is SearchState.STOPPED
    desk.key(Qt.Key.Key_Escape)
    assert tool(desk).id == "object"
    gate.open()


def test_a_click_during_the_search_counts_when_the_objects_are_there(desk, objects):
    desk.show_document()
    gate = desk.service.hold(EverythingWish)
    desk.key(Qt.Key.Key_G)
    desk.click(*CORNER)
    gate.open()
    desk.wait(lambda: desk.editor.selection is not None)
    np.testing.assert_array_equal(selected(desk), masks(objects, 4))


def test_nothing_found_is_said_on_the_photo_and_can_be_tried_again(desk, objects, monkeypatch):
    desk.show_document()
    monkeypatch.setattr(fakes, "make_everything", lambda size: ())
    desk.key(Qt.Key.Key_G)
    desk.wait(lambda: objects.search is SearchState.EMPTY)
    assert tool(desk).notice.startswith("No object was found by itself")
    assert desk.message is None, "it is said once"
    assert not desk.action("layer-explode").isEnabled()
    monkeypatch.undo()
    desk.click(*CORNER)
    desk.wait(lambda: desk.editor.selection is not None)


def test_a_document_of_which_nothing_is_visible_says_what_to_do(desk, found):
    photo = desk.editor.document.layers[0]
    desk.editor.set_layer_visible(photo.id, False)
    desk.settle()
    assert desk.window.parts.status.text == "No layer is visible · show the photo's layer first · Esc leaves"
    desk.click(*CORNER)
    assert found.search is SearchState.NONE
    desk.editor.set_layer_visible(photo.id, True)
    desk.settle()
    assert desk.window.parts.status.text == "Click to find every object · Esc leaves"


def test_taking_the_tool_again_asks_nobody(desk, found):
    asked = desk.service.counts()[EverythingWish]
    desk.key(Qt.Key.Key_W)
    desk.key(Qt.Key.Key_G)
    desk.trigger("find-everything")
    assert found.search is SearchState.FOUND
    assert desk.service.counts()[EverythingWish] == asked


def test_another_photo_is_searched_while_the_tool_is_in_hand(desk, found):
    before = found.found
    desk.show_document(make_document(seed=5))
    desk.wait(lambda: found.search is SearchState.FOUND)
    assert found.found is not before
    desk.key(Qt.Key.Key_W)
    desk.show_document(make_document(seed=6))
    assert found.search is SearchState.NONE


# --- pointing ---


def test_the_smallest_object_under_the_pointer_stands_out(desk, found):
    for at, name in ((MIDDLE, "Object 3"), (RING, "Object 1"), (CORNER, "Object 4"), (OUTSIDE, None)):
        hover(desk, *at)
        assert hot(desk) == name
    hover(desk, *CORNER, ALT)
    assert desk.window.parts.status.text == "Click takes Object 4 out of the selection"
    hover(desk, *CORNER)
    assert desk.window.parts.status.text.startswith("Click selects Object 4")
    assert desk.canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor


def test_tab_and_the_wheel_with_alt_go_to_the_objects_around(desk, found):
    hover(desk, *MIDDLE)
    desk.key(Qt.Key.Key_Tab)
    assert hot(desk) == "Object 2"
    assert "Tab: 2 of 3 here" in desk.window.parts.status.text
    desk.key(Qt.Key.Key_Backtab, SHIFT)
    assert hot(desk) == "Object 3"
    at = QPointF(*desk.canvas.viewport.to_view(*MIDDLE))
    wheel = QWheelEvent(
        at, QPointF(desk.canvas.mapToGlobal(at)), QPoint(), QPoint(0, -240), LEFT & RIGHT, ALT,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    zoom = desk.canvas.zoom
    QApplication.sendEvent(desk.canvas, wheel)
    desk.settle()
    assert hot(desk) == "Object 1"
    assert desk.canvas.zoom == zoom


def test_leaving_the_photo_lets_nothing_stand_out(desk, found):
    hover(desk, *CORNER)
    QApplication.sendEvent(desk.canvas, QEvent(QEvent.Type.Leave))
    assert hot(desk) is None


def test_pointing_repaints_no_more_than_the_objects(desk, found):
    hover(desk, *OUTSIDE)
    desk.canvas.grab()
    painted = []
    desk.canvas.update = lambda area=None: painted.append(area)
    try:
        hover(desk, *CORNER)
    finally:
        del desk.canvas.update
    reach = found.shown.objects[3].reach
    most = desk.canvas.viewport.to_device_rect(reach.padded(2))
    assert painted
    # The sign at the pointer is a region, and of no width without a mode.
    assert max(area.width() for area in painted if isinstance(area, QRect)) <= most.width + 12
    assert None not in painted


# --- choosing ---


def test_a_click_selects_at_full_resolution_as_one_step(desk, found):
    choose(desk, *MIDDLE)
    np.testing.assert_array_equal(selected(desk), masks(found, 3))
    assert desk.editor.undo_title == "Select object"
    desk.trigger("undo")
    assert desk.editor.selection is None


def test_shift_adds_alt_and_the_right_button_subtract(desk, found):
    choose(desk, *RING)
    choose(desk, *CORNER, LEFT, SHIFT)
    np.testing.assert_array_equal(selected(desk), masks(found, 1, 4))
    choose(desk, *MIDDLE, LEFT, ALT)
    np.testing.assert_array_equal(selected(desk), masks(found, 1, 4) & ~masks(found, 3))
    choose(desk, *CORNER, RIGHT)
    np.testing.assert_array_equal(selected(desk), masks(found, 1) & ~masks(found, 3))


def test_the_object_that_was_cycled_to_is_the_one_that_is_taken(desk, found):
    hover(desk, *MIDDLE)
    desk.key(Qt.Key.Key_Tab)
    choose(desk, *MIDDLE)
    np.testing.assert_array_equal(selected(desk), masks(found, 2))


def test_a_click_beside_all_objects_changes_nothing(desk, found):
    choose(desk, *OUTSIDE)
    assert desk.editor.selection is None
    assert desk.service.counts()[CommitWish] == 0 or desk.editor.undo_title is None


def test_a_drag_is_no_click(desk, found):
    view = [QPoint(*map(round, desk.canvas.viewport.to_view(*at))) for at in (MIDDLE, OUTSIDE)]
    for kind, at in ((QEvent.Type.MouseButtonPress, view[0]), (QEvent.Type.MouseButtonRelease, view[1])):
        QApplication.sendEvent(
            desk.canvas, QMouseEvent(kind, QPointF(at), QPointF(desk.canvas.mapToGlobal(at)), LEFT, LEFT, NONE)
        )
    assert desk.editor.selection is None
    assert not desk.session.state.is_busy


def test_an_open_prompt_becomes_the_selection_first(desk, objects):
    desk.show_document()
    desk.point_at(*CORNER)
    desk.key(Qt.Key.Key_G)
    desk.wait(lambda: objects.search is SearchState.FOUND and not desk.session.is_open)
    assert desk.editor.selection is not None


def test_what_comes_after_a_click_waits_for_its_object(desk, found):
    choose(desk, *RING)
    gate = desk.service.hold(CommitWish)
    desk.click(*CORNER)
    desk.trigger("layer-from-selection")
    assert len(desk.editor.document.layers) == 1
    gate.open()
    desk.wait(lambda: len(desk.editor.document.layers) == 2)
    assert desk.editor.document.active_layer.rect == Rect.of_mask(masks(found, 4))


def test_what_waits_for_an_object_that_is_given_up_is_not_done(desk, found):
    choose(desk, *RING)
    gate = desk.service.hold(CommitWish)
    desk.click(*CORNER)
    desk.trigger("layer-from-selection")
    desk.shop.cancel()
    gate.open()
    desk.wait(lambda: not desk.session.state.is_busy)
    choose(desk, *CORNER)
    assert len(desk.editor.document.layers) == 1


# --- the bar ---


def test_the_slider_filters_at_once_and_asks_nobody(desk, found):
    asked = desk.service.counts()[EverythingWish]
    assert options(desk).count.text() == "4 objects"
    options(desk).sure.slider.setValue(75)
    assert options(desk).count.text() == "2 of 4 objects"
    options(desk).sure.slider.setValue(100)
    desk.settle()
    assert tool(desk).notice == "The model is less sure of every object · move “How sure” to the left"
    assert not desk.action("layer-explode").isEnabled()
    assert desk.service.counts()[EverythingWish] == asked
    assert not options(desk).overlap.isVisible()


def test_a_model_that_is_strict_itself_is_told_and_it_is_remembered(desk, found, monkeypatch):
    monkeypatch.setattr(type(desk.shop.model_flow), "model", property(lambda self: "fastsam_s"))
    assert MODELS["fastsam_s"].family == "fastsam"
    desk.shop.model_flow.changed.emit()
    options(desk).sure.slider.setValue(60)
    options(desk).overlap.slider.setValue(50)
    assert found.search is SearchState.RUNNING
    desk.wait(lambda: found.search is SearchState.FOUND)
    assert desk.service.requests[-1].choice.strictness == Strictness(0.6, 0.5)
    assert (desk.shop.remembered.settings.confidence, desk.shop.remembered.settings.overlap) == (0.6, 0.5)
    assert found.least_score == 0.0
    desk.key(Qt.Key.Key_W)
    assert desk.window.parts.strictness.isVisible()
    assert desk.window.parts.strictness.sure.slider.value() == 60
    monkeypatch.undo()
    desk.shop.model_flow.set_strictness(Strictness())
    desk.shop.model_flow.changed.emit()
    assert not desk.window.parts.strictness.isVisible()


def test_the_buttons_wait_for_a_list(desk):
    desk.show_document()
    for action_id in ("layer-explode", "export-objects"):
        assert not desk.action(action_id).isEnabled()
