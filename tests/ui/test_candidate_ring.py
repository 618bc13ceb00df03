from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.geometry import Box
from core.prompt import Prompt
from core.scribble import Scribble
from tests.ui.desk import LEFT, NO_SCREEN, RIGHT, SHIFT
from ui.candidate_ring import newest_mark
from ui.ring_place import ring_places

pytestmark = NO_SCREEN

ITEM = 56.0, 64.0


@pytest.fixture
def desk(module_desk):
    module_desk.show_document()
    yield module_desk
    module_desk.clear()


def shown(desk):
    return [item for item in desk.window.parts.ring.items if item.isVisible()]


def chosen(desk):
    return [item.isChecked() for item in shown(desk)]


def point_at(item):
    middle = QPointF(item.rect().center())
    QApplication.sendEvent(item, QEnterEvent(middle, middle, QPointF(item.mapToGlobal(middle))))


def leave(item):
    QApplication.sendEvent(item, QEvent(QEvent.Type.Leave))


def test_the_readings_of_a_click_are_offered_around_it_with_their_scores(desk):
    assert not shown(desk)
    desk.point_at(20, 30)
    assert [item.accessibleName() for item in shown(desk)] == ["Part, 60 %", "Object, 90 %", "Whole, 70 %"]
    assert chosen(desk) == [False, True, False]
    x, y = desk.canvas.viewport.to_view(20, 30)
    for item in shown(desk):
        assert desk.canvas.rect().contains(item.geometry())
        assert not item.geometry().contains(round(x), round(y)), "what was clicked stays in sight"
        assert (item.geometry().center() - QPointF(x, y).toPoint()).manhattanLength() < 220


def test_pointing_at_a_reading_shows_it_and_leaving_brings_the_chosen_one_back(desk):
    desk.point_at()
    whole = shown(desk)[2]
    point_at(whole)
    assert desk.session.candidate_index == 2
    assert desk.window.parts.strip.buttons[2].isChecked(), "the strip says the same"
    leave(whole)
    assert desk.session.candidate_index == 1


def test_a_reading_that_comes_under_a_resting_pointer_is_not_pointed_at_until_it_moves(desk):
    desk.point_at()
    below = shown(desk)[0].geometry().center()
    desk.session.drop()
    QTest.mouseMove(desk.canvas, below)
    desk.point_at()
    part = shown(desk)[0]
    assert part.underMouse()
    assert desk.session.candidate_index == 1
    QTest.mouseMove(part, part.rect().center() + QPoint(1, 0))
    assert desk.session.candidate_index == 0


def test_a_click_on_a_reading_chooses_it_for_good(desk):
    desk.point_at()
    part = shown(desk)[0]
    point_at(part)
    QTest.mouseClick(part, LEFT)
    leave(part)
    assert desk.session.candidate_index == 0
    assert chosen(desk) == [True, False, False]
    assert len(desk.session.prompt.points) == 1, "the photo below was not clicked"


def test_a_right_click_on_a_reading_excludes_nothing(desk):
    desk.point_at()
    QTest.mouseClick(shown(desk)[0], RIGHT)
    desk.settle()
    assert len(desk.session.prompt.points) == 1


def test_tab_and_the_strip_are_followed(desk):
    desk.point_at()
    desk.key(Qt.Key.Key_Tab)
    assert chosen(desk) == [False, False, True]
    QTest.mouseClick(desk.window.parts.strip.buttons[0], LEFT)
    assert chosen(desk) == [True, False, False]
    point_at(shown(desk)[1])
    leave(shown(desk)[1])
    assert desk.session.candidate_index == 0, "what was chosen elsewhere comes back"


def test_what_is_kept_is_what_is_shown(desk):
    desk.point_at()
    point_at(shown(desk)[2])
    shown_one = desk.session.candidate
    desk.key(Qt.Key.Key_Return)
    desk.wait(lambda: not desk.session.is_open)
    assert not shown(desk)
    assert (desk.editor.selection >= 128).sum() == shown_one.preview(desk.editor.document.size).sum()


def test_the_ring_goes_with_the_next_press_and_comes_with_the_next_answer(desk):
    desk.point_at(20, 30)
    first = [item.pos() for item in shown(desk)]
    QTest.mousePress(desk.canvas, LEFT, pos=QPointF(*desk.canvas.viewport.to_view(45, 15)).toPoint())
    assert not shown(desk)
    QTest.mouseRelease(desk.canvas, LEFT, pos=QPointF(*desk.canvas.viewport.to_view(45, 15)).toPoint())
    desk.wait(lambda: bool(shown(desk)))
    assert [item.pos() for item in shown(desk)] != first


def test_another_object_has_a_ring_of_its_own_while_the_first_is_kept(desk):
    desk.point_at(20, 30)
    desk.click(45, 15, modifiers=SHIFT)
    desk.wait(lambda: bool(shown(desk)) and not desk.session.state.is_busy)
    assert desk.editor.selection is not None
    assert len(desk.session.prompt.points) == 1
    assert len(shown(desk)) == 3


def test_dropping_the_prompt_takes_the_ring_away(desk):
    desk.point_at()
    desk.key(Qt.Key.Key_Escape)
    assert not shown(desk)


