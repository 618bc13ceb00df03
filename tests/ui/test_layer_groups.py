"""Groups, locks, masks and the target in the window: real clicks on the list, real strokes and drags on the photo."""

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core import group_edits, item_edits, mask_edits
from tests.fakes import make_pixels
from tests.ui.desk import CTRL, LEFT, NO_SCREEN, SHIFT
from ui.panels.layer_model import LayerRole

pytestmark = NO_SCREEN
EYE, CHEVRON, PICTURE, MASK = 20, 48, 58, 100


@pytest.fixture
def desk(module_desk):
    """Photo, Middle with a mask that hides nothing, Top; Middle is the active one."""
    module_desk.show_document()
    module_desk.editor.add_layer(make_pixels(40, 30, 1), "Middle")
    middle = module_desk.editor.document.active_layer_id
    module_desk.editor.change(lambda document: mask_edits.add_mask(document, middle))
    module_desk.editor.add_layer(make_pixels(20, 30, 2), "Top")
    module_desk.editor.set_active_layer(middle)
    module_desk.settle()
    yield module_desk
    module_desk.clear()


def panel(desk):
    return desk.window.parts.layers_panel


def rows(desk):
    """What the list shows, from top to bottom, with a dot for each group around it."""
    model = panel(desk).model
    indexes = [model.index(row) for row in range(model.rowCount())]
    return ["." * index.data(LayerRole.LOOK).depth + index.data() for index in indexes]


def outline(desk):
    document = desk.editor.document
    named = [(*(group.name for group in document.groups_of(layer)), layer.name) for layer in document.layers]
    return ["/".join(names) for names in reversed(named)]


def click(desk, row, x=170, modifier=Qt.KeyboardModifier.NoModifier):
    rect = panel(desk).list.visualRect(panel(desk).model.index(row))
    QTest.mouseClick(panel(desk).list.viewport(), LEFT, modifier, QPoint(rect.x() + x, rect.center().y()))
    desk.settle()


def group(desk, *names):
    document = desk.editor.document
    ids = [layer.id for layer in document.layers if layer.name in names]
    desk.editor.change(lambda now: group_edits.group_items(now, ids))
    desk.settle()


def drop(desk, row, before, onto=None):
    model = panel(desk).model
    parent = QModelIndex() if onto is None else model.index(onto)
    mime = model.mimeData([model.index(row)])
    assert not model.dropMimeData(mime, Qt.DropAction.MoveAction, before, 0, parent)


def view_of(desk, x, y):
    at = desk.canvas.viewport.to_view(x, y)
    return QPoint(round(at[0]), round(at[1]))


def active(desk):
    return desk.editor.document.active_layer


def test_marked_rows_are_grouped_by_the_key_and_ungrouped_by_the_other(desk):
    click(desk, 1)
    click(desk, 0, modifier=CTRL)
    desk.trigger("layer-group")
    assert rows(desk) == ["Group 1", ".Top", ".Middle", "photo"]
    assert panel(desk).list.currentIndex().row() == 0
    desk.trigger("layer-ungroup")
    assert rows(desk) == ["Top", "Middle", "photo"]
    desk.trigger("undo")
    desk.trigger("undo")
    assert outline(desk) == ["Top", "Middle", "photo"]


def test_marked_rows_are_deleted_together(desk):
    click(desk, 1)
    click(desk, 0, modifier=CTRL)
    desk.trigger("layer-delete")
    assert rows(desk) == ["photo"]


def test_the_chevron_and_the_arrow_keys_close_and_open_a_group_and_are_no_undo_step(desk):
    group(desk, "Top", "Middle")
    title = desk.editor.undo_title
    click(desk, 0, CHEVRON)
    assert rows(desk) == ["Group 1", "photo"]
    desk.key(Qt.Key.Key_Right, widget=panel(desk).list)
    assert rows(desk) == ["Group 1", ".Top", ".Middle", "photo"]
    desk.key(Qt.Key.Key_Left, widget=panel(desk).list)
    assert rows(desk) == ["Group 1", "photo"]
    assert desk.editor.undo_title == title


