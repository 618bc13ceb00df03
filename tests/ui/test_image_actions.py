"""Turning, cropping and resizing the open document: the window follows, and undo leads back."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.geometry import Size
from tests.fakes import make_document
from tests.ui.desk import CTRL, LEFT, NO_SCREEN, SHIFT
from ui.dialogs.canvas_dialog import CanvasDialog
from ui.dialogs.resize_dialog import ResizeDialog
from ui.editor import LARGE_AREA

pytestmark = NO_SCREEN


def select(desk, x, y, width, height):
    coverage = np.zeros(desk.editor.document.size.shape, np.uint8)
    coverage[y : y + height, x : x + width] = 255
    desk.editor.set_selection(coverage)


def shown_size(desk):
    return desk.canvas.viewport.image


def test_the_canvas_follows_a_quarter_and_its_undo(desk):
    desk.show_document()
    desk.key(Qt.Key.Key_R, CTRL | SHIFT)
    assert desk.editor.document.size == shown_size(desk) == Size(48, 64)
    assert desk.canvas.viewport.is_fitted
    assert "48 × 64" in desk.window.parts.status._size.text()
    assert desk.canvas.accessibleDescription() == "A photo of 48 x 64 pixels."

    desk.trigger("undo")
    assert desk.editor.document.size == shown_size(desk) == Size(64, 48)


def test_a_flip_keeps_the_view(desk):
    desk.show_document()
    desk.canvas.set_zoom(12.0)
    before = desk.canvas.viewport
    desk.trigger("flip-across")

    assert desk.canvas.viewport == before


def test_an_open_prompt_becomes_the_selection_and_turns_with_the_photo(desk):
    desk.show_document()
    desk.point_at(20, 10)
    desk.trigger("rotate-right")
    desk.wait(lambda: desk.editor.document.size == Size(48, 64))

    assert not desk.session.is_open
    rows, columns = np.nonzero(desk.editor.document.selection)
    assert (round(columns.mean()), round(rows.mean())) == (38, 20)


def test_clicks_after_a_crop_are_about_what_is_seen(desk):
    desk.show_document()
    select(desk, 30, 20, 30, 20)
    desk.trigger("crop-selection")
    desk.trigger("select-none")
    desk.select(15, 10)

    assert desk.editor.document.size == Size(30, 20)
    assert desk.editor.document.selection.shape == (20, 30)
    assert desk.editor.document.selection[10, 15] == 255


def test_a_prompt_that_is_open_when_a_turn_is_redone_is_dropped(desk):
    desk.show_document()
    desk.trigger("rotate-right")
    desk.trigger("undo")
    desk.point_at(20, 10)
    desk.editor.redo()

    assert not desk.session.is_open
    assert desk.editor.document.size == Size(48, 64)


def test_a_crop_is_revealed_again_and_margins_are_trimmed(desk):
    desk.show_document()
    select(desk, 30, 20, 30, 20)
    desk.trigger("crop-selection")
    desk.trigger("reveal")
    assert desk.editor.document.size == Size(64, 48)

    select(desk, 10, 5, 20, 30)
    desk.editor.remove_background(desk.editor.selection)
    desk.trigger("trim")
    assert desk.editor.document.size == Size(20, 30)


def test_strokes_and_steps_from_before_are_undone_in_their_own_frame(desk):
    desk.show_document()
    select(desk, 4, 4, 9, 9)
    before = desk.editor.document.selection.copy()
    desk.trigger("rotate-left")
    desk.trigger("select-invert")
    for _ in range(2):
        desk.trigger("undo")

    np.testing.assert_array_equal(desk.editor.document.selection, before)
    desk.trigger("undo")
    assert desk.editor.document.selection is None


def test_a_large_document_is_turned_in_the_background_one_turn_after_the_other(desk):
    width, height = 800, 500
    assert width * height > LARGE_AREA
    start = desk.show_document(make_document(width, height))
    was_busy = []
    desk.editor.busy_changed.connect(was_busy.append)
    for _ in range(2):
        desk.trigger("rotate-right")
    desk.wait(lambda: not desk.editor.is_busy)
    desk.editor.busy_changed.disconnect(was_busy.append)

    assert was_busy[:1] == [True]
    assert shown_size(desk) == Size(width, height)
    np.testing.assert_array_equal(desk.editor.document.layers[0].pixels, start.layers[0].pixels[::-1, ::-1])


@pytest.fixture
def dialog(desk):
    desk.show_document()
    desk.trigger("resize")
    return desk.dialog(ResizeDialog)


def test_the_sides_keep_their_ratio(desk, dialog):
    dialog.width_box.selectAll()
    QTest.keyClicks(dialog.width_box, "32")
    assert dialog.height_box.value() == 24
    desk.press(dialog.apply_button)

    assert desk.editor.document.size == shown_size(desk) == Size(32, 24)
    assert desk.editor.undo_title == "Resize"


def test_percent_and_free_sides(desk, dialog):
    dialog.unit.setCurrentText("Percent")
    assert dialog.width_box.value() == 100
    QTest.mouseClick(dialog.lock, LEFT)
    dialog.height_box.setValue(200)
    assert dialog.width_box.value() == 100
    assert dialog.size_in_pixels == Size(64, 96)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    desk.settle()

    assert desk.editor.document.size == Size(64, 96)


def test_the_same_size_cannot_be_asked_for(dialog):
    assert not dialog.apply_button.isEnabled()


def test_room_is_made_at_the_side_that_is_chosen(desk):
    desk.show_document()
    desk.trigger("canvas-size")
    dialog = desk.dialog(CanvasDialog)
    assert not dialog.apply_button.isEnabled()
    anchor = next(each for each in dialog.anchors.buttons() if each.accessibleName() == "Picture at the bottom left")
    QTest.mouseClick(anchor, LEFT)
    dialog.width_box.setValue(80)
    dialog.height_box.setValue(60)
    desk.press(dialog.apply_button)

    assert shown_size(desk) == Size(80, 60)
    assert (desk.editor.document.layers[0].x, desk.editor.document.layers[0].y) == (0, 12)