def test_the_ring_stays_with_its_mark_when_the_photo_is_moved_and_is_out_of_sight_with_it(desk):
    desk.point_at(32, 24)
    desk.canvas.set_zoom(32.0)
    assert len(shown(desk)) == 3
    middle = desk.canvas.rect().center()
    QTest.mousePress(desk.canvas, Qt.MouseButton.MiddleButton, pos=middle)
    QTest.mouseMove(desk.canvas, middle + QPoint(3000, 0))
    assert not shown(desk), "the mark is beyond the view"
    QTest.mouseRelease(desk.canvas, Qt.MouseButton.MiddleButton, pos=middle)
    desk.canvas.fit()
    assert len(shown(desk)) == 3, "panning is no gesture on the photo"


def test_a_reading_is_chosen_with_the_keyboard_which_then_goes_back_to_the_photo(desk):
    desk.point_at()
    shown(desk)[2].setFocus(Qt.FocusReason.TabFocusReason)
    desk.key(Qt.Key.Key_Space, widget=shown(desk)[2])
    assert desk.session.candidate_index == 2
    desk.key(Qt.Key.Key_Escape, widget=shown(desk)[2])
    assert not shown(desk)
    assert desk.canvas.hasFocus()


def test_alt_and_the_wheel_go_through_the_readings_also_over_one_of_them(desk):
    desk.point_at()
    item = shown(desk)[0]
    at = QPointF(item.mapTo(desk.window, item.rect().center()))
    QTest.wheelEvent(desk.window.windowHandle(), at, QPoint(0, -120), stateKey=Qt.KeyboardModifier.AltModifier)
    desk.settle()
    assert desk.session.candidate_index == 2
    assert chosen(desk) == [False, False, True]


def test_words_and_the_subject_offer_no_ring(desk):
    desk.session.find_subject()
    desk.wait(lambda: desk.session.prediction is not None)
    assert not shown(desk)


def test_the_newest_mark_is_the_one_that_was_put_or_moved():
    stroke = Scribble(((1.0, 1.0), (9.0, 4.0)), 3.0, True)
    one = Prompt().with_point(5, 6)
    assert newest_mark(Prompt(), one, None) == (5, 6)
    assert newest_mark(one, one.with_moved_point(0, 7, 8), None) == (7, 8)
    assert newest_mark(one, one.with_scribble(stroke), None) == (9.0, 4.0)
    assert newest_mark(one, one.with_box(Box(0, 0, 10, 20)), None) == (10, 20)
    assert newest_mark(one, one.with_box(Box(0, 0, 10, 20)), (1, 2)) == (0, 0), "where the pointer let go of it"
    assert newest_mark(one, Prompt(), None) is None, "nothing is offered where something was taken away"


@given(
    st.tuples(st.floats(0, 700), st.floats(0, 500)),
    st.integers(2, 3),
    st.floats(0, 700),
)
def test_items_lie_inside_the_view_beside_the_click_and_beside_one_another(anchor, count, edge):
    places = ring_places(anchor, count, ITEM, (700, 500), lambda x, y: x < edge)
    assert len(places) == count
    for x, y in places:
        assert ITEM[0] / 2 <= x <= 700 - ITEM[0] / 2
        assert ITEM[1] / 2 <= y <= 500 - ITEM[1] / 2
        assert abs(x - anchor[0]) > ITEM[0] / 2 or abs(y - anchor[1]) > ITEM[1] / 2
    for one in places:
        for other in places:
            assert one is other or abs(one[0] - other[0]) >= ITEM[0] or abs(one[1] - other[1]) >= ITEM[1] * 0.6


@given(st.tuples(st.floats(0, 700), st.floats(0, 500)), st.floats(0, 700))
def test_items_follow_one_another_along_the_arc(anchor, edge):
    first, middle, last = ring_places(anchor, 3, ITEM, (700, 500), lambda x, y: x < edge)
    whole = hypot(last[0] - first[0], last[1] - first[1])
    assert hypot(middle[0] - first[0], middle[1] - first[1]) < whole
    assert hypot(last[0] - middle[0], last[1] - middle[1]) < whole
    assert last[0] > first[0] or last[1] > first[1]


def test_a_small_object_is_not_covered():
    def covers(x, y):
        return abs(x - 350) < 30 and y > 240

    for x, y in ring_places((350, 250), 3, ITEM, (700, 500), covers):
        assert not covers(x, y)


def test_a_view_without_room_shows_none():
    assert ring_places((60, 60), 3, ITEM, (120, 120), lambda x, y: False) == ()


def test_what_a_reading_is_called_covers_no_other_reading(desk, monkeypatch):
    told = []
    monkeypatch.setattr("ui.candidate_ring.QToolTip.showText", lambda place, text, item: told.append((place, text)))
    desk.point_at(20, 30)
    first = shown(desk)[0]
    QApplication.sendEvent(first, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), first.mapToGlobal(QPoint(5, 5))))
    ((place, text),) = told
    assert text.startswith("Part")
    assert desk.canvas.mapFromGlobal(place).x() > max(item.geometry().right() for item in shown(desk))