def test_the_eye_and_the_slider_of_a_group_act_on_all_of_it(desk):
    group(desk, "Top", "Middle")
    click(desk, 0, EYE)
    assert [layer.name for layer in desk.editor.document.shown_layers] == ["photo"]
    assert not panel(desk).model.index(1).data(LayerRole.LOOK).is_shown
    panel(desk).opacity.setValue(40)
    assert desk.editor.document.groups[0].opacity == pytest.approx(0.4)
    assert "40 %" in panel(desk).model.index(0).data(LayerRole.DETAIL)


@pytest.mark.parametrize(
    ("row", "before", "onto", "expected"),
    [
        (3, 1, None, ["Group 1/photo", "Group 1/Top", "Group 1/Middle"]),
        (3, 2, None, ["Group 1/Top", "Group 1/photo", "Group 1/Middle"]),
        (3, -1, 0, ["Group 1/photo", "Group 1/Top", "Group 1/Middle"]),
        (1, 0, None, ["Top", "Group 1/Middle", "photo"]),
        (1, 3, None, ["Group 1/Middle", "Group 1/Top", "photo"]),
        (1, 4, None, ["Group 1/Middle", "photo", "Top"]),
        (0, 4, None, ["photo", "Group 1/Top", "Group 1/Middle"]),
        (0, 2, None, ["Group 1/Top", "Group 1/Middle", "photo"]),
    ],
)
def test_rows_are_dragged_into_groups_and_out(desk, row, before, onto, expected):
    group(desk, "Top", "Middle")
    drop(desk, row, before, onto)
    assert outline(desk) == expected


def test_marked_rows_are_dragged_together_and_keep_their_order(desk):
    model = panel(desk).model
    mime = model.mimeData([model.index(1), model.index(0)])
    model.dropMimeData(mime, Qt.DropAction.MoveAction, -1, -1, QModelIndex())
    assert outline(desk) == ["photo", "Top", "Middle"]
    title = desk.editor.undo_title
    model.dropMimeData(model.mimeData([model.index(1), model.index(2)]), Qt.DropAction.MoveAction, 2, 0, QModelIndex())
    assert (outline(desk), desk.editor.undo_title) == (["photo", "Top", "Middle"], title)


def test_a_locked_layer_shows_a_lock_refuses_and_a_click_on_the_lock_frees_it(desk):
    desk.trigger("layer-lock")
    assert panel(desk).model.index(1).data(LayerRole.LOOK).is_locked
    assert "locked" in panel(desk).model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    desk.trigger("layer-delete")
    assert rows(desk) == ["Top", "Middle", "photo"]
    assert "locked" in desk.message.text
    click(desk, 1, panel(desk).list.viewport().width() - 16)
    assert not active(desk).is_locked


def test_a_click_on_the_mask_makes_it_the_target_and_one_on_the_pixels_the_selection(desk):
    chip = desk.window.parts.options_bar.target
    click(desk, 1, MASK)
    assert desk.editor.document.is_mask_target
    assert panel(desk).model.index(1).data(LayerRole.LOOK).is_mask_target
    assert chip.isVisible()
    assert "Middle" in chip.toolTip()
    click(desk, 1, PICTURE)
    assert not desk.editor.document.is_mask_target
    click(desk, 1, MASK)
    QTest.mouseClick(chip, LEFT)
    assert not desk.editor.document.is_mask_target
    assert not chip.isVisible()


def test_a_shift_click_on_the_mask_switches_it_off(desk):
    click(desk, 1, MASK, SHIFT)
    assert not active(desk).is_mask_enabled


def shown_alpha(desk):
    """The mask of the active layer as the screen shows it now."""
    return desk.editor.shown_document.active_layer.mask


