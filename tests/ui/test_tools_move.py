"""The move tool in the window: drags and arrow keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core import group_edits, item_edits
from tests.fakes import make_pixels
from tests.ui.desk import LEFT, NO_SCREEN, SHIFT

pytestmark = NO_SCREEN


@pytest.fixture
def desk(module_desk):
    """Photo, Middle, Top; Middle is the active one, and the move tool in hand."""
    module_desk.show_document()
    module_desk.editor.add_layer(make_pixels(40, 30, 1), "Middle")
    middle = module_desk.editor.document.active_layer_id
    module_desk.editor.add_layer(make_pixels(20, 30, 2), "Top")
    module_desk.editor.set_active_layer(middle)
    module_desk.trigger("tool-move")
    yield module_desk
    module_desk.clear()


def active(desk):
    return desk.editor.document.active_layer


def view_of(desk, x, y):
    at = desk.canvas.viewport.to_view(x, y)
    return QPoint(round(at[0]), round(at[1]))


def drag(desk, dx, dy, modifier=Qt.KeyboardModifier.NoModifier):
    start = view_of(desk, 32, 24)
    end = view_of(desk, 32 + dx, 24 + dy)
    middle = view_of(desk, 32 + dx // 2, 24 + dy // 2)
    QTest.mousePress(desk.canvas, LEFT, modifier, start)
    for point in (middle, end):
        QTest.mouseMove(desk.canvas, point)
        QApplication.processEvents()
    return end


def test_a_drag_moves_the_layer_and_is_one_step(desk):
    title, (x, y) = desk.editor.undo_title, (active(desk).x, active(desk).y)
    end = drag(desk, 6, -4)
    assert (active(desk).x, active(desk).y) == (x + 6, y - 4), "seen while it is dragged"
    QTest.mouseRelease(desk.canvas, LEFT, pos=end)
    assert desk.editor.undo_title == "Move pixels"
    desk.trigger("undo")
    assert (active(desk).x, active(desk).y) == (x, y)
    assert desk.editor.undo_title == title


def test_escape_puts_the_layer_back(desk):
    title, x = desk.editor.undo_title, active(desk).x
    end = drag(desk, 6, -4)
    desk.key(Qt.Key.Key_Escape, widget=desk.canvas)
    QTest.mouseRelease(desk.canvas, LEFT, pos=end)
    assert (active(desk).x, desk.editor.undo_title) == (x, title)


def test_what_could_be_redone_still_can_after_a_drag_that_was_given_up(desk):
    x, middle = active(desk).x, active(desk).id
    desk.editor.rename_layer(middle, "Renamed")
    desk.trigger("undo")
    end = drag(desk, 6, -4)
    assert desk.editor.redo_title is None
    desk.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(desk.canvas, LEFT, pos=end)
    assert (active(desk).x, active(desk).name) == (x, "Middle")
    desk.trigger("redo")
    assert active(desk).name == "Renamed"


def test_a_drag_back_to_where_it_began_is_no_step(desk):
    title, x = desk.editor.undo_title, active(desk).x
    drag(desk, 6, -4)
    QTest.mouseMove(desk.canvas, view_of(desk, 32, 24))
    QTest.mouseRelease(desk.canvas, LEFT, pos=view_of(desk, 32, 24))
    assert (active(desk).x, desk.editor.undo_title) == (x, title)


def test_a_drag_ends_when_something_else_is_done(desk):
    x = active(desk).x
    drag(desk, 6, -4)
    desk.editor.rename_layer(active(desk).id, "Renamed")
    QTest.mouseMove(desk.canvas, view_of(desk, 50, 40))
    desk.key(Qt.Key.Key_Escape)
    assert (active(desk).x, active(desk).name) == (x + 6, "Renamed"), "Escape takes back nothing but the drag"


def test_arrow_keys_nudge_by_one_and_with_shift_by_ten(desk):
    x, y = active(desk).x, active(desk).y
    desk.key(Qt.Key.Key_Right, widget=desk.canvas)
    desk.key(Qt.Key.Key_Up, SHIFT, widget=desk.canvas)
    assert (active(desk).x, active(desk).y) == (x + 1, y - 10)
    desk.trigger("undo")
    assert (active(desk).x, active(desk).y) == (x + 1, y)


def test_a_group_moves_whole_and_a_locked_layer_not_at_all(desk):
    ids = [layer.id for layer in desk.editor.document.layers[1:]]
    desk.editor.change(lambda document: group_edits.group_items(document, ids))
    before = [layer.x for layer in desk.editor.document.layers]
    desk.key(Qt.Key.Key_Left, widget=desk.canvas)
    assert [layer.x for layer in desk.editor.document.layers] == [before[0], before[1] - 1, before[2] - 1]
    top = desk.editor.document.layers[2].id
    desk.editor.change(lambda document: item_edits.lock_item(document, top, True))
    end = drag(desk, 6, -4)
    QTest.mouseRelease(desk.canvas, LEFT, pos=end)
    desk.settle()
    assert [layer.x for layer in desk.editor.document.layers][1] == before[1] - 1
    assert "Top" in desk.message.text
