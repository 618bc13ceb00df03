"""The crop tool at the window, with real events."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.geometry import Rect, Size
from tests.ui.desk import LEFT, NO_SCREEN, SHIFT
from ui.crop_frame import Aspect

pytestmark = NO_SCREEN


@pytest.fixture
def desk(desk):
    desk.show_document()
    desk.key(Qt.Key.Key_C)
    yield desk
    desk.shop.crop.set_aspect(Aspect.FREE)


def drag(desk, start, end, is_released=True):
    points = [QPoint(*(round(value) for value in desk.canvas.viewport.to_view(*point))) for point in (start, end)]
    QTest.mousePress(desk.canvas, LEFT, Qt.KeyboardModifier.NoModifier, points[0])
    QTest.mouseMove(desk.canvas, (points[0] + points[1]) / 2)
    QTest.mouseMove(desk.canvas, points[1])
    if is_released:
        QTest.mouseRelease(desk.canvas, LEFT, Qt.KeyboardModifier.NoModifier, points[1])
    desk.settle()


def frame(desk):
    return desk.shop.crop.rect


def tool(desk):
    return desk.window.parts.toolbox.tool.id


def options(desk):
    return desk.window.parts.options_bar._tool_pages["crop"]


def test_a_frame_is_drawn_changed_and_applied(desk):
    assert frame(desk) == Rect(0, 0, 64, 48)
    drag(desk, (10, 8), (50, 40))
    assert frame(desk) == Rect(10, 8, 40, 32)
    drag(desk, (50, 40), (40, 30))
    assert frame(desk) == Rect(10, 8, 30, 22)
    assert options(desk).size_label.text() == "30 × 22 px"
    drag(desk, (25, 20), (30, 24))
    assert frame(desk) == Rect(15, 12, 30, 22)
    before = desk.editor.document.layers[0].pixels
    desk.key(Qt.Key.Key_Return)

    document = desk.editor.document
    assert document.size == desk.canvas.viewport.image == Size(30, 22)
    assert document.layers[0].pixels is before
    assert (document.layers[0].x, document.layers[0].y) == (-15, -12)
    assert frame(desk) == document.rect
    desk.trigger("undo")
    assert desk.editor.document.size == Size(64, 48)


def test_a_side_of_the_whole_picture_can_be_dragged_in(desk):
    drag(desk, (64, 24), (50, 24))

    assert frame(desk) == Rect(0, 0, 50, 48)


def test_a_ratio_holds_while_a_corner_is_dragged(desk):
    combo = options(desk).aspect
    combo.setCurrentText("16:9")
    combo.activated.emit(combo.currentIndex())
    assert frame(desk) == Rect(0, 6, 64, 36)
    drag(desk, (0, 6), (32, 24))
    assert frame(desk) == Rect(32, 24, 32, 18)
    desk.press(options(desk).apply_button)

    assert desk.editor.document.size == Size(32, 18)


def test_escape_puts_a_drag_back_then_starts_again_then_leaves(desk):
    drag(desk, (10, 8), (50, 40))
    drag(desk, (50, 40), (20, 20), is_released=False)
    assert frame(desk) == Rect(10, 8, 10, 12)
    desk.key(Qt.Key.Key_Escape)
    assert frame(desk) == Rect(10, 8, 40, 32)
    desk.key(Qt.Key.Key_Escape)
    assert frame(desk) == Rect(0, 0, 64, 48)
    desk.key(Qt.Key.Key_Escape)
    assert tool(desk) == "object"
    assert desk.editor.undo_title is None


def test_arrow_keys_move_the_frame(desk):
    drag(desk, (10, 8), (30, 20))
    desk.key(Qt.Key.Key_Right)
    desk.key(Qt.Key.Key_Down, SHIFT)

    assert frame(desk) == Rect(11, 18, 20, 12)


def test_a_double_click_in_the_frame_crops(desk):
    drag(desk, (10, 8), (50, 40))
    at = QPoint(*(round(value) for value in desk.canvas.viewport.to_view(30, 20)))
    QTest.mouseDClick(desk.canvas, LEFT, Qt.KeyboardModifier.NoModifier, at)
    desk.settle()

    assert desk.editor.document.size == Size(40, 32)


def test_what_would_go_is_darkened_and_the_rest_is_as_it_was(desk):
    from ui.qimage import from_qimage

    def shown(x, y):
        at = desk.canvas.viewport.to_view(x, y)
        return from_qimage(desk.canvas.grab().toImage())[int(at[1]), int(at[0]), :3].astype(int)

    inside, outside = shown(24.5, 22.5), shown(58.5, 44.5)
    drag(desk, (10, 8), (50, 40))

    assert (shown(24.5, 22.5) == inside).all()
    assert shown(58.5, 44.5).sum() < 0.6 * outside.sum()


def test_the_buttons_can_be_pressed_when_there_is_something_to_crop(desk):
    assert not options(desk).apply_button.isEnabled()
    drag(desk, (10, 8), (50, 40))
    desk.press(options(desk).reset_button)

    assert frame(desk) == Rect(0, 0, 64, 48)


def test_an_open_prompt_is_committed_when_the_tool_is_taken(desk):
    desk.trigger("tool-object")
    desk.point_at()
    desk.trigger("tool-crop")
    desk.wait(lambda: not desk.session.is_open)

    assert desk.editor.document.selection is not None