def test_a_stroke_on_the_mask_is_seen_while_it_grows_and_is_one_small_step(desk):
    click(desk, 1, MASK)
    desk.trigger("tool-eraser")
    before = active(desk).mask
    seen = []
    desk.editor.pixels_changed.connect(seen.append)
    start, end = view_of(desk, 32, 24), view_of(desk, 38, 26)
    QTest.mousePress(desk.canvas, LEFT, pos=start)
    QTest.mouseMove(desk.canvas, end)
    desk.settle()
    assert seen, "the picture changes while the hand moves"
    assert shown_alpha(desk).min() == 0
    assert active(desk).mask is before, "the document only after it"
    QTest.mouseRelease(desk.canvas, LEFT, pos=end)
    desk.settle()
    assert active(desk).mask.min() == 0
    assert desk.editor.undo_title == "Hide with mask"
    assert desk.editor.selection is None
    desk.trigger("undo")
    np.testing.assert_array_equal(active(desk).mask, before)


def test_a_stroke_taken_back_leaves_the_mask_and_the_picture_as_they_were(desk):
    click(desk, 1, MASK)
    desk.trigger("tool-eraser")
    title, before = desk.editor.undo_title, active(desk).mask
    QTest.mousePress(desk.canvas, LEFT, pos=view_of(desk, 32, 24))
    desk.settle()
    desk.key(Qt.Key.Key_Escape, widget=desk.canvas)
    assert shown_alpha(desk) is before
    assert desk.editor.undo_title == title


def test_select_all_and_none_act_on_the_mask(desk):
    click(desk, 1, MASK)
    desk.trigger("select-none")
    assert active(desk).mask.max() == 0
    desk.trigger("select-invert")
    assert active(desk).mask.min() == 255
    assert desk.editor.selection is None


def test_an_empty_mask_is_added_where_there_is_none_and_is_the_target(desk):
    click(desk, 0)
    desk.trigger("mask-add")
    assert active(desk).mask.min() == 255
    assert desk.editor.document.is_mask_target


def test_a_layer_with_a_mask_is_made_of_an_open_prompt_and_not_of_the_mask_that_was_the_target(desk):
    desk.editor.set_active_layer(desk.editor.document.layers[0].id)
    desk.select(20, 20)
    desk.trigger("layer-masked")
    assert active(desk).mask is not None
    assert len(desk.editor.document.layers) == 4
    assert desk.editor.selection is not None


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
    desk.trigger("tool-move")
    title, (x, y) = desk.editor.undo_title, (active(desk).x, active(desk).y)
    end = drag(desk, 6, -4)
    assert (active(desk).x, active(desk).y) == (x + 6, y - 4), "seen while it is dragged"
    QTest.mouseRelease(desk.canvas, LEFT, pos=end)
    assert desk.editor.undo_title == "Move pixels"
    desk.trigger("undo")
    assert (active(desk).x, active(desk).y) == (x, y)
    assert desk.editor.undo_title == title


def test_escape_puts_the_layer_back(desk):
    desk.trigger("tool-move")
    title, x = desk.editor.undo_title, active(desk).x
    end = drag(desk, 6, -4)
    desk.key(Qt.Key.Key_Escape, widget=desk.canvas)
    QTest.mouseRelease(desk.canvas, LEFT, pos=end)
    assert (active(desk).x, desk.editor.undo_title) == (x, title)


def test_arrow_keys_nudge_by_one_and_with_shift_by_ten(desk):
    desk.trigger("tool-move")
    x, y = active(desk).x, active(desk).y
    desk.key(Qt.Key.Key_Right, widget=desk.canvas)
    desk.key(Qt.Key.Key_Up, SHIFT, widget=desk.canvas)
    assert (active(desk).x, active(desk).y) == (x + 1, y - 10)
    desk.trigger("undo")
    assert (active(desk).x, active(desk).y) == (x + 1, y)


def test_a_group_moves_whole_and_a_locked_layer_not_at_all(desk):
    group(desk, "Top", "Middle")
    desk.trigger("tool-move")
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
